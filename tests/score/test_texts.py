"""Reading many texts at once gives what reading each by hand gives, on any text."""

from __future__ import annotations

import unicodedata
from collections import Counter

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from interpretable.records.additive import AdditiveModel, Feature, TextRule, TokenTerm
from interpretable.score import additive
from interpretable.score.familiar import Familiar, fit_familiar
from interpretable.score.texts import Reader, factors, token_parts
from interpretable.score.tokens import grams, normalised, occurrences, places

WORDS = TextRule()
LONG_WORDS = TextRule(ngrams=(1, 3), sublinear=False, norm="none")
CHARACTERS = TextRule(units="characters", ngrams=(3, 5))
PIECES = TextRule(units="piece", norm="count", sublinear=False)
RULES = (WORDS, LONG_WORDS, CHARACTERS, PIECES)
PIECE_NAMES = (" c", " che", " no", "est", " p", "pain", "a", "胸", " 胸", "in", "ı", " ²")

fragments = st.sampled_from(
    [
        "no",
        "chest pain",
        "CHEST",
        "paın",
        "胸痛",
        "무릎",
        "ﬁne",
        "½",
        "e\u0301tat",
        "!!",
        "\u202e",
        "x_1",
        "İ",
        "ς",
    ]
)
texts = st.one_of(
    st.none(),
    st.text(max_size=40),
    st.lists(st.one_of(fragments, st.text(max_size=5)), max_size=12).map(" ".join),
)
many = st.lists(texts, min_size=1, max_size=6)


def vocabulary_of(found: list[str | None], rule: TextRule) -> tuple[str, ...]:
    """Every second token of the texts, so that some are known and some are not."""
    if rule.units == "piece":
        return PIECE_NAMES
    names = sorted({g for text in found if text for g in grams(text, rule)})
    return tuple(name for name in names[::2] if name.strip())


def by_hand(text: str | None, vocabulary: tuple[str, ...], rule: TextRule) -> Counter[str]:
    known = frozenset(vocabulary)
    return Counter(g for g in grams(text or "", rule, known) if g in known)


@settings(deadline=None, max_examples=150)
@given(many, st.sampled_from(RULES))
@example(["a", None, "", "b a"], WORDS)
def test_texts_read_together_are_counted_as_each_by_hand(found, rule):
    vocabulary = vocabulary_of(found, rule)
    counted = Reader(vocabulary, rule).count(found)
    for row, text in enumerate(found):
        own = counted.rows == row
        names = [vocabulary[p] for p in counted.positions[own]]
        assert dict(zip(names, counted.times[own], strict=True)) == by_hand(text, vocabulary, rule)
        assert counted.sizes[row] == sum(by_hand(text, vocabulary, rule).values())


def model_of(vocabulary: tuple[str, ...], rule: TextRule, outputs: int, seed: int) -> AdditiveModel:
    random = np.random.default_rng(seed)
    size = len(vocabulary)
    term = TokenTerm(
        feature=0, vocabulary=vocabulary, weights=random.normal(size=(size, outputs)),
        idf=random.uniform(1, 5, size), rule=rule,
    )  # fmt: skip
    return AdditiveModel(
        family="text", link="logit" if outputs == 1 else "softmax",
        classes=("no", "yes") if outputs == 1 else tuple(f"c{k}" for k in range(outputs)),
        features=(Feature(name="note", kind="text", typical=""),), terms=(term,),
        intercept=random.normal(size=outputs),
    )  # fmt: skip


@settings(deadline=None, max_examples=150)
@given(many, st.sampled_from(RULES), st.sampled_from([1, 3]), st.integers(0, 5))
def test_contributions_sum_to_the_score_on_any_text(found, rule, outputs, seed):
    model = model_of(vocabulary_of(found, rule), rule, outputs, seed)
    column = np.array(found, dtype=object)
    scores = additive.link_scores(model, {"note": column}, len(found))
    counted, parts = token_parts(model.terms[0], found)
    for row in range(len(found)):
        total = model.intercept + parts[counted.rows == row].sum(axis=0)
        np.testing.assert_allclose(total, scores[row], rtol=0, atol=1e-9)
        alone = additive.link_scores(model, {"note": column[row : row + 1]}, 1)
        np.testing.assert_array_equal(alone[0], scores[row])  # to the bit, whatever stands beside it


@settings(deadline=None, max_examples=100)
@given(texts.filter(bool))
def test_places_lead_back_to_the_characters_a_token_came_from(text):
    origin = places(text)
    if origin is None:
        return  # told as not known, which is honest
    assert len(origin) == len(normalised(text))
    for token in occurrences(text, WORDS):
        given_part = text[origin[token.start][0] : origin[token.end - 1][1]]
        folded = unicodedata.normalize("NFKC", given_part).lower()
        assert token.text.split(" ")[0] in folded


def test_rows_of_length_one_have_length_one_and_counts_are_shares():
    found = ["no chest pain no", "pain"]
    for rule, power in ((WORDS, 2), (PIECES, 1)):
        vocabulary = vocabulary_of([*found, "chest pain"], rule)
        counted = Reader(vocabulary, rule).count(found)
        own = factors(counted, np.ones(len(vocabulary)), rule)
        sums = np.bincount(counted.rows, weights=own**power)
        np.testing.assert_allclose(sums[sums > 0], 1.0)


def test_a_text_of_unknown_words_is_unfamiliar_and_a_usual_one_is_not():
    random = np.random.default_rng(0)
    words = [f"word{i}" for i in range(60)]
    usual = [" ".join(random.choice(words, 12)) for _ in range(400)]
    told = fit_familiar("note", usual, seed=0)
    check = Familiar(told)
    foreign = ["lorem ipsum dolor sit amet consectetur", usual[0], "", "word1 lorem", None]
    unknown, total = check.count(foreign)
    assert unknown.tolist() == [6, 0, 0, 1, 0]
    assert total.tolist() == [6, 12, 0, 2, 0]
    assert check.unfamiliar(unknown, total).tolist()[:3] == [True, False, False]
    fresh = [" ".join(random.choice(words, 12)) for _ in range(400)]
    assert check.unfamiliar(*check.count(fresh)).mean() < 0.05


@pytest.mark.parametrize("seed", range(3))
def test_the_false_alarms_of_the_word_check_are_about_one_in_a_hundred(seed):
    random = np.random.default_rng(seed)
    names = np.array([f"w{i}" for i in range(3000)])
    chance = 1.0 / np.arange(1, 3001)
    chance /= chance.sum()

    def draw(n: int) -> list[str]:
        return [" ".join(random.choice(names, random.integers(3, 40), p=chance)) for _ in range(n)]

    check = Familiar(fit_familiar("note", draw(2000), seed=seed))
    assert check.unfamiliar(*check.count(draw(2000))).mean() < 0.025
