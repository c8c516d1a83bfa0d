"""Whether other columns or the estimate give a group away, and which terms carry a difference of scores."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from factories_disparity import make_groups_part
from sklearn.metrics import roc_auc_score

from interpretable.evaluate import proxy

FOLDS = np.arange(600) % 5


def column(rows, name):
    return rows.task.column(name)


def test_a_column_that_others_give_away_is_found_and_one_that_they_do_not_is_not():
    rows, _ = make_groups_part()
    sex, region = (proxy.rebuilt(rows, column(rows, name), FOLDS) for name in ("sex", "region"))
    assert sex.measure == "auroc" and sex.used
    assert sex.linear.value > 0.85 > sex.floor and sex.p_value == pytest.approx(0.01)
    assert sex.linear.low < sex.linear.value < sex.linear.high
    assert not region.used
    assert region.linear.value < max(region.floor, 0.56) and region.p_value > 0.05


def test_a_shuffled_column_reaches_its_own_floor_about_once_in_twenty_times():
    rows, _ = make_groups_part(n=200)
    random, above = np.random.default_rng(0), 0
    for repeat in range(60):
        frame = rows.frame.assign(region=pd.Series(random.choice(["a", "b"], 200), dtype=object))
        found = proxy.rebuilt(
            replace(rows, frame=frame), column(rows, "region"), FOLDS[:200], seed=repeat, shuffles=39
        )
        above += found.linear.value > found.floor
    assert above <= 8  # 3 expected; more than 8 has probability 0.003


def test_boosted_trees_see_a_proxy_that_straight_lines_miss():
    rows, _ = make_groups_part()
    male = np.abs(rows.frame["height"].to_numpy() - 170) < 6
    frame = rows.frame.assign(region=pd.Series(np.where(male, "mid", "ends"), dtype=object))
    found = proxy.rebuilt(replace(rows, frame=frame), column(rows, "region"), FOLDS, boosted=True)
    assert found.linear.value < 0.8 < 0.9 < found.boosted.value


def test_a_number_is_rebuilt_as_a_number():
    rows, _ = make_groups_part()
    columns = tuple(replace(c, sensitive=c.name == "height") for c in rows.task.columns)
    rows = replace(rows, task=replace(rows.task, columns=columns))
    found = proxy.rebuilt(rows, column(rows, "height"), FOLDS, boosted=True)
    assert found.measure == "r2" and 0.3 < found.linear.value < 0.7
    assert found.floor < 0.05 and 0.2 < found.boosted.value < 0.7


def test_one_group_only_or_nothing_to_guess_from_gives_nothing():
    rows, _ = make_groups_part()
    same = replace(rows, frame=rows.frame.assign(sex=pd.Series(["male"] * 600, dtype=object)))
    assert proxy.rebuilt(same, column(rows, "sex"), FOLDS) is None
    columns = tuple(replace(c, exclude=c.name != "sex") for c in rows.task.columns)
    alone = replace(rows, task=replace(rows.task, columns=columns))
    assert proxy.rebuilt(alone, column(alone, "sex"), FOLDS) is None


def test_missing_values_and_constant_columns_are_no_obstacle():
    rows, _ = make_groups_part()
    height = rows.frame["height"].to_numpy().copy()
    height[::3] = np.nan
    sex = rows.frame["sex"].to_numpy().copy()
    sex[:100] = None
    frame = rows.frame.assign(height=height, income=1.0, sex=pd.Series(sex, dtype=object))
    found = proxy.rebuilt(replace(rows, frame=frame), column(rows, "sex"), FOLDS)
    assert found.linear.value > found.floor


def test_the_estimate_tells_groups_apart_as_scikit_learn_counts_it():
    rows, p = make_groups_part()
    found = {(t.column, t.group): t for t in proxy.score_tells(rows, p)}
    male = (rows.frame["sex"] == "male").to_numpy()
    one = found["sex", "male"]
    assert one.overall.value == pytest.approx(roc_auc_score(male, p), abs=1e-12)
    event = rows.target == 1
    assert one.with_event.value == pytest.approx(roc_auc_score(male[event], p[event]), abs=1e-12)
    assert one.without_event.value == pytest.approx(roc_auc_score(male[~event], p[~event]), abs=1e-12)
    assert abs(found["region", "north"].overall.value - 0.5) < 0.08
    assert proxy.score_tells(rows, np.column_stack([p, 1 - p])) == ()


def apart(parts, **changes):
    rows, _ = make_groups_part()
    sides = tuple(np.flatnonzero((rows.frame["sex"] == name).to_numpy()) for name in ("male", "female"))
    names = (("income",), ("height",), ("income", "height"))
    labels = ("sex", "male", "female")
    given = {"rows": rows, "exact": True, "resamples": 400} | changes
    return proxy.score_gap(parts(rows), names, sides, labels, **given), rows, sides


def random_parts(rows):
    random = np.random.default_rng(0)
    male = (rows.frame["sex"] == "male").to_numpy()
    return random.normal(size=(len(rows), 3)) + np.outer(male, [1.0, -0.3, 0.0])


def test_the_parts_of_a_score_gap_sum_to_it_exactly():
    found, rows, (ours, others) = apart(random_parts)
    score = random_parts(rows).sum(axis=1)
    assert found.whole.value == pytest.approx(score[ours].mean() - score[others].mean(), abs=1e-12)
    assert sum(p.part.value for p in found.parts) == pytest.approx(found.whole.value, abs=1e-12)
    assert found.parts[0].features == ("income",)
    assert found.parts[0].part.low < found.parts[0].part.value < found.parts[0].part.high
    assert all(p.separates.value >= 0.45 for p in found.parts)


def test_a_part_that_is_the_same_within_each_group_is_known_without_doubt():
    def constant(rows):
        male = (rows.frame["sex"] == "male").to_numpy(dtype=float)
        return np.column_stack([0.7 * male, np.zeros(len(rows)), np.zeros(len(rows))])

    found, *_ = apart(constant)
    assert (found.whole.low, found.whole.high) == pytest.approx((0.7, 0.7))
    assert found.parts[0].separates.value == 1.0


def test_intervals_of_parts_hold_the_truth():
    random, held = np.random.default_rng(1), 0
    rows, _ = make_groups_part(n=120)
    sides = (np.arange(60), np.arange(60, 120))
    for repeat in range(300):
        parts = random.exponential(size=(120, 1)) + np.r_[np.full(60, 0.5), np.zeros(60)][:, None]
        found = proxy.score_gap(
            parts, (("income",),), sides, ("sex", "a", "b"), rows=rows, exact=True, seed=repeat, resamples=300
        )
        held += found.whole.low <= 0.5 <= found.whole.high
    assert 0.93 - 0.025 <= held / 300 <= 0.97 + 0.02


def test_shares_of_the_movement_are_of_the_column_and_sum_to_one():
    rows, _ = make_groups_part()
    columns = tuple(replace(c, sensitive=True) for c in rows.task.columns if c.kind != "text")
    parts = random_parts(rows)
    found = {
        u.column: u for u in proxy.used_columns(parts, (("sex",), ("income",), ("income", "sex")), columns)
    }
    assert set(found) == {"sex", "income"}
    total = found["sex"].alone + found["income"].alone + found["sex"].with_others
    assert total == pytest.approx(1.0, abs=1e-12)
    assert found["sex"].with_others == found["income"].with_others
