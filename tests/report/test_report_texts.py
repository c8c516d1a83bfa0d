"""Texts in the report: constructed examples alone, escaped, with signs beside the lines."""

from __future__ import annotations

from dataclasses import replace

import pytest
from factories_evidence import make_evidence
from factories_models import make_text_rows

from interpretable import words
from interpretable.models import text  # noqa: F401 - importing a family registers it
from interpretable.models.base import Effort, families
from interpretable.models.features import describe
from interpretable.records.document import Cover, Document, MarkedText, Picture, Section, Table
from interpretable.records.explanation import Removal, TextMark, TextReading, TokenWeight
from interpretable.records.task import Column
from interpretable.report.html import render_html
from interpretable.report.texts import example_texts, tokens
from interpretable.score.scorer import columns_of, make_scorer, predict
from interpretable.study.examples import COMMON_WORDS, TEXT_WORDS, make_examples

HOSTILE = "<script>alert(1)</script> \u202efree\n**win**"


def with_text(**changes):
    """Evidence whose first example reads a text."""
    evidence = make_evidence()
    marks = (TextMark(start=26, end=31, contribution=1.0), TextMark(start=32, end=39, contribution=-0.5))
    removals = (
        Removal(word="free", times=1, share=1.0, effect=0.9, estimate=0.6, if_removed=0.4),
        Removal(word="<b>", times=2, share=-0.5, effect=0.1, estimate=0.6, if_removed=0.61),
    )
    reading = TextReading(feature="note", marks=marks, removals=removals)
    example = replace(evidence.examples[0], values={"note": HOSTILE}, texts=(reading,))
    note = Column(name="note", kind="text", label="Note", label_zh="记录")
    task = replace(evidence.task, columns=(*evidence.task.columns, note))
    return replace(evidence, task=task, examples=(example,), **changes)


def weight(token: str, value: float, **changes) -> TokenWeight:
    given = {"feature": "note", "output": "", "rows": 30, "mean": value / 10}
    return TokenWeight(**{**given, "token": token, "weight": value, **changes})


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_a_constructed_text_is_marked_by_line_and_sign_and_escaped(lang):
    evidence = with_text()
    blocks = example_texts(evidence.examples[0], evidence, lang, title="1")
    section = Section(id="examples", title="Examples", blocks=tuple(blocks))
    cover = Cover(status="", facts=(), headline_title="", headlines=())
    page = render_html(
        Document(
            lang=lang, title="t", subtitle="", contents_title="c", cover=cover, sections=(section,), footer=""
        )
    ).decode()
    assert "<script>" not in page and "\u202e" not in page and "[U+202E]" in page
    said = words.say("app.case.raises", lang)
    assert '<span class="token raises t3 keep">[U+202E]free' in page.replace("\n", "")
    assert f'<span class="sign" aria-hidden="true">▲</span><span class="heard"> ({said}) </span>' in page
    assert '<span class="token lowers t2 keep">' in page
    assert words.say("reading.example.text", lang) in page


def test_the_words_of_an_example_stand_in_a_table_named_after_it():
    evidence = with_text()
    _, marked, listed, _ = example_texts(evidence.examples[0], evidence, "en", title="Constructed example 1")
    assert isinstance(marked, MarkedText) and isinstance(listed, Table)
    assert listed.caption.startswith("Constructed example 1: its words")
    assert [[cell.text for cell in row] for row in listed.rows] == [
        ["free", "1", "1.000", "40 in 100"],
        ["<b>", "2", "−0.500", "61 in 100"],
    ]


def test_an_example_without_a_text_has_no_marked_block():
    evidence = with_text()
    empty = replace(evidence.examples[0], values={"note": ""}, texts=())
    assert list(example_texts(empty, evidence, "en", title="1")) == []


def test_words_come_first_and_spelling_is_folded_class_by_class():
    found = [
        weight("¬pain", -2.0, output="a"),
        weight("free", 3.0, output="a"),
        weight(" fre", 1.0, output="a", units="characters"),
        weight("free", -1.0, output="b", mean=None),
    ]
    blocks = list(tokens(found, with_text(), "en"))[2:]
    assert [type(b) for b in blocks] == [Picture, Table, Picture]
    assert blocks[0].caption == "a" and blocks[2].caption == "b"
    rows = [[cell.text for cell in row] for row in blocks[0].table.rows]
    assert rows == [
        ["free", "raises", "3.000", "0.300", "30"],
        ["not: pain", "lowers", "−2.000", "−0.200", "30"],
    ]
    assert blocks[1].folded and blocks[1].rows[0][0].text == "␣fre"
    assert blocks[2].table.rows[0][3].text == "–"


def test_example_texts_are_put_together_from_frequent_words_of_the_model():
    rows = make_text_rows()
    scorer = make_scorer(
        families["text"].fit(rows, describe(rows, rows), Effort(level="quick", refits=0)).record
    )
    made = make_examples(scorer, rows, ["note"])
    typical, high, low = made.frame["note"]
    assert typical == "" and high != low
    notes = [set(str(note).split()) for note in rows.frame["note"]]
    for text_ in (high, low):
        assert len(text_.split()) == TEXT_WORDS
        assert all(sum(word in note for note in notes) >= COMMON_WORDS for word in text_.split())
        assert all(text_ not in str(note) for note in rows.frame["note"])
    said = predict(scorer, columns_of(scorer, made), 3)
    assert said[1] > said[2]
