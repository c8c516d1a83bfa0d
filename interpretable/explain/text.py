"""Where in a text its score comes from: the exact share of each word, and what scoring without it gives."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from interpretable.data.wordrule import has_ideograph, is_ideograph
from interpretable.records.additive import AdditiveModel, TokenTerm
from interpretable.records.explanation import Removal, TextMark, TextReading, TokenPart
from interpretable.score.reasons import estimate_of
from interpretable.score.scorer import AdditiveScorer, Scorer, predicted
from interpretable.score.texts import token_parts
from interpretable.score.tokens import Piece, normalised, occurrences, places, stretches, word_places

REMOVED = 8  # words that are taken out, one at a time
LONGEST = 20_000  # characters of a text that is marked

Row = dict[str, np.ndarray]


def centred(values: np.ndarray, output: int) -> np.ndarray:
    """Values f8[..., K] towards one output: for classes, minus the mean over classes (same probabilities)."""
    return values[..., output] - (values.mean(axis=-1) if values.shape[-1] > 1 else 0.0)


def _token_terms(model: AdditiveModel) -> Iterator[tuple[str, TokenTerm]]:
    for term in model.terms:
        if isinstance(term, TokenTerm):
            yield model.features[term.feature].name, term


def read_tokens(scorer: Scorer, row: Row, output: int) -> tuple[TokenPart, ...]:
    """What each token of the row's texts adds, the largest first; those of one term sum to the term."""
    if not isinstance(scorer, AdditiveScorer):
        return ()
    found = []
    for name, term in _token_terms(scorer.model):
        counted, parts = token_parts(term, [row[name][0]])
        found += [
            TokenPart(
                feature=name, token=term.vocabulary[p], contribution=float(c), units=term.rule.units,
                times=int(n),
            )
            for p, n, c in zip(counted.positions, counted.times, centred(parts, output), strict=True)
        ]  # fmt: skip
    return tuple(sorted(found, key=lambda t: -abs(t.contribution)))


def read_texts(scorer: Scorer, row: Row, output: int) -> tuple[TextReading, ...]:
    """One reading per text column that holds a text."""
    if not isinstance(scorer, AdditiveScorer):
        return ()
    terms: dict[str, list[TokenTerm]] = defaultdict(list)
    for name, term in _token_terms(scorer.model):
        terms[name].append(term)
    return tuple(
        _read(scorer, row, name, own, output) for name, own in terms.items() if row[name][0]
    )  # fmt: skip


def _read(
    scorer: AdditiveScorer, row: Row, name: str, terms: list[TokenTerm], output: int
) -> TextReading:  # fmt: skip
    text = str(row[name][0])
    origin = places(text) if len(text) <= LONGEST else None
    if origin is None:
        return TextReading(feature=name, marks=(), removals=())
    words = _parts(normalised(text), terms)
    shares = _shares(terms, text, words, output)
    words, shares = _phrases(words, shares, _linked(terms, text))
    marks = _marks(words, shares, origin)
    return TextReading(feature=name, marks=marks, removals=_removals(scorer, row, name, marks, output))


def _linked(terms: list[TokenTerm], text: str) -> set[int]:
    """Places of the normalised text where a pair of words that the model knows goes on."""
    if not has_ideograph(text):
        return set()
    found: set[int] = set()
    for term in (t for t in terms if t.rule.units == "word" and t.rule.tokenizer == "word-1"):
        known = frozenset(term.vocabulary)
        pairs = (token for token in occurrences(text, term.rule) if token.text in known)
        found.update(place for token in pairs for place in range(token.start + 1, token.end))
    return found


def _one_phrase(before: Piece, after: Piece, linked: set[int]) -> bool:
    both = is_ideograph(before.text) and is_ideograph(after.text)
    return both and before.end == after.start and after.start in linked


def _phrases(words: list[Piece], shares: np.ndarray, linked: set[int]) -> tuple[list[Piece], np.ndarray]:
    """Characters of scripts without blanks as phrases: a single one says little to a reader.

    Neighbours stand together where the model knows them as a pair and both move the score the same way.
    Their shares are added, so that the sum stays.
    """
    found: list[Piece] = []
    totals: list[float] = []
    for word, share in zip(words, shares, strict=True):
        if found and _one_phrase(found[-1], word, linked) and share * totals[-1] > 0:
            found[-1] = Piece(found[-1].text + word.text, found[-1].start, word.end)
            totals[-1] += share
        else:
            found.append(word)
            totals.append(share)
    return found, np.array(totals)


def _marks(words: list[Piece], shares: np.ndarray, origin: list[tuple[int, int]]) -> tuple[TextMark, ...]:
    """The shares where the words stand in the given text; words out of one sign share its mark."""
    found: list[TextMark] = []
    for word, share in zip(words, shares, strict=True):
        start, end = origin[word.start][0], origin[word.end - 1][1]
        if found and start < found[-1].end:  # one sign can stand for several words, as ㍿ does for four
            start, share = found[-1].start, share + found.pop().contribution
        found.append(TextMark(start=start, end=end, contribution=float(share)))
    return tuple(found)


def _parts(plain: str, terms: list[TokenTerm]) -> list[Piece]:
    """The parts of a text that get a share; with a segmenter the characters of a word stand together."""
    parts = stretches(plain)
    rule = next((t.rule for t in terms if t.rule.units == "word" and t.rule.tokenizer != "word-1"), None)
    if rule is None:
        return parts
    inner = {place for word in word_places(plain, rule) for place in range(word.start + 1, word.end)}
    found: list[Piece] = []
    for part in parts:
        if found and found[-1].end == part.start and part.start in inner:
            found[-1] = Piece(found[-1].text + part.text, found[-1].start, part.end)
        else:
            found.append(part)
    return found


def _shares(terms: list[TokenTerm], text: str, words: list[Piece], output: int) -> np.ndarray:
    """Share f8[w] of each part of the text."""
    owner = np.full(max((w.end for w in words), default=0) + 1, -1)
    for place, word in enumerate(words):
        owner[word.start : word.end] = place
    plain = normalised(text)
    letter = np.array([sign.isalnum() for sign in plain], dtype=bool)  # a pair of words spans a comma too
    shares = np.zeros(len(words))
    for term in terms:
        counted, parts = token_parts(term, [text])
        each = centred(parts, output) / counted.times  # every occurrence of a token counts the same
        value = {term.vocabulary[p]: c for p, c in zip(counted.positions, each, strict=True)}
        known = frozenset(term.vocabulary) if term.rule.units == "piece" else frozenset()
        for token in occurrences(text, term.rule, known):
            if token.text in value:
                covered = owner[token.start : token.end]
                letters = covered[letter[token.start : token.end]]
                covered = letters if len(letters) else covered[covered >= 0]
                np.add.at(shares, covered, value[token.text] / len(covered))
    return shares


def _removals(
    scorer: AdditiveScorer, row: Row, name: str, marks: tuple[TextMark, ...], output: int
) -> tuple[Removal, ...]:
    """The words with the largest shares, each taken out wherever it stands, and the row scored again."""
    text = str(row[name][0])
    places_of: dict[str, list[TextMark]] = defaultdict(list)
    for mark in marks:
        places_of[_bare(text[mark.start : mark.end])].append(mark)
    places_of.pop("", None)
    share = {word: sum(m.contribution for m in own) for word, own in places_of.items()}
    chosen = [word for word in sorted(share, key=lambda w: -abs(share[w])) if share[word]][:REMOVED]
    texts = [text, *(_without(text, places_of[word]) for word in chosen)]
    columns = {key: np.repeat(value, len(texts)) for key, value in row.items()}
    columns[name] = np.array(texts, dtype=object)
    link = scorer.link_scores(columns, len(texts))
    scores, estimates = centred(link, output), estimate_of(predicted(scorer, link), output)
    found = [
        Removal(
            word=word, times=len(places_of[word]), share=float(share[word]),
            effect=float(scores[0] - scores[i]), estimate=float(estimates[0]), if_removed=float(estimates[i]),
        )
        for i, word in enumerate(chosen, start=1)
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda r: -abs(r.effect)))


def _bare(stretch: str) -> str:
    """A stretch as a reader would name it: small letters, no punctuation at its ends."""
    plain = normalised(stretch)
    inner = [i for i, sign in enumerate(plain) if sign.isalnum()]
    return plain[inner[0] : inner[-1] + 1] if inner else plain


def _without(text: str, marks: list[TextMark]) -> str:
    kept, at = [], 0
    for mark in marks:
        kept.append(text[at : mark.start])
        at = mark.end
    return "".join([*kept, text[at:]])
