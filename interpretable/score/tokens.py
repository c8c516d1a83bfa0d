"""Text to tokens, one text at a time: the reference for `score/texts.py`, which reads many at once.

Each way of finding words has a version: a model names the one it was trained with.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from importlib import import_module, metadata
from typing import NamedTuple

from interpretable.data.negation import has_cue, negated
from interpretable.data.wordrule import IDEOGRAPH, WORD
from interpretable.errors import UserError
from interpretable.records.additive import TextRule
from interpretable.records.negation import DENIED

_ASCII_WORD = re.compile(r"[a-z0-9_]+")
_CHUNK = re.compile(r"\S+")
_STRETCH = re.compile(rf"[{IDEOGRAPH}]|[^\s{IDEOGRAPH}]+")


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


def _plain_words(plain: str) -> list[str]:
    return _ASCII_WORD.findall(plain) if plain.isascii() else WORD.findall(plain)


def _word_places(plain: str) -> list[Piece]:
    return [Piece(m.group(), *m.span()) for m in WORD.finditer(plain)]


@lru_cache(maxsize=4)
def _rjieba(version: str) -> Callable[[str], list[str]]:
    """The segmenter, in the version a model was made with: another dictionary would give other words."""
    try:
        installed = metadata.version("rjieba")
    except metadata.PackageNotFoundError:
        installed = ""
    if installed != version:
        raise UserError(
            f"This model cuts Chinese into words with rjieba {version}; "
            f"{f'version {installed}' if installed else 'no rjieba'} is installed. "
            f"Install it: pip install rjieba=={version}"
        )
    return import_module("rjieba").cut


def _segmented(plain: str, version: str) -> list[Piece]:
    """Words by the segmenter where a text holds East Asian characters, else by the plain rule."""
    if plain.isascii():
        return _word_places(plain)
    found, at = [], 0
    for part in _rjieba(version)(plain):
        if WORD.search(part):
            found.append(Piece(part, at, at + len(part)))
        at += len(part)
    return found


def _places_by(tokenizer: str) -> Callable[[str], list[Piece]]:
    if tokenizer == "word-1":
        return _word_places
    return partial(_segmented, version=tokenizer.removeprefix("rjieba-"))


def _marked(plain: str, found: list[Piece], rule: TextRule) -> list[Piece]:
    """The words, those that the text denies under another name."""
    single = _word_places(plain)
    ends = [0, *(word.end for word in single)]
    between = [plain[end : word.start] for end, word in zip(ends, single, strict=False)]
    hits = negated([word.text for word in single], between, rule.negation)
    denied = {word.start for word, hit in zip(single, hits, strict=True) if hit}
    return [w._replace(text=DENIED + w.text) if w.start in denied else w for w in found]


def word_places(plain: str, rule: TextRule) -> list[Piece]:
    """The words of a normalised text with their places."""
    found = _places_by(rule.tokenizer)(plain)
    return found if rule.negation is None else _marked(plain, found, rule)


def find_words(plain: str, rule: TextRule) -> list[str]:
    """The words of a normalised text."""
    if rule.tokenizer == "word-1":
        found = _plain_words(plain)
        if rule.negation is None or not has_cue(found, rule.negation):
            return found
    return [word.text for word in word_places(plain, rule)]


def chunks(plain: str) -> list[Piece]:
    """What stands between white space: the stretches that n-grams of characters do not leave."""
    return [Piece(m.group(), *m.span()) for m in _CHUNK.finditer(plain)]


def stretches(plain: str) -> list[Piece]:
    """What a reader sees as the parts of a text: a run without white space, or one East Asian character."""
    return [Piece(m.group(), *m.span()) for m in _STRETCH.finditer(plain)]


def _word_grams(plain: str, rule: TextRule) -> Iterator[Piece]:
    words = word_places(plain, rule)
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
    for word in word_places(plain, rule):
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
