"""Measures by group of the sensitive columns."""

import numpy as np
import pandas as pd
import pytest

from interpretable import evaluate
from interpretable.errors import BrokenPromise
from interpretable.evaluate import bands
from interpretable.records.dataset import Dataset
from interpretable.records.task import Column, Task
from interpretable.stats.metrics import auroc, expit

COLUMNS = (
    Column(name="age", kind="number", sensitive=True, exclude=True),
    Column(name="sex", kind="category", sensitive=True),
    Column(name="note", kind="text", sensitive=True),
    Column(name="bmi", kind="number"),
)


def make_test_part(n=600, *, seed=0, kind="binary", origin=None, columns=COLUMNS):
    rng = np.random.default_rng(seed)
    p = expit(rng.normal(0, 1.3, n))
    y = (rng.random(n) < p).astype(int) if kind == "binary" else rng.normal(size=n)
    frame = pd.DataFrame(
        {
            "age": rng.integers(22, 85, n).astype(float),
            "sex": pd.Series(rng.choice(["female", "male"], n), dtype=object),
            "note": pd.Series([f"note {i}" for i in range(n)], dtype=object),
            "bmi": rng.normal(25, 3, n),
        }
    )
    task = Task(
        name="t",
        kind=kind,
        target="y",
        columns=columns,
        positive="1",
        threshold=0.5 if kind == "binary" else None,
    )
    ids = np.array([f"r{i}" for i in range(n)], dtype=object)
    return Dataset(task=task, frame=frame, row_ids=ids, target=y, part="test", origin=origin), p


def test_every_sensitive_column_is_reported_except_free_text_and_no_other():
    test, p = make_test_part()
    found = evaluate.by_group(test, p, resamples=50)
    assert list(dict.fromkeys(g.column for g in found)) == ["age", "sex"]
    for column in ("age", "sex"):
        assert sum(g.n for g in found if g.column == column) == 600


def test_a_group_has_the_metrics_of_its_own_rows():
    test, p = make_test_part()
    woman = next(g for g in evaluate.by_group(test, p, resamples=50) if g.group == "female")
    rows = (test.frame["sex"] == "female").to_numpy()
    assert woman.n == rows.sum()
    assert woman.events == test.target[rows].sum()
    assert woman.metrics["auroc"].value == pytest.approx(auroc(test.target[rows], p[rows]))
    assert "sensitivity" in woman.metrics


def test_age_is_cut_into_round_bands():
    test, p = make_test_part()
    labels = [g.group for g in evaluate.by_group(test, p, resamples=50) if g.column == "age"]
    assert labels == ["< 40", "40 – 59", "60 – 79", "≥ 80"]


def test_rows_without_a_value_are_a_group_of_their_own():
    test, p = make_test_part()
    test.frame.loc[:79, "sex"] = None
    test.frame.loc[:9, "age"] = np.nan
    found = {(g.column, g.group): g for g in evaluate.by_group(test, p, resamples=50)}
    assert found["sex", "not known"].n == 80
    assert found["age", "not known"].n == 10
    assert found["age", "not known"].too_few


def test_too_few_rows_or_events_or_others_give_no_metrics():
    test, p = make_test_part()
    target = test.target.copy()
    test.frame["sex"] = np.array(
        ["few rows"] * 49 + ["few events"] * 200 + ["few others"] * 200 + ["enough"] * 151
    )
    target[49:249], target[249:449] = 0, 1
    target[49:58], target[249:258] = 1, 0
    columns = COLUMNS[1:2]
    part = Dataset(
        task=Task(name="t", kind="binary", target="y", columns=columns, positive="1"),
        frame=test.frame[["sex"]].astype(object),
        row_ids=test.row_ids,
        target=target,
        part="test",
    )
    found = {g.group: g for g in evaluate.by_group(part, p, resamples=50)}
    assert {name: g.too_few for name, g in found.items()} == {
        "enough": False,
        "few events": True,
        "few others": True,
        "few rows": True,
    }
    assert all(bool(g.metrics) != g.too_few for g in found.values())


def test_small_levels_are_joined_so_that_no_person_stands_out():
    column = Column(name="c", kind="category")
    values = np.array(["a"] * 30 + ["rare 1"] * 2 + ["rare 2"] * 4, dtype=object)
    found = dict(bands.groups_of(values, column))
    assert list(found) == ["a", bands.SMALL]
    assert len(found[bands.SMALL]) == 6


def test_declared_levels_keep_their_order():
    column = Column(name="c", kind="ordinal", levels=("low", "mid", "high"))
    values = np.array(["high", "low", "mid"] * 10, dtype=object)
    assert [name for name, _ in bands.groups_of(values, column)] == ["low", "mid", "high"]


def test_numbers_with_few_values_are_codes():
    column = Column(name="c", kind="number")
    found = bands.groups_of(np.array([0.0, 1.0, np.nan] * 10), column)
    assert [(name, len(rows)) for name, rows in found] == [("0", 10), ("1", 10), ("not known", 10)]


@pytest.mark.parametrize("scale", [1e-6, 0.01, 1.0, 1e7])
@pytest.mark.parametrize("shape", ["normal", "exponential", "spike"])
def test_bands_hold_every_number_once_whatever_the_scale(scale, shape):
    rng = np.random.default_rng(0)
    values = {
        "normal": rng.normal(5, 2, 400),
        "exponential": rng.exponential(2, 400),
        "spike": np.zeros(400),
    }[shape]
    values = scale * (values if shape != "spike" else np.r_[np.zeros(385), np.arange(15)])
    found = bands.groups_of(values, Column(name="c", kind="number"))
    assert sorted(np.concatenate([rows for _, rows in found]).tolist()) == list(range(400))
    assert len({name for name, _ in found}) == len(found) <= 9


def test_band_names_say_which_side_an_edge_belongs_to():
    assert bands.band_names(np.array([40.0, 50.0, 60.0]), whole=True) == [
        "< 40",
        "40 – 49",
        "50 – 59",
        "≥ 60",
    ]
    assert bands.band_names(np.array([0.5, 1.0]), whole=False) == ["< 0.5", "0.5 – < 1", "≥ 1"]
    assert bands.band_names(np.array([1.0, 2.0]), whole=True) == ["< 1", "1", "≥ 2"]


def test_a_column_without_any_value_is_one_group():
    found = bands.groups_of(np.full(60, np.nan), Column(name="c", kind="number"))
    assert [(name, len(rows)) for name, rows in found] == [("not known", 60)]


def test_groups_of_a_regression_have_no_events():
    test, _ = make_test_part(kind="regression")
    found = evaluate.by_group(test, test.target + 0.1, resamples=50)
    assert all(g.events is None for g in found)
    assert found[-1].metrics["bias"].value == pytest.approx(0.1)


def test_synthetic_rows_in_a_test_part_are_refused():
    origin = np.array(["real"] * 590 + ["synthetic"] * 10)
    test, p = make_test_part(origin=origin)
    with pytest.raises(BrokenPromise, match="10 of 600 rows of the 'test' part are synthetic"):
        evaluate.by_group(test, p)
    with pytest.raises(BrokenPromise):
        evaluate.require_real(test)
    clean, _ = make_test_part(origin=np.array(["real"] * 600))
    assert evaluate.require_real(clean) is clean
