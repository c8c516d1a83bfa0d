"""Finding passages by words: BM25 over words, and over pairs of Chinese characters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import log

from interpretable.data.wordrule import is_ideograph, words_of

_K, _B = 1.5, 0.75  # Robertson and Zaragoza (2009): the usual settings
_COMMON = frozenset((
    "a", "an", "and", "are", "as", "at", "be", "been", "by", "for", "from", "had", "has", "have",
    "if", "in", "into", "is", "it", "its", "no", "not", "of", "on", "or", "per", "than", "that",
    "the", "their", "them", "then", "there", "these", "they", "this", "to", "was", "were", "which",
    "who", "will", "with", "would", "的", "了", "和", "与", "及", "在", "为", "是", "有", "或",
))  # fmt: skip


def terms(text: str) -> list[str]:
    """What is compared: words without the commonest, plural s off; Chinese as neighbouring characters.

    >>> terms("The risks of chest pain"), terms("静息血压")
    (['risk', 'chest', 'pain'], ['静息', '息血', '血压'])
    """
    found: list[str] = []
    run = ""
    for word in [*words_of(text), ""]:
        if word and is_ideograph(word):
            run += word
            continue
        found += [run[i : i + 2] for i in range(len(run) - 1)] or ([run] if run else [])
        run = ""
        if word:
            plural = len(word) > 3 and word.endswith("s") and not word.endswith("ss")
            found.append(word[:-1] if plural else word)
    return [term for term in found if term not in _COMMON]


class WordIndex:
    """Texts ready to be searched."""

    def __init__(self, texts: Sequence[str]):
        self._counts = [Counter(terms(text)) for text in texts]
        self._holding = Counter(term for counts in self._counts for term in counts)
        self._mean = sum(map(Counter.total, self._counts)) / max(len(texts), 1)

    def rarity(self, term: str) -> float:
        """The weight of a term: the rarer, the more; never below 0."""
        held = self._holding[term]
        return log(1 + (len(self._counts) - held + 0.5) / (held + 0.5))

    def search(self, question: str, most: int) -> list[tuple[int, float, tuple[str, ...]]]:
        """Place, score and shared terms (the rarest first) of the best texts; none that shares no term."""
        asked = dict.fromkeys(terms(question))
        found = []
        for place, counts in enumerate(self._counts):
            shared = [term for term in asked if term in counts]
            if shared:
                score = sum(self._weight(term, counts) for term in shared)
                found.append((place, score, tuple(sorted(shared, key=lambda term: -self.rarity(term)))))
        return sorted(found, key=lambda one: (-one[1], one[0]))[:most]

    def _weight(self, term: str, counts: Counter[str]) -> float:
        size = _K * (1 - _B + _B * counts.total() / self._mean)
        return self.rarity(term) * counts[term] * (_K + 1) / (counts[term] + size)
