"""The words a narrative may be made of, by language and kind: data, read once."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from interpretable.data.wordrule import IDEOGRAPH
from interpretable.words import clean

_QUOTES = dict.fromkeys(map(ord, '"“”„«»‹›「」『』《》*_`#'), " ")
_SAME = str.maketrans(
    {"’": "'", "‘": "'", "−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-", "、": ",", "。": "\n"}
)
_NEXT_TO_IDEOGRAPH = re.compile(rf"(?<=[{IDEOGRAPH}])[ \t]+|[ \t]+(?=[{IDEOGRAPH}])")
_BULLET = re.compile(r"(?m)^[ \t]*[-•·][ \t]+")


def normalised(text: str) -> str:
    """The text as it is compared: compatibility forms folded, small letters, no quotes, one kind of dash.

    Line ends stay, since they end sentences; blanks beside a Chinese character go.
    """
    lines = [clean(line) for line in text.splitlines()]
    plain = unicodedata.normalize("NFKC", "\n".join(line for line in lines if line)).casefold()
    plain = plain.translate(_SAME).translate(_QUOTES)
    plain = _BULLET.sub("", plain)
    plain = re.sub(r"[ \t]+", " ", plain)
    return _NEXT_TO_IDEOGRAPH.sub("", plain).strip()


@dataclass(frozen=True)
class Phrases:
    """Phrases to look for at a place of a text, the longest first."""

    by_start: Mapping[str, tuple[tuple[str, tuple[tuple[str, str], ...]], ...]]

    def at(
        self, text: str, place: int, *, most: int | None = None
    ) -> tuple[str, tuple[tuple[str, str], ...]] | None:
        """The longest phrase that stands here as whole words, with its (kind, meaning) readings.

        most : how long it may be
        """
        for phrase, readings in self.by_start.get(text[place], ()):
            fits = most is None or len(phrase) <= most
            if fits and text.startswith(phrase, place) and _stands_alone(text, place, place + len(phrase)):
                return phrase, readings
        return None


def _word(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _stands_alone(text: str, start: int, end: int) -> bool:
    if start and _word(text[start]) and _word(text[start - 1]):
        return False
    return not (end < len(text) and _word(text[end - 1]) and _word(text[end]))


def make_phrases(readings: Iterable[tuple[str, str, str]]) -> Phrases:
    """Phrases from (phrase, kind, meaning); one phrase may have several readings."""
    joined: dict[str, list[tuple[str, str]]] = {}
    for phrase, kind, meaning in readings:
        plain = normalised(phrase)
        if plain and (kind, meaning) not in joined.setdefault(plain, []):
            joined[plain].append((kind, meaning))
    starts: dict[str, list[tuple[str, tuple[tuple[str, str], ...]]]] = {}
    for phrase in sorted(joined, key=len, reverse=True):
        starts.setdefault(phrase[0], []).append((phrase, tuple(joined[phrase])))
    return Phrases({start: tuple(found) for start, found in starts.items()})


@cache
def lexicon(lang: str) -> dict[str, tuple[str, ...]]:
    """Kind of word -> the words of that kind."""
    path = Path(__file__).with_name(f"lexicon_{lang}.toml")
    return {kind: tuple(words) for kind, words in tomllib.loads(path.read_text("utf-8")).items()}
