"""Two learning curves: where they cross, on the same labelled rows."""

from __future__ import annotations

import math

import numpy as np
import pytest

from interpretable.collab.curve import Said, as_it_came, draw_ground
from interpretable.stats.crossing import crossing, crossing_range


def test_the_crossing_is_straight_between_sizes_on_a_logarithmic_scale():
    assert crossing([10, 1000], np.array([-1.0, 1.0])) == pytest.approx(100.0)
    assert crossing([10, 100, 1000], np.array([1.0, -2.0, 1.0])) == pytest.approx(100 * 10 ** (2 / 3))
    assert crossing([10, 100], np.array([0.1, 0.2])) == 10.0
    assert math.isinf(crossing([10, 100], np.array([1.0, 0.0])))


def test_the_range_of_a_crossing_covers_the_truth():
    """Leads on each row are noise around a straight line in log n that crosses at 64."""
    sizes = [16, 32, 64, 128, 256]
    slope = 0.4 * (np.log2(sizes) - 6.0)
    hits = 0
    for repeat in range(60):
        random = np.random.default_rng(repeat)
        leads = slope[:, None] + random.normal(0, 1.0, 80)[None, :] + random.normal(0, 0.3, (5, 80))
        low, high = crossing_range(sizes, leads, seed=repeat, resamples=200)
        hits += low <= 64 <= high
    assert hits >= 52  # 57 are expected; 51 or fewer have a chance of 0.6 %


def test_the_pool_comes_first_in_every_order_so_that_both_learn_from_the_same_rows(rows_of):
    train, test = rows_of(300, seed=1), rows_of(80, seed=2)
    ground = draw_ground(train, test, rows=30, pool=40, shots=8, seed=3)
    assert len(ground.test) == 30 and len(ground.pool) == 40 and len(ground.shown) == 8
    assert not set(ground.pool) & set(ground.shown)
    first, second = ground.orders(2)
    for order in (first, second):
        assert set(order[:40]) == set(ground.pool) and sorted(order) == list(range(300))
    assert list(first) != list(second)
    assert ground.sizes() == [16, 32, 64, 128, 300]


def test_without_any_labelled_row_the_label_scores_are_made_to_sum_to_one():
    logs = np.log([[0.2, 0.2], [0.3, 0.1], [np.nan, np.nan]])
    raw = as_it_came(Said(pool=logs, test=logs), np.array([0.5, 0.5]))
    assert raw == pytest.approx([0.5, 0.25, 0.5])


@pytest.fixture
def rows_of():
    from factories_models import make_rows, make_task

    def make(n: int, *, seed: int):
        return make_rows(n, task=make_task(), seed=seed)

    return make
