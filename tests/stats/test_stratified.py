"""The share of a whole from samples of its parts: its range holds the truth, and draws add up."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from interpretable.stats.intervals import wilson
from interpretable.stats.stratified import allocate, kappa, share


@pytest.mark.parametrize(
    ("sizes", "shares", "drawn"),
    [((350, 50), (0.02, 0.3), 40), ((200, 200), (0.1, 0.1), 20), ((900, 60, 40), (0.05, 0.4, 0.2), 100)],
)
def test_the_range_holds_the_true_share_about_as_often_as_it_says(sizes, shares, drawn):
    random = np.random.default_rng(1)
    hits = np.round(np.array(sizes) * shares).astype(int)
    n = allocate(np.array(sizes), drawn)
    truth, held = hits.sum() / sum(sizes), 0
    for _ in range(2000):
        found = random.hypergeometric(hits, np.array(sizes) - hits, n)
        _, (low, high) = share(found, n, np.array(sizes))
        held += low <= truth <= high
    assert 0.92 <= held / 2000 <= 0.99


def test_one_part_alone_has_wilsons_interval_and_no_hit_leaves_a_width():
    value, ends = share(np.array([3]), np.array([20]), np.array([500]))
    assert value == 0.15 and ends == pytest.approx(wilson(3, 20))
    value, (low, high) = share(np.array([0, 0]), np.array([10, 10]), np.array([100, 100]))
    assert value == low == 0.0 and 0.1 < high < 0.28


def test_a_part_counts_by_its_rows_and_not_by_those_drawn_of_it():
    value, _ = share(np.array([0, 5]), np.array([10, 10]), np.array([900, 100]))
    assert value == pytest.approx(0.05)


@pytest.mark.parametrize("wanted", [0, 1, 3, 7, 20, 1000])
def test_every_draw_adds_up_and_rare_parts_are_in_it(wanted):
    sizes = np.array([400, 3, 1, 60])
    given = allocate(sizes, wanted)
    assert given.sum() == min(wanted, sizes.sum()) and (given <= sizes).all()
    if wanted >= 20:
        assert (given >= np.minimum(sizes, 2)).all()


def test_kappa_is_that_of_another_package_and_not_defined_for_one_answer():
    random = np.random.default_rng(3)
    one = random.integers(0, 3, 80)
    other = np.where(random.random(80) < 0.6, one, random.integers(0, 3, 80))
    table = np.zeros((3, 3))
    np.add.at(table, (one, other), 1)
    assert kappa(table) == pytest.approx(cohen_kappa_score(one, other))
    assert np.isnan(kappa(np.array([[5.0, 0.0], [0.0, 0.0]])))
