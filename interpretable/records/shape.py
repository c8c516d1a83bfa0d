"""Which pairs earned their place, and what expected directions cost."""

from __future__ import annotations

from dataclasses import dataclass

from interpretable.records.lacking import NotComputed


@dataclass(frozen=True, kw_only=True)
class ShapeEvidence:
    """Which pairs earned their place, and what expected directions cost."""

    not_computed: tuple[NotComputed, ...] = ()
