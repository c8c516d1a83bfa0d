"""Differences and ratios between groups, proxies of sensitive columns, near-equal models."""

from __future__ import annotations

from dataclasses import dataclass

from interpretable.records.lacking import NotComputed


@dataclass(frozen=True, kw_only=True)
class DisparityEvidence:
    """Differences and ratios between groups, proxies of sensitive columns, near-equal models."""

    not_computed: tuple[NotComputed, ...] = ()
