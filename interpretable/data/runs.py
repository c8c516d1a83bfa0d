"""The phrases a text holds, and in how many texts each word occurs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from interpretable.data.wordrule import is_ideograph, words_between

WORDS, CHARACTERS = 3, 4  # longest phrase, in words and in characters of scripts without blanks


def runs_of(text: str) -> Iterator[str]:
    """Every phrase of up to 3 words, or of 2 to 4 characters of scripts without blanks, inside one clause."""
    words, gaps = words_between(text)
    for start in range(len(words)):
        signs = is_ideograph(words[start])
        for size in range(1, (CHARACTERS if signs else WORDS) + 1):
            end = start + size
            if end > len(words) or (size > 1 and gaps[end - 1].strip()):
                break
            if is_ideograph(words[end - 1]) != signs:
                break
            if not signs or size > 1:
                yield ("" if signs else " ").join(words[start:end])


def count_texts(texts: Iterable[str | None]) -> Counter[str]:
    """In how many texts each word occurs; Chinese words as runs of two characters."""
    seen: Counter[str] = Counter()
    for text in texts:
        if text is not None:
            runs = {run for run in runs_of(text) if " " not in run}
            seen.update(run for run in runs if not is_ideograph(run[0]) or len(run) == 2)
    return seen
