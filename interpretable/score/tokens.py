"""Text to tokens, one text at a time: the reference for `score/texts.py`, which reads many at once.

Each way of finding words has a version: a model names the one it was trained with.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import NamedTuple

from interpretable.records.additive import TextRule

# One token: a run of word characters, but each Chinese, Japanese or Korean character stands alone,
# since those scripts do not put spaces between words (n-grams rebuild the words).
_IDEOGRAPH = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_WORD = re.compile(rf"[{_IDEOGRAPH}]|[^\W{_IDEOGRAPH}]+")
_ASCII_WORD = re.compile(r"[a-z0-9_]+")
_CHUNK = re.compile(r"\S+")
_STRETCH = re.compile(rf"[{_IDEOGRAPH}]|[^\s{_IDEOGRAPH}]+")


class Piece(NamedTuple):
    """A word or token, and where it stands in the normalised text."""

    text: str
    start: int
    end: int


def normalised(text: str) -> str:
    """Compatibility forms folded (NFKC), small letters."""
    return text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).lower()


def places(text: str) -> list[tuple[int, int]] | None:
    """For each character of the normalised text, the stretch [start, end) of the given text it came from.

    None where folding joins characters across what belongs together, so that places cannot be told.
    """
    if text.isascii():
        return [(i, i + 1) for i in range(len(text))]
    plain, found, start = "", [], 0
    for end in range(1, len(text) + 1):
        if end < len(text) and (unicodedata.combining(text[end]) or "\u1160" <= text[end] <= "\u11ff"):
            continue  # a mark, or a part of a Korean syllable: it belongs to the character before
        own = unicodedata.normalize("NFKC", text[start:end]).lower()
        plain, found, start = plain + own, [*found, *[(start, end)] * len(own)], end
    return found if plain == normalised(text) else None


def find_words(plain: str) -> list[str]:
    """The words of a normalised text."""
    return _ASCII_WORD.findall(plain) if plain.isascii() else _WORD.findall(plain)


def _word_places(plain: str) -> list[Piece]:
    return [Piece(m.group(), *m.span()) for m in _WORD.finditer(plain)]


TOKENIZERS: dict[str, Callable[[str], list[str]]] = {"word-1": find_words}
PLACES: dict[str, Callable[[str], list[Piece]]] = {"word-1": _word_places}


def chunks(plain: str) -> list[Piece]:
    """What stands between white space: the stretches that n-grams of characters do not leave."""
    return [Piece(m.group(), *m.span()) for m in _CHUNK.finditer(plain)]


def stretches(plain: str) -> list[Piece]:
    """What a reader sees as the parts of a text: a run without white space, or one East Asian character."""
    return [Piece(m.group(), *m.span()) for m in _STRETCH.finditer(plain)]


def _word_grams(plain: str, rule: TextRule) -> Iterator[Piece]:
    words = PLACES[rule.tokenizer](plain)
    for size in range(rule.ngrams[0], rule.ngrams[1] + 1):
        for i in range(len(words) - size + 1):
            run = words[i : i + size]
            yield Piece(" ".join(w.text for w in run), run[0].start, run[-1].end)


def _character_grams(plain: str, rule: TextRule) -> Iterator[Piece]:
    for chunk in chunks(plain):
        padded = f" {chunk.text} "
        for size in range(rule.ngrams[0], rule.ngrams[1] + 1):
            for i in range(len(padded) - size + 1):
                start, end = chunk.start + i - 1, chunk.start + i - 1 + size
                yield Piece(padded[i : i + size], max(start, chunk.start), min(end, chunk.end))


def cut(word: str, known: frozenset[str], longest: int) -> list[str]:
    """The longest known pieces of a word, from its start on; characters in no piece are passed over.

    A piece at the start of a word is known under its name with a space before it.
    """
    pieces, at = [], 0
    while at < len(word):
        for end in range(min(len(word), at + longest), at, -1):
            name = f" {word[:end]}" if at == 0 else word[at:end]
            if name in known:
                pieces.append(name)
                at = end
                break
        else:
            at += 1
    return pieces


def _pieces(plain: str, rule: TextRule, known: frozenset[str]) -> Iterator[Piece]:
    longest = max(map(len, known), default=0)
    for word in PLACES[rule.tokenizer](plain):
        at = word.start
        for name in cut(word.text, known, longest):
            found = plain.index(name.removeprefix(" "), at)
            at = found + len(name.removeprefix(" "))
            yield Piece(name, found, at)


def occurrences(text: str, rule: TextRule, known: frozenset[str] = frozenset()) -> Iterator[Piece]:
    """Every token of a text, with its place in the normalised text; `known` holds the pieces of that rule."""
    plain = normalised(text)
    if rule.units == "word":
        yield from _word_grams(plain, rule)
    elif rule.units == "characters":
        yield from _character_grams(plain, rule)
    else:
        yield from _pieces(plain, rule, known)


def grams(text: str, rule: TextRule, known: frozenset[str] = frozenset()) -> list[str]:
    """The tokens of a text by name."""
    return [token.text for token in occurrences(text, rule, known)]
