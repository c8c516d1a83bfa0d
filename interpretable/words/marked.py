"""A text with the words that carry its score, and tokens by name: as a person reads them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import groupby
from typing import Literal

from interpretable.records.document import Run
from interpretable.records.explanation import TextMark
from interpretable.records.negation import DENIED
from interpretable.words.catalogs import say

Way = Literal["", "raises", "lowers"]

LEVELS = (0.1, 0.3, 0.6)  # of the largest share of the text: below the first a word is not marked
MOST_MARKED = 60  # words; more than that are noise
BORDER = "␣"  # the border of a word in a run of characters
_EDGES = re.compile(r"^\W+|\W+$")  # what is no part of a word by name
_JOINERS = "\u200c\u200d"  # parts of ordinary writing in some scripts and of some pictures


def _hidden(text: str, place: int) -> bool:
    """Whether this character shows nothing, or turns the direction of reading."""
    sign = text[place]
    if sign in _JOINERS:  # between letters of Latin script they only hide a word
        around = text[max(place - 1, 0) : place] + text[place + 1 : place + 2]
        return not around or around.isascii()
    return unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co")


def visible(text: str) -> str:
    """A text with its control and direction-changing characters spelled out; line ends and tabs stay.

    >>> visible("abc\\u202edef")
    'abc[U+202E]def'
    """
    if text.isascii() and text.isprintable():
        return text
    plain = text.replace("\r\n", "\n").replace("\t", " ")
    return "".join(
        f"[U+{ord(sign):04X}]" if sign != "\n" and _hidden(plain, i) else sign for i, sign in enumerate(plain)
    )


def _wide(word: str) -> bool:
    return word != "" and unicodedata.east_asian_width(word[-1]) == "W" == unicodedata.east_asian_width(
        word[0]
    )


def _joined(parts: Sequence[str]) -> str:
    """Words side by side; scripts without blanks get none."""
    text = ""
    for part in parts:
        text += part if not text or (_wide(text) and _wide(part)) else f" {part}"
    return text


def token(name: str, units: str = "word", lang: str = "en") -> str:
    """The name of a token as a person reads it; words that the text denies are one phrase.

    >>> token("¬chest ¬pain"), token(" fre", "characters"), token("中 奖")
    ('not: chest pain', '␣fre', '中奖')
    """
    if units == "characters":
        return visible(name.replace(" ", BORDER))
    if units == "piece":
        return visible(name[1:] if name.startswith(" ") else f"…{name}")
    groups: list[tuple[bool, list[str]]] = []
    for part in visible(name).split(" "):
        denied = part.startswith(DENIED)
        if not groups or groups[-1][0] != denied:
            groups.append((denied, []))
        groups[-1][1].append(part.removeprefix(DENIED))
    inside = len(groups) > 1
    return _joined([_phrase(words, denied, lang, inside=inside) for denied, words in groups])


def _phrase(words: list[str], denied: bool, lang: str, *, inside: bool) -> str:
    if not denied:
        return _joined(words)
    return say(f"reading.denied{'_inside' if inside else ''}", lang, phrase=_joined(words))


def strength(size: float, largest: float) -> int:
    """How strong a share is beside the largest of its text: 0 to 3."""
    return sum(abs(size) >= level * abs(largest) for level in LEVELS) if largest else 0


def _totals(text: str, marks: Sequence[TextMark]) -> list[float]:
    """For each mark the share of its word, all places of the word together, as tables have it."""
    names = [_EDGES.sub("", text[m.start : m.end].lower()) or text[m.start : m.end] for m in marks]
    total: dict[str, float] = {}
    for name, mark in zip(names, marks, strict=True):
        total[name] = total.get(name, 0.0) + mark.contribution
    return [total[name] for name in names]


def _kinds(shares: Sequence[float]) -> list[tuple[Way, int]]:
    """Direction and strength of each mark; of many words only the largest ones have any."""
    sizes = sorted({abs(share) for share in shares}, reverse=True)  # each word once
    largest = sizes[0] if sizes else 0.0
    least = sizes[min(MOST_MARKED, len(sizes)) - 1] if sizes else 0.0
    found: list[tuple[Way, int]] = []
    for share in shares:
        level = strength(share, largest) if abs(share) >= least else 0
        found.append(("" if not level else "raises" if share > 0 else "lowers", level))
    return found


def runs(text: str, marks: Sequence[TextMark]) -> tuple[Run, ...]:
    """The text as stretches with the thickness of their lines; marks that touch share one sign."""
    found, kinds, at = [], _kinds(_totals(text, marks)), 0
    for place, (mark, (way, level)) in enumerate(zip(marks, kinds, strict=True)):
        found.append(Run(text=text[at : mark.start]))
        touches = place + 1 < len(marks) and marks[place + 1].start == mark.end
        last = bool(way) and not (touches and kinds[place + 1][0] == way)
        found.append(Run(text=text[mark.start : mark.end], direction=way, level=level, last=last))
        at = mark.end
    return _together([*found, Run(text=text[at:])])


def _together(found: Sequence[Run]) -> tuple[Run, ...]:
    """Runs of the same kind that follow each other as one; a sign ends its run."""
    kept: list[Run] = []
    for (way, level), group in groupby(found, key=lambda run: (run.direction, run.level)):
        text = ""
        for run in group:
            text += run.text
            if run.last:
                kept.append(Run(text=visible(text), direction=way, level=level, last=True))
                text = ""
        if text:
            kept.append(Run(text=visible(text), direction=way, level=level))
    return tuple(kept)
