"""Point estimates against scikit-learn."""

import numpy as np
import pytest
from sklearn import metrics as oracle

from interpretable.stats import bootstrap, metrics


def make_binary(n=300, *, seed=0, ties=False):
    rng = np.random.default_rng(seed)
    link = rng.normal(-0.5, 1.4, n)
    p = metrics.expit(link)
    return (rng.random(n) < p).astype(int), np.round(p, 1) if ties else p


def make_classes(n=300, *, seed=0, classes=4):
    rng = np.random.default_rng(seed)
    p = rng.dirichlet(np.ones(classes), n)
    return np.array([rng.choice(classes, p=row) for row in p]), p


@pytest.mark.parametrize("ties", [False, True])
def test_binary_metrics_agree_with_scikit_learn(ties):
    y, p = make_binary(ties=ties)
    assert metrics.auroc(y, p) == pytest.approx(oracle.roc_auc_score(y, p), abs=1e-12)
    assert metrics.average_precision(y, p) == pytest.approx(oracle.average_precision_score(y, p), abs=1e-12)
    assert metrics.brier(y, p) == pytest.approx(oracle.brier_score_loss(y, p), abs=1e-12)
    assert metrics.brier_skill(y, p) == pytest.approx(oracle.d2_brier_score(y, p), abs=1e-10)
    inside = np.clip(p, 0.01, 0.99)
    assert metrics.log_loss(y, inside) == pytest.approx(oracle.log_loss(y, inside), abs=1e-12)


def test_multiclass_metrics_agree_with_scikit_learn():
    y, p = make_classes()
    guess = p.argmax(axis=1)
    table = metrics.confusion(y, guess, 4)
    assert metrics.macro_auroc(y, p) == pytest.approx(
        oracle.roc_auc_score(y, p, multi_class="ovr"), abs=1e-12
    )
    assert metrics.log_loss(y, p) == pytest.approx(oracle.log_loss(y, p), abs=1e-12)
    assert metrics.brier(y, p) == pytest.approx(oracle.brier_score_loss(y, p, scale_by_half=False), abs=1e-12)
    assert metrics.brier_skill(y, p) == pytest.approx(oracle.d2_brier_score(y, p), abs=1e-10)
    assert metrics.accuracy(y, p) == oracle.accuracy_score(y, guess)
    assert (table == oracle.confusion_matrix(y, guess)).all()
    assert metrics.macro_f1(table) == pytest.approx(oracle.f1_score(y, guess, average="macro"), abs=1e-12)


def test_macro_f1_leaves_out_a_class_neither_seen_nor_predicted():
    y, guess = np.array([0, 0, 1, 3]), np.array([0, 1, 1, 3])
    table = metrics.confusion(y, guess, 5)
    assert metrics.macro_f1(table) == pytest.approx(oracle.f1_score(y, guess, average="macro"), abs=1e-12)


def test_macro_auroc_is_the_mean_over_the_classes_present():
    y, p = make_classes(classes=4)
    y = np.where(y == 3, 0, y)
    areas = [oracle.roc_auc_score(y == k, p[:, k]) for k in range(3)]
    assert metrics.macro_auroc(y, p) == pytest.approx(np.mean(areas), abs=1e-12)


def test_regression_metrics_agree_with_scikit_learn():
    rng = np.random.default_rng(3)
    y = rng.normal(50, 9, 200)
    guess = y + rng.normal(1, 5, 200)
    assert metrics.rmse(y, guess) == pytest.approx(oracle.root_mean_squared_error(y, guess), abs=1e-10)
    assert metrics.mae(y, guess) == pytest.approx(oracle.mean_absolute_error(y, guess), abs=1e-10)
    assert metrics.r2(y, guess) == pytest.approx(oracle.r2_score(y, guess), abs=1e-10)


def test_undefined_metrics_are_nan_and_certain_errors_are_finite():
    y, p = np.ones(4, int), np.array([0.1, 0.2, 0.3, 0.4])
    assert np.isnan(metrics.auroc(y, p))
    assert np.isnan(metrics.average_precision(1 - y, p))
    assert np.isnan(metrics.brier_skill(y, p))
    assert np.isnan(metrics.r2(np.ones(3), np.ones(3)))
    assert metrics.log_loss(np.array([1]), np.array([0.0])) == pytest.approx(-np.log(metrics.CLIP))


def test_expit_and_logit_are_inverse_and_do_not_overflow():
    p = np.array([1e-9, 0.2, 0.5, 1 - 1e-9])
    assert metrics.expit(metrics.logit(p)) == pytest.approx(p, rel=1e-7)
    assert metrics.expit(np.array([-1e4, 1e4])).tolist() == [0.0, 1.0]


@pytest.mark.parametrize("ties", [False, True])
def test_weighted_rank_metrics_agree_with_scikit_learn_on_every_resample(ties):
    y, p = make_binary(80, ties=ties)
    (drawn,) = bootstrap.weights(80, resamples=30, seed=1)
    areas = [oracle.roc_auc_score(y, p, sample_weight=w) for w in drawn]
    precisions = [oracle.average_precision_score(y, p, sample_weight=w) for w in drawn]
    assert bootstrap.weighted_auroc(y, p)(drawn) == pytest.approx(areas, abs=1e-12)
    assert bootstrap.weighted_average_precision(y, p)(drawn) == pytest.approx(precisions, abs=1e-12)


def test_resamples_have_n_draws_each_and_repeat_with_the_seed(monkeypatch):
    monkeypatch.setattr(bootstrap, "CELLS", 50 * 7)
    first = np.concatenate(list(bootstrap.weights(50, resamples=20, seed=4)))
    again = np.concatenate(list(bootstrap.weights(50, resamples=20, seed=4)))
    assert first.shape == (20, 50)
    assert (first.sum(axis=1) == 50).all()
    assert (first == again).all()


def test_bootstrap_interval_of_a_mean_agrees_with_scipy():
    from scipy.stats import bootstrap as oracle_bootstrap

    values = np.random.default_rng(0).exponential(size=120)
    draws = bootstrap.distribution(bootstrap.weighted_mean(values), 120, resamples=8000, seed=0)
    expected = oracle_bootstrap(
        (values,), np.mean, n_resamples=8000, method="percentile", rng=np.random.default_rng(1)
    ).confidence_interval
    assert bootstrap.percentile(draws) == pytest.approx((expected.low, expected.high), abs=0.01)


def test_p_value_is_never_zero_and_one_where_nothing_differs():
    assert bootstrap.p_value(np.linspace(4.9, 5.1, 999), 5.0) == pytest.approx(1 / 1000)
    assert bootstrap.p_value(np.zeros(999), 0.0) == 1.0
    assert bootstrap.p_value(np.full(10, np.nan), 1.0) is None
    assert bootstrap.percentile(np.r_[np.full(20, np.nan), np.zeros(80)]) is None
