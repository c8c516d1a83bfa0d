"""The strongest reasons of many rows at once; the sums are those of a single case's explanation."""

from __future__ import annotations

import numpy as np

from interpretable.records.explanation import Reason, Value
from interpretable.score.additive import Columns
from interpretable.score.output import to_prediction, towards
from interpretable.score.scorer import Scorer


def plain_value(value: object) -> Value:
    """A normalised cell as a record holds it: None where missing."""
    if isinstance(value, float | np.floating):
        return None if np.isnan(value) else float(value)
    return None if value is None else str(value)


def explained_outputs(scorer: Scorer, prediction: np.ndarray) -> np.ndarray:
    """The output each row's explanation is about: the positive class, the value, or the most likely class."""
    return prediction.argmax(axis=1) if scorer.link == "softmax" else np.zeros(len(prediction), dtype=int)


def estimate_of(prediction: np.ndarray, output: int) -> np.ndarray:
    """Predictions f8[n] or f8[n, K] to the estimate of one output, f8[n]."""
    return prediction[:, output] if prediction.ndim == 2 else prediction


def _row_reasons(
    scorer: Scorer, columns: Columns, row: int, *, link: np.ndarray, effects: np.ndarray, output: int
) -> list[Reason]:
    """All reasons of one row. Effects f8[F, K]; an effect of exactly 0 leaves the estimate as it is."""
    typical_links = link - effects
    typical = estimate_of(to_prediction(scorer.link, typical_links), output)
    own = towards(scorer.link, link[None], output)[0]
    estimate = float(estimate_of(to_prediction(scorer.link, link[None]), output)[0])
    sizes = own - towards(scorer.link, typical_links, output)
    moved = np.any(effects != 0, axis=1)
    return [
        Reason(
            feature=spec.name,
            value=plain_value(np.asarray(columns[spec.name])[row]),
            typical=plain_value(spec.typical),
            effect=float(sizes[j]) if moved[j] else 0.0,
            estimate=estimate,
            if_typical=float(typical[j]) if moved[j] else estimate,
        )
        for j, spec in enumerate(scorer.features)
    ]


def all_reasons(scorer: Scorer, columns: Columns, link: np.ndarray) -> list[list[Reason]]:
    """Per row one reason per feature, the largest first; equal effects keep the model's order."""
    outputs = explained_outputs(scorer, to_prediction(scorer.link, link))
    effects = scorer.effects(columns, len(link))
    rows = [
        _row_reasons(scorer, columns, i, link=link[i], effects=effects[i], output=int(outputs[i]))
        for i in range(len(link))
    ]
    return [sorted(found, key=lambda reason: -abs(reason.effect)) for found in rows]


def top_reasons(scorer: Scorer, columns: Columns, link: np.ndarray, count: int) -> list[list[Reason]]:
    """The `count` strongest reasons of each row that move the estimate at all."""
    return [[r for r in found if r.effect != 0][:count] for found in all_reasons(scorer, columns, link)]
