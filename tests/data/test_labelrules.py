"""Rules that label rows: read strictly, met in their order."""

from __future__ import annotations

import pandas
import pytest

from interpretable import data
from interpretable.data.labelrules import apply_label_rules, read_label_rules
from interpretable.errors import TaskError
from interpretable.records.task import Column, Task

TASK = Task(
    name="t", kind="binary", target="ill", positive="yes",
    columns=(
        Column(name="age", kind="number"),
        Column(name="ward", kind="category"),
        Column(name="note", kind="text"),
        Column(name="code", kind="number", exclude=True, exclude_reason="known later"),
    ),
)  # fmt: skip
CLASSES = ("no", "yes")
GOOD = """
otherwise = "no"
[[rules]]
label = "yes"
when = [{ column = "note", contains = ["chest pain", "collapse"] }]
[[rules]]
label = "no"
when = [{ column = "age", below = 40 }]
[[rules]]
label = "yes"
when = [{ column = "age", at_least = 60, at_most = 80 }, { column = "ward", is = ["east", "west"] }]
[[rules]]
label = "yes"
when = [{ column = "ward", missing = true }]
"""


def rows():
    frame = pandas.DataFrame(
        {
            "age": [30, 30, 60, 81, 70, 50, None],
            "ward": ["east", "east", "west", "west", "north", None, "east"],
            "note": ["CHEST  pain", "fine", "fine", None, "", "chest, no pain", "ok"],
            "code": [1, 2, 3, 4, 5, 6, 7],
            "ill": ["no", "yes"] * 3 + ["no"],
        }
    )
    return data.from_frame(frame, TASK)


def read(folder, text):
    path = folder / "rules.toml"
    path.write_text(text)
    return read_label_rules(path, TASK, CLASSES)


def test_the_first_rule_whose_conditions_all_hold_gives_the_label(tmp_path):
    rules = read(tmp_path, GOOD)
    assert apply_label_rules(rules, rows()).tolist() == [1, 0, 1, 0, 0, 1, 0]


def test_without_otherwise_a_row_that_meets_no_rule_has_no_label(tmp_path):
    rules = read(tmp_path, GOOD.replace('otherwise = "no"', ""))
    assert apply_label_rules(rules, rows()).tolist() == [1, 0, 1, -1, -1, 1, -1]


def test_every_fault_is_named_at_once(tmp_path):
    bad = """
other = "no"
[[rules]]
label = "perhaps"
when = [{ column = "agee", at_least = 60 }]
[[rules]]
label = "yes"
when = [{ column = "age", contains = ["60"] }, { column = "code", above = 3 }, { column = "ward" }]
[[rules]]
label = "yes"
when = []
[[rules]]
label = "no"
when = [{ column = "ward", missing = true, is = ["east"] }, { column = "note", contains = ["!"] }]
"""
    with pytest.raises(TaskError) as caught:
        read(tmp_path, bad)
    told = "\n".join(caught.value.problems)
    for said in (
        "unknown key 'other'", "'perhaps' is no class", "'agee' is no column", "Did you mean",
        "contains cannot be asked of a column of kind number", "'code' is no column", "stands alone",
        "a condition is missing", "when must be a list", "needs a letter",
    ):  # fmt: skip
        assert said in told, said


@pytest.mark.parametrize("text", ["rules = 3", "", "[[rules]", "x = '\\x'"])
def test_a_file_that_is_none_is_refused(tmp_path, text):
    with pytest.raises(TaskError, match="rules"):
        read(tmp_path, text)
    with pytest.raises(TaskError, match="no file"):
        read_label_rules(tmp_path / "none.toml", TASK, CLASSES)
