"""The simplest models: the points scorecard and the shallow tree, and outside comparisons."""

from __future__ import annotations

from dataclasses import dataclass

from interpretable.records.lacking import NotComputed


@dataclass(frozen=True, kw_only=True)
class SimpleEvidence:
    """The simplest models: the points scorecard and the shallow tree, and outside comparisons."""

    not_computed: tuple[NotComputed, ...] = ()
