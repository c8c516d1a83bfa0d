"""Is this text written in words the model learned from?

A word counts as known from two training texts on. How many unknown words a text may have is learned from
training texts that were held out of the list of words; long and short texts are made comparable by the
standard error of a share.
"""

from __future__ import annotations

from collections import Counter
from functools import cached_property

import numpy as np

from interpretable.records.additive import TextRule
from interpretable.records.domain import TextRange
from interpretable.score.texts import BLOCK, Texts, unit_names

KEEP = 0.99  # share of held-out texts below the limit
FEWEST = 2  # training texts behind a known word
MOST_WORDS = 100_000
MOST_TEXTS = 20_000  # read for the limit
TOKENIZER = "word-1"

Words = list[list[str]]


def _words(texts: Texts, tokenizer: str) -> Words:
    rule = TextRule(tokenizer=tokenizer)
    return [w for i in range(0, len(texts), BLOCK) for w in unit_names(texts[i : i + BLOCK], rule)]


def _known(words: Words) -> frozenset[str]:
    seen = Counter(word for one in words for word in set(one))
    common = [word for word, n in seen.most_common(MOST_WORDS) if n >= FEWEST]
    return frozenset(common)


def _unknown(words: Words, known: frozenset[str]) -> tuple[np.ndarray, np.ndarray]:
    """Unknown and all words of each text, f8[n]."""
    unknown = [sum(word not in known for word in one) for one in words]
    return np.array(unknown, dtype=np.float64), np.array([len(one) for one in words], dtype=np.float64)


def _score(unknown: np.ndarray, total: np.ndarray, usual: float) -> np.ndarray:
    return (unknown - total * usual) / np.sqrt(total * usual * (1.0 - usual) + 1.0)


def fit_familiar(feature: str, texts: Texts, *, seed: int) -> TextRange:
    """Describe the training texts of one column."""
    words = _words(texts, TOKENIZER)
    order = np.random.default_rng(seed).permutation(len(words))[:MOST_TEXTS]
    part = np.arange(len(order)) % 5
    unknown, total = np.zeros(len(order)), np.zeros(len(order))
    for fold in range(5):
        known = _known([words[i] for i in order[part != fold]])
        held = np.flatnonzero(part == fold)
        unknown[held], total[held] = _unknown([words[i] for i in order[held]], known)
    usual = float(unknown.sum() / max(total.sum(), 1.0))
    scores = _score(unknown, total, usual)
    limit = float(np.quantile(scores, KEEP)) if len(scores) else 0.0
    known_words = tuple(sorted(_known(words)))
    return TextRange(feature=feature, tokenizer=TOKENIZER, words=known_words, usual=usual, limit=limit)


class Familiar:
    """Asks a TextRange about texts."""

    def __init__(self, told: TextRange):
        self.told = told

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self.told.words)

    def count(self, texts: Texts) -> tuple[np.ndarray, np.ndarray]:
        """Unknown words and all words of each text, f8[n]."""
        return _unknown(_words(texts, self.told.tokenizer), self._known)

    def unfamiliar(self, unknown: np.ndarray, total: np.ndarray) -> np.ndarray:
        """bool[n]: far more unknown words than in training texts."""
        return _score(unknown, total, self.told.usual) > self.told.limit
