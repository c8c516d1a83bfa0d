"""Characters of scripts without blanks stand together as phrases, and the sum of shares stays."""

from __future__ import annotations

import numpy as np
import pytest

from interpretable import words
from interpretable.explain.text import read_texts, read_tokens
from interpretable.records.additive import AdditiveModel, Feature, TextRule, TokenTerm
from interpretable.records.explanation import TextMark
from interpretable.score.scorer import AdditiveScorer, predict

WEIGHTS = {"中": 1.0, "奖": 2.0, "中 奖": 1.5, "好": -1.0, "你": -0.5, "你 好": -1.0, "win": 1.0, "，": 0.0}


def make_scorer(weights: dict[str, float] = WEIGHTS) -> AdditiveScorer:
    term = TokenTerm(
        feature=0,
        vocabulary=tuple(weights),
        weights=np.array(list(weights.values()))[:, None],
        idf=np.ones(len(weights)),
        rule=TextRule(),
    )
    model = AdditiveModel(
        family="text",
        link="logit",
        classes=("no", "yes"),
        features=(Feature(name="note", kind="text", typical=""),),
        terms=(term,),
        intercept=np.zeros(1),
    )
    return AdditiveScorer(model)


def read(text: str):
    row = {"note": np.array([text], dtype=object)}
    scorer = make_scorer()
    (reading,) = read_texts(scorer, row, 0)
    shown = [text[m.start : m.end] for m in reading.marks]
    return scorer, row, reading, shown


def test_characters_that_the_model_knows_as_a_pair_are_one_phrase():
    _, _, reading, shown = read("你好，中奖 win")
    assert shown == ["你好", "，", "中奖", "win"]
    assert {r.word for r in reading.removals} == {"你好", "中奖", "win"}


def test_characters_that_point_different_ways_or_are_no_known_pair_stay_apart():
    _, _, _, shown = read("好中")  # no pair of the model
    assert shown == ["好", "中"]
    _, _, _, apart = read("奖好")
    assert apart == ["奖", "好"]


def test_the_shares_of_phrases_sum_to_what_the_tokens_add():
    scorer, row, reading, _ = read("你好，中奖 win 中")
    total = sum(token.contribution for token in read_tokens(scorer, row, 0))
    assert sum(mark.contribution for mark in reading.marks) == pytest.approx(total, abs=1e-12)


def test_a_phrase_is_taken_out_as_one():
    scorer, _, reading, _ = read("你好，中奖 win")
    without = {r.word: r.if_removed for r in reading.removals}
    rest = {"note": np.array(["你好， win"], dtype=object)}
    assert without["中奖"] == pytest.approx(predict(scorer, rest, 1)[0], abs=1e-12)


def test_a_sign_that_stands_for_several_words_is_shown_once():
    for text in ("㍿ 中奖", "win ﷺ win", "㌔㌧ win"):
        _, _, reading, _ = read(text)
        assert "".join(run.text for run in words.runs(text, reading.marks)) == text


def test_the_line_of_a_word_is_as_thick_as_all_its_places_together():
    """Ten small shares of one word are one large share: the table says so, and the text agrees with it."""
    text = "pain " * 10 + "once"
    marks = [TextMark(start=5 * i, end=5 * i + 4, contribution=0.05) for i in range(10)]
    marks.append(TextMark(start=50, end=54, contribution=0.55))
    found = {run.text: (run.direction, run.level) for run in words.runs(text, marks) if run.direction}
    assert found == {"pain": ("raises", 3), "once": ("raises", 3)}


def test_a_word_that_stands_very_often_leaves_lines_to_other_words():
    text = "free prize " * 90
    marks = [
        TextMark(start=11 * i + at, end=11 * i + end, contribution=share)
        for i in range(90)
        for at, end, share in ((0, 4, 0.02), (5, 10, 0.01))
    ]
    assert {run.text for run in words.runs(text, marks) if run.direction} == {"free", "prize"}
