from __future__ import annotations

import dataclasses
import gzip
import io

import numpy as np
import pandas as pd
import pytest
from factories_tables import clean_frame, csv_file, make_task
from hypothesis import given, settings
from hypothesis import strategies as st

from interpretable import data
from interpretable.data.csvfile import open_csv
from interpretable.data.limits import Limits
from interpretable.data.plaincsv import plain_columns
from interpretable.data.table import _strict_columns, read_table
from interpretable.errors import DataError
from interpretable.records.task import Column, Task

TASK = Task(
    name="t",
    kind="binary",
    target="y",
    positive="yes",
    columns=(Column(name="a", kind="number"), Column(name="b", kind="category")),
)
GOOD = "a,b,y\n1,u,yes\n2,v,no\n"


def problems(text: str | bytes, task: Task = TASK, **options) -> str:
    with pytest.raises(DataError) as caught:
        data.read(task, csv_file(text), **options)
    return str(caught.value)


def with_task(**fields) -> Task:
    return dataclasses.replace(TASK, **fields)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_delimiters_give_the_same_rows(encoding, delimiter):
    text = 'a,b,y\r\n1,"ü",yes\r\n\r\n2,漢,no\r\n'.replace(",", delimiter)
    dataset = data.read(TASK, csv_file(text.encode(encoding)))
    assert dataset.frame["b"].tolist() == ["ü", "漢"]
    assert dataset.target.tolist() == [1, 0]
    assert dataset.row_ids.tolist() == ["1", "2"]


def test_a_separator_or_a_line_end_in_quotes_belongs_to_the_value():
    dataset = data.read(TASK, csv_file('a,b,y\n1,"u, ""x""\nv",yes\n2,5" pipe,no\n'))
    assert dataset.frame["b"].tolist() == ['u, "x"\nv', '5" pipe']


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a,b,y\n1,u,yes\n2,v\n", ["line 3 has 2", "names 3 columns"]),
        ('a,b,y\n1,"u\nv",yes\n2,v,no,9\n', ["line 4 has 4"]),
        ("a,b,y,a\n1,u,yes,1\n", ["repeated: 'a'"]),
        ("a,,y\n1,u,yes\n", ["Column 2 has no name"]),
        ("a,__class__,y\n1,u,yes\n", ["reserved", "'__class__'"]),
        ('a,b,y\n1,"u,yes\n2,v,no\n', ["Line 2", "never closed"]),
        ('a,b,y\n1,"u"x,yes\n', ["Line 2", "closing double quote"]),
        ("a,b,y\r1,u,yes\r", ["carriage return"]),
        (b"a,b,y\n1,\xe9,yes\n", ["Line 2 is not UTF-8", "byte 9 "]),
        (b"a,b,y\n1,\0,yes\n", ["Line 2 holds a NUL"]),
        ("", ["empty"]),
        ("\n \n", ["empty"]),
        ("a,b,y\n", ["no rows"]),
        ("a|b|y\n1|u|yes\n", ["separated by '|'"]),
        ("a,bb,y\n1,u,yes\n", ["Column 'b' of the task is not in the table", "Did you mean 'bb'"]),
        ("a,b,y\ninf,u,yes\n2,v,no\n1e999,v,no\n", ["2 value(s) are infinite", "lines 2, 4"]),
        ("a,b,y\nx1,u,yes\n2,v,no\n", ["'a' is a number column, but 1 of 2", "line 2"]),
        ("a,b,y\n1,u,yes\n2,v,\n", ["1 of 2 rows have no value", 'missing_target = "drop"']),
        ("a,b,y\n1,u,YES\n2,v,no\n", ["'yes' does not occur", "'YES' (1 rows)"]),
        ("a,b,y\n1,u,yes\n2,v,no\n3,w,maybe\n", ["3 distinct values", "'maybe'"]),
        ("a,b,y\n1,u,yes\n2,v,yes\n", ["1 distinct value"]),
        (gzip.compress(GOOD.encode()), ["gzip"]),
        (b"PK\x03\x04rest", ["workbook"]),
        (b"PAR1broken", ["damaged"]),
        (b"\xff\xfea\x00,\x00b", ["Line 1 is not UTF-16"]),
    ],
)
def test_what_cannot_be_read_is_named_with_its_place(text, words):
    message = problems(text)
    for word in words:
        assert word in message


def test_all_problems_are_listed_at_once_and_no_value_of_a_person_is_shown():
    message = problems("a,b,y\nSECRET7,u,yes\n1e400,v,no\n3,w,\n")
    assert len(message.splitlines()) == 3
    assert "SECRET7" not in message


def test_ragged_rows_do_not_repeat_what_they_hold():
    assert "SECRET7" not in problems("a,b,y\n1,SECRET7\n")


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (Limits(rows=1), "more than 1 rows"),
        (Limits(columns=2), "at most 2"),
        (Limits(bytes=10), "at most 10"),
        (Limits(field=2), "Line 3: a value is longer than 2"),
        (Limits(name=2), "name is longer"),
    ],
)
def test_limits_are_kept(limits, words):
    text = "a,b,y\n1,u,no\n2,vvv,ye\n" if limits.name > 2 else "a,bbb,y\n1,u,no\n"
    assert words in problems(text, limits=limits)


@pytest.mark.parametrize("address", ["http://h/x.csv", "file:///etc/passwd", "s3://b/x.csv", "FTP://h/x"])
def test_addresses_are_refused(address):
    with pytest.raises(DataError, match="Addresses are not read"):
        data.read(TASK, address)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(DataError, match=r"There is no file .*gone\.csv"):
        data.read(TASK, tmp_path / "gone.csv")


def test_ids_stay_text_and_must_be_unique():
    task = with_task(id="n")
    dataset = data.read(task, csv_file("n,a,b,y\n007,1,u,yes\n7,2,v,no\n"))
    assert dataset.row_ids.tolist() == ["007", "7"]
    message = problems("n,a,b,y\n1,1,u,yes\n1.0,2,v,no\n,2,v,no\n", task)
    assert "1 rows repeat the id" in message
    assert "1 rows have no id (line 4)" in message


def test_rows_without_a_target_are_dropped_where_the_task_says_so():
    dataset = data.read(with_task(missing_target="drop"), csv_file(GOOD + "3,w,\n"))
    assert dataset.row_ids.tolist() == ["1", "2"]
    assert (dataset.source.rows_read, dataset.source.rows_dropped) == (3, 1)


def test_rows_without_a_target_are_kept_for_the_checks():
    dataset = data.read(TASK, csv_file(GOOD + "3,w,\n"), lenient_target=True)
    assert dataset.target.tolist() == [1, 0, -1]


def test_cases_need_no_target_no_id_and_no_excluded_column():
    columns = (*TASK.columns, Column(name="c", kind="number", exclude=True))
    task = with_task(columns=columns, id="n", group="g")
    dataset = data.read(task, csv_file("b,a,extra\nu,1,9\n"), require_target=False)
    assert dataset.target is None
    assert list(dataset.frame.columns) == ["a", "b", "c"]
    assert np.isnan(dataset.frame["c"][0])
    with pytest.raises(DataError, match="Column 'a'"):
        data.check_schema(["b"], task)


def test_file_parquet_and_frame_give_the_same_dataset(tmp_path):
    frame = clean_frame(0)
    frame["when"] = pd.Timestamp("2024-01-01") + pd.to_timedelta(np.arange(len(frame)), unit="D")
    frame["code"] = pd.Series([1, None, 3] * 100, dtype="Int64")
    task = make_task(frame, kinds={"code": "category", "flag": "boolean"}, time="when")
    frame.to_csv(tmp_path / "t.csv", index=False)
    frame.to_parquet(tmp_path / "t.parquet")
    first, *others = (
        data.read(task, tmp_path / "t.csv"),
        data.read(task, tmp_path / "t.parquet"),
        data.from_frame(frame, task),
        data.from_frame(pd.read_csv(tmp_path / "t.csv"), task),
    )
    for other in others:
        pd.testing.assert_frame_equal(first.frame, other.frame)
        assert first.target.tolist() == other.target.tolist()
        assert first.times.tolist() == other.times.tolist()
    assert first.frame["code"].dtype == object
    assert first.frame["code"].tolist()[:2] == ["1", None]


def test_a_frame_index_of_parquet_is_no_column(tmp_path):
    frame = pd.DataFrame({"a": [1, 2], "b": ["u", "v"], "y": ["yes", "no"]}, index=["p", "q"])
    frame.to_parquet(tmp_path / "t.parquet")
    assert read_table(tmp_path / "t.parquet").names == ("a", "b", "y")


def test_lists_in_parquet_are_refused(tmp_path):
    pd.DataFrame({"a": [[1], [2]]}).to_parquet(tmp_path / "t.parquet")
    with pytest.raises(DataError, match="'a'"):
        read_table(tmp_path / "t.parquet")


def test_the_hash_of_a_frame_follows_its_values():
    frame = clean_frame(1)
    task = make_task(frame)
    same, other = frame.copy(), frame.copy()
    other.loc[5, "colour"] = "white"
    hashes = [data.from_frame(f, task).source.sha256 for f in (frame, same, other)]
    assert hashes[0] == hashes[1] != hashes[2]


def test_a_class_may_be_called_anything_numeric_and_is_ordered_by_size():
    frame = pd.DataFrame({"a": range(4), "y": [10, 9, 2, 2]})
    dataset = data.from_frame(frame, make_task(frame, kind="multiclass", positive=""))
    assert dataset.classes == ("2", "9", "10")
    assert dataset.target.tolist() == [2, 1, 0, 0]


def test_a_regression_target_with_text_names_its_lines():
    task = Task(name="t", kind="regression", target="y", columns=(Column(name="a", kind="number"),))
    assert "line 3" in problems("a,y\n1,2\n2,x\n", task)
    assert data.read(task, csv_file("a,y\n1,2\n2,1e3\n")).target.tolist() == [2.0, 1000.0]


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.lists(
            st.text(st.characters(exclude_characters="\0\r", codec="utf-8"), max_size=6),
            min_size=2,
            max_size=2,
        ),
        min_size=1,
        max_size=8,
    )
)
def test_whatever_a_csv_writer_writes_comes_back_unshifted(rows):
    import csv

    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerows([["a", "b"], *rows])
    table = read_table(csv_file(out.getvalue()))
    assert [list(pair) for pair in zip(table.column("a"), table.column("b"), strict=True)] == rows


CELLS = st.text(st.sampled_from("ab1 ,;'ü\ufeff\u2028"), max_size=4)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.lists(CELLS, min_size=1, max_size=3), max_size=6),
    st.sampled_from(["\n", "\r\n", "\n\n"]),
    st.booleans(),
)
def test_the_quick_reader_and_the_strict_one_agree(rows, end, closed):
    text = end.join(["a\tb", *("\t".join(row) for row in rows)]) + (end if closed else "")
    raw = text.encode()
    quick = plain_columns(raw, ("a", "b"), "\t", Limits())
    if quick is not None:
        strict, lines = _strict_columns(open_csv(io.BytesIO(raw), Limits()))
        assert [column.to_pylist() for column in quick] == [column.to_pylist() for column in strict]
        assert lines.tolist() == list(range(2, len(lines) + 2))


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=60))
def test_any_bytes_give_a_table_or_a_data_error(raw):
    try:
        table = read_table(io.BytesIO(raw))
    except DataError:
        return
    assert len(set(table.names)) == len(table.names)
    assert all(len(table.column(name)) == table.rows for name in table.names)


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_streaming_gives_the_same_rows_as_reading(tmp_path, suffix):
    frame = clean_frame(2)
    task = make_task(frame)
    path = tmp_path / f"t.{suffix}"
    frame.to_csv(path, index=False) if suffix == "csv" else frame.to_parquet(path)
    chunks = list(data.stream(task, path, rows=70))
    assert [len(chunk) for chunk in chunks] == [70, 70, 70, 70, 20]
    read = [data.from_frame(chunk, task, require_target=False) for chunk in chunks]
    whole = data.read(task, path, require_target=False)
    pd.testing.assert_frame_equal(pd.concat([part.frame for part in read], ignore_index=True), whole.frame)
    assert np.concatenate([part.row_ids for part in read]).tolist() == whole.row_ids.tolist()


def test_streaming_is_as_strict_as_reading():
    chunks = data.stream(TASK, csv_file(GOOD + "3\n"), rows=2)
    assert len(next(chunks)) == 2
    with pytest.raises(DataError, match="line 4 has 1"):
        next(chunks)
    with pytest.raises(DataError, match="Column 'b'"):
        next(data.stream(TASK, csv_file("a\n1\n")))
