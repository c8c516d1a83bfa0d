"""Two trainings of one recipe, case by case: are the first reasons the same?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from interpretable.score.additive import Columns
from interpretable.score.reasons import explained_outputs
from interpretable.score.repeats import FIRST, Repeated, first_reasons, repeat, sizes_of
from interpretable.score.scorer import Scorer, predict


@dataclass(frozen=True, eq=False, kw_only=True)
class Shown:
    """What a model shows for many cases."""

    outputs: np.ndarray  # i8[n]
    sizes: np.ndarray  # f8[n, F], towards the explained output
    first: np.ndarray  # bool[n, F]
    repeated: Repeated | None


@dataclass(frozen=True, eq=False, kw_only=True)
class Changes:
    """Per case, over one or more trainings again: f8[n] shares of these trainings."""

    changed: np.ndarray  # the set of first reasons is another
    beyond_ties: np.ndarray  # another also where interchangeable reasons are taken as one
    kept: np.ndarray  # share of the first reasons that come out again


def show(scorer: Scorer, columns: Columns, rows: int) -> Shown:
    """First reasons of a model, with how often its own refits name them."""
    outputs = explained_outputs(scorer, predict(scorer, columns, rows))
    sizes = _sizes(scorer, columns, outputs)
    return Shown(
        outputs=outputs, sizes=sizes, first=first_reasons(sizes), repeated=repeat(scorer, columns, outputs)
    )


def _sizes(scorer: Scorer, columns: Columns, outputs: np.ndarray) -> np.ndarray:
    n = len(outputs)
    return sizes_of(scorer.link, scorer.link_scores(columns, n), scorer.effects(columns, n), outputs)


def changes(shown: Shown, others: Sequence[Scorer], columns: Columns) -> Changes:
    """The cases whose first reasons the other trainings change.

    A swap is within ties where every reason that goes and every reason that comes was named interchangeable:
    its distance to the border of the first reasons is below the spread of that distance between trainings.
    """
    ties = np.zeros_like(shown.first) if shown.repeated is None else shown.repeated.ties
    found = []
    for other in others:
        sizes = _sizes(other, columns, shown.outputs)
        again = first_reasons(sizes) & (np.sign(sizes) == np.sign(shown.sizes))
        swapped = shown.first != first_reasons(sizes)
        share = (again & shown.first).sum(axis=1) / np.maximum(shown.first.sum(axis=1), 1)
        found.append((swapped.any(axis=1), (swapped & ~ties).any(axis=1), share))
    changed, beyond, kept = (np.mean(np.stack(parts), axis=0) for parts in zip(*found, strict=True))
    return Changes(changed=changed, beyond_ties=beyond, kept=kept)


def enough_features(scorer: Scorer) -> bool:
    """Whether the set of first reasons can change at all."""
    return len(scorer.features) > FIRST
