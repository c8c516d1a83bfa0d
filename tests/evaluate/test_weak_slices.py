"""Weak spots, overfit regions, reliability and cohorts: planted ones are found, noise is not."""

from dataclasses import replace

import numpy as np
import pandas
import pytest
from factories_diagnostics import NAMES, make_dataset, make_judged, make_task, planted_rows
from scipy.stats import binomtest, fisher_exact

from interpretable.evaluate.cohorts import find_cohorts, over_time
from interpretable.evaluate.judged import Judged
from interpretable.evaluate.overfit import find_overfit
from interpretable.evaluate.reliability import conformal_limit, find_reliability
from interpretable.evaluate.slices import conditions_of, member, round_quantiles, rows_of
from interpretable.evaluate.weakspots import find_weak_spots, floor_of
from interpretable.records.task import Column
from interpretable.stats.metrics import logit


def confirmed(found):
    return [s for s in found.spots if s.verdict == "confirmed"]


def test_a_planted_weak_spot_is_found_in_training_rows_and_confirmed_on_test_rows():
    found = find_weak_spots(make_judged(1000, weak=2.0), make_judged(500, seed=1, weak=2.0), NAMES)
    spot = confirmed(found)[0]
    assert {c.feature for c in spot.conditions} == {"age", "sex"}
    assert spot.gap.low > 0 and spot.p_value <= 0.05
    assert spot.wrong.value > spot.wrong_rest + 0.1
    assert spot.nature == "misjudged" and spot.excess.low > 0


def test_figures_of_a_spot_are_those_of_its_test_rows():
    test = make_judged(500, seed=1, weak=2.0)
    found = find_weak_spots(make_judged(1000, weak=2.0), test, NAMES, rival=make_judged(500, seed=1))
    spot = confirmed(found)[0]
    mask = rows_of(spot.conditions, test.rows)
    assert (spot.n, spot.events) == (mask.sum(), test.target[mask].sum())
    assert spot.loss.value == pytest.approx(test.loss[mask].mean())
    assert spot.rest == pytest.approx(test.loss[~mask].mean())
    assert spot.gap.value == pytest.approx(spot.loss.value - spot.rest)
    assert spot.wrong.value == pytest.approx(((test.predicted >= 0.5) != test.target)[mask].mean())
    assert spot.oe.value == pytest.approx(test.target[mask].sum() / test.predicted[mask].sum())
    assert spot.rival_loss.value < spot.loss.value


def test_noise_gives_a_confirmed_weak_spot_in_at_most_one_study_in_twenty():
    hits = 0
    for seed in range(50):
        train, test = make_judged(400, seed=5000 + 2 * seed), make_judged(200, seed=5001 + 2 * seed)
        hits += bool(confirmed(find_weak_spots(train, test, NAMES, resamples=199, seed=seed)))
    assert binomtest(hits, 50, 0.05, alternative="greater").pvalue > 0.01


def test_a_spot_that_only_training_rows_show_is_not_called_confirmed():
    found = find_weak_spots(make_judged(1000, weak=2.0), make_judged(500, seed=1), NAMES)
    assert found.spots and not confirmed(found)


def test_cases_that_are_harder_by_the_models_own_estimates_are_told_from_misjudged_ones():
    def harder(n, seed):
        judged = make_judged(n, seed=seed, spread=2.5)
        planted = planted_rows(judged.rows)
        coin = (np.random.default_rng(seed).random(n) < 0.5).astype(np.int64)
        target = np.where(planted, coin, judged.target)
        return Judged(
            rows=replace(judged.rows, target=target), predicted=np.where(planted, 0.5, judged.predicted)
        )

    spot = confirmed(find_weak_spots(harder(1000, 0), harder(500, 1), NAMES))[0]
    assert spot.nature == "harder"


def test_slices_have_enough_training_rows_and_few_test_rows_are_said_to_be_few():
    found = find_weak_spots(make_judged(1000, weak=2.0), make_judged(60, seed=1, weak=2.0), NAMES)
    assert all(s.train_n >= found.floor == 50 for s in found.spots)
    assert "too_few" in {s.verdict for s in found.spots}
    assert floor_of(5000) == 250 and floor_of(100) == 20


def test_with_a_handful_of_rows_there_is_nothing_to_search():
    assert find_weak_spots(make_judged(30), make_judged(8, seed=1), NAMES) is None
    assert find_overfit(make_judged(30), make_judged(30), NAMES) is None


@pytest.mark.parametrize("kind", ["multiclass", "regression"])
def test_other_kinds_of_task_have_weak_spots_too(kind):
    def made(n, seed):
        rows = make_dataset(n, seed=seed, task=make_task(kind=kind, positive=""))
        random, planted = np.random.default_rng(seed), planted_rows(rows)
        if kind == "regression":
            target = random.normal(0.0, np.where(planted, 3.0, 1.0))
            return Judged(rows=replace(rows, target=target), predicted=np.zeros(n))
        target = np.where(planted, random.integers(0, 3, n), random.choice(3, n, p=[0.9, 0.05, 0.05]))
        return Judged(rows=replace(rows, target=target), predicted=np.tile([0.9, 0.05, 0.05], (n, 1)))

    spot = confirmed(find_weak_spots(made(1000, 0), made(400, 1), NAMES))[0]
    assert {c.feature for c in spot.conditions} <= {"age", "sex"} and spot.wrong.value > spot.wrong_rest
    assert spot.events is None and spot.oe is None


def test_edges_are_round_and_no_condition_points_at_a_few_persons():
    random = np.random.default_rng(0)
    values = random.normal(54.321, 9.87, 700)
    for condition in conditions_of(Column(name="x", kind="number"), values):
        assert member(condition, values).sum() >= 5
        for edge in (condition.low, condition.high):
            assert edge is None or round(edge * 2) == pytest.approx(edge * 2)
    levels = np.array(["common"] * 20 + ["rare"] * 4 + [None] * 6, dtype=object)
    found = conditions_of(Column(name="x", kind="category"), levels)
    assert [(c.kind, c.group) for c in found] == [("level", "common"), ("missing", "not known")]


def test_conditions_of_odd_columns_are_none_or_whole():
    number, text = Column(name="x", kind="number"), Column(name="x", kind="text")
    assert conditions_of(number, np.full(50, np.nan)) == []
    assert conditions_of(text, np.array(["a"] * 50, dtype=object)) == []
    codes = conditions_of(number, np.repeat([0.0, 1.0, 2.0], [20, 20, 3]))
    assert [(c.kind, c.low) for c in codes] == [("code", 0.0), ("code", 1.0)]
    mostly_zero = np.concatenate([np.zeros(95), np.arange(1.0, 12.0)])
    assert all(member(c, mostly_zero).sum() >= 5 for c in conditions_of(number, mostly_zero))
    assert len(round_quantiles(np.full(30, 7.0), (0.5,))) == 0


def make_fit(oof, *, planted=0.0, seed=0):
    """The final model on its own rows: its score leans towards what happened, more so where planted."""
    lean = 0.3 + planted * planted_rows(oof.rows)
    noise = np.random.default_rng([seed, 3]).normal(0.0, 0.1, len(oof))
    return oof.with_predicted(1 / (1 + np.exp(-(logit(oof.predicted) + noise + lean * (2 * oof.target - 1)))))


def test_a_planted_overfit_region_is_found_and_an_even_gap_is_not():
    oof = make_judged(1200)
    found = find_overfit(oof, make_fit(oof, planted=1.5), NAMES)
    top = found.regions[0]
    assert top.p_value <= 0.05 and {c.feature for c in top.conditions} <= {"age", "sex"}
    assert top.gap > top.rest_gap and found.gap.value == pytest.approx(found.oof_loss - found.fit_loss)
    hits = 0
    for seed in range(20):
        oof = make_judged(300, seed=seed)
        regions = find_overfit(oof, make_fit(oof, seed=seed), NAMES, resamples=39, seed=seed).regions
        hits += any(r.p_value <= 0.05 for r in regions)
    assert binomtest(hits, 20, 0.05, alternative="greater").pvalue > 0.01


def test_the_conformal_limit_is_an_order_statistic_and_covers():
    scores = np.random.default_rng(0).random(99)
    assert conformal_limit(scores, 0.9) == np.sort(scores)[89]
    assert conformal_limit(scores[:5], 0.9) == np.inf
    covered = []
    for seed in range(200):
        random = np.random.default_rng(seed)
        covered.append((random.random(200) <= conformal_limit(random.random(49), 0.9)).mean())
    assert np.mean(covered) == pytest.approx(0.9, abs=0.01)


def test_reliability_says_where_ranges_cover_less_and_where_errors_are_wider():
    def made(n, seed):
        rows = make_dataset(n, seed=seed, task=make_task(kind="regression", positive=""))
        noise = np.random.default_rng(seed).normal(0.0, np.where(rows.frame["sex"] == "female", 4.0, 1.0))
        return Judged(rows=replace(rows, target=noise), predicted=np.zeros(n))

    test = made(600, 1)
    found = find_reliability(made(400, 0), test, NAMES)
    worst = found.slices[0]
    assert worst.conditions[0].group in ("female", "male") and worst.p_value <= 0.001
    women = next(s for s in found.slices if s.conditions[0].group == "female")
    assert women.coverage.value < 0.9 < found.coverage.high and women.width > found.width
    covered, mask = np.abs(test.target) <= found.width, (test.rows.frame["sex"] == "female").to_numpy()
    table = [[(covered & m).sum(), (~covered & m).sum()] for m in (mask, ~mask)]
    assert women.p_value >= fisher_exact(table).pvalue
    assert women.coverage.value == pytest.approx(covered[mask].mean())
    assert find_reliability(made(20, 0), test, NAMES) is None


def test_sets_of_answers_grow_where_the_model_is_unsure():
    found = find_reliability(make_judged(300, spread=3.0), make_judged(600, seed=1, spread=3.0), NAMES)
    assert 1.0 <= found.width <= 2.0 and found.coverage.low <= 0.9 <= found.coverage.high + 0.05
    assert all(s.p_value > 0.05 for s in found.slices)


def test_cohorts_show_columns_nobody_marked_excluded_ones_first_and_no_sensitive_one():
    marked = replace(
        make_task(),
        columns=tuple(replace(c, sensitive=c.name == "sex") for c in make_task().columns),
    )
    test = make_judged(800, rows=make_dataset(800, task=marked))
    found = find_cohorts(test, ("age", "dose"))
    assert [c.column for c in found] == ["ward", "age", "dose"]
    assert [c.used for c in found] == [False, True, True]
    ward = found[0]
    assert sum(g.n for g in ward.groups) == 800 and all(not g.too_few for g in ward.groups)
    rows = (test.rows.frame["ward"] == "a").to_numpy()
    assert ward.groups[0].loss.value == pytest.approx(test.loss[rows].mean())
    assert ward.p_value > 0.05


def test_a_cohort_with_a_higher_loss_is_noticed_and_a_small_one_has_no_figures():
    test = make_judged(800)
    bad = (test.rows.frame["ward"] == "b").to_numpy()
    worse = test.with_predicted(np.where(bad, 1.0 - test.predicted, test.predicted))
    ward = find_cohorts(worse, NAMES)[0]
    assert ward.column == "ward" and ward.p_value <= 0.01
    few = find_cohorts(make_judged(90), NAMES)[0]
    assert any(g.too_few and g.loss is None for g in few.groups)


def test_blocks_of_time_keep_rows_of_one_time_together_and_name_no_time():
    def timed(n, seed):
        times = pandas.to_datetime("2020-01-01") + pandas.to_timedelta(np.arange(n) // 40, unit="D")
        return make_judged(n, rows=make_dataset(n, seed=seed, times=times.to_numpy()))

    blocks = over_time(timed(400, 0), timed(120, 1))
    assert [(b.part, b.block) for b in blocks][:2] == [("train", 1), ("train", 2)]
    assert sum(b.n for b in blocks if b.part == "train") == 400
    assert all(b.n % 40 == 0 for b in blocks)
    assert over_time(make_judged(400), make_judged(100, seed=1)) == ()
