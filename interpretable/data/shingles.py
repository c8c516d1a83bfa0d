"""Texts as sets of shingles: short runs of characters or words, each as a 32-bit number.

Short texts are cut into characters: one word changed in a message of 15 would take a quarter of its word
shingles away. Long texts are cut into words, which are a sixth as many and care less about single letters.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import numpy as np

from interpretable.data.textblocks import MARK, blocks, code_points, is_ideograph, word_starts

Cut = Literal["characters", "words"]
CHARACTERS, SIGNS, WORDS = 5, 2, 3  # length of a shingle: letters, ideographs in short texts, words
_FACTORS = np.random.default_rng(20_000).integers(2**63, 2**64, 64, dtype=np.uint64) | np.uint64(1)


def shingles(plain: Sequence[str], cut: Cut) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Per block: text number int64 (m,), ascending, and shingle uint32 (m,), repeated ones once each.

    plain : as made by `textblocks.plain_texts`
    """
    for block in blocks(plain):
        points = code_points(block.joined)
        row = np.repeat(np.arange(len(block.starts)), np.diff(block.starts, append=len(points)))
        inside = points != ord(MARK)
        found = (_characters if cut == "characters" else _words)(points, row, inside)
        both = np.concatenate([(r.astype(np.uint64) << np.uint64(32)) | h for r, h in found])
        both.sort()  # np.unique would hash: ten times slower on so many
        both = both[np.concatenate(([True], both[1:] != both[:-1]))[: len(both)]]
        yield block.first + (both >> np.uint64(32)).astype(np.int64), both.astype(np.uint32)


def _characters(points: np.ndarray, row: np.ndarray, inside: np.ndarray) -> list[tuple]:
    """Runs of 5 characters, or of 2 in texts of mostly ideographs."""
    sign, rows = is_ideograph(points), int(row[-1]) + 1
    written = np.bincount(row[inside & (points != ord(" "))], minlength=rows)
    dense = 2 * np.bincount(row[sign], minlength=rows) > written
    codes = _mixed(points.astype(np.uint64))
    kept = [(size, dense[row] == (size == SIGNS)) for size in (CHARACTERS, SIGNS)]
    return [_runs(codes[where & inside], row[where & inside], size) for size, where in kept]


def _words(points: np.ndarray, row: np.ndarray, inside: np.ndarray) -> list[tuple]:
    """Runs of 3 words; an ideograph is a word."""
    begins, at = word_starts(points, is_ideograph(points)), np.arange(len(points))
    starts = np.flatnonzero(begins)
    if not len(starts):
        return [(np.zeros(0, np.int64), np.zeros(0, np.uint64))]
    place = at - np.maximum.accumulate(np.where(begins, at, 0))
    written = inside & (points != ord(" "))
    letters = np.where(
        written, _mixed(points.astype(np.uint64)) * _FACTORS[place % len(_FACTORS)], np.uint64(0)
    )
    return [_runs(_mixed(np.add.reduceat(letters, starts)), row[starts], WORDS)]


def _runs(codes: np.ndarray, row: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Row and hash of every run of `size` codes that lies in one row."""
    count = max(len(codes) - size + 1, 0)
    total = np.zeros(count, dtype=np.uint64)
    for step in range(size):
        total += codes[step : step + count] * _FACTORS[step]
    whole = row[:count] == row[size - 1 : size - 1 + count]
    return row[:count][whole], _mixed(total[whole]) >> np.uint64(32)


def _mixed(values: np.ndarray) -> np.ndarray:
    """The finishing steps of MurmurHash3 (Appleby, public domain): every bit depends on every other."""
    for factor in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53):
        values = (values ^ (values >> np.uint64(33))) * np.uint64(factor)
    return values ^ (values >> np.uint64(33))
