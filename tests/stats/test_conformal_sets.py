"""Ranges and sets against MAPIE, and their promise by simulation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mapie.classification import SplitConformalClassifier
from mapie.regression import SplitConformalRegressor
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin

from interpretable.stats import conformal

LEVELS = [0.8, 0.9, 0.95]


class Said(ClassifierMixin, BaseEstimator):
    """Its rows are the chances themselves."""

    def __init__(self, classes=3):
        self.classes = classes
        self.classes_ = np.arange(classes)
        self.n_features_in_ = classes

    def fit(self, X, y):
        return self

    def predict_proba(self, X):
        return np.asarray(X)

    def predict(self, X):
        return np.argmax(X, axis=1)

    def __sklearn_is_fitted__(self):
        return True


class Amount(RegressorMixin, BaseEstimator):
    """Its first column is the prediction."""

    n_features_in_ = 1

    def fit(self, X, y):
        return self

    def predict(self, X):
        return np.asarray(X)[:, 0]

    def __sklearn_is_fitted__(self):
        return True


def chances(n, *, classes=3, seed=0):
    rng = np.random.default_rng(seed)
    p = rng.dirichlet(np.ones(classes), n)
    return p, np.array([rng.choice(classes, p=row) for row in p])


def test_ranges_are_those_of_mapie():
    rng = np.random.default_rng(0)
    guess, new = rng.normal(size=137), rng.normal(size=20)
    y = guess + rng.standard_t(4, size=137)
    oracle = SplitConformalRegressor(Amount(), confidence_level=LEVELS, prefit=True)
    _, ranges = oracle.conformalize(guess[:, None], y).predict_interval(new[:, None])
    for place, level in enumerate(LEVELS):
        border = conformal.quantile(conformal.residuals(y, guess), level)
        assert ranges[:, 0, place] == pytest.approx(new - border, abs=1e-8)
        assert ranges[:, 1, place] == pytest.approx(new + border, abs=1e-8)


@pytest.mark.parametrize("method", ["lac", "aps"])
def test_sets_are_those_of_mapie(method):
    (p, y), (new, _) = chances(151), chances(60, seed=1)
    oracle = SplitConformalClassifier(
        Said(), confidence_level=LEVELS, conformity_score=method, prefit=True, random_state=0
    ).conformalize(p, y)
    params = {"include_last_label": False} if method == "aps" else None
    _, sets = oracle.predict_set(new, conformity_score_params=params)
    score = conformal.lac_scores if method == "lac" else conformal.aps_scores
    own = conformal.lac_sets if method == "lac" else conformal.aps_sets
    scores = score(y, p)
    if method == "aps":  # MAPIE draws a part of the last answer's chance; the same draw is taken here
        scores = scores - np.random.RandomState(0).uniform(size=151) * p[np.arange(151), y]
    for place, level in enumerate(LEVELS):
        border = conformal.quantile(scores, level)
        theirs = sets[:, :, place] | ((method == "aps") & (new == new.max(axis=1, keepdims=True)))
        assert (own(new, border) == theirs).all()


@given(st.integers(1, 60), st.sampled_from([0.5, 0.8, 0.9, 0.95, 0.99]))
def test_the_border_is_the_smallest_score_with_enough_scores_at_or_below_it(n, level):
    scores = np.random.default_rng(n).permutation(n).astype(float)
    border = conformal.quantile(scores, level)
    needed = (n + 1) * level
    if border is None:
        assert needed > n
        assert conformal.promised(n, level) is None
    else:
        assert (scores <= border).sum() >= needed - 1e-9
        assert (scores < border).sum() < needed
        low, high = conformal.promised(n, level)
        assert low < level < high


@pytest.mark.parametrize("level", LEVELS)
def test_too_few_rows_for_a_level_give_no_border(level):
    fewest = round(level / (1 - level))
    assert conformal.quantile(np.arange(float(fewest)), level) is not None
    assert conformal.quantile(np.arange(float(fewest - 1)), level) is None


def test_the_true_share_is_on_average_what_was_promised_and_varies_as_was_said():
    rng = np.random.default_rng(5)
    shares = np.array([1 - np.exp(-conformal.quantile(rng.exponential(size=50), 0.9)) for _ in range(2000)])
    low, high = conformal.promised(50, 0.9)
    assert shares.mean() == pytest.approx(46 / 51, abs=0.004)
    assert np.mean((low <= shares) & (shares <= high)) == pytest.approx(0.95, abs=0.015)


def test_sets_hold_the_truth_as_often_as_promised_and_aps_is_never_empty():
    held = {"lac": [], "aps": []}
    for seed in range(150):
        (p, y), (new, truth) = chances(60, seed=seed), chances(200, seed=1000 + seed)
        rows = np.arange(200)
        lac = conformal.lac_sets(new, conformal.quantile(conformal.lac_scores(y, p), 0.9))
        aps = conformal.aps_sets(new, conformal.quantile(conformal.aps_scores(y, p), 0.9))
        held["lac"].append(lac[rows, truth].mean())
        held["aps"].append(aps[rows, truth].mean())
        assert aps.any(axis=1).all()
    assert 0.885 < np.mean(held["lac"]) < 0.92
    assert 0.89 < np.mean(held["aps"]) < 0.97  # with three classes many sums are 1: ties, so more than 90 %


def test_one_border_per_class_is_used_for_its_own_class():
    p = np.array([[0.3, 0.7], [0.6, 0.4]])
    assert conformal.lac_sets(p, np.array([0.5, 0.65])).tolist() == [[False, True], [True, True]]


def test_the_typical_miss_follows_the_spread_and_never_closes():
    rng = np.random.default_rng(2)
    guess = rng.uniform(1, 10, 600)
    knots, heights = conformal.typical_miss(guess, np.abs(rng.normal(size=600) * guess))
    assert (np.diff(knots) > 0).all()
    assert heights[-1] > 3 * heights[0]
    knots, heights = conformal.typical_miss(guess, np.where(guess < 5, 0.0, 1.0))
    assert heights.min() > 0.0
    assert len(conformal.typical_miss(np.full(90, 3.0), np.ones(90))[0]) == 1
