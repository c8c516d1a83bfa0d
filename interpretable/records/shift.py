"""Rows from elsewhere: a small model that never saw the place, and a language model, on the same rows."""

from __future__ import annotations

from dataclasses import dataclass, field

from interpretable.records.beside import Told
from interpretable.records.evaluation import Figure


@dataclass(frozen=True, kw_only=True)
class ShiftPlace:
    """One value of the column: test rows that have it, judged by models that knew it and that did not.

    known : the small model fitted on as many training rows, drawn from all places
    unknown : the small model fitted on training rows of the other places only
    large : the language model, recalibrated on training rows of the other places
    """

    value: str
    rows: int
    learned: int  # training rows of both small models
    known: Figure  # log loss
    unknown: Figure
    large: Figure
    auroc: dict[str, float] = field(default_factory=dict)  # known, unknown, large: where defined


@dataclass(frozen=True, kw_only=True)
class ShiftFinding:
    """All places together: `fall` is what not knowing a place costs the small model, `lead` is its lead."""

    told: Told
    by: str
    family: str
    places: tuple[ShiftPlace, ...]
    left_out: dict[str, str] = field(default_factory=dict)  # value -> code: too_few_rows, one_class
    rows: int
    pool: int
    known: Figure
    unknown: Figure
    large: Figure
    fall: Figure  # paired: log loss unknown minus known
    lead: Figure  # paired: log loss of the language model minus that of the small model that did not know
    failures: dict[str, int] = field(default_factory=dict)
