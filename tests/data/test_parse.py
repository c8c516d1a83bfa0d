from __future__ import annotations

import io
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interpretable import data
from interpretable.data import as_text, parse_column
from interpretable.records.task import Column, Task


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, None),
        (float("nan"), None),
        (pd.NA, None),
        (pd.NaT, None),
        ("", None),
        (" \t ", None),
        (True, "True"),
        (np.False_, "False"),
        ("TRUE", "True"),
        (3.0, "3"),
        (np.int8(3), "3"),
        ("3.0", "3"),
        ("-2.00", "-2"),
        ("-0.0", "0"),
        ("007", "007"),
        ("007.0", "007.0"),
        ("250.10", "250.10"),
        ("1.5", "1.5"),
        (1e15, "1000000000000000"),
        ("  two words ", "two words"),
        ("e\u0301", "\u00e9"),
        (pd.Timestamp("2020-01-02"), "2020-01-02"),
    ],
)
def test_every_cell_has_one_text(cell, text):
    assert as_text([cell]).tolist() == [text]


def test_equal_looking_cells_of_different_types_keep_their_own_text():
    assert as_text([1, True, 1.0, "1", "True"]).tolist() == ["1", "True", "1", "1", "True"]


@settings(deadline=None)
@given(
    st.lists(
        st.one_of(st.text(max_size=8), st.integers(-9, 9), st.booleans(), st.none(), st.floats()), max_size=20
    )
)
def test_the_rule_is_its_own_fixed_point(cells):
    once = as_text(cells)
    assert as_text(once).tolist() == once.tolist()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.one_of(st.integers(-(10**6), 10**6), st.floats(-1e6, 1e6), st.none()), min_size=1, max_size=12
    )
)
def test_numbers_read_the_same_from_csv_text_parquet_and_frames(cells):
    frame = pd.DataFrame({"a": pd.Series(cells, dtype="Float64")})
    through_csv = pd.read_csv(io.StringIO(frame.to_csv(index=False)), dtype=str, skip_blank_lines=False)["a"]
    through_parquet = pd.read_parquet(io.BytesIO(frame.to_parquet()))["a"]
    column = Column(name="a", kind="number", missing_codes=("-9",))
    expected, _ = parse_column(frame["a"], column)
    for values in (through_csv, through_parquet, frame["a"].astype(object), cells):
        found, unreadable = parse_column(values, column)
        np.testing.assert_array_equal(found, expected)
        assert not unreadable.any()
    levels = Column(name="a", kind="category")
    assert parse_column(through_parquet, levels)[0].tolist() == parse_column(frame["a"], levels)[0].tolist()


def test_whole_numbers_are_the_same_level_from_csv_and_from_a_frame_with_gaps():
    level = Column(name="a", kind="category", missing_codes=("9",))
    assert parse_column(["1", "2", "", "9"], level)[0].tolist() == ["1", "2", None, None]
    assert parse_column(pd.Series([1, 2, None, 9]), level)[0].tolist() == ["1", "2", None, None]


@pytest.mark.parametrize("cell", ["0", "0.0", "-0", 0, 0.0, np.float32(0), " 0.00 ", "0e5"])
def test_a_missing_code_of_zero_matches_every_zero(cell):
    found, unreadable = parse_column([cell], Column(name="a", kind="number", missing_codes=("0",)))
    assert np.isnan(found[0])
    assert not unreadable[0]


@pytest.mark.parametrize(
    "cell", ["inf", "-inf", "Infinity", "1e400", float("inf"), "x", "1_000", "1,5", "nan", True, "٣", "0x1"]
)
def test_what_is_no_finite_number_is_unreadable(cell):
    found, unreadable = parse_column(["1", cell, None], Column(name="a", kind="number"))
    assert unreadable.tolist() == [False, True, False]
    assert np.isnan(found[1:]).all()


def test_words_declared_as_missing_codes_are_missing_not_unreadable():
    found, unreadable = parse_column(["NA", "2"], Column(name="a", kind="number", missing_codes=("NA",)))
    assert np.isnan(found[0])
    assert found[1] == 2
    assert not unreadable.any()


def test_categories_and_nullable_types_are_read():
    number = Column(name="a", kind="number")
    for values in (
        pd.Series(["1", "2"], dtype="category"),
        pd.array([1, 2], dtype="Int64"),
        pd.Series(["1", "2"]),
    ):
        assert parse_column(values, number)[0].tolist() == [1.0, 2.0]
    assert as_text(pd.Series(["b", None], dtype="category")).tolist() == ["b", None]
    assert as_text([]).tolist() == []


def test_the_input_is_never_changed():
    values = np.array([0.0, 1.0])
    parse_column(values, Column(name="a", kind="number", missing_codes=("0",)))
    assert values.tolist() == [0.0, 1.0]


def test_importing_the_room_is_light():
    heavy = "sklearn scipy shap interpret streamlit xgboost tomlkit"
    code = f"import sys, interpretable.data; print([m for m in {heavy.split()} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_half_a_pair_of_code_units_becomes_the_mark_of_a_spoilt_character():
    """No file can hold it, so neither a hash nor a report may meet it."""
    frame = pd.DataFrame({"level": ["p", "q\ud800"] * 20, "said": ["hi \udfff", "no"] * 20}, dtype=object)
    columns = (Column(name="level", kind="category"), Column(name="said", kind="text"))
    task = Task(name="t", kind="binary", target="y", positive="yes", columns=columns)
    found = data.from_frame(frame.assign(y=["yes", "no"] * 20), task)
    assert set(found.frame["level"]) == {"p", "q\ufffd"} and set(found.frame["said"]) == {"hi \ufffd", "no"}
