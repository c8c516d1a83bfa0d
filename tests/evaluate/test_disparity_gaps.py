"""Differences and ratios between groups, against fairlearn and by simulated coverage."""

from dataclasses import replace

import fairlearn.metrics as theirs
import numpy as np
import pandas as pd
import pytest
from factories_disparity import make_groups_part
from sklearn.metrics import accuracy_score, precision_score, recall_score, roc_auc_score

from interpretable.errors import UserError
from interpretable.evaluate import by_group
from interpretable.evaluate.disparity import Area, Sums, closed, compare_groups, measures_of
from interpretable.evaluate.intersections import crossings
from interpretable.stats import delong, metrics


def by_name(found):
    return {(g.column, g.group, g.metric): g for g in found}


def test_point_estimates_are_those_of_fairlearn():
    test, p = make_groups_part()
    y, chosen = test.target, (p >= 0.5).astype(int)
    frame = theirs.MetricFrame(
        metrics={
            "selection_rate": theirs.selection_rate,
            "sensitivity": recall_score,
            "false_positive_rate": theirs.false_positive_rate,
            "ppv": precision_score,
            "accuracy": accuracy_score,
        },
        y_true=y,
        y_pred=chosen,
        sensitive_features=test.frame["sex"],
    )
    found = by_name(compare_groups(test, p, reference={"sex": "male"}))
    for name in ("selection_rate", "sensitivity", "false_positive_rate", "ppv"):
        gap = found["sex", "female", name]
        column = frame.by_group[name]
        assert gap.value == pytest.approx(column["female"], abs=1e-8)
        assert gap.difference.value == pytest.approx(column["female"] - column["male"], abs=1e-8)
        assert gap.ratio.value == pytest.approx(column["female"] / column["male"], abs=1e-8)
    wrong = found["sex", "female", "error_rate"]
    assert wrong.value == pytest.approx(1 - frame.by_group["accuracy"]["female"], abs=1e-8)
    ratio = theirs.demographic_parity_ratio(y, chosen, sensitive_features=test.frame["sex"])
    own = found["sex", "female", "selection_rate"].ratio.value
    assert min(own, 1 / own) == pytest.approx(ratio, abs=1e-8)


def test_areas_are_those_of_scikit_learn_with_delongs_variances_added():
    test, p = make_groups_part()
    gap = by_name(compare_groups(test, p, reference={"sex": "male"}))["sex", "female", "auroc"]
    rows = [(test.frame["sex"] == name).to_numpy() for name in ("female", "male")]
    areas = [roc_auc_score(test.target[r], p[r]) for r in rows]
    error = np.sqrt(sum(delong.variance(test.target[r], p[r]) for r in rows))
    assert gap.difference.value == pytest.approx(areas[0] - areas[1], abs=1e-8)
    assert gap.difference.high - gap.difference.low == pytest.approx(2 * delong.Z * error, abs=1e-8)


def test_the_reference_is_the_largest_named_group_unless_another_is_asked_for():
    test, p = make_groups_part()
    test.frame.loc[:260, "sex"] = None
    found = compare_groups(test, p)
    assert {g.reference for g in found if g.column == "sex"} <= {"female", "male"}
    asked = compare_groups(test, p, reference={"sex": "not known"})
    assert {g.reference for g in asked if g.column == "sex"} == {"not known"}
    with pytest.raises(UserError, match="no group 'nobody' to compare with: female, male, not known"):
        compare_groups(test, p, reference={"sex": "nobody"})


def test_small_groups_are_not_compared():
    test, p = make_groups_part()
    test.frame["sex"] = np.array(["few"] * 49 + ["many"] * 551, dtype=object)
    assert not [g for g in compare_groups(test, p) if g.column == "sex"]


def test_p_values_are_adjusted_for_all_comparisons_together():
    test, p = make_groups_part()
    found = compare_groups(test, p)
    known = [g for g in found if g.p_value is not None]
    least = min(known, key=lambda g: g.p_value)
    assert least.p_adjusted == pytest.approx(min(1.0, least.p_value * len(known)))
    assert all(g.p_adjusted >= g.p_value for g in known)


@pytest.mark.parametrize("kind", ["binary", "multiclass", "regression"])
def test_every_kind_of_task_has_its_measures(kind):
    test, p = make_groups_part(kind=kind)
    names = {g.metric for g in compare_groups(test, p, resamples=100)}
    wanted = {
        "binary": {"prevalence", "selection_rate", "sensitivity", "false_positive_rate", "ppv", "error_rate"}
        | {"auroc", "oe_ratio", "mean_estimate"},
        "multiclass": {"auroc", "accuracy"},
        "regression": {"mean_estimate", "bias", "rmse"},
    }
    assert names == wanted[kind]


def test_groups_have_every_measure_of_the_table_with_an_interval():
    test, p = make_groups_part()
    for group in by_group(test, p, resamples=100):
        if not group.too_few:
            for name in ("prevalence", "selection_rate", "sensitivity", "false_positive_rate", "ppv"):
                assert group.metrics[name].low < group.metrics[name].value < group.metrics[name].high
            assert {"auroc", "calibration_slope", "oe_ratio", "mean_estimate"} <= set(group.metrics)


def test_rows_of_one_person_do_not_count_as_many():
    test, p = make_groups_part(n=300)
    doubled = test.take(np.repeat(np.arange(300), 4))
    persons = np.repeat(np.arange(300), 4).astype(object)
    doubled = replace(doubled, groups=persons)
    alone = by_name(compare_groups(test, p, resamples=600))
    found = by_name(compare_groups(doubled, np.repeat(p, 4), resamples=600))
    for name in ("selection_rate", "auroc", "oe_ratio", "mean_estimate"):
        gap, once = found["sex", "male", name], alone["sex", "male", name]
        assert gap.difference.method == "bootstrap"
        widths = [f.high - f.low for f in (gap.difference, once.difference)]
        assert widths[0] == pytest.approx(widths[1], rel=0.25), name
        assert gap.difference.value == pytest.approx(once.difference.value, abs=1e-12)
    own, once = (
        {g.group: g for g in by_group(t, q, resamples=50)} for t, q in ((doubled, np.repeat(p, 4)), (test, p))
    )
    for name in ("mean_estimate", "false_positive_rate"):
        widths = [g["male"].metrics[name].high - g["male"].metrics[name].low for g in (own, once)]
        assert widths[0] == pytest.approx(widths[1], rel=0.15), name


def test_groups_that_are_all_alike_give_no_p_value_and_no_crash():
    test, _ = make_groups_part()
    found = compare_groups(test, np.full(600, 0.7))
    gap = by_name(found)["sex", "male", "selection_rate"]
    assert gap.difference.value == 0.0
    assert gap.p_value == 1.0
    assert by_name(found)["sex", "male", "mean_estimate"].p_value is None


def test_with_50_rows_per_group_differences_and_ratios_hold_the_truth():
    """Areas, means and observed to expected; shares are counted exactly in tests/stats."""
    random, repeats = np.random.default_rng(0), 800

    def draw(n, shift):
        p = metrics.expit(shift + 1.3 * random.normal(size=n))
        return (random.random(n) < p).astype(float), p

    def measured(y, p):
        one = np.ones(len(y))
        return {
            "auroc": Area(y.astype(int), p),
            "mean": Sums(p, one, share=False),
            "oe": Sums(y, p, share=False),
        }

    big = [draw(400_000, s) for s in (-0.4, 0.4)]
    truth = {
        "auroc": [metrics.auroc(*b) for b in big],
        "mean": [b[1].mean() for b in big],
        "oe": [1.0, 1.0],
    }
    held = {(name, which): 0 for name in truth for which in ("difference", "ratio")}
    for _ in range(repeats):
        sides = [draw(50, s) for s in (-0.4, 0.4)]
        both = [np.concatenate(parts) for parts in zip(*sides, strict=True)]
        for name, measure in measured(*both).items():
            difference, ratio, _ = closed(measure, np.arange(50), np.arange(50, 100))
            a, b = truth[name]
            held[name, "difference"] += difference.low <= a - b <= difference.high
            held[name, "ratio"] += ratio.low <= a / b <= ratio.high
    shares = {key: count / repeats for key, count in held.items()}
    # 93 to 97 % with two standard errors (0.8 points each) of this number of repeats
    assert {k: v for k, v in shares.items() if not 0.93 - 0.016 <= v <= 0.97 + 0.012} == {}


def test_crossings_are_compared_with_everybody_else_largest_first():
    test, p = make_groups_part(n=900)
    found = crossings(test, p)
    known = [c for c in found if c.metric == "selection_rate"]
    sizes = [abs(c.difference.value) for c in known]
    assert len(known) >= 4 and sizes == sorted(sizes, reverse=True)
    one = known[0]
    assert one.columns == ("sex", "region")
    inside = ((test.frame["sex"] == one.groups[0]) & (test.frame["region"] == one.groups[1])).to_numpy()
    chosen = p >= 0.5
    assert one.difference.value == pytest.approx(chosen[inside].mean() - chosen[~inside].mean(), abs=1e-12)
    assert one.n == inside.sum() and one.events == test.target[inside].sum()
    assert abs(one.drawn_in) <= abs(one.difference.value)


def test_crossings_below_the_floor_have_no_figure_and_tiny_ones_no_name():
    test, p = make_groups_part(n=600)
    region = test.frame["region"].to_numpy().copy()
    region[test.frame["sex"].to_numpy() == "male"] = "north"
    region[:4] = "south"
    test.frame["sex"] = pd.Series(["male"] * 4 + list(test.frame["sex"][4:]), dtype=object)
    test.frame["region"] = region
    found = crossings(test, p)
    assert all(c.value is None and c.difference is None for c in found if c.too_few)
    assert ("male", "south") not in {c.groups for c in found}


def test_triples_are_looked_at_only_where_enough_rows_stand_behind_them():
    few, p = make_groups_part(n=600, third=True)
    assert {len(c.columns) for c in crossings(few, p)} == {2}
    many, p = make_groups_part(n=2_400, third=True)
    assert {len(c.columns) for c in crossings(many, p)} == {2, 3}


def test_without_a_line_shares_above_it_are_not_asked_for():
    test, p = make_groups_part(threshold=None)
    names = {g.metric for g in compare_groups(test, p)}
    assert names == {"prevalence", "auroc", "oe_ratio", "mean_estimate"}
    assert "selection_rate" not in measures_of(test.task, test.target, p)
