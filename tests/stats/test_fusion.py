"""Two answers made one: against an independent fit, and what must hold whatever the rows."""

import numpy as np
import pytest
from scipy import stats
from scipy.optimize import approx_fprime, minimize
from sklearn.linear_model import LogisticRegression

from interpretable.stats import fusion, second, selective
from interpretable.stats.discordant import discordant_p
from interpretable.stats.metrics import log_loss


def draw(rng, n, classes, *, large=1.0):
    """Two noisy views of the same true scores; the larger model's is worth `large`."""
    true = 1.5 * rng.standard_normal((n, classes))
    chances = np.exp(true) / np.exp(true).sum(axis=1, keepdims=True)
    y = (rng.random(n)[:, None] > chances.cumsum(axis=1)).sum(axis=1)
    small = true + 1.5 * rng.standard_normal((n, classes))
    p = np.exp(small) / np.exp(small).sum(axis=1, keepdims=True)
    return p, large * true + rng.standard_normal((n, classes)) - 3.0, y


def test_two_classes_agree_with_logistic_regression_where_rows_outweigh_the_ridge():
    p, z, y = draw(np.random.default_rng(1), 20_000, 2)
    found = fusion.fit_fusion(p, z, y)
    links = np.column_stack([np.log(p[:, 1] / p[:, 0]), z[:, 1] - z[:, 0]])
    own = LogisticRegression(C=1e9, tol=1e-10).fit(links, y)
    assert found.predict(p, z)[:, 1] == pytest.approx(own.predict_proba(links)[:, 1], abs=2e-3)
    assert found.small == pytest.approx(own.coef_[0, 0], rel=0.01)


@pytest.mark.parametrize("classes", [2, 4])
def test_no_weights_near_the_fitted_ones_are_better(classes):
    """An independent minimiser over the same bounds ends at the same weights."""
    p, z, y = draw(np.random.default_rng(2), 60, classes)
    found = fusion.fit_fusion(p, z, y)
    logs, relative = fusion._relative(p, z)
    design = fusion._design(logs, (relative - found.centre) / found.scale, with_large=True)
    prior = np.eye(design.shape[2])[0]
    bounds = [(0, None)] * (design.shape[2] - (classes == 2)) + [(None, None)] * (classes == 2)
    own = minimize(lambda w: fusion._loss(w, design, y, prior)[0], prior, bounds=bounds, tol=1e-12).x
    given = [found.small, *found.large[int(classes == 2) :], *found.intercept[1 : int(classes == 2) + 1]]
    assert given == pytest.approx(own, abs=1e-3)
    at, slope, curve = prior + 0.3, *fusion._loss(prior + 0.3, design, y, prior)[1:]
    assert slope == pytest.approx(
        approx_fprime(at, lambda w: fusion._loss(w, design, y, prior)[0], 1e-7), abs=1e-4
    )
    numeric = approx_fprime(at, lambda w: fusion._loss(w, design, y, prior)[1], 1e-7)
    assert curve == pytest.approx(numeric, abs=1e-4)


@pytest.mark.parametrize("classes", [2, 4])
def test_what_helps_gets_weight_and_noise_or_a_turned_answer_hardly_any(classes):
    rng = np.random.default_rng(4)
    p, z, y = draw(rng, 400, classes)
    helped = fusion.fit_fusion(p, z, y)
    fresh = draw(rng, 4_000, classes)
    alone = fusion.fit_fusion(p, z, y, with_large=False)
    assert not alone.large.any()
    assert log_loss(fresh[2], helped.predict(*fresh[:2])) < log_loss(fresh[2], alone.predict(*fresh[:2]))
    turned = fusion.fit_fusion(p, -z, y)
    assert (turned.large >= 0).all() and turned.large.max() < 0.05
    noise = fusion.fit_fusion(p, rng.standard_normal(p.shape), y)
    assert noise.large.max() < 0.35 * helped.large.max()


def test_a_row_without_an_answer_is_not_guessed_at_and_others_sum_to_one():
    p, z, y = draw(np.random.default_rng(5), 80, 3)
    found = fusion.fit_fusion(p, z, y)
    z[3] = np.nan
    said = found.predict(p, z)
    assert np.isnan(said[3]).all()
    assert np.delete(said, 3, axis=0).sum(axis=1) == pytest.approx(1.0)


def test_rows_that_never_vary_leave_the_small_model_as_it_is():
    p, _, y = draw(np.random.default_rng(6), 30, 2)
    found = fusion.fit_fusion(p, np.full((30, 2), -1.0), y)
    assert found.large.tolist() == [0.0, 0.0]


@pytest.mark.parametrize(("gained", "lost"), [(0, 0), (0, 5), (3, 3), (8, 1), (30, 14)])
def test_the_exact_test_of_two_answers_agrees_with_scipy(gained, lost):
    n = gained + lost
    expected = stats.binomtest(gained, n, 0.5, alternative="greater").pvalue if n else 1.0
    assert discordant_p(gained, lost) == pytest.approx(expected, abs=1e-12)


def test_the_likely_end_of_a_walk_is_where_the_known_rows_say_it_would_end():
    known = selective.Path(np.array([10, 100, 200, 300]), np.array([0, 1, 8, 60]))
    assert selective.likely_end(known, 1.0, 0.1, 0.1) == 2
    assert selective.likely_end(known, 0.01, 0.1, 0.1) == selective.best_start(known, 0.01, 0.1)


def likeliest(p):
    return p.argmax(axis=1)


def test_a_second_answer_that_knows_more_is_found_to_help():
    rng = np.random.default_rng(7)
    found = [second.try_second(*draw(rng, 120, 2, large=3.0), answer=likeliest) for _ in range(20)]
    assert sum(t.outcome == "helps" for t in found) >= 15
    assert all(t.second_right - t.first_right == t.gained - t.lost for t in found)


def test_a_second_answer_that_knows_nothing_is_hardly_ever_found_to_help():
    rng = np.random.default_rng(8)
    found = [second.try_second(*draw(rng, 60, 2, large=0.0), answer=likeliest).outcome for _ in range(60)]
    assert found.count("helps") <= stats.binom.ppf(0.99, 60, 0.05)


def test_a_recalibration_that_is_all_that_helps_is_not_laid_to_the_second_answer():
    rng = np.random.default_rng(9)
    p, _, y = draw(rng, 80, 2)
    sharp = p**4 / (p**4).sum(axis=1, keepdims=True)  # far too sure of itself
    found = second.try_second(sharp, rng.standard_normal(p.shape), y, answer=likeliest)
    assert found.outcome != "helps"


def test_no_answer_is_never_right_and_no_answer_at_all_is_useless():
    p, z, y = draw(np.random.default_rng(10), 60, 3, large=3.0)
    z[:20] = np.nan
    some = second.try_second(p, z, y, answer=likeliest)
    assert some.second_right <= 40 and np.isnan(some.chances[:20]).all()
    none = second.try_second(p, np.full_like(z, np.nan), y, answer=likeliest)
    assert (none.outcome, none.second_right) == ("useless", 0)
