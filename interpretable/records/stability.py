"""Would the same reasons come out again: over refits, seeds and reference points."""

from __future__ import annotations

from dataclasses import dataclass

from interpretable.records.lacking import NotComputed


@dataclass(frozen=True, kw_only=True)
class StabilityEvidence:
    """Would the same reasons come out again: over refits, seeds and reference points."""

    not_computed: tuple[NotComputed, ...] = ()
