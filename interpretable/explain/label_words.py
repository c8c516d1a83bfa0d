"""Which words of a text speak for one class against another."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from interpretable.records.additive import AdditiveModel, TokenTerm
from interpretable.score.additive import Columns
from interpretable.score.scorer import Scorer
from interpretable.score.texts import token_parts


def telling_words(
    scorer: Scorer, columns: Columns, *, towards: np.ndarray, against: np.ndarray, most: int = 5
) -> list[tuple[str, ...]]:
    """Per row the words that add most to one class (i8[n]) over another (i8[n]); none without text."""
    found: list[dict[str, float]] = [defaultdict(float) for _ in towards]
    for term in word_terms(scorer):
        counted, parts = token_parts(term, np.asarray(columns[scorer.features[term.feature].name]))
        gaps = _gaps(parts, towards[counted.rows], against[counted.rows])
        for row, position, gap in zip(counted.rows, counted.positions, gaps, strict=True):
            found[row][term.vocabulary[position]] += float(gap)
    return [tuple(w for w in sorted(own, key=lambda w: -own[w])[:most] if own[w] > 0) for own in found]


def word_terms(scorer: Scorer) -> list[TokenTerm]:
    """The terms of a glass box that read texts word by word; none of a black box."""
    model = getattr(scorer, "model", None)
    terms = model.terms if isinstance(model, AdditiveModel) else ()
    return [term for term in terms if isinstance(term, TokenTerm) and term.rule.units == "word"]


def _gaps(parts: np.ndarray, towards: np.ndarray, against: np.ndarray) -> np.ndarray:
    """Of two classes there is one column f8[m, 1], towards the second class."""
    if parts.shape[1] == 1:
        return np.where(towards > against, parts[:, 0], -parts[:, 0])
    rows = np.arange(len(parts))
    return parts[rows, towards] - parts[rows, against]
