"""Labels by machine: how often wrong, whether they help, and whether a student outdoes its teacher."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from factories_models import make_rows, make_task
from factories_synthetic import line_rows

from interpretable.collab.audit import by_known, by_person, draw_audit
from interpretable.collab.gate import run_gate
from interpretable.collab.softened import judge_soft, softened
from interpretable.collab.taught import SelfTaught, Taught, fitting
from interpretable.collab.teacher import SILENT, Asked, Fixed, Labels, labels_of, surest
from interpretable.collab.weak import weak_student
from interpretable.models import linear  # noqa: F401 - importing registers the family
from interpretable.models.base import Effort, families
from interpretable.models.features import describe

CLASSES = ("no", "yes")
POOL = 300
FOUND = 5  # a seed of the simulation in which good labels are found


def labels(said, sure=None):
    return Labels(
        said=np.asarray(said), sure=np.full(len(said), np.nan) if sure is None else np.asarray(sure)
    )


def rows_and_pool(seed, rows=40):
    return line_rows(rows, seed=seed), line_rows(POOL, seed=10_000 + seed, part="all")


def planted(seed, said, *, repeats=1):
    """The trial of a pool with these labels, on real rows of the same truth."""
    pool = rows_and_pool(seed)[1]
    return tried(seed, Fixed(name="planted", labels=labels(said(pool))), repeats=repeats)


def tried(seed, teacher, *, repeats=1):
    real, pool = rows_and_pool(seed)
    taught = Taught(teacher=teacher, pool=pool, fitting=np.ones(POOL, dtype=bool))
    return run_gate(
        real, taught, family="ridge", size=30.0, repeats=repeats, seed=seed, reasons=(),
        control=SelfTaught(taught=taught, family="ridge", everything=real),
    )  # fmt: skip


def test_good_labels_beside_forty_real_rows_are_let_in():
    found = planted(FOUND, lambda pool: pool.target)
    assert (found.verdict, found.reason) == ("helps", "better")
    assert found.weight > 0 and found.over_control.low > 0
    assert found.curation.made == found.curation.kept > 0


@pytest.mark.parametrize("turn", ["dealt", "turned round"])
def test_labels_that_are_dealt_or_turned_round_are_not(turn):
    def wrong(pool):
        dealt = np.random.default_rng(0).permutation(pool.target)
        return dealt if turn == "dealt" else 1 - pool.target

    found = planted(FOUND, wrong)
    assert found.verdict != "helps" and found.weight == 0.0


class Own:
    """Knows what the small model knows, and no more."""

    name = "own"

    def label(self, known):
        fitted = families["ridge"].fit(known, describe(known, known), Effort())
        return labels((fitted.library_scores(rows_and_pool(FOUND)[1])[:, 0] > 0).astype(np.int64))

    def shown(self, known):
        return ()


def test_labels_of_the_small_model_itself_are_no_better_than_the_control():
    found = tried(FOUND, Own())
    assert found.verdict != "helps"
    assert found.over_control.value == pytest.approx(0.0)


def test_the_control_labels_the_same_rows_by_a_fit_of_the_rows_learned_from():
    real, pool = line_rows(60, seed=1), line_rows(50, seed=2, part="all")
    teacher = Fixed(name="t", labels=labels(pool.target, np.linspace(0.5, 1, 50)))
    taught = Taught(teacher=teacher, pool=pool, fitting=np.ones(50, dtype=bool), share=0.5)
    made = taught.make(real, 20, seed=4)
    again = SelfTaught(taught=taught, family="ridge", everything=real).make(real, 20, seed=4)
    assert made.frame.equals(again.frame) and len(made) == 20
    assert {one.kind for one in made.provenance} == {"labelled"}
    fitted = families["ridge"].fit(real, describe(real, real), Effort())
    own = fitted.library_scores(replace(pool, frame=again.frame, target=None))[:, 0] > 0
    assert again.target.tolist() == own.astype(int).tolist() != made.target.tolist()


def test_the_surest_share_is_taken_of_each_label_and_silent_rows_never():
    said = np.array([0, 0, 0, 0, 1, 1, SILENT, 1])
    sure = np.array([0.9, 0.6, 0.8, 0.7, 0.5, 0.9, np.nan, 0.7])
    assert surest(labels(said, sure), 0.5).tolist() == [0, 2, 5, 7]
    assert surest(labels(said, sure), 1.0).tolist() == [0, 1, 2, 3, 4, 5, 7]
    assert surest(labels(said), 0.5).tolist() == [0, 1, 2, 3, 4, 5, 7]  # nobody said how sure
    assert len(surest(labels([SILENT] * 3), 1.0)) == 0


def test_a_fold_recalibrates_the_model_on_its_own_rows_only():
    """The scores of rows held out say the contrary; a fold that took them in would give other labels."""
    rows = line_rows(40, seed=3)
    rows = replace(rows, target=np.arange(40) % 2)
    logs = np.log(np.where(rows.target[:, None] == np.arange(2), 0.8, 0.2))
    logs[20:] = logs[20:, ::-1]
    asked = Asked(name="m", pool=logs[:4], rows=rows, scores=logs)
    inside = rows.take(np.arange(20))
    assert asked.label(inside).said.tolist() == [0, 1, 0, 1]
    assert set(asked.shown(inside)) == set(inside.row_ids)
    _, both = asked.chances(logs, rows)
    assert both["rows"] == 40 and not both["signal"]


def test_an_answer_that_failed_is_silent_and_never_a_class():
    found = labels_of(np.array([[0.3, 0.7], [np.nan, np.nan], [0.9, 0.1]]))
    assert found.said.tolist() == [1, SILENT, 0]
    assert np.isnan(found.sure[1]) and found.sure[0] == 0.7


# How often wrong.


def test_the_audit_range_holds_the_rate_of_error_of_the_whole_file():
    said = np.repeat([0, 1], [360, 40])
    truth = said.copy()
    truth[:18], truth[360:374] = 1, 0  # 5 % and 35 %
    held, values = 0, []
    for seed in range(400):
        drawn = draw_audit(said, 40, seed=seed)
        found = by_person(said, drawn, truth[drawn], classes=CLASSES, drawn=40)
        held += found.error.low <= 32 / 400 <= found.error.high
        values.append(found.error.value)
    assert held / 400 >= 0.91
    assert np.mean(values) == pytest.approx(32 / 400, abs=0.01)  # no bias, though rare labels are drawn more


def test_the_audit_counts_each_label_by_its_rows_in_the_file():
    said = np.repeat([0, 1, SILENT], [90, 10, 5])
    drawn = draw_audit(said, 10, seed=0)
    assert sorted(said[drawn].tolist()) == [0] * 8 + [1] * 2 and len(set(drawn.tolist())) == 10
    found = by_person(said, drawn, np.zeros(10, dtype=int), classes=CLASSES, drawn=10)
    assert found.error.value == pytest.approx(0.1)
    assert (found.constant, found.kappa) == (0.0, pytest.approx(0.0))
    by_label = {one.label: one for one in found.said}
    assert (by_label["yes"].rows, by_label["yes"].checked, by_label["yes"].truth) == (10, 2, {"no": 2})
    assert by_label["no"].right.value == 1.0 and 0.6 < by_label["no"].right.low < 0.7  # exact: .025 ** (1/8)


def test_a_label_that_nobody_checked_leaves_the_rate_open():
    said = np.array([0] * 9 + [1] * 9)
    found = by_person(said, np.arange(5), np.zeros(5, dtype=int), classes=CLASSES, drawn=10)
    assert found.error.value is None and found.error.reason == "label_not_audited"
    assert found.checked == 5 and found.kappa is None


def test_on_known_rows_silence_is_an_error():
    said, truth = np.array([0, 1, 1, SILENT, 0]), np.array([0, 1, 0, 0, 0])
    found = by_known(said, truth, classes=CLASSES, groups=None)
    assert (found.error.value, found.silent) == (0.4, 1)


# A student of the labels alone.


def test_a_student_outdoes_a_teacher_that_errs_at_random():
    """Errors that follow nothing cannot be learned: of 600 labels 3 in 10 are wrong, and the line shows."""
    pool, gold = line_rows(600, seed=1, part="all"), line_rows(400, seed=2, part="calibration")
    random = np.random.default_rng(0)
    noisy = [np.where(random.random(len(d)) < 0.3, 1 - d.target, d.target) for d in (pool, gold)]
    found = weak_student(
        pool, labels(noisy[0]), gold, labels(noisy[1]), family="linear", share=1.0, train=gold
    )  # fmt: skip
    assert found.outcome == "student_ahead" and found.p < 0.025
    assert found.lead.low > 0 and found.learned == 600 and found.n == 400
    assert found.teacher_error.value == pytest.approx((noisy[1] != gold.target).mean())
    assert found.lead.value == pytest.approx(found.teacher_error.value - found.student_error.value)


def test_a_student_does_not_outdo_the_truth_and_silent_rows_are_told_apart():
    pool, gold = line_rows(300, seed=1, part="all"), line_rows(200, seed=2, part="calibration")
    said = gold.target.copy()
    said[:50] = SILENT
    found = weak_student(
        pool, labels(pool.target), gold, labels(said), family="linear", share=1.0, train=gold
    )  # fmt: skip
    assert found.outcome == "teacher_ahead" and (found.n, found.silent) == (150, 50)
    for given, code in (([0] * 300, "one_label"), ([1] * 5 + [0] * 295, "too_few_labelled")):
        assert weak_student(
            pool, labels(given), gold, labels(said), family="linear", share=1.0, train=gold
        ) == code  # fmt: skip


# Chances of the training rows.


def test_a_softened_row_weighs_one_and_without_a_chance_keeps_its_outcome():
    rows = line_rows(3, seed=1)
    made = softened(rows, np.array([[0.2, 0.8], [np.nan, np.nan], [1.0, 0.0]]), 0.5)
    total = {name: made.weights[made.row_ids == name].sum() for name in rows.row_ids}
    assert all(weight == pytest.approx(1.0) for weight in total.values())
    first = made.row_ids == rows.row_ids[0]
    one = made.weights[first & (made.target == 1)].sum()
    assert one == pytest.approx(0.5 * 0.8 + 0.5 * rows.target[0])
    assert (made.target[made.row_ids == rows.row_ids[1]] == rows.target[1]).all()


def test_the_true_chances_help_where_they_say_more_than_the_outcome_and_dealt_ones_do_not():
    from factories_synthetic import SLOPES

    rows = line_rows(60, seed=7)
    chance = 1 / (1 + np.exp(-rows.frame.to_numpy() @ SLOPES))
    logs = np.log(np.column_stack([1 - chance, chance]))
    found = judge_soft(rows, logs, name="oracle", family="ridge", folds=4, repeats=1)
    assert found.arm("generated").loss < found.arm("real").loss
    assert found.arm("generated").loss < found.arm("shuffled").loss
    dealt = judge_soft(
        rows, np.random.default_rng(0).permutation(logs), name="dealt", family="ridge", folds=4, repeats=1
    )
    assert dealt.verdict != "helps"


def test_rows_with_unknown_levels_are_not_taken_into_a_trial():
    task = make_task()
    real, pool = make_rows(30, task=task, seed=1), make_rows(4, task=task, seed=2)
    category = next(c.name for c in task.features if c.kind == "category")
    frame = pool.frame.copy()
    frame.loc[1, category] = "never seen"
    frame.loc[2, category] = None
    assert fitting(replace(pool, frame=frame), real).tolist() == [True, False, True, True]
