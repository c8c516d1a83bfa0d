"""Every setting that was tried, what averaging brought, and whether a teacher helped."""

from __future__ import annotations

from dataclasses import dataclass

from interpretable.records.lacking import NotComputed


@dataclass(frozen=True, kw_only=True)
class TuningEvidence:
    """Every setting that was tried, what averaging brought, and whether a teacher helped."""

    not_computed: tuple[NotComputed, ...] = ()
