"""What is taken out of a row before it leaves the machine, and what is not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from interpretable.collab import serialise
from interpretable.collab.masking import mask, name_columns, own_words
from interpretable.records.dataset import Dataset
from interpretable.records.task import Column, Task

NOTES = ["Chest pain, seen by her sister.", "Garcia says she is better; record P-1002 is old.", "Well."]
COLUMNS = (
    Column(name="age", kind="number", unit="years"),
    Column(name="surname", kind="category", exclude=True),
    Column(name="ward", kind="category"),
    Column(name="note", kind="text"),
)
TASK = Task(name="t", kind="binary", target="ill", positive="yes", columns=COLUMNS, id="case_id")


def make_rows(**columns) -> Dataset:
    frame = {
        "age": [61.0, 93.0, 40.0], "surname": ["Okafor", "Garcia", "Lee"], "ward": ["A", "Garcia wing", "B"],
        "note": NOTES, **columns,
    }  # fmt: skip
    return Dataset(
        task=TASK, frame=pd.DataFrame(frame), row_ids=np.array(["P-1001", "P-1002", "P-1003"], dtype=object),
        target=np.array([0, 1, 0]), classes=("no", "yes"), part="train",
    )  # fmt: skip


def prompt_of(rows: Dataset, position: int, *, masked: bool):
    allowed = ("age", "ward", "note") if masked else None
    wording = serialise.learn(rows, allowed=allowed)
    return serialise.make_prompt(wording, serialise.values_of(rows, position))


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("mail jo.b+x@mail.example.org now", "mail [email] now"),
        ("see https://x.example/a?b=1 or www.x.example", "see [url] or [url]"),
        ("from 192.168.0.12", "from [ip_address]"),
        ("SSN 078-05-1120.", "SSN [us_ssn]."),
        ("call +44 20 7946 0958 please", "call [phone] please"),
        ("call (555) 867-5309 please", "call [phone] please"),
        ("record 00482913", "record [number]"),
        ("on 2021-03-04 and 3/4/21", "on [date] and [date]"),
        ("on 2nd March 2020 and 12 Sep", "on [date] and [date]"),
        ("on 2020年3月5日", "on [date]"),
        ("pay 987-65-4321 to me", "pay [long_number] to me"),
    ],
)
def test_whatever_has_a_form_is_masked_and_counted(text, masked):
    found, counts = mask(text)
    assert found == masked
    assert counts.total() == masked.count("[")


@pytest.mark.parametrize(
    "text", ["blood pressure 145 mm Hg", "3.5 kg at 40 weeks", "typical angina", "1 of 2", "p = 0.12345"]
)
def test_ordinary_values_are_left_alone(text):
    assert mask(text) == (text, {})


def test_the_rows_own_name_and_id_are_masked_in_every_text_and_level_of_that_row():
    rows = make_rows()
    sent = prompt_of(rows, 1, masked=True)
    assert "Garcia" not in sent.text() and "1002" not in sent.text()
    assert sent.redactions == {"own_name": 3}
    other = prompt_of(rows, 0, masked=True)
    assert "her sister" in other.text() and not other.redactions
    assert "Garcia" in prompt_of(rows, 1, masked=False).text()


def test_examples_are_masked_by_their_own_rows_names():
    rows = make_rows()
    wording = serialise.learn(rows, allowed=("note", "ill"))
    shots = [(serialise.values_of(rows, 1), 1)]
    sent = serialise.make_prompt(wording, serialise.values_of(rows, 0), shots)
    assert "Garcia" not in sent.text() and sent.columns == ("note", "ill")


def test_a_column_of_names_that_holds_few_values_is_not_one():
    assert name_columns(make_rows()) == ("surname",)
    few = make_rows(surname=["yes", "yes", "yes"])
    many = few.take(np.repeat(np.arange(3), 4))
    assert name_columns(many) == ()


def test_a_column_of_whole_letters_is_no_name_and_keeps_its_words():
    task = replace(TASK, columns=(Column(name="email", kind="text"),))
    letters = [
        f"Dear sir, your {thing} is late and we wait for it since long" for thing in ("bed", "car", "cat")
    ]
    rows = replace(make_rows(), task=task, frame=pd.DataFrame({"email": letters}))
    assert name_columns(rows) == ()
    wording = serialise.learn(rows, allowed=("email",))
    assert "Dear sir, your bed" in serialise.make_prompt(wording, serialise.values_of(rows, 0)).question


def test_a_hidden_character_does_not_carry_a_name_out():
    rows = make_rows(note=["a", "Gar\u200bcia came, GARCIA\u00ad went", "b"])
    assert "garcia" not in prompt_of(rows, 1, masked=True).text().casefold()


def test_own_words_are_whole_words_of_three_letters_or_two_ideographs():
    assert own_words(["Ann de la Cruz", None, float("nan"), "张伟"]) == ("cruz", "ann", "张伟")
    assert mask("Annual check of ANN; 张伟来诊", own=("ann", "张伟")) == (
        "Annual check of [own_name]; [own_name]来诊",
        {"own_name": 2},
    )


def test_an_age_that_few_reach_is_sent_as_ninety_or_more():
    assert "90 or more years" in prompt_of(make_rows(), 1, masked=True).text()
    assert "93 years" in prompt_of(make_rows(), 1, masked=False).text()


def test_what_the_docs_say_is_not_caught_is_not_caught():
    text = "john smith from Leeds, the only glass blower there"
    assert mask(text) == (text, {})
