"""Tokens by name, texts with their words marked, and what is said about them."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import pytest
from factories_app import make_case_explanation, make_task
from hypothesis import given
from hypothesis import strategies as st

from interpretable import words
from interpretable.records.explanation import (
    Domain,
    Reason,
    Removal,
    TermPart,
    TextMark,
    TextReading,
    TokenPart,
)
from interpretable.records.task import Column


def make_removal(word: str = "free", share: float = 1.0, **changes) -> Removal:
    given = {"times": 1, "effect": share, "estimate": 0.6, "if_removed": 0.4}
    return Removal(**{**given, "word": word, "share": share, **changes})


def make_found(*removals: Removal, **changes):
    """A case with one text, read in words and by spelling."""
    terms = (
        TermPart(term="note", features=("note",), contribution=1.0, units="word"),
        TermPart(term="note", features=("note",), contribution=-0.2, units="characters"),
        TermPart(term="age", features=("age",), contribution=0.1),
    )
    texts = (TextReading(feature="note", marks=(), removals=removals),)
    return make_case_explanation(**{"terms": terms, "texts": texts, **changes})


def task_with_note():
    note = Column(name="note", kind="text", label="Note", label_zh="记录")
    return make_task(columns=(*make_task().columns, note))


@pytest.mark.parametrize(
    ("token", "units", "english", "chinese"),
    [
        ("chest pain", "word", "chest pain", "chest pain"),
        ("¬chest ¬pain", "word", "not: chest pain", "否定：chest pain"),
        ("denies ¬chest", "word", "denies [not: chest]", "denies ［否定：chest］"),
        ("¬胸 ¬痛", "word", "not: 胸痛", "否定：胸痛"),
        ("中 奖", "word", "中奖", "中奖"),
        (" fre", "characters", "␣fre", "␣fre"),
        (" free", "piece", "free", "free"),
        ("ing", "piece", "…ing", "…ing"),
        ("a\u202eb", "word", "a[U+202E]b", "a[U+202E]b"),
    ],
)
def test_a_token_is_named_as_a_person_reads_it(token, units, english, chinese):
    assert words.token(token, units) == english
    assert words.token(token, units, "zh") == chinese


def test_signs_that_hide_or_turn_a_text_are_spelled_out_and_ordinary_ones_stay():
    assert (
        words.visible("win\u200bner \u202etxt\u2066 \x00\x1b")
        == "win[U+200B]ner [U+202E]txt[U+2066] [U+0000][U+001B]"
    )
    assert words.visible("a\r\nb\tc") == "a\nb c"
    assert words.visible("vi\u200dagra") == "vi[U+200D]agra"
    persian, family = "می\u200cخواهم", "👩\u200d👧"
    assert words.visible(persian) == persian and words.visible(family) == family


texts = st.text(alphabet="ab 中奖!\n\u202e\u200d<&", max_size=40)


@given(texts, st.lists(st.floats(-3, 3), min_size=40, max_size=40))
def test_runs_hold_the_whole_text_in_order_and_every_marked_word_has_one_sign(text, values):
    places = [m.span() for m in re.finditer(r"[中奖]|[^\s中奖]+", text)]
    marks = [TextMark(start=a, end=b, contribution=values[i]) for i, (a, b) in enumerate(places)]
    runs = words.runs(text, marks)
    joiners = "\u200d"  # whether a joiner shows depends on its neighbours, which a run may not hold
    plain = re.sub(r"\[U\+200D\]|\u200d", "", "".join(run.text for run in runs))
    assert plain == words.visible(text.replace(joiners, ""))
    for run in runs:
        assert (run.level > 0) == (run.direction != "") and 0 <= run.level <= 3
        assert not run.last or run.direction
    for run, following in pairwise(runs):
        if run.direction and not run.last:
            assert following.direction == run.direction, "a sign follows in the runs that touch"
    assert not runs or not runs[-1].direction or runs[-1].last


def test_lines_are_as_thick_as_shares_and_small_shares_have_none():
    text = "one two three four five"
    sizes = (1.0, -0.5, 0.2, 0.05, 0.0)
    places = [m.span() for m in re.finditer(r"\w+", text)]
    marks = [TextMark(start=a, end=b, contribution=s) for (a, b), s in zip(places, sizes, strict=True)]
    found = {run.text.strip(): (run.direction, run.level) for run in words.runs(text, marks)}
    assert found["one"] == ("raises", 3) and found["two"] == ("lowers", 2) and found["three"] == ("raises", 1)
    assert found["four five"] == ("", 0)


def test_characters_that_touch_share_one_sign():
    marks = [TextMark(start=i, end=i + 1, contribution=c) for i, c in enumerate((0.3, 0.9, -0.5))]
    runs = words.runs("恭喜您", marks)
    assert [(r.text, r.direction, r.last) for r in runs] == [
        ("恭", "raises", False),
        ("喜", "raises", True),
        ("您", "lowers", True),
    ]


def test_of_very_many_words_only_the_largest_are_marked():
    text = " ".join(f"w{i:03}" for i in range(500))
    marks = [TextMark(start=5 * i, end=5 * i + 4, contribution=1.0 + i / 1000) for i in range(500)]
    assert sum(run.last for run in words.runs(text, marks)) == 60


def test_terms_of_one_text_are_told_apart_and_others_keep_their_names():
    found, task = make_found(), task_with_note()
    assert [words.term(part, found.terms, task) for part in found.terms] == [
        "Note: words",
        "Note: spelling",
        "Age",
    ]
    assert words.term(found.terms[1], found.terms, task, "zh") == "记录：拼写"
    assert words.term(found.terms[0], found.terms[:1], task) == "Note"


def reason(effect: float) -> Reason:
    then = 0.4 if effect > 0 else 0.8
    return Reason(feature="note", value="x", typical="", effect=effect, estimate=0.6, if_typical=then)


def test_a_reason_names_the_words_that_carry_it_and_only_those_of_its_direction():
    found = make_found(
        make_removal("free", 1.0),
        make_removal("home", -2.0),
        make_removal("win", 2.0),
        make_removal("now", 0.1),
    )
    assert words.carried(reason(1.0), found) == "Carried most by “win”, “free” and “now”."
    assert words.carried(reason(-1.0), found, "zh") == "主要来自“home”。"
    assert (
        words.carried(
            Reason(feature="age", value=1.0, typical=2.0, effect=1, estimate=1, if_typical=0), found
        )
        == ""
    )


def test_where_places_are_unknown_words_come_from_tokens_never_from_runs_of_characters():
    tokens = (
        TokenPart(feature="note", token=" fre", contribution=3.0, units="characters"),
        TokenPart(feature="note", token="¬pain", contribution=1.0, units="word"),
    )
    found = make_found(tokens=tokens)
    assert words.strongest(found, found.texts[0], "raises") == ("not: pain",)


def test_unknown_words_count_by_their_spelling_or_for_nothing():
    task = task_with_note()
    domain = Domain(inside=True, unknown_words=(("note", 3, 20),))
    (line,) = words.unknown_words(make_found(domain=domain), task)
    assert (
        line
        == "Note: 3 of its 20 words stood in fewer than two past texts. They count by their spelling alone."
    )
    alone = make_found(domain=domain)
    alone = make_found(domain=domain, terms=alone.terms[:1])
    assert words.unknown_words(alone, task)[0].endswith("They count for nothing.")
    assert words.unknown_words(alone, task, "zh")[0].endswith("它们不计入估计。")
    assert (
        words.unknown_words(make_found(domain=Domain(inside=True, unknown_words=(("note", 0, 9),))), task)
        == ()
    )


def test_a_text_of_unknown_words_is_named_in_the_domain_sentences():
    domain = Domain(inside=False, unfamiliar_texts=("note",), unknown_words=(("note", 18, 20),))
    lines = words.domain(domain, task_with_note())
    assert lines[1] == "Note: 18 of its 20 words are hardly known from past texts, far more than usual."
    assert len(lines) == 3, "the distance of numbers is not blamed"
    calm = Domain(inside=True, unknown_words=(("note", 1, 20),))
    assert len(words.domain(calm, task_with_note())) == 1


def test_words_whose_two_figures_disagree_are_named():
    found = make_found(make_removal("odd", 0.5, if_removed=0.8), make_removal("plain", 1.0))
    assert words.opposed(found.texts[0]).startswith("For “odd” the two point different ways.")
    assert words.opposed(make_found(make_removal()).texts[0]) == ""


def test_of_several_classes_it_is_said_that_another_class_may_rise_more():
    assert "another still more" in words.differ(replace(task_with_note(), kind="multiclass"))
    assert "another still more" not in words.differ(task_with_note())


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_the_lines_of_a_case_name_few_words_and_not_the_text(lang):
    removals = [make_removal(f"word{i}", 9.0 - i) for i in range(8)]
    lines = list(words.text_lines(make_found(*removals), task_with_note(), lang))
    said = "\n".join(lines)
    assert len(lines) == 1 + 3 + 1
    assert "word3" not in said and "{" not in said and "word0" in said
