"""Cells are cut once, pairs earn their place, directions hold, and the compile stays exact."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from factories_shape import GRADES, make_planted, make_table_model, with_column

from interpretable.errors import BrokenPromise, TaskError
from interpretable.models import bins, cpus, ebm
from interpretable.models.base import Effort, families
from interpretable.models.features import describe
from interpretable.models.monotone import check_directions, worst_step
from interpretable.records import codec
from interpretable.records.shape import PairChoice
from interpretable.score.scorer import make_scorer

QUICK = Effort(level="quick")
STANDARD = Effort(level="standard")


def fit(rows, effort=QUICK, features=None):
    return families["ebm"].fit(rows, features or describe(rows, rows), effort)


def choice_of(fitted) -> PairChoice:
    return codec.from_plain(fitted.notes["pairs"], PairChoice)


# Cells


def test_few_values_get_a_bin_each_and_many_get_equal_shares():
    few = bins.quantile_cuts(np.array([1.0, 1.0, 2.0, 5.0, np.nan, np.inf]))
    assert few.tolist() == [1.5, 3.5]
    values = np.random.default_rng(0).normal(size=5000)
    cuts = bins.quantile_cuts(values, 50)
    counts = np.bincount(np.searchsorted(cuts, values, side="right"))
    assert len(cuts) == 49 and counts.min() >= 99 and counts.max() <= 101
    assert not np.isin(cuts, values).any()  # each lies between two values that occur


def test_neighbouring_floats_are_told_apart():
    low = 1.0
    high = np.nextafter(low, 2.0)
    cuts = bins.quantile_cuts(np.array([low, high]))
    assert np.searchsorted(cuts, [low, high], side="right").tolist() == [0, 1]


def test_a_value_that_fills_half_the_rows_costs_one_bin_only():
    values = np.concatenate([np.zeros(5000), np.random.default_rng(1).normal(size=5000)])
    cuts = bins.quantile_cuts(values, 32)
    assert 15 <= len(cuts) <= 31 and np.all(np.diff(cuts) > 0)


def test_coarse_cuts_are_some_of_the_fine_ones():
    values = np.random.default_rng(2).gamma(2.0, size=3000)
    fine = bins.quantile_cuts(values)
    coarse = bins.thinned(fine, values, 32)
    assert len(coarse) == 31 and np.isin(coarse, fine).all()
    counts = np.bincount(np.searchsorted(coarse, values, side="right"))
    assert counts.max() <= 1.3 * counts.min()


def test_cells_shared_by_a_study_give_the_scores_of_cells_made_for_one_fit():
    rows = make_planted(300)
    shared = describe(rows, rows)
    alone = tuple(replace(feature) for feature in shared)  # copies: nothing was noted for them
    assert all(f not in bins._KNOWN for f in alone) and shared[0] in bins._KNOWN
    first, second = (make_scorer(fit(rows, features=f).record) for f in (shared, alone))
    found = first.link_scores(rows.frame, len(rows))
    assert np.array_equal(found, second.link_scores(rows.frame, len(rows)))


def test_a_fold_is_cut_where_the_study_is_cut():
    rows = make_planted(400)
    features = describe(rows, rows)
    part = rows.take(np.arange(0, 400, 2))
    whole, half = (fit(given, features=features).record for given in (rows, part))
    assert np.array_equal(whole.terms[0].axes[0].cuts, half.terms[0].axes[0].cuts)


# The compile


@pytest.mark.parametrize("kind", ["binary", "multiclass", "regression"])
def test_the_record_is_exact_on_every_odd_value(kind):
    rows = make_planted(500, kind=kind, crossed=1.0)
    fitted = fit(rows, Effort(settings={} if kind == "multiclass" else {"interactions": 4}))
    assert sum(len(t.features) == 2 for t in fitted.record.terms) == (0 if kind == "multiclass" else 4)
    odd = rows.take(np.arange(9))
    odd.frame["a"] = [np.nan, np.inf, -np.inf, 1e300, -1e300, 0.0, -0.0, 0.005, 99.0]
    odd.frame["c"] = [np.inf, np.nan, 0.0, -np.inf, 1.0, 2.0, 3.0, np.nan, -5.0]
    odd.frame["grade"] = np.array(
        ["none", None, "never heard of", "most", "1", "", None, "some", "much"], object
    )
    odd.frame["town"] = np.array(["x", "nowhere", None, "y", "", "z", None, "X", "x "], object)
    own = make_scorer(fitted.record).link_scores(odd.frame, len(odd))
    np.testing.assert_allclose(own, fitted.library_scores(odd), atol=1e-12, rtol=0)


def test_not_known_has_its_own_cell():
    rows = make_planted(600)
    gone = rows.target == 1
    rows.frame["a"] = np.where(gone & (np.arange(600) % 2 == 0), np.nan, rows.frame["a"])
    term = fit(rows).record.terms[0]
    assert term.scores[0, 0] > term.scores[1:-1, 0].max() + 0.5  # only the ill have no value
    assert term.weights[0] > 100


def test_ordered_levels_keep_their_order_and_a_foreign_one_is_unknown():
    record = fit(make_planted(600)).record
    axis = next(t for t in record.terms if record.term_name(t) == "grade").axes[0]
    assert axis.labels == GRADES and axis.codes == (1, 2, 3, 4) and axis.cells == 6


def test_a_column_without_any_value_in_a_fold_has_no_term():
    rows = make_planted(120)
    features = describe(rows, rows)
    empty = rows.take(np.arange(100))
    empty.frame["b"] = np.nan
    fitted = fit(empty, features=features)
    assert "b" not in {fitted.record.term_name(t) for t in fitted.record.terms}
    own = make_scorer(fitted.record).link_scores(rows.frame, len(rows))
    np.testing.assert_allclose(own, fitted.library_scores(rows), atol=1e-12, rtol=0)


# Pairs


def test_a_planted_pair_is_found_and_kept():
    fitted = fit(make_planted(900, crossed=1.2), STANDARD)
    choice = choice_of(fitted)
    assert choice.reason == "gain" and choice.chosen >= 1
    assert choice.pairs[0] == ("a", "b")
    first = choice.trials[0]
    assert first.kept and first.gain > 0.05 and first.p < 0.05
    assert first.auroc.low > 0.05 and first.improvement.low > 0 and first.against == 0
    assert fitted.settings["interactions"] == choice.chosen
    assert sum(len(t.features) == 2 for t in fitted.record.terms) == choice.chosen


def test_a_planted_pair_of_a_regression_is_found_and_kept():
    choice = choice_of(fit(make_planted(500, crossed=1.0, kind="regression"), STANDARD))
    assert choice.reason == "gain" and choice.pairs[0] == ("a", "b")
    assert choice.trials[0].auroc is None and 0 < choice.trials[0].gain < 1


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_no_pair_earns_its_place_in_noise(seed):
    choice = choice_of(fit(make_planted(500, seed=seed), STANDARD))
    assert (choice.chosen, choice.reason, choice.pairs) == (0, "no_gain", ())
    assert [trial.pairs for trial in choice.trials] == [3, 5, 10] and choice.folds == 5


def test_a_number_given_by_a_search_is_taken_without_a_trial():
    rows = make_planted(300, crossed=1.2)
    choice = choice_of(fit(rows, Effort(settings={"interactions": 2, "max_leaves": 3})))
    assert (choice.reason, choice.chosen, choice.trials) == ("given", 2, ())
    assert choice.pairs[0] == ("a", "b")
    assert choice_of(fit(rows, Effort(settings={"interactions": 0}))).chosen == 0


@pytest.mark.parametrize(
    ("kind", "n", "reason"), [("multiclass", 300, "many_classes"), ("binary", 60, "few_rows")]
)
def test_where_pairs_are_not_tried_the_reason_is_kept(kind, n, reason):
    assert choice_of(fit(make_planted(n, kind=kind), STANDARD)).reason == reason


def test_a_quick_fit_tries_no_pairs():
    assert choice_of(fit(make_planted(300, crossed=1.5))).reason == "quick"


def test_a_setting_that_is_none_of_ours_is_refused():
    with pytest.raises(BrokenPromise, match="learning_speed"):
        fit(make_planted(100), Effort(settings={"learning_speed": 1}))


# Directions


def curve_of(record, name, place=None):
    term = next(t for t in record.terms if record.term_name(t) == name)
    scores = term.scores if place is None else term.bags[place]
    return scores[1:-1, 0]


def test_a_bent_curve_is_straightened_where_the_direction_is_enforced():
    rows = make_planted(700, bent=True)
    free = fit(rows, STANDARD).record
    kept = fit(with_column(rows, "a", expected="up", enforce=True), STANDARD).record
    assert np.diff(curve_of(free, "a")).min() < -0.05
    assert worst_step(free, 0, 1) > 0.05
    assert np.diff(curve_of(kept, "a")).min() >= 0 and worst_step(kept, 0, 1) == 0
    for bag in range(len(kept.bag_intercept)):
        assert np.diff(curve_of(kept, "a", bag)).min() >= 0


def test_a_column_with_an_enforced_direction_is_in_no_pair():
    rows = with_column(make_planted(900, crossed=1.2), "a", expected="up", enforce=True)
    fitted = fit(rows, Effort(settings={"interactions": 3}))
    assert sum(len(t.features) == 2 for t in fitted.record.terms) == 3
    assert all(t.features == (0,) for t in fitted.record.terms if 0 in t.features)


def test_levels_in_order_can_be_held_to_a_direction():
    rows = with_column(make_planted(500), "grade", expected="down", enforce=True)  # in truth it goes up
    curve = curve_of(fit(rows).record, "grade")
    assert np.diff(curve).max() <= 0


def test_a_direction_over_levels_nobody_declared_is_refused():
    rows = with_column(make_planted(200), "grade", expected="up", enforce=True)
    rows.frame.loc[3, "grade"] = "enormous"
    with pytest.raises(TaskError, match="'grade' must keep a direction"):
        fit(rows)
    fit(with_column(rows, "grade", expected="", enforce=False))  # without a direction it is a category


def test_the_total_is_judged_not_the_curve():
    model = make_table_model([0.0, 0.2, 0.5], pair=[[0.0, 0.0], [0.0, -0.5]])
    assert worst_step(make_table_model([0.0, 0.2, 0.5]), 0, 1) == 0
    assert worst_step(model, 0, 1) == pytest.approx(
        0.5
    )  # the pair's step at 0.5 stands between the main's cuts
    assert worst_step(make_table_model([0.0, 0.2, 0.1]), 0, 1) == pytest.approx(0.1)
    assert worst_step(make_table_model([0.0, 0.2, 0.1]), 0, -1) == pytest.approx(0.2)


def test_a_total_that_moves_against_its_direction_is_a_broken_promise():
    task = with_column(make_planted(50), "a", expected="up", enforce=True).task
    check_directions(make_table_model([0.0, 0.2, 0.5]), task)
    with pytest.raises(BrokenPromise, match="'a' must move the estimate up"):
        check_directions(make_table_model([0.0, 0.2, 0.1]), task)


# Processors


def test_processors_are_those_the_container_grants(tmp_path):
    assert cpus._quota(tmp_path) == float("inf")
    (tmp_path / "cpu.max").write_text("150000 100000\n")
    assert cpus._quota(tmp_path) == 1.5
    (tmp_path / "cpu.max").write_text("max 100000\n")
    assert cpus._quota(tmp_path) == float("inf")


def test_small_fits_stay_in_one_process_and_none_asks_for_more_than_there_are():
    assert cpus.workers(0, cells=1000, parts=8) == 1
    assert cpus.workers(64, cells=10**8, parts=8) <= cpus.available_cpus()
    assert cpus.workers(1, cells=10**8, parts=8) == 1


def test_the_number_of_processes_does_not_change_the_model(monkeypatch):
    rows = make_planted(200)
    one = fit(rows).record
    monkeypatch.setattr(cpus, "WORTH", 1)
    assert cpus.workers(2, cells=1000, parts=4) == min(2, cpus.available_cpus())
    two = fit(rows, replace(QUICK, threads=2)).record
    for first, second in zip(one.terms, two.terms, strict=True):
        assert np.array_equal(first.scores, second.scores)


def test_bags_follow_the_level():
    rows = make_planted(100)
    bags = {level: ebm.settings_for(rows, 5, Effort(level=level))["outer_bags"] for level in ebm.BAGS}
    assert bags == {"quick": 4, "standard": 8, "audit": 25}
