"""Paired differences on the same rows."""

import numpy as np
import pytest

from interpretable import evaluate
from interpretable.errors import BrokenPromise
from interpretable.records.task import Task
from interpretable.stats import delong, metrics


def make_task(kind="binary"):
    return Task(name="t", kind=kind, target="y", columns=(), positive="yes")


def make_models(n=300, *, seed=0):
    rng = np.random.default_rng(seed)
    link = rng.normal(0, 1.5, n)
    y = (rng.random(n) < metrics.expit(link)).astype(int)
    noisy = metrics.expit(link + rng.normal(0, 1.5, n))
    return y, {"good": metrics.expit(link), "noisy": noisy, "twin": metrics.expit(link)}


def compare(kind, y, predictions, *, against, resamples=500):
    found = evaluate.compare(make_task(kind), y, predictions, against=against, resamples=resamples)
    return {(one.model, one.metric): one for one in found}


def test_every_other_model_is_compared_on_every_metric_with_the_difference_other_minus_selected():
    y, models = make_models()
    found = compare("binary", y, models, against="good")
    assert [k for k in found if k[0] == "noisy"] == [("noisy", m) for m in ("auroc", "log_loss", "brier")]
    assert found["noisy", "auroc"].difference.value == pytest.approx(
        metrics.auroc(y, models["noisy"]) - metrics.auroc(y, models["good"])
    )
    assert found["noisy", "log_loss"].difference.value == pytest.approx(
        metrics.log_loss(y, models["noisy"]) - metrics.log_loss(y, models["good"])
    )
    assert found["noisy", "brier"].difference.value > 0 > found["noisy", "auroc"].difference.value
    assert all(one.n == 300 and one.against == "good" for one in found.values())


def test_a_clearly_worse_model_is_told_apart_and_p_is_never_zero():
    y, models = make_models(1500)
    found = compare("binary", y, models, against="good", resamples=199)
    assert found["noisy", "log_loss"].p_value == pytest.approx(1 / 200)
    assert found["noisy", "auroc"].p_value < 0.001
    assert found["noisy", "auroc"].difference.high < 0
    assert (found["noisy", "auroc"].method, found["noisy", "brier"].method) == ("delong", "bootstrap")


def test_a_model_that_agrees_on_every_row_differs_by_nothing():
    y, models = make_models()
    for name in ("auroc", "log_loss", "brier"):
        one = compare("binary", y, models, against="good")["twin", name]
        assert (one.difference.value, one.difference.low, one.difference.high) == (0.0, 0.0, 0.0)
        assert one.p_value == 1.0


def test_paired_interval_is_narrower_than_two_unpaired_ones():
    y, models = make_models()
    close = metrics.expit(metrics.logit(models["good"]) + 0.1 * np.sin(np.arange(300)))
    one = compare("binary", y, {"good": models["good"], "close": close}, against="good")["close", "auroc"]
    unpaired = 2 * 1.96 * np.sqrt(delong.variance(y, models["good"]) + delong.variance(y, close))
    assert one.difference.high - one.difference.low < 0.3 * unpaired


def test_several_classes_and_numbers_have_their_counterparts():
    rng = np.random.default_rng(0)
    p = rng.dirichlet(np.ones(3), 300)
    y = np.array([rng.choice(3, p=row) for row in p])
    flat = np.full((300, 3), 1 / 3)
    found = compare("multiclass", y, {"a": p, "flat": flat}, against="a")
    assert [k[1] for k in found] == ["auroc", "log_loss", "brier", "accuracy"]
    assert found["flat", "log_loss"].p_value < 0.01
    y = rng.normal(size=300)
    found = compare("regression", y, {"a": 0.9 * y, "b": 0.5 * y}, against="a")
    assert [k[1] for k in found] == ["rmse", "mae", "r2"]
    assert found["b", "rmse"].difference.low > 0
    assert found["b", "r2"].difference.high < 0


def test_what_cannot_be_compared_says_why():
    y = np.ones(20, int)
    found = compare("binary", y, {"a": np.full(20, 0.5), "b": np.full(20, 0.4)}, against="a")
    assert found["b", "auroc"].difference.reason == "one_class"
    assert found["b", "auroc"].p_value is None
    found = compare("binary", y[:0], {"a": np.zeros(0), "b": np.zeros(0)}, against="a")
    assert {one.difference.reason for one in found.values()} == {"no_rows"}
    found = compare(
        "binary", np.array([0, 1]), {"a": np.array([0.1, 0.9]), "b": np.full(2, 0.5)}, against="a"
    )
    assert found["b", "auroc"].difference.reason == "no_interval"
    assert found["b", "log_loss"].p_value is None
    found = compare("regression", np.ones(20), {"a": np.ones(20), "b": np.zeros(20)}, against="a")
    assert found["b", "r2"].difference.reason == "constant_target"


def test_a_single_model_has_nothing_to_be_compared_with():
    y, models = make_models()
    assert compare("binary", y, {"good": models["good"]}, against="good") == {}
    with pytest.raises(BrokenPromise, match="No predictions of 'absent'"):
        compare("binary", y, models, against="absent")


def test_a_true_null_is_rejected_about_as_often_as_stated():
    rng = np.random.default_rng(7)
    hits = {"auroc": 0, "log_loss": 0}
    for _ in range(300):
        base = rng.normal(0, 1, 100)
        y = (rng.random(100) < metrics.expit(base)).astype(int)
        pair = {name: metrics.expit(base + rng.normal(0, 1, 100)) for name in "ab"}
        found = compare("binary", y, pair, against="a", resamples=199)
        for metric in hits:
            hits[metric] += found["b", metric].p_value <= 0.05
    # Binomial: 300 x 5 % is 15 with standard deviation 3.8.
    assert all(3 <= count <= 29 for count in hits.values()), hits
