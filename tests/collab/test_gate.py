"""The gate lets in what helps on real rows, and nothing else; each part keeps to the rows it may see."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas
import pytest
from factories_models import make_rows, make_task
from factories_synthetic import Planted, as_synthetic, line_rows
from scipy import stats

from interpretable.collab.controls import Bootstrap, shuffled
from interpretable.collab.gate import judge, make_extra, run_gate
from interpretable.collab.verdict import Fold, decide, find
from interpretable.errors import BrokenPromise
from interpretable.models import linear, scorecard  # noqa: F401 - importing a family registers it
from interpretable.models.mix import mix
from interpretable.records.evaluation import Figure
from interpretable.records.gate import Arm, Curation, GateFinding, GroupChange

FOUND = 0  # a seed of the simulation in which the planted generator is found


@pytest.fixture(scope="module")
def helpful():
    generator = Planted("true")
    return generator, line_rows(50, seed=FOUND), judge(
        line_rows(50, seed=FOUND), generator, family="ridge", seed=FOUND
    )  # fmt: skip


def test_rows_from_the_truth_are_let_in(helpful):
    _, _, gated = helpful
    found = gated.finding
    assert (found.verdict, found.reason) == ("helps", "better")
    assert found.weight > 0
    assert found.arm("generated").gain.low > 0
    assert found.over_control.low > 0
    assert found.arm("generated").loss < found.arm("shuffled").loss


@pytest.mark.parametrize("truth", ["flipped", "useless", "shifted"])
def test_rows_with_wrong_labels_are_not_let_in(truth):
    found = run_gate(line_rows(50, seed=FOUND), Planted(truth), family="ridge", seed=FOUND, repeats=1)
    assert found.verdict != "helps"
    assert found.weight == 0.0


def test_rows_made_of_the_real_ones_alone_are_no_better_than_the_control():
    found = run_gate(line_rows(50, seed=FOUND), Bootstrap(), family="ridge", seed=FOUND, repeats=1)
    assert found.verdict != "helps"


def test_the_generator_never_sees_a_row_that_is_held_out(helpful):
    generator, train, _ = helpful
    assert len(generator.asked) == 2 * 5 * 3
    sizes = [len(ids) for ids in generator.asked]
    assert max(sizes) < 0.6 * len(train)  # two thirds of four fifths
    # The three calls of a fold never hold a row of it: together they leave out a fifth at least.
    for first in range(0, len(generator.asked), 3):
        seen = set().union(*generator.asked[first : first + 3])
        assert len(seen) <= len(train) - 9


def test_every_real_row_is_held_out_once_in_each_repeat():
    train = line_rows(45, seed=3)
    generator = Planted("useless")
    judge(train, generator, family="ridge", repeats=1)
    ids = set(train.row_ids.tolist())
    held = [ids - set().union(*generator.asked[first : first + 3]) for first in range(0, 15, 3)]
    assert set().union(*held) == ids
    assert sum(len(one) for one in held) == len(ids)


def test_the_same_seed_gives_the_same_finding():
    one, other = (
        run_gate(line_rows(40, seed=2), Planted(), family="ridge", folds=2, repeats=1) for _ in range(2)
    )
    assert replace(one, seconds=0.0) == replace(other, seconds=0.0)


def test_the_gate_takes_real_rows_of_the_training_part_and_a_family_with_weights():
    train = line_rows(40, seed=1)
    mixed = mix(train, as_synthetic(line_rows(40, seed=2)), 0.5)
    for rows, family, said in (
        (line_rows(40, seed=1, part="test"), "ridge", "of the 'test' part"),
        (mixed, "ridge", "some rows were generated"),
        (train, "scorecard", "'scorecard' cannot learn from weighted rows"),
    ):
        with pytest.raises(BrokenPromise, match=said):
            run_gate(rows, Planted(), family=family)


def test_with_very_few_rows_it_says_so_and_asks_for_nothing():
    generator = Planted()
    found = run_gate(line_rows(18, seed=1), generator, family="ridge")
    assert (found.verdict, found.reason) == ("cannot_tell", "too_few_rows")
    assert not generator.asked


class Nothing:
    name = "nothing"

    def make(self, train, rows, *, seed):
        return as_synthetic(line_rows(rows, seed=seed)).take(np.arange(0))


def test_a_generator_that_gives_nothing_does_not_help():
    found = run_gate(line_rows(40, seed=1), Nothing(), family="ridge", repeats=1)
    assert (found.verdict, found.reason) == ("does_not_help", "nothing_usable")
    assert found.arm("generated").weights == {"0": 5}


def test_the_rows_let_in_reach_the_final_fit_and_the_fits_of_the_folds(helpful):
    generator, train, gated = helpful
    extra = make_extra(train, gated, generator, family="linear", seed=1)
    both = extra.beside(train)
    assert (~both.is_real).sum() > len(train)
    assert np.isclose(both.weights[~both.is_real].sum(), gated.finding.weight * len(train))
    refused = replace(gated, finding=replace(gated.finding, verdict="cannot_tell"))
    assert make_extra(train, refused, generator, family="linear") is None


@pytest.mark.parametrize("kind", ["multiclass", "regression"])
def test_other_tasks_are_judged_too(kind):
    task = make_task(kind=kind, positive="")
    train = make_rows(60, seed=4, task=task, part="train")

    class Wrong:
        name = "wrong"

        def make(self, real, rows, *, seed):
            other = make_rows(rows, seed=seed % 1000, task=task)
            return as_synthetic(replace(other, target=np.random.default_rng(seed).permutation(other.target)))

    found = run_gate(train, Wrong(), family="linear", folds=2, repeats=1)
    assert found.metric == ("mse" if kind == "regression" else "log_loss")
    assert found.verdict != "helps"
    assert found.curation.made > 0
    assert {group.column for group in found.groups} == {"kind"}


# The rule, on findings made by hand.


def figure(low, high):
    return Figure(value=(low + high) / 2, low=low, high=high, method="corrected t")


def finding(**changes):
    given = {
        "verdict": "cannot_tell", "reason": "", "generator": "g", "student": "s", "metric": "log_loss",
        "n": 50, "folds": 5, "repeats": 2, "seed": 0, "smallest": 0.005, "margin": 0.02,
        "curation": Curation(made=10, kept=8), "over_control": figure(0.01, 0.05),
        "over_shuffled": figure(0.01, 0.05),
        "slopes": {"real": figure(0.6, 1.6), "generated": figure(0.7, 1.5)},
        "groups": (GroupChange(column="c", group="a", n=20, gain=-0.01),),
    }  # fmt: skip
    gain, dealt = changes.pop("gain", figure(0.01, 0.05)), changes.pop("dealt", figure(-0.05, 0.01))
    weights = changes.pop("weights", {"0": 2, "0.5": 8})
    arms = (
        Arm(name="real", loss=0.5),
        Arm(name="generated", loss=0.45, gain=gain, weights=weights),
        Arm(name="shuffled", loss=0.5, gain=dealt, weights=weights),
    )
    return GateFinding(**{**given, "arms": arms, **changes})


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, ("helps", "better")),
        ({"curation": Curation(made=10, kept=0)}, ("does_not_help", "nothing_usable")),
        ({"over_control": figure(-0.01, 0.03)}, ("cannot_tell", "no_better_than_control")),
        ({"over_control": figure(-0.01, 0.001)}, ("does_not_help", "no_better_than_control")),
        (
            {"dealt": figure(0.01, 0.05), "over_shuffled": figure(-0.01, 0.02)},
            ("cannot_tell", "not_from_labels"),
        ),
        ({"dealt": figure(0.001, 0.05)}, ("helps", "better")),  # dealt labels help too, the true ones more
        (
            {"groups": (GroupChange(column="c", group="b", n=20, gain=-0.03),)},
            ("cannot_tell", "group_falls"),
        ),
        (
            {"slopes": {"real": figure(0.6, 1.6), "generated": figure(0.3, 0.9)}},
            ("cannot_tell", "calibration"),
        ),
        ({"slopes": {"real": figure(0.2, 0.6), "generated": figure(0.4, 0.9)}}, ("helps", "better")),
        ({"gain": figure(-0.02, 0.03)}, ("cannot_tell", "uncertain")),
        ({"gain": figure(-0.02, 0.004)}, ("does_not_help", "no_gain")),
        ({"gain": figure(-0.02, 0.03), "weights": {"0": 8, "0.1": 2}}, ("does_not_help", "weight_nought")),
    ],
)
def test_the_rule_of_the_three_verdicts(changes, told):
    assert decide(finding(**changes)) == told


def test_the_gain_is_a_corrected_t_over_the_folds():
    train, random = line_rows(60, seed=1), np.random.default_rng(0)
    folds = [
        Fold(
            repeat=k // 3, inside=np.flatnonzero(np.arange(60) % 3 != k % 3),
            held=np.flatnonzero(np.arange(60) % 3 == k % 3),
            scores={arm: random.normal(size=(20, 1)) for arm in ("real", "generated", "control", "shuffled")},
            weights={"generated": 0.5, "control": 0.1, "shuffled": 0.5},
        )
        for k in range(6)
    ]  # fmt: skip
    found = find(train, folds, generator="g", student="s", told=Curation(made=1, kept=1), seed=0)

    def log_loss(fold, arm):
        chance = 1 / (1 + np.exp(-fold.scores[arm][:, 0]))
        return -np.mean(stats.bernoulli.logpmf(train.target[fold.held], chance))

    gains = np.array([log_loss(f, "real") - log_loss(f, "generated") for f in folds])
    error = gains.std(ddof=1) * np.sqrt(1 / 6 + 20 / 40)
    expected = stats.t(5, loc=gains.mean(), scale=error).ppf([0.05, 0.95])
    gain = found.arm("generated").gain
    assert np.allclose([gain.value, gain.low, gain.high], [gains.mean(), *expected])
    # With that standard error, the bound is above 0 in 4 of 5 cases where the gain is so large.
    assert found.detectable == pytest.approx(error * (stats.t(5).ppf(0.95) + stats.t(5).ppf(0.8)))
    assert found.smallest == pytest.approx(0.01 * np.mean([log_loss(f, "real") for f in folds]))


# The controls.


def test_the_control_lies_between_rows_of_one_class():
    train = line_rows(40, seed=1, prevalence=0.3)
    made = Bootstrap().make(train, 60, seed=2)
    place = {name: i for i, name in enumerate(train.row_ids)}
    real = train.frame.to_numpy()
    for row, label, one in zip(made.frame.to_numpy(), made.target, made.provenance, strict=True):
        ends = real[[place[name] for name in one.shown]]
        assert (row >= ends.min(axis=0) - 1e-12).all() and (row <= ends.max(axis=0) + 1e-12).all()
        assert set(train.target[[place[name] for name in one.shown]]) == {label}
    assert abs(made.target.mean() - train.target.mean()) < 0.02


def test_the_control_keeps_levels_texts_and_missing_cells_of_the_row_it_drew():
    train = make_rows(50, seed=1, part="train")
    made = Bootstrap().make(train, 80, seed=2)
    assert set(made.frame["kind"].dropna()) <= {"a", "b", "c"}
    assert made.frame["age"].isna().any()
    assert list(made.frame.columns) == list(train.frame.columns)
    nothing = train.frame.assign(age=np.nan)
    assert Bootstrap().make(replace(train, frame=nothing), 10, seed=2).frame["age"].isna().all()


def test_dealt_labels_keep_the_rows_and_the_balance():
    made = as_synthetic(line_rows(40, seed=1))
    dealt = shuffled(made, seed=3)
    pandas.testing.assert_frame_equal(dealt.frame, made.frame)
    assert sorted(dealt.target) == sorted(made.target)
    assert (dealt.target != made.target).any()
    assert {one.kind for one in dealt.provenance} == {"shuffled"}
