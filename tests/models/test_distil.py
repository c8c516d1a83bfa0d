"""The gate of distillation can say no, yes, and that it cannot tell."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from factories_models import make_rows, make_task
from factories_tuning import make_gain

from interpretable.models import ebm, linear  # noqa: F401 - importing a family registers it
from interpretable.models.base import LINKS, Effort, Fitted, families
from interpretable.models.distil import blended, distil, tied_bags, verdict
from interpretable.models.features import describe
from interpretable.models.folds import make_folds
from interpretable.models.train import train_family
from interpretable.records.additive import AdditiveModel, LinearTerm
from interpretable.score.scorer import make_scorer

QUICK = Effort(level="quick", refits=0)


def quiet(message: str) -> None:
    pass


def fresh(name, make):
    return make()


class Teacher:
    """Knows a line on age from elsewhere and learns nothing from the rows it is given."""

    glass_box = True

    def __init__(self, slope: float):
        self.slope = slope

    def can_fit(self, task):
        return False

    def name(self, task):
        return "teacher"

    def fit(self, train, features, effort):
        names = [f.name for f in features]
        line = LinearTerm(
            feature=names.index("age"), slope=np.array([self.slope]), offset=np.array([-50.0 * self.slope]),
            missing=np.array([0.0]), low=-1e9, high=1e9,
        )  # fmt: skip
        record = AdditiveModel(
            family="teacher", link=LINKS[train.task.kind], classes=train.classes, features=features,
            terms=(line,), intercept=np.array([0.0]),
        )  # fmt: skip
        scorer = make_scorer(record)
        return Fitted(record=record, library_scores=lambda d: scorer.link_scores(d.frame, len(d)))


def judged(slope: float, *, kind: str, n: int, noise: float, seed: int = 0):
    """Rows whose outcome is a line on age plus noise, and a teacher with a line of its own."""
    rows = make_rows(n, seed=seed, task=make_task(kind=kind, positive="yes" if kind == "binary" else ""))
    random = np.random.default_rng(seed + 1_000)  # not the draws that made the rows
    age = np.nan_to_num(rows.frame["age"].to_numpy(), nan=50.0)
    signal = 0.2 * (age - 50.0)
    target = signal + random.normal(0, noise, n)
    if kind == "binary":
        target = (random.random(n) < 1 / (1 + np.exp(-signal))).astype(np.int64)
    rows = replace(rows, target=target)
    features, folds = describe(rows, rows), make_folds(rows, 5, seed=0)
    families.add("teacher")(Teacher(slope))
    shared = {"features": features, "folds": folds, "effort": QUICK}
    try:
        teacher, plain = (
            train_family(key, rows, rows, progress=quiet, **shared) for key in ("teacher", "ebm")
        )
        return rows, distil(teacher, plain, rows, rows, keep=fresh, progress=quiet, **shared)
    finally:
        families._items.pop("teacher")


def test_a_teacher_of_noise_is_refused():
    _, (trained, told) = judged(-0.05, kind="binary", n=240, noise=0.0)
    assert trained is None
    assert told.verdict == "does_not_help"
    assert told.teacher_loss > told.plain_loss


def test_a_teacher_that_knows_the_truth_is_admitted_where_rows_are_few_and_noisy():
    rows, (trained, told) = judged(0.2, kind="regression", n=100, noise=3.0)
    assert told.verdict == "helps" and told.gain.low > 0
    assert told.student_loss < told.plain_loss
    assert trained.name == "ebm distilled" and trained.glass_box
    assert isinstance(trained.record, AdditiveModel)
    for term in trained.record.terms:
        assert term.weights.sum() == len(rows)


@pytest.mark.parametrize(
    ("won", "taught", "said"),
    [
        (make_gain(0.02, 0.01), make_gain(0.03), "helps"),
        (make_gain(0.02, 0.01), make_gain(-0.01), "does_not_help"),  # nothing to learn from
        (make_gain(0.001, 0.002), make_gain(0.03), "does_not_help"),  # too small to matter at best
        (make_gain(0.01, 0.02), make_gain(0.03), "cannot_tell"),
        (make_gain(-0.03, 0.01), make_gain(0.03), "does_not_help"),
    ],
)
def test_three_verdicts(won, taught, said):
    assert verdict(won, taught, plain_loss=0.5) == said


def test_copies_of_a_row_stay_on_one_side_of_every_bag():
    bags = tied_bags(40, 3, bags=5, seed=0)
    assert bags.shape == (120, 5)
    for copy in (bags[40:80], bags[80:]):
        np.testing.assert_array_equal(bags[:40], copy)
    assert np.all((bags[:40] == -1).sum(axis=0) == 6)
    assert len({tuple(column) for column in bags.T}) == 5


def test_the_real_half_of_the_outcome_is_kept():
    rows = make_rows(50)
    answers, asked = np.full(50, 0.8), np.arange(50) > 0
    soft = blended(rows, answers, asked, 0.5)
    np.testing.assert_allclose(soft.sum(axis=1), 1.0)
    np.testing.assert_allclose(soft[1:, 1], 0.4 + 0.5 * rows.target[1:])
    assert soft[0, 1] == rows.target[0]  # nobody answered for this row
