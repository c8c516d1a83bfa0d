"""Many texts at once to counted tokens: the names of words become numbers once, the rest is arithmetic.

An n-gram is one whole number made of its units' numbers side by side, so finding it in a vocabulary is a
search in a sorted array. Units that no vocabulary entry holds are 0, and so is what stands between two texts:
a number with such a part is in no vocabulary.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from interpretable.errors import BrokenPromise
from interpretable.records.additive import TextRule, TokenTerm
from interpretable.records.boosted import TextBlock
from interpretable.score.tokens import chunks, cut, find_words, normalised

BLOCK = 2_048  # texts read at once
REMEMBERED = 200_000  # words whose pieces are kept

Texts = Sequence[str | None] | np.ndarray  # of objects


@dataclass(frozen=True, eq=False)
class Counted:
    """Tokens of n texts, ordered by text and vocabulary position: text i8[m], position i8[m], times f8[m].

    `sizes` f8[n] counts all tokens of each text that were found, each as often as it occurs.
    """

    rows: np.ndarray
    positions: np.ndarray
    times: np.ndarray
    sizes: np.ndarray


def unit_names(texts: Texts, rule: TextRule) -> list[list[str]]:
    """The units of each text in order: its words, or its characters with a space at each border of a word."""
    plain = [normalised(text) if text else "" for text in texts]
    if rule.units == "characters":
        return [list(f" {' '.join(c.text for c in chunks(one))} ") if one else [] for one in plain]
    return [find_words(one, rule) for one in plain]


def number_units(
    names: Sequence[Sequence[str]], numbers: dict[str, int], gap: int
) -> tuple[np.ndarray, np.ndarray]:
    """Numbers i8[m] of all units, `gap` zeros after each text, and the text i8[m] each belongs to."""
    get = numbers.get
    flat: list[int] = []
    zeros = [0] * gap
    for units in names:
        flat += [get(unit, 0) for unit in units]
        flat += zeros
    sizes = np.fromiter((len(units) + gap for units in names), dtype=np.int64, count=len(names))
    return np.array(flat, dtype=np.int64), np.repeat(np.arange(len(names)), sizes)


def join_units(units: np.ndarray, size: int, bits: int) -> np.ndarray:
    """Numbers i8[m - size + 1] of the n-grams that begin at each unit; 0 where a part is unknown."""
    width = len(units) - size + 1
    if width <= 0:
        return np.zeros(0, dtype=np.int64)
    joined, whole = units[:width].copy(), units[:width] > 0
    for step in range(1, size):
        following = units[step : step + width]
        joined = (joined << bits) | following
        whole &= following > 0
    return np.where(whole, joined, 0)


def bits_for(rule: TextRule) -> int:
    """Bits of one unit's number."""
    return 62 // rule.ngrams[1]


class Vocabulary:
    """Where each n-gram of a fixed list stands in it."""

    def __init__(self, entries: Sequence[str], rule: TextRule):
        split = list if rule.units == "characters" else str.split
        parts = [split(entry) for entry in entries]
        names = sorted({unit for part in parts for unit in part})
        self.bits, self.sizes = bits_for(rule), rule.ngrams
        if len(names) >= 1 << self.bits:
            raise BrokenPromise(f"{len(names):,} different units are too many for {rule.ngrams[1]}-grams.")
        self.numbers = {name: place for place, name in enumerate(names, start=1)}
        self._tables = [self._table(parts, size) for size in range(self.sizes[0], self.sizes[1] + 1)]

    def _table(self, parts: list[list[str]], size: int) -> tuple[np.ndarray, np.ndarray]:
        """Sorted numbers of the entries of this size, and their positions."""
        own = [i for i, part in enumerate(parts) if len(part) == size]
        units = np.array([[self.numbers[u] for u in parts[i]] for i in own], dtype=np.int64)
        keys = units[:, 0] if len(own) else np.zeros(0, dtype=np.int64)
        for step in range(1, size if len(own) else 0):
            keys = (keys << self.bits) | units[:, step]
        order = np.argsort(keys, kind="stable")
        return keys[order], np.array(own, dtype=np.int64)[order]

    def find(self, texts: Texts, rule: TextRule) -> tuple[np.ndarray, np.ndarray]:
        """Text and position of every occurrence of an entry."""
        units, owner = number_units(unit_names(texts, rule), self.numbers, 1)
        rows, positions = [], []
        for size, (keys, places) in zip(range(self.sizes[0], self.sizes[1] + 1), self._tables, strict=True):
            joined = join_units(units, size, self.bits)
            if not len(keys) or not len(joined):
                continue
            at = np.minimum(np.searchsorted(keys, joined), len(keys) - 1)
            hit = np.flatnonzero(keys[at] == joined)
            rows.append(owner[hit])
            positions.append(places[at[hit]])
        empty = np.zeros(0, dtype=np.int64)
        return np.concatenate([empty, *rows]), np.concatenate([empty, *positions])


class Pieces:
    """Words cut into the entries of a fixed list; how a word is cut is worked out once."""

    def __init__(self, entries: Sequence[str], rule: TextRule):
        self._places = {name: place for place, name in enumerate(entries)}
        self._known = frozenset(entries)
        self._longest = max(map(len, entries), default=0)
        self._cut: dict[str, list[int]] = {}

    def _positions(self, word: str) -> list[int]:
        found = self._cut.get(word)
        if found is None:
            if len(self._cut) >= REMEMBERED:
                self._cut.clear()
            found = [self._places[name] for name in cut(word, self._known, self._longest)]
            self._cut[word] = found
        return found

    def find(self, texts: Texts, rule: TextRule) -> tuple[np.ndarray, np.ndarray]:
        """Text and position of every occurrence of an entry."""
        own = [[p for word in words for p in self._positions(word)] for words in unit_names(texts, rule)]
        sizes = [len(positions) for positions in own]
        flat = np.array([p for positions in own for p in positions], dtype=np.int64)
        return np.repeat(np.arange(len(own)), sizes), flat


class Reader:
    """Reads texts against one vocabulary by one rule."""

    def __init__(self, entries: Sequence[str], rule: TextRule):
        self.rule, self.size = rule, len(entries)
        self._finder = Pieces(entries, rule) if rule.units == "piece" else Vocabulary(entries, rule)

    def count(self, texts: Texts) -> Counted:
        """The counted tokens of texts; an absent text has none."""
        blocks = [self._count(texts[i : i + BLOCK], i) for i in range(0, len(texts), BLOCK)]
        keys = np.concatenate([np.zeros(0, dtype=np.int64), *(b[0] for b in blocks)])
        times = np.concatenate([np.zeros(0), *(b[1] for b in blocks)])
        rows, positions = np.divmod(keys, max(self.size, 1))
        return Counted(rows, positions, times, np.bincount(rows, weights=times, minlength=len(texts)))

    def _count(self, texts: Texts, start: int) -> tuple[np.ndarray, np.ndarray]:
        rows, positions = self._finder.find(texts, self.rule)
        keys, times = np.unique((rows + start) * self.size + positions, return_counts=True)
        return keys, times.astype(np.float64)


def factors(counted: Counted, idf: np.ndarray, rule: TextRule) -> np.ndarray:
    """What each token's weight is multiplied with, f8[m]: tf * idf / norm."""
    tf = 1.0 + np.log(counted.times) if rule.sublinear else counted.times
    own = tf * idf[counted.positions]
    if rule.norm == "none":
        return own
    if rule.norm == "count":
        return own / counted.sizes[counted.rows]
    length = np.sqrt(np.bincount(counted.rows, weights=own * own, minlength=len(counted.sizes)))
    return own / length[counted.rows]


def summed(rows: np.ndarray, parts: np.ndarray, texts: int) -> np.ndarray:
    """Parts f8[m, K] added up by text, one after the other: f8[n, K]."""
    sums = [np.bincount(rows, weights=parts[:, k], minlength=texts) for k in range(parts.shape[1])]
    return np.column_stack(sums) if sums else np.zeros((texts, 0))


@lru_cache(maxsize=16)
def reader_of(term: TokenTerm | TextBlock) -> Reader:
    """The reader of a vocabulary; made once, since sorting it takes longer than reading a text."""
    return Reader(term.vocabulary, term.rule)


def token_parts(term: TokenTerm, texts: Texts) -> tuple[Counted, np.ndarray]:
    """Every token of every text and what it adds, f8[m, K]: their sums in order are the term's scores."""
    counted = reader_of(term).count(texts)
    return counted, factors(counted, term.idf, term.rule)[:, None] * term.weights[counted.positions]
