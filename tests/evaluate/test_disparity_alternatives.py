"""Near-equal models with a smaller difference: searched on some rows, confirmed on others."""

from dataclasses import replace

import numpy as np
import pytest
from factories_disparity import make_groups_part

from interpretable.evaluate import alternatives
from interpretable.stats.metrics import auroc, expit, logit


def two_models(n=1_200, seed=0, kind="binary"):
    """Rows, a model with a difference, and one that takes most of it back."""
    rows, p = make_groups_part(n=n, seed=seed, kind=kind)
    male = (rows.frame["sex"] == "male").to_numpy()
    if kind != "binary":
        return rows, p, p
    return rows, expit(logit(p) + 1.0 * male - 0.4), p


def test_the_groups_furthest_apart_are_watched_and_lead_the_search():
    rows, base, _ = two_models()
    watched = alternatives.watch(rows, base)
    lead = watched[0]
    assert (lead.column, lead.group, lead.reference, lead.metric) == (
        "sex",
        "male",
        "female",
        "selection_rate",
    )
    chosen, male = base >= 0.5, (rows.frame["sex"] == "male").to_numpy()
    assert lead.gap == pytest.approx(chosen[male].mean() - chosen[~male].mean(), abs=1e-12)
    assert {w.metric for w in watched} == {"selection_rate", "sensitivity"}
    assert {w.column for w in watched} == {"sex", "region"}


def test_gaps_are_compared_at_the_same_number_selected():
    rows, base, other = two_models()
    chosen = alternatives.selected_alike(rows.task, other, base)
    assert chosen.sum() == (base >= 0.5).sum() != (other >= 0.5).sum()
    assert other[chosen].min() >= other[~chosen].max()


def test_a_model_with_a_smaller_gap_is_found_and_confirmed_with_intervals():
    rows, base, other = two_models()
    found = alternatives.searched(
        rows, alternatives.watch(rows, base), other, base, kind="trained", model="b"
    )
    assert found.near and found.smaller
    assert found.value == pytest.approx(auroc(rows.target, other))
    assert found.behind == pytest.approx(auroc(rows.target, base) - auroc(rows.target, other))
    test, base, other = two_models(seed=1)
    sure = alternatives.confirmed(found, test, other, base, resamples=300)
    lead = sure.gaps[0]
    assert lead.change.value == pytest.approx(lead.confirmed.value - lead.confirmed_in_use.value, abs=1e-12)
    assert lead.change.high < 0
    assert sure.performance.low <= sure.performance.value <= sure.performance.high


def test_a_worse_model_is_not_near_however_small_its_gap():
    rows, base, _ = two_models()
    guess = np.random.default_rng(5).random(len(rows))
    found = alternatives.searched(
        rows, alternatives.watch(rows, base), guess, base, kind="trained", model="b"
    )
    assert not found.near and not found.smaller
    generous = replace(rows, task=replace(rows.task, plan=replace(rows.task.plan, margin=0.5)))
    again = alternatives.searched(
        generous, alternatives.watch(rows, base), guess, base, kind="trained", model="b"
    )
    assert again.near and again.smaller


def test_the_same_model_changes_nothing():
    rows, base, _ = two_models()
    same = alternatives.searched(rows, alternatives.watch(rows, base), base, base, kind="seed", model="a")
    assert same.near and not same.smaller
    sure = alternatives.confirmed(same, rows, base, base, resamples=100)
    assert {g.change.value for g in sure.gaps} == {0.0}


@pytest.mark.parametrize(("kind", "metric"), [("multiclass", "accuracy"), ("regression", "bias")])
def test_other_kinds_of_task_watch_their_own_measure(kind, metric):
    rows, base, other = two_models(kind=kind)
    watched = alternatives.watch(rows, base)
    assert watched[0].metric == metric
    found = alternatives.searched(rows, watched, other, base, kind="trained", model="b")
    assert alternatives.confirmed(found, rows, other, base, resamples=50).gaps[0].change is not None


def test_small_groups_of_the_test_part_are_said_to_be_small():
    rows, base, other = two_models()
    found = alternatives.searched(
        rows, alternatives.watch(rows, base), other, base, kind="trained", model="b"
    )
    few = rows.take(np.arange(60))
    sure = alternatives.confirmed(found, few, other[:60], base[:60], resamples=50)
    assert {g.change.reason for g in sure.gaps} == {"too_few_rows"}


def test_intervals_of_the_change_hold_the_truth():
    """The change of a population of 200,000 rows, against intervals from 300 rows."""
    big, base, other = two_models(n=200_000, seed=9)
    watched = alternatives.watch(big, base)[:1]
    truth = alternatives.gap_of(big, watched[0], other, base) - alternatives.gap_of(
        big, watched[0], base, base
    )
    held = 0
    for seed in range(80):
        rows, base, other = two_models(n=300, seed=100 + seed)
        one = alternatives.searched(rows, watched, other, base, kind="trained", model="b")
        change = alternatives.confirmed(one, rows, other, base, seed=seed, resamples=150).gaps[0].change
        held += change.low <= truth <= change.high
    assert held / 80 >= 0.93 - 0.05
