"""Grouping loss and paired differences against simulated truth."""

from __future__ import annotations

import numpy as np
import pytest

from interpretable.stats.discordant import paired_difference
from interpretable.stats.grouping import bins_of, lower_bound


def draw(random, gap, n=200):
    regions = random.integers(0, 2, n)
    sureness = np.full(n, 0.8)
    right = random.random(n) < 0.8 + gap * (2 * regions - 1)
    return bins_of(sureness), regions, right


@pytest.mark.parametrize("gap", [0.0, 0.05, 0.15])
def test_the_lower_end_lies_above_the_truth_in_at_most_one_of_twenty_samples(gap):
    random = np.random.default_rng(3)
    found = np.array([lower_bound(*draw(random, gap), seed=i, resamples=200) for i in range(150)])
    assert found[:, 0].mean() == pytest.approx(gap**2, abs=0.0012)
    assert (found[:, 1] > gap**2).mean() <= 0.05
    if gap == 0.15:
        assert (found[:, 1] > 0).mean() > 0.9


def test_a_sureness_that_differs_by_region_is_no_grouping_loss():
    random = np.random.default_rng(4)
    losses = []
    for i in range(100):
        regions = random.integers(0, 2, 400)
        sureness = np.where(regions == 1, 0.9, 0.6)
        losses.append(
            lower_bound(bins_of(sureness), regions, random.random(400) < sureness, seed=i, resamples=200)[1]
        )
    assert np.mean(np.array(losses) > 0) <= 0.05


def test_bins_are_of_about_equal_counts_and_few_rows_share_one():
    assert len(np.unique(bins_of(np.linspace(0, 1, 60)))) == 1
    assert np.bincount(bins_of(np.linspace(0, 1, 1000))).tolist() == [200] * 5


@pytest.mark.parametrize(("up", "down"), [(0.05, 0.05), (0.2, 0.05), (0.0, 0.0), (0.02, 0.1)])
def test_a_paired_difference_keeps_its_level_with_forty_rows(up, down):
    random = np.random.default_rng(5)
    counts = random.multinomial(40, [up, down, 1 - up - down], size=1000)
    edges = np.array([paired_difference(int(a), int(b), 40) for a, b, _ in counts])
    inside = (edges[:, 0] <= up - down) & (up - down <= edges[:, 1])
    assert inside.mean() >= 0.94
