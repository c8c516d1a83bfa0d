"""Which words of a text speak for one class against another."""

from __future__ import annotations

import numpy as np

from interpretable.records.additive import AdditiveModel, TokenTerm
from interpretable.score.additive import Columns, token_parts, vocabulary_of
from interpretable.score.scorer import Scorer


def telling_words(
    scorer: Scorer, columns: Columns, *, towards: np.ndarray, against: np.ndarray, most: int = 5
) -> list[tuple[str, ...]]:
    """Per row the n-grams that add most to one class (i8[n]) over another (i8[n]); none without text."""
    found: list[dict[str, float]] = [{} for _ in towards]
    for term in token_terms(scorer):
        lookup = vocabulary_of(term)
        texts = np.asarray(columns[scorer.features[term.feature].name])
        for row, text in enumerate(texts):
            positions, factors = token_parts(term, text, lookup)
            added = factors * _gap(term.weights[positions], int(towards[row]), int(against[row]))
            for position, amount in zip(positions, added, strict=True):
                token = term.vocabulary[position]
                found[row][token] = found[row].get(token, 0.0) + float(amount)
    return [tuple(t for t in sorted(own, key=lambda t: -own[t])[:most] if own[t] > 0) for own in found]


def token_terms(scorer: Scorer) -> list[TokenTerm]:
    """The text terms of a glass box; none of a black box."""
    model = getattr(scorer, "model", None)
    return [t for t in model.terms if isinstance(t, TokenTerm)] if isinstance(model, AdditiveModel) else []


def _gap(weights: np.ndarray, towards: int, against: int) -> np.ndarray:
    """Of two classes there is one column of weights, towards the second class."""
    if weights.shape[1] == 1:
        return weights[:, 0] * (1.0 if towards > against else -1.0)
    return weights[:, towards] - weights[:, against]
