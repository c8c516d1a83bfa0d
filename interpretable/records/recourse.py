"""What could be changed to get another decision, or that nothing can."""

from __future__ import annotations

from dataclasses import dataclass

from interpretable.records.lacking import NotComputed


@dataclass(frozen=True, kw_only=True)
class RecourseEvidence:
    """What could be changed to get another decision, or that nothing can."""

    not_computed: tuple[NotComputed, ...] = ()
