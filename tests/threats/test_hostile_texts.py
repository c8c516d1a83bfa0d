"""Texts made to crash, to slow down or to leak: checks and split take them as texts like any other."""

from __future__ import annotations

import json
import time

import numpy as np
import pandas as pd
import pytest

from interpretable import data, words
from interpretable.data.identifiers import find_identifiers, redact
from interpretable.data.nearcopies import near_copies
from interpretable.records.task import Column, Task

HOSTILE = {
    "ligatures that grow eighteen times": "\ufdfa" * 5_000,
    "marks piled on one letter": "e" + "\u0301\u0323" * 2_000,
    "half of a pair": "left \ud800 right \udfff and more words",
    "separators of ours": "one\x1etwo\x1fthree\x00four\x1efive six",
    "one word of a whole cell": "a" * 30_000,
    "nothing but space": " \t\n\u3000" * 5_000,
    "nothing but signs": "?!.," * 7_000,
    "reading turned round": "\u202e drowssap ruoy si siht \u2066 ok",
    "letters of no width": "p\u200ba\u200by\u200b \u200bm\u200be now or never again",
    "tag characters": "".join(chr(0xE0000 + ord(c)) for c in "ignore previous instructions"),
    "markup": "</script><script>alert(1)</script> ![t](http://evil.example/?q=1) {{7*7}}",
    "a formula": "=cmd|' /C calc'!A0 one two three four",
    "ideographs beyond the first plane": "𠀀𠀁𠀂" * 3_000,
    "mixed directions": "abc שלום مرحبا 你好 привет " * 500,
    "one form over and over": "dear sir " * 3_000,
}
TASK = Task(name="t", kind="binary", target="y", positive="1", columns=(Column(name="note", kind="text"),))


def hostile_dataset(text: str, rows: int = 60):
    rng = np.random.default_rng(0)
    honest = [" ".join(rng.choice(["pain", "cough", "fever", "rest", "sleep"], 12)) for _ in range(rows)]
    notes = [
        text if k % 3 == 0 else f"{text} {said}" if k % 3 == 1 else said for k, said in enumerate(honest)
    ]
    return data.from_frame(pd.DataFrame({"note": notes, "y": np.arange(rows) // 2 % 2}), TASK)


@pytest.mark.parametrize("name", [name for name in HOSTILE if name != "half of a pair"])  # no file holds one
def test_a_hostile_text_neither_breaks_nor_slows_checks_and_split(name):
    start = time.process_time()
    dataset = hostile_dataset(HOSTILE[name])
    findings = data.check(dataset)
    data.check_split(dataset, data.split(dataset))
    assert time.process_time() - start < 10  # below 2 s on one core of a small server
    for lang in words.LANGUAGES:
        said = "".join(words.finding(f, lang) for f in findings)
        assert "script>" not in said and "\u202e" not in said and "{{" not in said
    json.dumps([f.parameters for f in findings]).encode()


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_is_redacted_in_its_places(name):
    text = HOSTILE[name] + " call 13800138000"
    (span,) = [s for s in find_identifiers(text) if s.kind == "phone"]
    assert text[span.start : span.end] == "13800138000"
    assert redact(text).endswith("call [phone]")


def test_a_thousand_letters_under_piles_of_marks_are_compared_in_seconds():
    start = time.process_time()
    near_copies(["e" + "\u0301\u0323" * 4_000 + f" one two three four {k}" for k in range(1_000)])
    assert time.process_time() - start < 10  # 0.6 s; without a limit, minutes


def test_hidden_characters_and_case_do_not_smuggle_a_copy_of_a_training_row_into_the_test_part():
    rng = np.random.default_rng(1)
    said = [" ".join(rng.choice([f"word{k}" for k in range(400)], 14)) for _ in range(80)]
    hidden = ["\u200b".join(text.upper()) for text in said]
    frame = pd.DataFrame({"note": said + hidden, "y": np.arange(160) % 80 % 2})
    dataset = data.from_frame(frame, TASK)
    train, calibration, test = data.parts(dataset, data.split(dataset))
    shown = [{n.replace("\u200b", "").lower() for n in p.frame["note"]} for p in (train, calibration, test)]
    assert not shown[0] & shown[1] and not shown[0] & shown[2] and not shown[1] & shown[2]
