"""Many texts handled at once: joined into blocks, so that one pass of a fast routine serves thousands."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

MARK = "\x1e"  # record separator: stands between texts and in none of them
IDEOGRAPH = (
    "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"  # scripts without spaces between words: as score/tokens.py
)
HIDDEN = "\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"  # drawn as nothing
_BLOCK = 1_000_000  # characters, about: bounds the memory of everything below

_HIDDEN = re.compile(f"[{HIDDEN}]")
# Normalising takes the square of the marks piled on a letter: more than 30 are cut off (Unicode, UAX 15).
_PILED = re.compile(r"([^\w\s\x00-\x7f]{30})[^\w\s\x00-\x7f]+")
_NO_WORD = re.compile(rf"[^\w{MARK}]+|_+")
_TOKEN = re.compile(rf"[{IDEOGRAPH}]|[^\s{IDEOGRAPH}]+")
_AROUND_MARK = re.compile(f" *{MARK} *")


@dataclass(frozen=True, eq=False)
class Block:
    """Some texts in a row. `row_of(offsets)` tells which text a place in `joined` belongs to."""

    first: int  # position of the first text
    starts: np.ndarray  # int64, where each text begins in `joined`
    joined: str  # texts with MARK after each

    def row_of(self, offsets: np.ndarray) -> np.ndarray:
        return self.first + np.searchsorted(self.starts, offsets, side="right") - 1

    def counts(self, where: np.ndarray) -> np.ndarray:
        """int64 per text: places of `joined` marked in a bool array."""
        return np.add.reduceat(where, self.starts, dtype=np.int64)


def blocks(texts: Sequence[str | None]) -> Iterator[Block]:
    """The texts, joined to about a million characters at a time; a missing one counts as empty."""
    held: list[str] = []
    first = size = 0
    for at, text in enumerate(texts):
        held.append(text.replace(MARK, " ") if text else "")
        size += len(held[-1])
        if size >= _BLOCK:
            yield _block(first, held)
            held, first, size = [], at + 1, 0
    if held:
        yield _block(first, held)


def _block(first: int, held: list[str]) -> Block:
    lengths = np.array([len(text) + 1 for text in held], dtype=np.int64)
    return Block(first, np.concatenate(([0], np.cumsum(lengths)[:-1])), MARK.join((*held, "")))


def plain_texts(texts: Sequence[str | None]) -> list[str]:
    """Each text as its words: NFKC, lower case, no hidden characters, all but letters and digits a space."""
    found: list[str] = []
    for block in blocks(texts):
        shown = _PILED.sub(r"\1", _HIDDEN.sub("", block.joined))
        plain = unicodedata.normalize("NFKC", shown).lower()
        plain = _AROUND_MARK.sub(MARK, _NO_WORD.sub(" ", plain))
        found += [text.strip(" ") for text in plain.split(MARK)[:-1]]
    return found


def code_points(joined: str) -> np.ndarray:
    """uint32 (n,), one per character."""
    return np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype="<u4")


def is_ideograph(points: np.ndarray) -> np.ndarray:
    """bool: characters that stand for a word or syllable by themselves."""
    return (
        ((points >= 0x3040) & (points <= 0x30FF))
        | ((points >= 0x3400) & (points <= 0x9FFF))
        | ((points >= 0xAC00) & (points <= 0xD7AF))
    )


def _word_counts(plain: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Words and lone ideographs of each plain text, int64 (n,) both."""
    words, signs = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for block in blocks(plain):
        points = code_points(block.joined)
        sign = is_ideograph(points)
        words.append(block.counts(word_starts(points, sign) & ~sign))
        signs.append(block.counts(sign))
    return np.concatenate(words), np.concatenate(signs)


def word_starts(points: np.ndarray, sign: np.ndarray) -> np.ndarray:
    """bool: where a token of a plain text begins; every ideograph is one."""
    gap = (points == ord(" ")) | (points == ord(MARK))
    before = np.concatenate(([True], (gap | sign)[:-1]))
    return ~gap & (before | sign)


def lengths_in_words(plain: Sequence[str]) -> np.ndarray:
    """f8 (n,): words, two ideographs counted as one since most Chinese words have two characters."""
    words, signs = _word_counts(plain)
    return words + signs / 2


def tokens(plain: str) -> list[str]:
    """Words of a plain text; each ideograph is one."""
    return _TOKEN.findall(plain)
