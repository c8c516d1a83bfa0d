"""A curve is read where the data are, and what moves against an expectation is measured there."""

from __future__ import annotations

import numpy as np
import pytest
from factories_shape import make_planted, make_table_model, with_column

from interpretable.explain.directions import curves_of, direction_of, places_of
from interpretable.records.task import Column
from interpretable.score.scorer import make_scorer
from interpretable.stats.metrics import expit


def even_rows(values: list[float], each: int = 50):
    """`each` rows at each value of a; b is 0 everywhere."""
    rows = with_column(make_planted(len(values) * each), "a", expected="up")
    rows.frame["a"] = np.repeat(np.array(values), each)
    rows.frame["b"] = 0.0
    return rows


def found(scores: list[float], pair: list[list[float]] | None = None, **changes):
    rows = even_rows([-0.5, 0.2, 2.0])
    rows = with_column(rows, "a", **{"expected": "up", **changes})
    scorer = make_scorer(make_table_model(scores, pair))
    return direction_of(scorer, rows, rows.task.column("a"), model="ebm")


def test_a_fall_is_measured_where_it_is():
    one = found([0.0, 1.0, 0.4])
    (stretch,) = one.stretches
    assert (stretch.low, stretch.high) == (0.2, 2.0)
    assert stretch.rows == pytest.approx(2 / 3) and one.rows == stretch.rows
    assert stretch.link == pytest.approx(0.6) and one.link == pytest.approx(0.6)
    assert stretch.estimate == pytest.approx(expit(np.array(1.0)) - expit(np.array(0.4)))
    assert not one.proven


def test_the_same_curve_is_as_expected_the_other_way_only_in_its_last_step():
    one = found([0.0, 1.0, 0.4], expected="down")
    (stretch,) = one.stretches
    assert (stretch.low, stretch.high) == (-0.5, 0.2) and stretch.link == pytest.approx(1.0)


def test_a_rising_curve_is_proven_to_rise():
    one = found([0.0, 0.3, 0.9])
    assert one.stretches == () and one.rows == 0 and one.link == 0 and one.proven


def test_a_pair_that_turns_the_total_denies_the_proof():
    one = found([0.0, 0.3, 0.9], pair=[[0.0, 0.0], [-0.5, 0.0]])
    assert not one.proven  # no row of these data lies there, but a case could


def test_half_a_case_in_a_hundred_is_not_counted():
    assert found([0.0, 0.30, 0.29]).stretches == ()
    assert found([0.0, 0.30, 0.27]).stretches != ()


def test_the_curve_of_a_sum_is_its_term_up_to_a_constant():
    rows = even_rows([-0.5, 0.2, 2.0])
    column = rows.task.column("a")
    places = places_of(column, rows.frame["a"].to_numpy())
    link, _ = curves_of(make_scorer(make_table_model([0.1, 0.7, 0.4])), rows, "a", places)
    np.testing.assert_allclose(link - link[0], [0.0, 0.6, 0.3], atol=1e-12)


def test_a_place_has_five_rows_or_is_left_out():
    number = Column(name="x", kind="number")
    assert places_of(number, np.arange(9.0)) is None
    assert places_of(number, np.full(50, 3.0)) is None
    assert places_of(number, np.full(50, np.nan)) is None
    many = places_of(number, np.random.default_rng(0).normal(size=3000))
    assert len(many.values) == 30 and many.shares.sum() == pytest.approx(1.0)
    assert many.shares.min() * 3000 >= 5 and np.all(np.diff(many.values) > 0)


def test_levels_are_read_in_their_declared_order():
    column = Column(name="x", kind="ordinal", levels=("low", "mid", "high"))
    values = np.array(["high"] * 6 + ["low"] * 7 + ["mid"] * 4 + [None] * 3, dtype=object)
    places = places_of(column, values)
    assert places.values == ["low", "high"]  # four rows could point at a person
    assert places.shares.tolist() == [0.35, 0.3]
    assert places_of(Column(name="x", kind="ordinal"), values) is None
