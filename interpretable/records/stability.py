"""Would the same reasons come out again: over refits, seeds and reference points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from interpretable.records.evaluation import Figure
from interpretable.records.lacking import NotComputed


@dataclass(frozen=True, kw_only=True)
class Repeats:
    """One model's first reasons against those of the same recipe trained again, over test cases.

    `changed` counts cases whose set of first reasons is not the same. Figures pool all trainings again.
    """

    how: Literal["seeds", "rows"]  # another seed on the same rows, or rows drawn with replacement
    trainings: int
    changed: Figure
    changed_stable: Figure  # among cases marked stable
    changed_beyond_ties: Figure  # swaps of reasons that were named interchangeable do not count
    kept: float  # first reasons that come out again, of those shown: 0..1


@dataclass(frozen=True, kw_only=True)
class ModelStability:
    """How far the first reasons of one model can be relied on."""

    model: str
    glass_box: bool
    cases: int  # test cases looked at
    first: int  # reasons that count as first
    basis: Literal["", "seeds", "rows"] = ""  # what the model's own refits change
    refits: int = 0
    stable: Figure | None = None  # share of cases marked stable
    certain: float | None = None  # share of first reasons
    probable: float | None = None
    unstable: float | None = None
    ties: float | None = None  # reasons per case that are interchangeable with one inside or outside
    repeats: tuple[Repeats, ...] = ()


@dataclass(frozen=True, kw_only=True)
class StabilityEvidence:
    """Would the same reasons come out again: over refits, seeds and reference points."""

    models: tuple[ModelStability, ...] = ()
    certain_from: float = 0.9  # shares of repeated trainings
    probable_from: tuple[tuple[str, float], ...] = ()  # by basis
    background_sha256: str = ""  # of the rows SHAP values are taken against; "" without a black box
    background_rows: int = 0
    not_computed: tuple[NotComputed, ...] = ()
