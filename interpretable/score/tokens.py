"""Text to tokens. Each rule has a version: a model names the one it was trained with."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable

# One token: a run of word characters, but each Chinese, Japanese or Korean character stands alone,
# since those scripts do not put spaces between words (n-grams rebuild the words).
_IDEOGRAPH = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_WORD = re.compile(rf"[{_IDEOGRAPH}]|[^\W{_IDEOGRAPH}]+")


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", text).lower()
    return _WORD.findall(plain)


TOKENIZERS: dict[str, Callable[[str], list[str]]] = {"word-1": _words}


def ngrams(text: str, sizes: tuple[int, int], tokenizer: str) -> list[str]:
    """All n-grams of a text, joined by a space, from the shortest size to the longest."""
    words = TOKENIZERS[tokenizer](text)
    grams: list[str] = []
    for size in range(sizes[0], sizes[1] + 1):
        grams += words if size == 1 else [" ".join(words[i : i + size]) for i in range(len(words) - size + 1)]
    return grams


def counts(text: str | None, sizes: tuple[int, int], tokenizer: str) -> Counter[str]:
    """How often each n-gram occurs; an absent text has none."""
    return Counter(ngrams(text, sizes, tokenizer) if text else ())
