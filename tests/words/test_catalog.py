import re
import string

import pytest

from interpretable import words
from interpretable.errors import BrokenPromise, UserError


def placeholders(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_both_languages_have_the_same_sentences():
    assert set(words.catalog("en")) == set(words.catalog("zh"))


@pytest.mark.parametrize("code", sorted(words.catalog("en")))
def test_a_sentence_has_the_same_placeholders_in_both_languages(code):
    english, chinese = words.catalog("en")[code], words.catalog("zh")[code]
    assert placeholders(english) == placeholders(chinese)
    assert english.strip() == english and english
    assert chinese.strip() == chinese and chinese


def test_chinese_sentences_use_no_ascii_commas_or_question_marks():
    for code, text in words.catalog("zh").items():
        bare = "".join(part for part, *_ in string.Formatter().parse(text))
        assert not re.search(r"[?;!]|(?<!\d),|,(?!\d)", bare), code


def test_an_unknown_code_and_a_lacking_placeholder_are_bugs_not_silence():
    with pytest.raises(BrokenPromise, match=r"No sentence 'no\.such'"):
        words.say("no.such")
    with pytest.raises(BrokenPromise, match="needs 'line'"):
        words.say("case.decision.above")
    with pytest.raises(UserError, match="no language 'fr'"):
        words.say("value.yes", "fr")


def test_a_count_of_one_is_singular():
    assert words.say("app.record.whole", entries=1) == "The record is whole: 1 entry, checked just now."
    assert "12,000 entries" in words.say("app.record.whole", entries=12000)


def test_inserted_text_cannot_turn_the_direction_of_reading():
    assert words.say("flag.unworded", code="abc\u202edef\x00") == "Flag “abcdef”"


def test_a_placeholder_in_an_inserted_text_is_not_filled():
    assert words.say("flag.unworded", code="{code.__class__} {{7*7}}") == "Flag “{code.__class__} {{7*7}}”"


@pytest.mark.parametrize(
    ("p", "english", "chinese"),
    [
        (0.118, "12 in 100", "每100例中12例"),
        (0.0, "fewer than 1 in 100", "每100例中不到1例"),
        (0.0099, "fewer than 1 in 100", "每100例中不到1例"),
        (0.01, "1 in 100", "每100例中1例"),
        (0.125, "13 in 100", "每100例中13例"),
        (0.99, "99 in 100", "每100例中99例"),
        (0.9901, "more than 99 in 100", "每100例中超过99例"),
    ],
)
def test_a_chance_is_a_count_out_of_100(p, english, chinese):
    assert words.chance(p) == english
    assert words.chance(p, "zh") == chinese


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (3.9000001, "3.9"),
        (1971.0, "1971"),
        (12345.6, "12,346"),
        (-2.5, "−2.5"),
        (0, "0"),
        (-12000, "−12,000"),
    ],
)
def test_numbers_are_tidy(amount, text):
    assert words.number(amount) == text


def test_lists_are_joined_as_in_speech():
    assert words.join(["a", "b", "c"]) == "a, b and c"
    assert words.join(["甲", "乙"], "zh") == "甲和乙"
