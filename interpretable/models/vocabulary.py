"""Which n-grams a text model knows: those of enough training texts, found in bounded memory.

Two passes. The first counts units (words or characters) by text; an n-gram of `fewest` texts can only hold
units of as many, so all others are 0 in the second pass, where n-grams are whole numbers in sorted arrays.
Where even these are too many, the rarest are dropped while counting (Manku and Motwani, 2002).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from interpretable.records.additive import TextRule
from interpretable.score.texts import BLOCK, Texts, bits_for, join_units, number_units, unit_names

MOST_COUNTED = 4_000_000  # n-grams counted at once: 64 MB


@dataclass(frozen=True, eq=False)
class Learned:
    """Entries in alphabetical order, and the training texts that hold each, i8[V]."""

    entries: tuple[str, ...]
    rows: np.ndarray


def learn(texts: Texts, rule: TextRule, *, fewest: int, most: int, counted: int = MOST_COUNTED) -> Learned:
    """The n-grams of at least `fewest` texts; where these are more than `most`, those of the most texts.

    Parameters
    ----------
    texts : training texts; an absent one has no n-grams
    rule : units and sizes
    fewest : a rarer n-gram tells little, and could point at a person
    most : entries kept
    counted : n-grams held in memory while counting
    """
    units = _frequent_units(texts, rule, fewest)
    numbers = {name: place for place, name in enumerate(units, start=1)}
    keys, rows = _count(texts, rule, numbers, counted)
    kept = rows >= fewest
    if rule.units == "characters":
        kept &= ~_with_gap(keys, rule, numbers.get(" ", 0))
    keys, rows = keys[kept], rows[kept]
    if len(keys) > most:
        order = np.lexsort((keys, -rows))[:most]
        keys, rows = keys[order], rows[order]
    between = "" if rule.units == "characters" else " "
    entries = [between.join(units[part - 1] for part in parts) for parts in _parts(keys, rule)]
    order = np.argsort(np.array(entries, dtype=object), kind="stable")
    return Learned(tuple(entries[i] for i in order), rows[order])


def _blocks(texts: Texts, rule: TextRule) -> Iterator[list[list[str]]]:
    for start in range(0, len(texts), BLOCK):
        yield unit_names(texts[start : start + BLOCK], rule)


def _frequent_units(texts: Texts, rule: TextRule, fewest: int) -> list[str]:
    """Units of enough texts, at most as many as a number has room for, the most frequent first."""
    seen: Counter[str] = Counter()
    for names in _blocks(texts, rule):
        for units in names:
            seen.update(set(units))
        if len(seen) > MOST_COUNTED:
            seen = Counter({unit: n for unit, n in seen.items() if n > 1})
    ranked = sorted((unit for unit, n in seen.items() if n >= fewest), key=lambda u: (-seen[u], u))
    return ranked[: (1 << bits_for(rule)) - 1]


def _count(texts: Texts, rule: TextRule, numbers: dict[str, int], most: int) -> tuple[np.ndarray, np.ndarray]:
    """Numbers of n-grams and the texts that hold each. A longer n-gram is always the larger number."""
    keys, rows = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    for names in _blocks(texts, rule):
        found, times = _once_per_text(names, rule, numbers)
        merged, place = np.unique(np.concatenate([keys, found]), return_inverse=True)
        total = np.bincount(place, weights=np.concatenate([rows, times]), minlength=len(merged))
        keys, rows = merged, total.astype(np.int64)
        limit = 1
        while len(keys) > most:
            kept = rows > limit
            keys, rows, limit = keys[kept], rows[kept], limit + 1
    return keys, rows


def _once_per_text(
    names: list[list[str]], rule: TextRule, numbers: dict[str, int]
) -> tuple[np.ndarray, np.ndarray]:
    """The n-grams of a block of texts, and in how many of these texts each stands."""
    units, owner = number_units(names, numbers, 1)
    pairs = []
    for size in range(rule.ngrams[0], rule.ngrams[1] + 1):
        joined = join_units(units, size, bits_for(rule))
        hit = np.flatnonzero(joined)
        pairs.append(np.stack([owner[hit], joined[hit]]))
    rows, keys = np.concatenate([np.zeros((2, 0), dtype=np.int64), *pairs], axis=1)
    order = np.lexsort((rows, keys))
    rows, keys = rows[order], keys[order]
    first = np.ones(len(keys), dtype=bool)
    first[1:] = (keys[1:] != keys[:-1]) | (rows[1:] != rows[:-1])
    found, times = np.unique(keys[first], return_counts=True)
    return found, times


def _parts(keys: np.ndarray, rule: TextRule) -> Iterator[list[int]]:
    """Unit numbers of each n-gram, in order."""
    bits = bits_for(rule)
    mask = (1 << bits) - 1
    for key in keys.tolist():
        parts = []
        while key:
            parts.append(key & mask)
            key >>= bits
        yield parts[::-1]


def _with_gap(keys: np.ndarray, rule: TextRule, space: int) -> np.ndarray:
    """Which n-grams of characters hold a space inside, or nothing but a border: they leave their word."""
    bits = bits_for(rule)
    mask = (1 << bits) - 1
    gap = np.zeros(len(keys), dtype=bool)
    for place in range(1, rule.ngrams[1] - 1):  # neither the last unit nor the first
        inside = (keys >> (bits * (place + 1))) > 0
        gap |= inside & (((keys >> (bits * place)) & mask) == space)
    return gap if space else np.zeros(len(keys), dtype=bool)
