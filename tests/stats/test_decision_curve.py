"""The decision curve against dcurves, and its ranges by simulation."""

import numpy as np
import pandas
import pytest
from dcurves import dca

from interpretable.stats import clustered, net_benefit
from interpretable.stats.metrics import expit


def draw(n, level, rng):
    p = expit(level + 1.3 * rng.normal(size=n))
    return (rng.random(n) < p).astype(int), p


def test_the_curve_is_that_of_dcurves():
    y, p = draw(300, -0.5, np.random.default_rng(0))
    points = net_benefit.curve(y, p)
    lines = [point.threshold for point in points]
    found = dca(data=pandas.DataFrame({"y": y, "p": p}), outcome="y", modelnames=["p"], thresholds=lines)
    for model, field in (("p", "model"), ("all", "everyone")):
        theirs = found[found["model"] == model].sort_values("threshold")["net_benefit"].to_numpy()
        assert [getattr(point, field) for point in points] == pytest.approx(theirs, abs=1e-8)


@pytest.mark.parametrize(("n", "level"), [(50, 0.0), (184, -2.0)])
def test_ranges_hold_the_true_net_benefit_and_gain_at_every_line(n, level):
    rng = np.random.default_rng(n)
    _, p = draw(1_000_000, level, rng)
    lines = (0.05, 0.2, 0.5, 0.9)
    truth = {}
    for t in lines:
        model = float((np.where(p >= t, p - (1 - p) * t / (1 - t), 0.0)).mean())
        truth[t] = model, model - float((p - (1 - p) * t / (1 - t)).mean())
    held = {t: [] for t in lines}
    for _ in range(400):
        y, said = draw(n, level, rng)
        for point in net_benefit.curve(y, said):
            if point.threshold in truth:
                pairs = zip((point.edges, point.gain_edges), truth[point.threshold], strict=True)
                held[point.threshold].append([low <= true <= high for (low, high), true in pairs])
    shares = np.array([np.mean(held[t], axis=0) for t in lines])
    assert (shares > 0.91).all()
    assert 0.93 <= shares.mean() <= 0.985


def test_a_range_holds_its_value_and_is_close_to_the_t_interval_where_counts_are_large():
    y, p = draw(4000, -0.3, np.random.default_rng(1))
    for point in net_benefit.curve(y, p):
        assert point.edges[0] <= point.model <= point.edges[1]
        assert point.gain_edges[0] <= point.model - point.everyone <= point.gain_edges[1]
    at = next(point for point in net_benefit.curve(y, p) if point.threshold == 0.3)
    assert at.edges == pytest.approx(net_benefit.interval(y, p, threshold=0.3), abs=0.001)


def test_rows_of_one_person_widen_the_ranges():
    y, p = draw(200, 0.0, np.random.default_rng(2))
    y, p = np.repeat(y, 4), np.repeat(p, 4)
    alone = net_benefit.curve(y, p)[29]
    grouped = net_benefit.curve(y, p, groups=clustered.codes(np.repeat(np.arange(200), 4)))[29]
    ratio = (grouped.edges[1] - grouped.edges[0]) / (alone.edges[1] - alone.edges[0])
    assert ratio == pytest.approx(2.0, abs=0.05)
