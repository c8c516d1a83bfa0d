"""Every metric of the glossary, with an interval or the reason why not."""

import math

import numpy as np
import pytest
from sklearn import metrics as oracle

from interpretable import evaluate
from interpretable.errors import BrokenPromise
from interpretable.records.task import Task
from interpretable.stats.metrics import expit

BINARY = "auroc auprc prevalence log_loss brier brier_skill calibration_slope calibration_intercept oe_ratio"
AT_CUT = "sensitivity specificity ppv npv net_benefit selection_rate"
MULTICLASS = "auroc log_loss brier brier_skill accuracy macro_f1"
REGRESSION = "rmse mae r2 calibration_slope calibration_intercept bias"


def make_task(kind="binary", *, threshold=None):
    return Task(name="t", kind=kind, target="y", columns=(), positive="yes", threshold=threshold)


def make_binary(n=300, *, seed=0):
    rng = np.random.default_rng(seed)
    p = expit(rng.normal(-0.5, 1.4, n))
    return (rng.random(n) < p).astype(int), p


def make_classes(n=300, *, seed=0, classes=3):
    rng = np.random.default_rng(seed)
    p = rng.dirichlet(np.ones(classes), n)
    return np.array([rng.choice(classes, p=row) for row in p]), p


def make_numbers(n=300, *, seed=0):
    rng = np.random.default_rng(seed)
    guess = rng.normal(40, 10, n)
    return guess + rng.normal(1, 4, n), guess


def measure(kind, y, p, *, threshold=None, resamples=200):
    return evaluate.measure(make_task(kind, threshold=threshold), y, p, resamples=resamples)


@pytest.mark.parametrize(
    ("kind", "make", "names"),
    [
        ("binary", make_binary, f"{BINARY} {AT_CUT}"),
        ("multiclass", make_classes, MULTICLASS),
        ("regression", make_numbers, REGRESSION),
    ],
)
def test_every_metric_is_there_with_an_interval_around_it(kind, make, names):
    found = measure(kind, *make(), threshold=0.3 if kind == "binary" else None)
    assert list(found.metrics) == names.split()
    for name, figure in found.metrics.items():
        assert figure.low <= figure.value <= figure.high, name
        assert figure.method, name
        assert figure.reason == "", name


def test_without_a_declared_line_nothing_is_said_about_decisions():
    found = measure("binary", *make_binary())
    assert list(found.metrics) == BINARY.split()
    assert found.confusion == ()
    assert len(found.decision_curve) == 99


def test_decisions_at_the_line_count_a_probability_on_the_line_as_selected():
    y, p = np.array([1, 1, 0, 0, 0] * 4), np.array([0.3, 0.1, 0.3, 0.2, 0.9] * 4)
    found = measure("binary", y, p, threshold=0.3)
    assert found.confusion == ((4, 8), (4, 4))
    assert found.metrics["sensitivity"].value == 0.5
    assert found.metrics["ppv"].value == pytest.approx(4 / 12)
    assert found.metrics["selection_rate"].value == pytest.approx(12 / 20)
    assert found.metrics["net_benefit"].value == pytest.approx(4 / 20 - 8 / 20 * 3 / 7)


def test_binary_values_agree_with_scikit_learn():
    y, p = make_binary()
    found = measure("binary", y, p).metrics
    assert found["auroc"].value == pytest.approx(oracle.roc_auc_score(y, p), abs=1e-12)
    assert found["auprc"].value == pytest.approx(oracle.average_precision_score(y, p), abs=1e-12)
    assert found["brier_skill"].value == pytest.approx(oracle.d2_brier_score(y, p), abs=1e-10)
    assert found["log_loss"].value == pytest.approx(oracle.log_loss(y, p), abs=1e-10)
    assert found["oe_ratio"].value == pytest.approx(y.mean() / p.mean(), abs=1e-12)


def test_multiclass_values_agree_with_scikit_learn():
    y, p = make_classes()
    found = measure("multiclass", y, p)
    guess = p.argmax(axis=1)
    values = {name: figure.value for name, figure in found.metrics.items()}
    assert values["auroc"] == pytest.approx(oracle.roc_auc_score(y, p, multi_class="ovr"), abs=1e-12)
    assert values["log_loss"] == pytest.approx(oracle.log_loss(y, p), abs=1e-10)
    assert values["brier_skill"] == pytest.approx(oracle.d2_brier_score(y, p), abs=1e-10)
    assert values["macro_f1"] == pytest.approx(oracle.f1_score(y, guess, average="macro"), abs=1e-12)
    assert values["accuracy"] == oracle.accuracy_score(y, guess)
    assert np.array(found.confusion).tolist() == oracle.confusion_matrix(y, guess).tolist()


def test_regression_values_agree_with_scikit_learn():
    y, guess = make_numbers()
    found = measure("regression", y, guess).metrics
    assert found["rmse"].value == pytest.approx(oracle.root_mean_squared_error(y, guess), abs=1e-10)
    assert found["r2"].value == pytest.approx(oracle.r2_score(y, guess), abs=1e-10)
    assert found["bias"].value == pytest.approx((guess - y).mean(), abs=1e-12)


def test_each_class_stands_against_the_rest_under_its_name():
    y, p = make_classes()
    task = make_task("multiclass")
    found = evaluate.measure(task, y, p, resamples=50, classes=("low", "mid", "high")).per_class
    assert list(found) == ["low", "mid", "high"]
    guess = p.argmax(axis=1)
    assert found["mid"]["auroc"].value == pytest.approx(oracle.roc_auc_score(y == 1, p[:, 1]), abs=1e-12)
    assert found["mid"]["sensitivity"].value == pytest.approx(oracle.recall_score(y == 1, guess == 1))
    assert found["mid"]["ppv"].value == pytest.approx(oracle.precision_score(y == 1, guess == 1))
    assert sum(one["n"].value for one in found.values()) == len(y)


def test_a_class_without_rows_says_so_and_does_not_stop_the_rest():
    y, p = make_classes(classes=4)
    y = np.where(y == 2, 0, y)
    found = measure("multiclass", y, p)
    assert found.per_class["2"]["auroc"].reason == "class_absent"
    assert found.per_class["2"]["n"].value == 0
    assert found.metrics["auroc"].value == pytest.approx(
        np.mean([oracle.roc_auc_score(y == k, p[:, k]) for k in (0, 1, 3)])
    )


@pytest.mark.parametrize(
    ("kind", "make"), [("binary", make_binary), ("multiclass", make_classes), ("regression", make_numbers)]
)
def test_calibration_bins_hold_every_row_once(kind, make):
    y, p = make()
    bins = measure(kind, y, p).calibration
    assert sum(one.n for one in bins) == len(y)
    assert [one.predicted for one in bins] == sorted(one.predicted for one in bins)
    assert all(one.observed.low <= one.observed.value <= one.observed.high for one in bins)


def test_calibration_bins_weigh_up_to_the_mean_outcome():
    y, p = make_binary()
    bins = measure("binary", y, p).calibration
    assert sum(one.n * one.observed.value for one in bins) == pytest.approx(y.sum())
    assert sum(one.n * one.predicted for one in bins) == pytest.approx(p.sum())


def test_intervals_repeat_with_the_seed():
    y, p = make_binary()
    assert measure("binary", y, p) == measure("binary", y, p)


@pytest.mark.parametrize("kind", ["binary", "multiclass", "regression"])
def test_no_rows_is_a_reason_not_an_error(kind):
    p = np.zeros((0, 3)) if kind == "multiclass" else np.zeros(0)
    found = measure(kind, np.zeros(0, int), p, threshold=0.5 if kind == "binary" else None)
    assert found.n == 0
    assert {figure.reason for figure in found.metrics.values()} == {"no_rows"}


AWKWARD = {
    "one event row": ([1], [0.4]),
    "one other row": ([0], [0.4]),
    "two rows": ([0, 1], [0.2, 0.9]),
    "all events": ([1] * 30, [0.4] * 30),
    "no events": ([0] * 30, list(np.linspace(0, 1, 30))),
    "constant": ([0, 1] * 30, [0.4] * 60),
    "perfect": ([0] * 30 + [1] * 30, [0.0] * 30 + [1.0] * 30),
    "certain and half wrong": ([0, 1] * 30, [0.0, 1.0, 1.0, 0.0] * 15),
    "one event, all zero": ([0] * 59 + [1], [0.0] * 60),
}


@pytest.mark.parametrize("name", list(AWKWARD))
def test_awkward_rows_give_a_number_or_a_reason_for_every_metric(name):
    y, p = (np.array(part) for part in AWKWARD[name])
    found = measure("binary", y, p, threshold=0.3, resamples=100)
    for figure in found.metrics.values():
        assert (figure.value is None or figure.low is None) == bool(figure.reason)
        assert figure.value is None or math.isfinite(figure.value)
        assert figure.low is None or figure.low < figure.high


def test_reasons_name_what_is_missing():
    def reasons(name):
        y, p = (np.array(part) for part in AWKWARD[name])
        return {k: f.reason for k, f in measure("binary", y, p, threshold=0.3).metrics.items() if f.reason}

    assert reasons("all events")["auroc"] == "one_class"
    assert reasons("no events")["sensitivity"] == "no_events"
    assert reasons("all events")["specificity"] == "no_non_events"
    assert reasons("constant")["calibration_slope"] == "constant_prediction"
    assert reasons("constant")["npv"] == "no_predicted_negative"
    assert reasons("perfect")["calibration_slope"] == "separation"
    assert reasons("one event, all zero")["oe_ratio"] == "zero_expected"
    assert reasons("one event, all zero")["ppv"] == "no_predicted_positive"
    assert reasons("two rows")["log_loss"] == "no_interval"


@pytest.mark.parametrize("kind", ["multiclass", "regression"])
@pytest.mark.parametrize("n", [1, 2, 5, 12])
def test_few_and_constant_rows_do_not_raise_for_other_kinds(kind, n):
    y, p = (np.arange(n) % 3, np.full((n, 4), 0.25)) if kind == "multiclass" else (np.ones(n), np.ones(n))
    found = measure(kind, y, p)
    assert all(f.value is None or math.isfinite(f.value) for f in found.metrics.values())
    if kind == "regression":
        assert found.metrics["r2"].reason == "constant_target"


def test_predictions_that_cannot_be_right_are_a_broken_promise():
    task, y = make_task(), np.array([0, 1, 1])
    with pytest.raises(BrokenPromise, match="outside 0 to 1"):
        evaluate.measure(task, y, np.array([0.1, 1.2, 0.3]))
    with pytest.raises(BrokenPromise, match="1 predictions are not finite"):
        evaluate.measure(task, y, np.array([0.1, np.nan, 0.3]))
    with pytest.raises(BrokenPromise, match="shape"):
        evaluate.measure(task, y, np.array([0.1, 0.2]))
