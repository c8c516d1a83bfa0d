"""Does 30 % mean 30 in 100: curves with bands, output maps, sets with a stated coverage."""

from __future__ import annotations

from dataclasses import dataclass

from interpretable.records.lacking import NotComputed


@dataclass(frozen=True, kw_only=True)
class CalibratorsEvidence:
    """Does 30 % mean 30 in 100: curves with bands, output maps, sets with a stated coverage."""

    not_computed: tuple[NotComputed, ...] = ()
