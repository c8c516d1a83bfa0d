"""A prior enters a model as a target with a weight: helps if true, is left out if wrong, adds up exactly."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from factories_models import make_rows, make_task, make_text_rows
from factories_prior import make_planted_prior, make_planted_rows, make_prior, make_words
from scipy.optimize import minimize

from interpretable.errors import BrokenPromise
from interpretable.models import ebm, linear, text  # noqa: F401 - importing a family registers it
from interpretable.models.base import Effort, families
from interpretable.models.features import describe
from interpretable.models.losses import row_losses
from interpretable.models.monotone import worst_step
from interpretable.models.penalised import Penalty, fit_penalised
from interpretable.models.prior import allowed, choose, label_scores, mid_ranks, shuffled, weight_of
from interpretable.models.train import prove
from interpretable.records import codec
from interpretable.records.prior import SaidScore, SaidWay
from interpretable.score.scorer import make_scorer

LEAN = Effort(refits=0)
TEST = make_planted_rows(2_000, seed=99)


def fit(rows, prior=None, *, family="linear", effort=LEAN):
    return families[family].fit(rows, describe(rows, rows), replace(effort, prior=prior))


def loss(fitted) -> float:
    scores = make_scorer(fitted.record).link_scores(TEST.frame, len(TEST))
    return float(row_losses("logit", scores, TEST.target).mean())


@pytest.fixture(scope="module")
def planted():
    """Losses and weights of fits on 40 rows each: without, true, wrong, shuffled."""
    found = []
    for seed in range(6):
        rows = make_planted_rows(40, seed=seed)
        priors = (make_planted_prior(), make_planted_prior(sign=-1), shuffled(make_planted_prior(), seed))
        fits = [fit(rows, prior) for prior in priors]
        found.append([loss(fit(rows)), *map(loss, fits), *(weight_of(f.notes).weight for f in fits)])
    return np.array(found)


def test_true_directions_help_where_rows_are_few(planted):
    gain = planted[:, 0] - planted[:, 1]
    assert gain.mean() > 0.03
    assert gain.mean() > 3 * (planted[:, 0] - planted[:, 3]).mean()
    assert (planted[:, 4] > 0).mean() >= 0.6


def test_wrong_directions_get_no_weight_and_do_no_harm(planted):
    assert (planted[:, 5] == 0).mean() >= 0.8
    assert (planted[:, 2] - planted[:, 0]).mean() < 0.005


def test_shuffled_directions_do_not_help(planted):
    assert (planted[:, 0] - planted[:, 3]).mean() < 0.02


@pytest.mark.parametrize("family", ["linear", "ebm", "text"])
def test_a_weight_of_zero_gives_the_model_without_a_prior_bit_for_bit(family):
    effort = Effort(refits=2, level="quick")
    if family == "text":
        rows = make_text_rows(50)
        wrong = make_prior(words=make_words("note", {"chest": -2, "pain": -2, "severe": -2, "mild": 2}))
    else:
        rows, wrong = make_planted_rows(120, seed=3), make_planted_prior(sign=-1)
    plain, given = (fit(rows, prior, family=family, effort=effort) for prior in (None, wrong))
    assert weight_of(given.notes).weight == 0.0
    assert codec.canonical(plain.record) == codec.canonical(given.record)


@pytest.mark.parametrize("family", ["linear", "ebm"])
@pytest.mark.parametrize("kind", ["binary", "regression", "multiclass"])
def test_the_record_with_a_prior_adds_up_exactly(family, kind, monkeypatch):
    monkeypatch.setattr("interpretable.models.prior.SURE", -1e9)  # take it up whatever the folds say
    rows = make_rows(90, task=make_task(kind=kind, positive="yes" if kind == "binary" else ""))
    several = kind == "multiclass"
    prior = make_prior(
        classes=rows.classes if several else (),
        ways=() if several else (SaidWay(column="age", way="up"), SaidWay(column="dose", way="up", sure=0.5)),
        levels=(SaidScore(column="kind", name="b", scores=(-1.0, 0.0, 2.0) if several else (2.0,)),),
    )
    few = rows.take(np.arange(60))
    fitted = fit(few, prior, family=family, effort=Effort(refits=2, level="quick"))
    taken = weight_of(fitted.notes)
    assert taken.weight > 0
    assert prove(fitted.record, fitted.library_scores(rows), rows) <= 1e-9
    plain = fit(few, family=family, effort=Effort(refits=2, level="quick"))
    assert codec.canonical(plain.record) != codec.canonical(fitted.record)


def test_text_with_a_prior_adds_up_and_keeps_what_was_said_of_a_word_that_no_text_holds(monkeypatch):
    monkeypatch.setattr("interpretable.models.prior.SURE", -1e9)
    rows = make_text_rows(80)
    few = rows.take(np.arange(40))
    words = make_words("note", {"chest": 2, "pain": 2, "mild": -1, "unheard": 2, "a b c d": 2})
    fitted = fit(few, make_prior(words=words), family="text")
    assert weight_of(fitted.notes).weight > 0
    assert prove(fitted.record, fitted.library_scores(rows), rows) <= 1e-9
    term = fitted.record.terms[0]
    at = {name: place for place, name in enumerate(term.vocabulary)}
    assert term.counts[at["unheard"]] == 0 and "a b c d" not in at
    assert term.weights[at["unheard"], 0] > 0 > term.weights[at["mild"], 0]


def test_weights_drawn_towards_others_solve_the_problem_with_an_offset():
    random = np.random.default_rng(1)
    matrix, toward = random.normal(size=(60, 4)), np.array([[0.5], [-1.0], [0.0], [2.0]])
    target = (random.random(60) < 0.5).astype(int)
    found = fit_penalised("binary", matrix, target, Penalty(strength=0.3, toward=toward))

    def goal(x):
        scores = matrix @ (x[:4] + toward[:, 0]) + x[4]
        return 0.3 * np.sum(np.logaddexp(0, scores) - target * scores) + 0.5 * x[:4] @ x[:4]

    rest = minimize(goal, np.zeros(5), method="BFGS", options={"gtol": 1e-8}).x
    assert found.coef_[0] == pytest.approx(rest[:4] + toward[:, 0], abs=1e-4)
    assert found.intercept_[0] == pytest.approx(rest[4], abs=1e-4)


def test_values_are_drawn_on_the_scale_of_the_outcome():
    random = np.random.default_rng(2)
    matrix, toward = random.normal(size=(40, 3)), np.array([[3.0], [-20.0], [0.0]])
    target = 100 + 10 * random.normal(size=40)
    found = fit_penalised("regression", matrix, target, Penalty(strength=1e-6, toward=toward))
    assert found.coef_[0] == pytest.approx(toward[:, 0], abs=0.01)


def test_only_a_ridge_draws_towards_others():
    with pytest.raises(BrokenPromise, match="ridge"):
        fit_penalised(
            "binary", np.eye(4), np.array([0, 1, 0, 1]),
            Penalty(strength=1.0, l1_ratio=0.5, toward=np.ones((4, 1))),
        )  # fmt: skip


@pytest.mark.parametrize("family", ["linear", "ebm"])
def test_a_direction_that_must_hold_wins_over_what_was_said(family, monkeypatch):
    monkeypatch.setattr("interpretable.models.prior.SURE", -1e9)
    rows = make_planted_rows(80, seed=5)
    columns = tuple(
        replace(c, expected="up", enforce=True) if c.name == "x0" else c for c in rows.task.columns
    )
    rows = replace(rows, task=replace(rows.task, columns=columns))
    wrong = make_planted_prior(sign=-1)
    assert {w.column for w in allowed(wrong, rows.task).ways} == {"x1", "x2", "x3", "x4", "x5"}
    fitted = fit(rows, wrong, family=family, effort=Effort(refits=0, level="quick"))
    assert weight_of(fitted.notes).weight > 0
    assert worst_step(fitted.record, 0, 1) <= 1e-9


def test_the_least_weight_that_is_hardly_worse_than_the_best_is_taken():
    random = np.random.default_rng(0)
    plain = random.normal(1.0, 0.1, 100)
    noise = random.normal(0, 0.05, (3, 100))
    noise -= noise.mean(axis=1, keepdims=True)
    tried = {(0.5, 1.0): plain - 0.3 + noise[0], (1.0, 1.0): plain - 0.301 + noise[1], (2.0, 1.0): plain + 1}
    best, told = choose(plain, tried)
    assert best == (0.5, 1.0) and told.weight == 0.5 and told.gain == pytest.approx(0.3, abs=0.02)
    best, told = choose(plain, {(0.5, 1.0): plain + noise[2]})
    assert best is None and (told.weight, told.reason) == (0.0, "not_shown")


def test_ranks_have_mean_nothing_and_spread_one_over_the_rows():
    counts = np.array([5.0, 1.0, 0.0, 20.0])
    ranks = mid_ranks(counts)
    assert np.average(ranks, weights=counts) == pytest.approx(0, abs=1e-12)
    assert np.average(ranks**2, weights=counts) == pytest.approx(1)
    assert np.all(np.diff(ranks) > 0)


def test_levels_with_an_order_follow_their_direction_and_their_leanings_add_up():
    rows = make_rows(60)
    columns = tuple(
        replace(c, kind="ordinal", levels=("a", "b", "c")) if c.name == "kind" else c
        for c in rows.task.columns
    )
    rows = replace(rows, task=replace(rows.task, columns=columns))
    down = make_prior(ways=(SaidWay(column="kind", way="down"),))
    scores = label_scores(down, rows, "kind", ("c", "a", "b"))[:, 0]
    assert scores[1] > scores[2] > scores[0]
    counts = np.array([np.count_nonzero(rows.frame["kind"] == level) for level in ("c", "a", "b")])
    assert counts @ scores == pytest.approx(0, abs=1e-9)


def test_a_prior_that_leans_nowhere_is_told_as_such():
    rows = make_planted_rows(40)
    fitted = fit(rows, make_prior(ways=(SaidWay(column="x0", way="none"),)))
    assert weight_of(fitted.notes).reason == "nothing_said"
