"""Labels come back from queues: filled in or added, problems named by their lines, nothing replaced."""

from __future__ import annotations

from pathlib import Path

import pandas
import pytest

from interpretable.data import read
from interpretable.data.label_merge import MARK, merge_labels
from interpretable.data.table import read_table
from interpretable.errors import DataError
from interpretable.records.task import Column, Task


def make_task(**changes) -> Task:
    given = {
        "name": "notes", "kind": "binary", "target": "urgent", "positive": "yes",
        "columns": (Column(name="note", kind="text"),),
    }  # fmt: skip
    return Task(**(given | changes))


def write(folder: Path, name: str, rows: dict) -> Path:
    path = folder / name
    pandas.DataFrame(rows).to_csv(path, index=False)
    return path


def data(folder: Path, **changes) -> Path:
    return write(folder, "data.csv", {"note": ["=a, b", "c", "d"], "urgent": ["yes", "no", None], **changes})


def queue(folder: Path, source: Path, name: str = "queue.csv", **columns) -> Path:
    length = len(columns["row_id"])
    given = {"label": ["yes"] * length, "random": ["no"] * length, "predicted": ["no"] * length}
    given["file"] = [read_table(source).sha256[:MARK]] * length
    return write(folder, name, given | columns)


def merge(task: Task, source: Path, *queues: Path, rows: Path | None = None):
    return merge_labels(
        task, read_table(source), [read_table(q) for q in queues], None if rows is None else read_table(rows)
    )


def test_labels_of_another_file_become_new_rows_and_the_old_ones_keep_their_cells(tmp_path):
    task, old = make_task(missing_target="drop"), data(tmp_path, ward=["A", "B", "C"])
    before = old.read_bytes()
    rows = write(tmp_path, "new.csv", {"extra": [1, 2, 3], "note": ["e", "f", "g"]})
    filled = queue(
        tmp_path, rows, row_id=[3, 1, 2], label=["no", "yes", None], random=["yes", "no", "no"],
        predicted=["yes", "yes", "no"],
    )  # fmt: skip
    made = merge(task, old, filled, rows=rows)
    assert (made.added, made.known, made.empty, made.drawn, made.differing) == (2, 0, 1, 1, 1)
    assert made.table["note"].to_list() == ["=a, b", "c", "d", "g", "e"]
    assert made.table["urgent"].to_list()[:2] == ["yes", "no"]
    assert made.table["urgent"].to_list()[3:] == ["no", "yes"]
    assert made.table["label_origin"].to_list()[3:] == ["random", "chosen"]
    assert old.read_bytes() == before
    made.table.to_csv(tmp_path / "merged.csv", index=False)
    again = read(task, tmp_path / "merged.csv")
    assert (len(again), again.frame["note"].iloc[0]) == (4, "=a, b")


def test_labels_of_the_data_itself_fill_its_empty_cells(tmp_path):
    old = data(tmp_path)
    made = merge(make_task(), old, queue(tmp_path, old, row_id=[3, 1]))
    assert made.table["urgent"].to_list() == ["yes", "no", "yes"]
    assert (made.added, made.known) == (1, 1)


def test_ids_are_found_by_the_id_column_also_behind_a_spreadsheets_apostrophe(tmp_path):
    task = make_task(id="case")
    old = data(tmp_path, case=["-x", "007", "c3"])
    rows = write(tmp_path, "new.csv", {"case": ["=n1", "c3"], "note": ["e", "d"]})
    made = merge(task, old, queue(tmp_path, old, row_id=["'=n1", "c3"]), rows=rows)
    assert made.table["case"].to_list() == ["-x", "007", "c3", "=n1"]
    assert made.table["urgent"].to_list() == ["yes", "no", "yes", "yes"]


def test_every_problem_is_told_at_once_with_its_line_and_without_a_value(tmp_path):
    task = make_task(id="case")
    old = data(tmp_path, case=["a", "b", "c"])
    first = queue(tmp_path, old, row_id=["a", "zz9secret", "c", None], label=["no", "yes", "maybe?", "yes"])
    second = queue(tmp_path, old, "second.csv", row_id=["c", "c"], label=["yes", "no"])
    with pytest.raises(DataError) as caught:
        merge(task, old, first, second)
    (nameless,) = caught.value.problems
    assert "without a row_id (line 5)" in nameless
    first = queue(tmp_path, old, row_id=["c"], label=["maybe?"])
    with pytest.raises(DataError) as caught:
        merge(task, old, first, second)
    (foreign,) = caught.value.problems
    assert foreign == "1 labels are not one of 'no', 'yes', as 'urgent' needs: 'queue.csv' line 2."
    first = queue(tmp_path, old, row_id=["a", "zz9secret", "c"], label=["no", "yes", "no"])
    with pytest.raises(DataError) as caught:
        merge(task, old, first, second)
    told = "\n".join(caught.value.problems)
    assert "1 row_ids are not in 'data.csv': 'queue.csv' line 3." in told
    assert (
        "different labels, to be settled by a person first: 'queue.csv' line 4, 'second.csv' line 2" in told
    )
    assert "another label in the data already: 'queue.csv' line 2" in told
    assert "zz9secret" not in told


def test_row_numbers_of_another_file_are_refused(tmp_path):
    old = data(tmp_path)
    filled = queue(tmp_path, old, row_id=[3])
    old.write_text(old.read_text() + "e,\n")
    with pytest.raises(DataError, match=r"not from .data\.csv. as it is now"):
        merge(make_task(), old, filled)
    foreign = write(tmp_path, "x.csv", {"a": [1]})
    with pytest.raises(DataError, match="lacks 'row_id' and 'label': it is no queue"):
        merge(make_task(), old, foreign)


def test_amounts_must_be_numbers(tmp_path):
    task = make_task(kind="regression", positive="", target="days", id="case")
    old = write(tmp_path, "data.csv", {"case": ["a", "b"], "note": ["x", "y"], "days": [1.5, None]})
    with pytest.raises(DataError, match="1 labels are not a finite number"):
        merge(task, old, queue(tmp_path, old, row_id=["b"], label=["many"]))
    assert merge(task, old, queue(tmp_path, old, row_id=["b"], label=["3"])).table["days"].to_list()[1] == "3"
