"""Words that many persons' texts share, without those that look like names or identifiers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from interpretable.data.identifiers import find_identifiers
from interpretable.data.runs import runs_of
from interpretable.data.wordrule import is_ideograph

FEWEST = 5  # persons (or texts) that a word must be shared by
NAME_SEEN, NAME_SHARE = 3, 0.5  # inside sentences: so often, and this share of it with a capital
_WORD = re.compile(r"[^\W\d_]+")
_SENTENCE_END = re.compile(r"[.!?:;\n\"(]\s*$")
_LONG_NUMBER = re.compile(r"\d{4,}")


@dataclass(frozen=True)
class CommonWords:
    """Words, the most frequent first, and how many were withheld by reason: rare, name, identifier, short."""

    words: tuple[str, ...]
    withheld: dict[str, int] = field(default_factory=dict)


def common_words(
    texts: Sequence[str | None], *, persons: np.ndarray | None = None, most: int = 300
) -> CommonWords:
    """The words that at least 5 persons' texts hold, at most so many.

    Identifiers with a form are cut out of the texts before counting. A word that mostly has a capital inside
    sentences looks like a name; scripts without capitals do not show names, so there only the count protects.

    Parameters
    ----------
    texts : training texts
    persons : [n] who each text is of; by default each text is of another person
    """
    shared: dict[str, set] = {}
    inside: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    for place, text in enumerate(texts):
        if not text:
            continue
        plain = _without_identifiers(text)
        owner = place if persons is None else persons[place]
        for word in {run for run in runs_of(plain) if " " not in run}:
            if not is_ideograph(word[0]) or len(word) == 2:
                shared.setdefault(word, set()).add(owner)
        for word, has_capital in _inside_sentences(plain):
            inside[word] += 1
            capital[word] += has_capital
    withheld: Counter[str] = Counter()
    kept = []
    for word, owners in sorted(shared.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        reason = _withhold(word, len(owners), capital[word], inside[word])
        if reason:
            withheld[reason] += 1
        else:
            kept.append(word)
    return CommonWords(tuple(kept[:most]), dict(withheld))


def _withhold(word: str, owners: int, capital: int, inside: int) -> str:
    if owners < FEWEST:
        return "rare"
    if len(word) < 2:
        return "short"
    if _LONG_NUMBER.search(word) or find_identifiers(word):
        return "identifier"
    return "name" if inside >= NAME_SEEN and capital > NAME_SHARE * inside else ""


def _without_identifiers(text: str) -> str:
    parts, at = [], 0
    for span in find_identifiers(text):
        parts += [text[at : span.start], " . "]
        at = span.end
    return "".join([*parts, text[at:]])


def _inside_sentences(text: str) -> Iterator[tuple[str, bool]]:
    """Words that do not begin a sentence, and whether they have a capital (all in capitals is shouting)."""
    for found in _WORD.finditer(text):
        before = text[: found.start()][-4:]
        if before.strip() and not _SENTENCE_END.search(before):
            word = found[0]
            yield word.lower(), word[0].isupper() and not (word.isupper() and len(word) > 1)
