"""What in a text could say who somebody is: found by form, as spans, to be counted or taken out.

Only what has a form is found. Names, places and jobs have none: a text without findings is not an anonymous
text. Every pattern is bounded, so that no text can make it slow.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from interpretable.data.identifierforms import FORMS, Form
from interpretable.data.textblocks import HIDDEN, blocks

KINDS = tuple(dict.fromkeys(form.kind for form in FORMS if not form.wide))
EVERY_KIND = tuple(dict.fromkeys(form.kind for form in FORMS))
_NARROW = tuple(form for form in FORMS if not form.wide)
_TAKEN = "\x1f"  # stands where something was found, so that nothing is found twice
_HIDDEN = re.compile(f"[{HIDDEN}]")


@dataclass(frozen=True)
class Span:
    """A place in a text: `text[start:end]` looks like an identifier of this kind."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True)
class Tally:
    """How many of a kind there are, and in how many texts."""

    found: int
    rows: int


def find_identifiers(text: str, *, wide: bool = False) -> tuple[Span, ...]:
    """Spans of a text that look like identifiers, in order and without overlap.

    Characters that are drawn as nothing do not hide an identifier, nor do digits of other scripts. `start`
    and `end` are places in the text as given. `wide` forms also hit ordinary words and numbers: for a text
    that leaves the machine.

    Examples
    --------
    >>> [(s.kind, s.start, s.end) for s in find_identifiers("write to ann@example.org")]
    [('email', 9, 24)]
    """
    folded, place = _folded(text)
    spans = _scan(folded, FORMS if wide else _NARROW)
    if place is None:
        return tuple(spans)
    return tuple(Span(int(place[s.start]), int(place[s.end - 1]) + 1, s.kind) for s in spans)


def redact(text: str, kinds: Sequence[str] = KINDS) -> str:
    """The text with every identifier of these kinds replaced by its kind in brackets.

    Kinds of EVERY_KIND beyond KINDS are wide: they take ordinary words and numbers with them.

    Examples
    --------
    >>> redact("write to ann@example.org")
    'write to [email]'
    """
    done, at = [], 0
    for span in find_identifiers(text, wide=not set(kinds) <= set(KINDS)):
        if span.kind in kinds:
            done += [text[at : span.start], f"[{span.kind}]"]
            at = span.end
    return "".join([*done, text[at:]])


def count_identifiers(texts: Sequence[str | None]) -> dict[str, Tally]:
    """Per kind that occurs, most frequent first: how many there are and in how many texts."""
    found: Counter[str] = Counter()
    rows: dict[str, list[np.ndarray]] = {}
    for block in blocks([_folded(text)[0] if text else None for text in texts]):
        spans = _scan(block.joined, _NARROW)
        found.update(span.kind for span in spans)
        for kind in {span.kind for span in spans}:
            starts = np.array([span.start for span in spans if span.kind == kind])
            rows.setdefault(kind, []).append(np.unique(block.row_of(starts)))
    return {kind: Tally(n, sum(map(len, rows[kind]))) for kind, n in found.most_common()}


def _scan(text: str, forms: Sequence[Form]) -> list[Span]:
    spans: list[Span] = []
    for form in forms:
        found = [_meant(form, match) for match in form.pattern.finditer(text)]
        spans += (found := [span for span in found if span.end > span.start])
        text = _blanked(text, found)
    return sorted(spans, key=lambda span: span.start)


def _meant(form: Form, match: re.Match[str]) -> Span:
    named = form.pattern.groupindex
    group: int | str = "value" if "value" in named and match["value"] is not None else 0
    whole, first = match.group(group), match.start(group)
    left, right = form.inside(whole) if form.inside else (0, len(whole))
    return Span(first + left, first + right, form.kind)


def _blanked(text: str, spans: Sequence[Span]) -> str:
    ends = [0, *(span.end for span in spans)]
    starts = [*(span.start for span in spans), len(text)]
    kept = [text[a:b] for a, b in zip(ends, starts, strict=True)]
    gaps = [_TAKEN * (span.end - span.start) for span in spans] + [""]
    return "".join(part for pair in zip(kept, gaps, strict=True) for part in pair)


@cache
def _digits() -> dict[int, str]:
    """Digits of every script and full-width signs as ASCII: one character each, so that places stay."""
    signs = {0xFF01 + k: chr(0x21 + k) for k in range(94)} | {0x3000: " "}
    digits = {p: str(unicodedata.digit(chr(p))) for p in range(0x80, 0x1FFFF) if chr(p).isdecimal()}
    return signs | digits


def _folded(text: str) -> tuple[str, np.ndarray | None]:
    """The text with plain digits and without hidden characters, and where each stood if some were hidden."""
    if text.isascii():
        return text, None
    plain = text.translate(_digits())
    if not _HIDDEN.search(plain):
        return plain, None
    kept = np.array([not _HIDDEN.match(c) for c in plain], dtype=bool)
    return _HIDDEN.sub("", plain), np.flatnonzero(kept)
