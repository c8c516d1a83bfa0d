"""Evidence of calibration in depth from datasets of every kind, whole and odd."""

import numpy as np
import pandas
import pytest
from factories_models import make_task

from interpretable import words
from interpretable.evaluate import calibrated, sets
from interpretable.explain.ranges import range_of
from interpretable.records.calibrators import CalibratorsEvidence
from interpretable.records.dataset import Dataset
from interpretable.records.task import Column
from interpretable.stats.metrics import expit


def make_part(n, kind="binary", *, seed=0, part="test"):
    """Rows and honest predictions of a task of this kind; `kind` is also a sensitive column."""
    rng = np.random.default_rng(seed)
    link = rng.normal(size=n)
    task = make_task(kind=kind, columns=(Column(name="kind", kind="category", sensitive=True),))
    if kind == "regression":
        said, target, classes = 10 + link, 10 + link + rng.normal(size=n) * (0.3 + 0.3 * (link > 0)), ()
    elif kind == "binary":
        said, classes = expit(link), ("no", "yes")
        target = (rng.random(n) < said).astype(int)
    else:
        said, classes = rng.dirichlet([1, 1, 1], n), ("x", "y", "z")
        target = np.array([rng.choice(3, p=row) for row in said], dtype=int)
    frame = pandas.DataFrame({"kind": rng.choice(np.array(["a", "b"], dtype=object), n)})
    ids = np.array([f"{part}{i}" for i in range(n)], dtype=object)
    rows = Dataset(task=task, frame=frame, row_ids=ids, target=target, classes=classes, part=part)
    return rows, said


@pytest.mark.parametrize("kind", ["binary", "multiclass", "regression"])
def test_every_promise_is_measured_and_kept_within_chance(kind):
    known, test = make_part(400, kind, seed=1, part="calibration"), make_part(400, kind, seed=2)
    miss = sets.typical_miss(known[0].target, known[1]) if kind == "regression" else ()
    found = sets.sets_of(*known, *test, miss=miss)
    names = {"binary": {"lac"}, "multiclass": {"lac", "aps"}, "regression": {"absolute", "scaled"}}[kind]
    assert {s.method for s in found if not s.by} == names
    for one in found:
        assert one.promised_low < one.level < one.promised_high
        assert one.coverage.high >= one.promised_low
        assert one.coverage.low <= one.promised_high or one.method == "aps"
    assert {s.by for s in found} == {"", "kind"} | ({"class"} if kind != "regression" else set())


def test_a_range_scaled_by_the_typical_miss_is_narrower_where_the_spread_differs():
    known, test = make_part(600, "regression", seed=3), make_part(600, "regression", seed=4)
    miss = sets.typical_miss(known[0].target, known[1])
    sizes = {s.method: s.size for s in sets.sets_of(*known, *test, miss=miss) if s.level == 0.9 and not s.by}
    assert sizes["scaled"] < sizes["absolute"]
    assert sets.narrower(known[0].target, known[1], miss) == "scaled"
    assert sets.narrower(known[0].target, known[1], ()) == "absolute"


@pytest.mark.parametrize("kind", ["binary", "multiclass", "regression"])
@pytest.mark.parametrize("n", [0, 1, 12, 40])
def test_tiny_parts_say_how_many_rows_are_too_few_and_do_not_raise(kind, n):
    known, test = make_part(n, kind, seed=1), make_part(n, kind, seed=2)
    found = sets.sets_of(*known, *test)
    strictest = next(s for s in found if s.level == 0.95)
    assert (strictest.quantile is None) == (n < 19)
    if n < 19:
        assert strictest.reason == "too_few_for_level" and strictest.n == n
    for curve in calibrated.curves_of(*test, part="test", draws=10):
        assert curve.points or curve.reason


def test_a_group_that_one_border_fails_is_seen_and_a_border_of_its_own_mends_it():
    (known, said), (test, told) = make_part(800, "regression", seed=5), make_part(800, "regression", seed=6)
    for rows, p in ((known, said), (test, told)):
        rows.target[:] = p + (rows.target - p) * np.where(rows.frame["kind"] == "b", 4.0, 1.0)
    found = [s for s in sets.sets_of(known, said, test, told) if s.group == "b"]
    assert found[0].common_coverage.high < 0.9
    assert found[0].coverage.low <= 0.9 <= found[0].coverage.high


def test_the_curve_carries_its_figures_and_a_perfect_model_stays_within_chance():
    inside = 0
    for seed in range(10):
        (curve,) = calibrated.curves_of(*make_part(300, seed=seed), part="test", draws=60)
        assert len(curve.points) == calibrated.POINTS
        inside += curve.figures["ici"].value <= curve.ici_by_chance
    assert inside >= 8
    assert {"calibration_slope", "oe_ratio", "bin_error_debiased", "spiegelhalter_z"} <= set(curve.figures)


def test_each_frequent_class_has_a_curve_and_amounts_their_spread():
    curves = calibrated.curves_of(*make_part(300, "multiclass"), part="test", draws=0)
    assert [c.output for c in curves] == ["x", "y", "z"]
    (curve,) = calibrated.curves_of(*make_part(300, "regression"), part="test")
    assert [s.n for s in curve.spreads] == [60] * 5
    assert all(s.spread.low < s.spread.value < s.spread.high for s in curve.spreads)


def test_venn_abers_ranges_are_given_at_round_estimates_inside_the_data_only():
    rows, said = make_part(300)
    found = calibrated.chance_ranges(rows.target, said)
    assert found and all(np.quantile(said, 0.02) < r.said < np.quantile(said, 0.98) for r in found)
    assert all(0 <= r.low < r.high <= 1 for r in found)
    assert calibrated.chance_ranges(rows.target[:40], said[:40]) == ()


@pytest.mark.parametrize("kind", ["binary", "multiclass", "regression"])
def test_the_range_of_single_cases_holds_the_truth_as_often_as_the_evidence_says(kind):
    known, (test, told) = make_part(500, kind, seed=7), make_part(500, kind, seed=8)
    miss = sets.typical_miss(known[0].target, known[1]) if kind == "regression" else ()
    method = "scaled" if miss else "lac"
    made = sets.sets_of(*known, test, told, miss=miss)
    found = CalibratorsEvidence(sets=made, set_method=method, spread_at=miss)
    held = []
    for said, truth in zip(told, test.target, strict=True):
        given = np.array([1 - said, said]) if kind == "binary" else said
        one = range_of(found, given, test.classes)
        inside = one.low <= truth <= one.high if kind == "regression" else test.classes[truth] in one.answers
        held.append(inside)
        assert words.prediction_range(one, test.task, "zh")
    stated = next(s for s in made if s.method == method and s.level == 0.9 and not s.by)
    assert np.mean(held) == pytest.approx(stated.coverage.value, abs=0.02)
    assert range_of(CalibratorsEvidence(), 1.0, ()) is None


def test_rows_of_one_person_do_not_pass_as_independent():
    rows, said = make_part(200)
    (alone,) = calibrated.curves_of(rows, said, part="test", draws=0)
    twice = rows.take(np.repeat(np.arange(200), 2))
    twice = Dataset(**{**vars(twice), "groups": np.repeat(np.arange(200), 2)})
    (together,) = calibrated.curves_of(twice, np.repeat(said, 2), part="test", draws=0)
    width = [c.points[20].high - c.points[20].low for c in (alone, together)]
    assert width[1] == pytest.approx(width[0], rel=0.15)
