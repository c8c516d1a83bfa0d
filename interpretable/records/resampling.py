"""What repeated cross-validation says: differences, equivalence, what could be seen, is n enough."""

from __future__ import annotations

from dataclasses import dataclass

from interpretable.records.lacking import NotComputed


@dataclass(frozen=True, kw_only=True)
class ResamplingEvidence:
    """What repeated cross-validation says: differences, equivalence, what could be seen, is n enough."""

    not_computed: tuple[NotComputed, ...] = ()
