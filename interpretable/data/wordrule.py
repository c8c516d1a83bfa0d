"""Words of a text and what stands between them: the word rule "word-1", with its separators."""

from __future__ import annotations

import re
import unicodedata

# A word: a run of word characters, but each Chinese, Japanese or Korean character stands alone, since those
# scripts do not put spaces between words (n-grams rebuild the words).
IDEOGRAPH = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
WORD = re.compile(rf"[{IDEOGRAPH}]|[^\W{IDEOGRAPH}]+")
_IS_IDEOGRAPH = re.compile(rf"[{IDEOGRAPH}]")


def words_of(text: str) -> list[str]:
    """The words of a text after NFKC, in lower case."""
    return WORD.findall(unicodedata.normalize("NFKC", text).lower())


def words_between(text: str) -> tuple[list[str], list[str]]:
    """The words, and before each of them the signs since the word before.

    Examples
    --------
    >>> words_between("No pain, but cough.")
    (['no', 'pain', 'but', 'cough'], ['', ' ', ', ', ' '])
    """
    plain = unicodedata.normalize("NFKC", text).lower()
    words, separators, end = [], [], 0
    for found in WORD.finditer(plain):
        words.append(found[0])
        separators.append(plain[end : found.start()])
        end = found.end()
    return words, separators


def is_ideograph(word: str) -> bool:
    """Whether this word is one character of a script without blanks."""
    return _IS_IDEOGRAPH.match(word) is not None


def has_ideograph(text: str) -> bool:
    """Whether a text holds characters of scripts without blanks, before or after folding."""
    return not text.isascii() and _IS_IDEOGRAPH.search(unicodedata.normalize("NFKC", text)) is not None
