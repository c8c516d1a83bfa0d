"""Where the model is weak: slices, overfit regions, robustness, learning curve, drift."""

from __future__ import annotations

from dataclasses import dataclass

from interpretable.records.lacking import NotComputed


@dataclass(frozen=True, kw_only=True)
class DiagnosticsEvidence:
    """Where the model is weak: slices, overfit regions, robustness, learning curve, drift."""

    not_computed: tuple[NotComputed, ...] = ()
