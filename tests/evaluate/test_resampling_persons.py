"""Intervals where one person has several rows, and of skewed losses, hold the truth as often as they say."""

from functools import cache

import numpy as np
import pytest
from scipy.special import ndtr

from interpretable import evaluate
from interpretable.evaluate import binary, multiclass, regression
from interpretable.records.task import Task
from interpretable.stats import metrics

REPEATS, PERSONS, EACH = 250, 50, 4
LOW, HIGH = 0.93 - 0.033, 0.97 + 0.026  # 93 to 97 % with 2.5 standard errors of 250 repeats
GROUPS = np.repeat(np.arange(PERSONS), EACH)


def draw(rng, persons=PERSONS):
    """Calibrated chances; the rows of a person share half of their score and of their luck."""
    groups = np.repeat(np.arange(persons), EACH)

    def shared():
        return np.sqrt(0.5) * (rng.normal(size=persons)[groups] + rng.normal(size=len(groups)))

    p = metrics.expit(1.3 * shared())
    return (ndtr(shared()) < p).astype(int), p


def noisy(rng, p):
    return metrics.expit(metrics.logit(p) + rng.normal(0, 0.8, len(p)))


@cache
def truth():
    rng = np.random.default_rng(0)
    y, p = draw(rng, 400_000)
    q, chosen = noisy(rng, p), p >= 0.3
    known = {
        "auroc": metrics.auroc(y, p), "auprc": metrics.average_precision(y, p), "prevalence": y.mean(),
        "log_loss": metrics.log_loss(y, p), "brier": metrics.brier(y, p),
        "brier_skill": metrics.brier_skill(y, p), "calibration_slope": 1.0, "calibration_intercept": 0.0,
        "oe_ratio": 1.0, "sensitivity": chosen[y == 1].mean(), "ppv": y[chosen].mean(),
        "selection_rate": chosen.mean(),
    }  # fmt: skip
    functions = {"auroc": metrics.auroc, "log_loss": metrics.log_loss, "brier": metrics.brier}
    return known, {name: f(y, q) - f(y, p) for name, f in functions.items()}


def test_intervals_by_person_hold_the_truth_and_plain_ones_do_not():
    rng, known = np.random.default_rng(1), truth()[0]
    held, plain = dict.fromkeys(known, 0), 0
    for repeat in range(REPEATS):
        y, p = draw(rng)
        found = binary.figures(y, p, cut=0.3, seed=repeat, resamples=150, groups=GROUPS)
        for name, value in known.items():
            held[name] += found[name].low <= value <= found[name].high
        share = evaluate.measure(
            Task(name="t", kind="binary", target="y", columns=(), positive="yes"), y, p, resamples=10
        ).metrics["prevalence"]
        plain += share.low <= known["prevalence"] <= share.high
    shares = {name: count / REPEATS for name, count in held.items()}
    assert {k: v for k, v in shares.items() if not LOW <= v <= HIGH} == {}
    assert plain / REPEATS < 0.88


def test_paired_differences_by_person_hold_the_truth():
    rng, known = np.random.default_rng(2), truth()[1]
    task = Task(name="t", kind="binary", target="y", columns=(), positive="yes")
    held = dict.fromkeys(known, 0)
    for repeat in range(REPEATS):
        y, p = draw(rng)
        models = {"a": p, "b": noisy(rng, p)}
        for one in evaluate.compare(task, y, models, against="a", seed=repeat, resamples=150, groups=GROUPS):
            held[one.metric] += one.difference.low <= known[one.metric] <= one.difference.high
            assert one.method.endswith("cluster")
    assert {k: v / REPEATS for k, v in held.items() if not LOW <= v / REPEATS <= HIGH} == {}


def test_regression_intervals_by_person_hold_the_truth():
    rng = np.random.default_rng(3)
    expected = {"rmse": 2.0, "mae": 2.0 * np.sqrt(2 / np.pi), "r2": 1 - 4 / 13, "bias": 0.0}
    expected |= {"calibration_slope": 1.0, "calibration_intercept": 0.0}
    held = dict.fromkeys(expected, 0)
    for repeat in range(REPEATS):
        guess = rng.normal(0, 3, len(GROUPS))
        noise = np.sqrt(2.0) * (rng.normal(size=PERSONS)[GROUPS] + rng.normal(size=len(GROUPS)))
        found = regression.figures(guess + noise, guess, seed=repeat, resamples=150, groups=GROUPS)
        for name, value in expected.items():
            held[name] += found[name].low <= value <= found[name].high
    assert {k: v / REPEATS for k, v in held.items() if not LOW <= v / REPEATS <= HIGH} == {}


def test_fifty_rows_are_enough_for_intervals_of_numbers():
    rng, held = np.random.default_rng(4), dict.fromkeys(("rmse", "r2"), 0)
    for repeat in range(REPEATS):
        guess = rng.normal(0, 3, 50)
        found = regression.figures(guess + rng.normal(0, 2, 50), guess, seed=repeat, resamples=400)
        for name, value in (("rmse", 2.0), ("r2", 1 - 4 / 13)):
            held[name] += found[name].low <= value <= found[name].high
    assert {k: v / REPEATS for k, v in held.items() if not LOW <= v / REPEATS <= HIGH} == {}


def test_a_few_huge_misses_do_not_blow_the_interval_up():
    guess = np.zeros(60)
    y = np.random.default_rng(0).normal(0, 1, 60)
    y[0] = 400.0
    figure = regression.figures(y, guess, seed=0, resamples=500)["rmse"]
    assert figure.method == "bca"
    assert figure.low < figure.value < figure.high < 6 * figure.value
    assert regression.figures(y[1:], guess[1:], seed=0, resamples=500)["rmse"].method == "bootstrap-t"


def test_every_interval_says_that_it_is_by_person():
    y, p = draw(np.random.default_rng(0))
    methods = {name: f.method for name, f in binary.figures(
        y, p, cut=0.3, seed=0, resamples=50, groups=GROUPS).items()}  # fmt: skip
    assert {name for name, method in methods.items() if not method.endswith("cluster")} == set()


def test_groups_of_one_row_each_change_nothing():
    y, p = draw(np.random.default_rng(0))
    task = Task(
        name="t", kind="binary", target="y", columns=(), positive="yes", threshold=0.3, group="person"
    )
    alone = np.array([f"person {i}" for i in range(len(y))], dtype=object)
    plain = evaluate.measure(task, y, p, resamples=50)
    assert evaluate.measure(task, y, p, resamples=50, groups=alone) == plain
    unknown = np.full(len(y), None, dtype=object)  # rows without a person stand alone
    assert evaluate.measure(task, y, p, resamples=50, groups=unknown) == plain


@pytest.mark.parametrize("kind", ["binary", "multiclass", "regression"])
@pytest.mark.parametrize("rows", [0, 1, 6, 40])
def test_awkward_rows_with_persons_give_a_number_or_a_reason(kind, rows):
    rng = np.random.default_rng(0)
    groups = np.arange(rows) // 4
    how = {"seed": 0, "resamples": 30, "groups": groups}
    if kind == "regression":
        found = regression.figures(rng.normal(size=rows), rng.normal(size=rows), **how)
    elif kind == "multiclass":
        found = multiclass.figures(rng.integers(0, 3, rows), rng.dirichlet(np.ones(3), rows), **how)
    else:
        found = binary.figures(rng.integers(0, 2, rows), rng.random(rows), cut=0.3, **how)
    assert all(f.value is not None or f.reason for f in found.values())
    assert all(f.low is not None or f.reason for f in found.values())
