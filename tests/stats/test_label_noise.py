"""Confident learning against counts by hand, planted errors, simulated coverage; distances against scipy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse
from scipy.spatial.distance import cdist

from interpretable.stats import diverse, label_noise
from interpretable.stats.intervals import wilson


def planted(
    n: int, *, flips: float, seed: int, sharp: float = 4.0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Recorded labels, estimates as a calibrated model would give of them, and which labels were flipped."""
    random = np.random.default_rng(seed)
    score = random.normal(0, sharp, n)
    right = 1 / (1 + np.exp(-score))
    truth = (random.random(n) < right).astype(int)
    moved = random.random(n) < flips
    said = right * (1 - flips) + (1 - right) * flips
    return np.where(moved, 1 - truth, truth), np.column_stack([1 - said, said]), moved


def by_hand(labels: np.ndarray, chances: np.ndarray) -> np.ndarray:
    """The counting rule of the paper, row by row."""
    classes = chances.shape[1]
    counts = np.zeros((classes, classes), dtype=int)
    mean = [np.mean([p[k] for p, y in zip(chances, labels, strict=True) if y == k]) for k in range(classes)]
    for p, y in zip(chances, labels, strict=True):
        able = [k for k in range(classes) if p[k] >= mean[k]]
        if able:
            counts[y, max(able, key=lambda k: p[k])] += 1
    return counts


def test_the_confident_joint_counts_as_the_paper_says():
    random = np.random.default_rng(0)
    chances, labels = random.dirichlet(np.ones(4), 300), random.integers(0, 4, 300)
    found = label_noise.confident_joint(labels, chances)
    assert found.counts.tolist() == by_hand(labels, chances).tolist()
    assert found.joint.sum() == pytest.approx(1.0)
    assert found.joint.sum(axis=1) == pytest.approx(np.bincount(labels, minlength=4) / 300)
    assert found.doubtful == pytest.approx(1 - np.trace(found.joint))


def test_a_class_without_rows_and_one_without_confident_rows_do_not_break_the_joint():
    labels = np.array([0, 0, 1, 1])
    chances = np.array([[0.9, 0.05, 0.05], [0.8, 0.1, 0.1], [0.7, 0.2, 0.1], [0.7, 0.2, 0.1]])
    found = label_noise.confident_joint(labels, chances)
    assert np.isinf(found.thresholds[2]) and found.counts[:, 2].sum() == 0
    assert found.joint.sum() == pytest.approx(1.0)


@pytest.mark.parametrize("flips", [0.05, 0.1, 0.2])
def test_planted_flips_are_counted_and_stand_first(flips):
    labels, chances, moved = planted(4_000, flips=flips, seed=1, sharp=12.0)
    found = label_noise.confident_joint(labels, chances)
    assert found.doubtful == pytest.approx(moved.mean(), abs=0.03)
    rows = label_noise.doubtful_rows(labels, chances, round(found.doubtful * len(labels)))
    assert moved[rows].mean() > 0.75 and moved[rows].sum() / moved.sum() > 0.75
    own = chances[rows, labels[rows]]
    assert (np.diff(own) >= 0).all() and (own < 0.5).all()


def test_without_flips_and_with_clear_classes_hardly_anything_is_doubted():
    labels, chances, _ = planted(4_000, flips=0.0, seed=2, sharp=60.0)
    assert label_noise.confident_joint(labels, chances).doubtful < 0.02


def test_wilson_on_the_confident_rows_of_a_class_covers_the_rate_of_many_rows():
    labels, chances, _ = planted(400_000, flips=0.1, seed=3)
    limit = label_noise.confident_joint(labels, chances)
    truth = limit.counts[0, 1] / limit.counts[0].sum()
    kept = []
    for k in range(400):
        rows = slice(800 * k, 800 * (k + 1))
        own = label_noise.confident_joint(labels[rows], chances[rows]).counts[0]
        low, high = wilson(own[1], own.sum())
        kept.append(low <= truth <= high)
    assert 0.92 <= np.mean(kept) <= 0.99


def test_residuals_are_measured_by_their_own_middle_and_spread():
    predicted = np.random.default_rng(4).normal(50, 10, 2_001)
    truth = predicted + 3 + np.random.default_rng(5).normal(0, 2, 2_001)
    truth[7] += 40
    found = label_noise.robust_residuals(truth, predicted)
    assert np.median(found) == pytest.approx(0)
    assert np.std(np.delete(found, 7)) == pytest.approx(1, abs=0.05)
    assert np.flatnonzero(np.abs(found) > 6).tolist() == [7]
    assert label_noise.robust_residuals(np.array([1.0, 1.0, 1.0, 9.0]), np.ones(4)) is None


@pytest.mark.parametrize("kind", [np.asarray, sparse.csr_matrix])
def test_distances_agree_with_scipy_and_copies_are_left_out(kind):
    points = np.random.default_rng(6).normal(size=(40, 5))
    points[1] = points[0] + 1e-6
    assert diverse.distances(kind(points), 3) == pytest.approx(cdist(points, points[[3]])[:, 0], abs=1e-6)
    taken = diverse.without_copies(kind(points[:39]), 40, before=0, alike=0.1)
    assert 0 in taken and 1 not in taken and taken == sorted(taken)
    # The last row was taken before: its copy is left out, and it is not taken again.
    both = np.vstack([points[:39], points[[5]]])
    assert {5, 39}.isdisjoint(diverse.without_copies(kind(both), 40, before=1, alike=0.1))


def test_rows_that_are_all_the_same_give_one():
    assert diverse.without_copies(np.ones((5, 2)), 3, before=0, alike=0.4) == [0]
