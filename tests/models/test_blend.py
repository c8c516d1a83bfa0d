"""A blend weighs glass boxes by their out-of-fold scores and becomes one of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from factories_models import make_rows, make_task
from scipy.optimize import minimize
from sklearn.linear_model import LinearRegression

from interpretable.models import boosting, ebm, linear  # noqa: F401 - importing a family registers it
from interpretable.models.base import Effort, families
from interpretable.models.blend import blend_out_of_fold, choose_weights, train_blend
from interpretable.models.features import describe
from interpretable.models.folds import make_folds
from interpretable.models.losses import loss
from interpretable.models.train import train_family
from interpretable.records import codec
from interpretable.records.tuning import Blend
from interpretable.score.scorer import make_scorer

QUICK = Effort(level="quick", refits=3)


def noisy(n=400, seed=0, members=2):
    random = np.random.default_rng(seed)
    truth = random.normal(size=(n, 1)) * 1.5
    target = (random.random(n) < 1 / (1 + np.exp(-truth[:, 0]))).astype(np.int64)
    return [truth + random.normal(size=(n, 1)) * s for s in (0.5, 1.0, 3.0)[:members]], target, truth


def test_weights_are_shares_that_no_other_share_beats():
    scores, target, _ = noisy()
    weights = choose_weights("logit", scores, target)
    assert weights.sum() == pytest.approx(1.0) and weights.min() >= 0

    def best_loss(share):
        mixed = share * scores[0] + (1 - share) * scores[1]
        return minimize(lambda x: loss("logit", x[0] * mixed + x[1], target), [1.0, 0.0]).fun

    grid = {share: best_loss(share) for share in np.linspace(0, 1, 21)}
    assert best_loss(weights[0]) <= min(grid.values()) + 1e-5


def test_values_are_blended_by_least_squares_with_sum_one():
    random = np.random.default_rng(1)
    truth = random.normal(1000.0, 50.0, 300)
    members = [truth + random.normal(0, s, 300) for s in (20.0, 30.0)]
    weights = choose_weights("identity", [m[:, None] for m in members], truth)
    # The same by substitution: y - b = w (a - b)
    oracle = LinearRegression(fit_intercept=False).fit((members[0] - members[1])[:, None], truth - members[1])
    assert weights == pytest.approx([oracle.coef_[0], 1 - oracle.coef_[0]], abs=1e-5)


def test_a_member_that_only_harms_gets_no_weight():
    scores, target, _ = noisy()
    weights = choose_weights("logit", [scores[0], -scores[1]], target)
    assert weights == pytest.approx([1.0, 0.0])


def test_the_blended_scores_of_a_fold_do_not_depend_on_its_outcomes():
    scores, target, _ = noisy()
    folds = np.arange(400) % 4
    before = blend_out_of_fold("logit", scores, target, folds)
    turned = np.where(folds == 2, 1 - target, target)
    after = blend_out_of_fold("logit", scores, turned, folds)
    np.testing.assert_array_equal(before[folds == 2], after[folds == 2])
    assert not np.allclose(before[folds == 1], after[folds == 1])


@pytest.mark.parametrize("kind", ["binary", "multiclass"])
def test_a_blend_is_one_model_that_refits_from_what_it_notes(kind):
    rows = make_rows(120, task=make_task(kind=kind, positive="yes" if kind == "binary" else ""))
    features, folds = describe(rows, rows), make_folds(rows, 3, seed=0)
    members = [
        train_family(
            key, rows, rows, features=features, folds=folds, effort=QUICK, progress=lambda message: None
        )
        for key in ("ebm", "linear")
    ]
    trained, told = train_blend(members, rows, rows, folds=folds)
    if trained is None:
        assert told.status == "one_is_enough" and max(told.weights) > 0.95
        pytest.skip("one member is enough on these rows")
    assert trained.glass_box and trained.gap < 1e-12
    scores = [make_scorer(m.record).link_scores(rows.frame, len(rows)) for m in members]
    slope, intercept = trained.calibration["slope"], trained.calibration["intercept"]
    expected = slope * sum(w * s for w, s in zip(told.weights, scores, strict=True)) + intercept
    own = make_scorer(trained.record).link_scores(rows.frame, len(rows))
    np.testing.assert_allclose(own, expected, atol=1e-11)
    again = families["blend"].fit(rows, features, replace(QUICK, settings=trained.tuned))
    refitted = slope * make_scorer(again.record).link_scores(rows.frame, len(rows)) + intercept
    np.testing.assert_allclose(refitted, own, atol=1e-10)
    assert codec.from_plain(codec.to_plain(told), Blend) == told


def test_no_blend_where_one_member_is_enough():
    rows = make_rows(200)
    features, folds = describe(rows, rows), make_folds(rows, 3, seed=0)
    good = train_family(
        "linear", rows, rows, features=features, folds=folds, effort=QUICK, progress=lambda message: None
    )
    bad = replace(good, name="ebm", oof=-good.oof)
    trained, told = train_blend([good, bad], rows, rows, folds=folds)
    assert trained is None and told.status == "one_is_enough"
    assert told.weights[0] > 0.95
