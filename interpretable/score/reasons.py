"""The strongest reasons of many rows at once; the sums are those of a single case's explanation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from interpretable.records.explanation import Reason, Value
from interpretable.score.additive import Columns
from interpretable.score.output import log_odds, of_output
from interpretable.score.repeats import Repeated
from interpretable.score.scorer import Scorer, predicted

BLOCK_CELLS = 500_000  # effects held in memory at once


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


@dataclass(frozen=True, eq=False)
class _Moves:
    """Per row and feature: size of the effect f8[n, F], estimate f8[n], estimate if typical f8[n, F]."""

    sizes: np.ndarray
    estimate: np.ndarray
    if_typical: np.ndarray


def _moves(scorer: Scorer, link: np.ndarray, effects: np.ndarray) -> _Moves:
    """An effect of exactly 0 leaves the estimate exactly as it is."""
    typical = link[:, None, :] - effects
    here, there = predicted(scorer, link), predicted(scorer, typical)
    sizes, outputs = effects[..., 0], explained_outputs(scorer, here)
    if scorer.link == "softmax":
        sizes = log_odds(link, outputs)[:, None] - log_odds(typical, outputs)
        here, there = of_output(here, outputs), of_output(there, outputs)
    still = ~np.any(effects != 0, axis=-1)
    return _Moves(np.where(still, 0.0, sizes), here, np.where(still, here[:, None], there))


def _stability(found: Repeated | None, row: int, feature: int) -> dict[str, Any]:
    """The fields of a reason that say whether it would come out again; none where the refits tell nothing."""
    if found is None or feature in found.unknown:
        return {}
    return {
        "stability": found.word(row, feature),
        "again": float(found.again[row, feature]),
        "same_way": float(found.same_way[row, feature]),
    }


def _reasons_of(
    scorer: Scorer, columns: Columns, link: np.ndarray, most: int, *, repeated: Repeated | None = None
) -> list[list[Reason]]:
    moves = _moves(scorer, link, scorer.effects(columns, len(link)))
    order = np.argsort(-np.abs(moves.sizes), axis=1, kind="stable")[:, :most]
    values = [np.asarray(columns[spec.name]) for spec in scorer.features]
    return [
        [
            Reason(
                feature=scorer.features[j].name,
                value=plain_value(values[j][i]),
                typical=plain_value(scorer.features[j].typical),
                effect=float(moves.sizes[i, j]),
                estimate=float(moves.estimate[i]),
                if_typical=float(moves.if_typical[i, j]),
                **_stability(repeated, i, j),
            )
            for j in order[i]
        ]
        for i in range(len(link))
    ]


def all_reasons(
    scorer: Scorer, columns: Columns, link: np.ndarray, *, most: int | None = None
) -> list[list[Reason]]:
    """Per row one reason per feature, the largest first; equal effects keep the model's order.

    Works through the rows in blocks, so that memory does not grow with the table.
    """
    most = len(scorer.features) if most is None else most
    block = max(BLOCK_CELLS // max(len(scorer.features) * link.shape[1], 1), 1)
    found: list[list[Reason]] = []
    for start in range(0, len(link), block):
        rows = slice(start, start + block)
        part = {spec.name: np.asarray(columns[spec.name])[rows] for spec in scorer.features}
        found += _reasons_of(scorer, part, link[rows], most)
    return found


def stable_reasons(
    scorer: Scorer, columns: Columns, link: np.ndarray, repeated: Repeated | None
) -> list[list[Reason]]:
    """As `all_reasons`, each reason with whether it would come out again."""
    return _reasons_of(scorer, columns, link, len(scorer.features), repeated=repeated)


def top_reasons(scorer: Scorer, columns: Columns, link: np.ndarray, count: int) -> list[list[Reason]]:
    """The `count` strongest reasons of each row that move the estimate at all."""
    return [[r for r in found if r.effect != 0] for found in all_reasons(scorer, columns, link, most=count)]
