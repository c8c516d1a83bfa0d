"""Doubts about a table before anything is learned from it: one file per family of checks."""

from __future__ import annotations

from interpretable.data.checks import (
    boilerplate,
    codes,
    columns,
    concepts,
    copies,
    duplicates,
    groups,
    labels,
    leakage,
    lengths,
    missing,
    numerals,
    personal,
    scripts,
    texts,
)
from interpretable.data.checks.base import CHECKS, Check
from interpretable.data.checks.copies import check_split
from interpretable.records.dataset import Dataset
from interpretable.records.finding import Finding

__all__ = ["CHECKS", "Check", "check", "check_split"]

_FAMILIES = (
    labels,
    leakage,
    missing,
    texts,
    numerals,
    copies,
    lengths,
    boilerplate,
    personal,
    scripts,
    columns,
    codes,
    duplicates,
    groups,
    concepts,
)  # imported: they register themselves
_ORDER = {"must_fix": 0, "look": 1, "note": 2}


def check(dataset: Dataset) -> tuple[Finding, ...]:
    """Run every registered check.

    Parameters
    ----------
    dataset : rows with a target, best read with `lenient_target=True` so that missing targets are reported
        too

    Returns
    -------
    Findings, the gravest first; their sentences are made in `words`
    """
    if dataset.target is None:
        return ()
    found = [finding for name in CHECKS for finding in CHECKS[name](dataset)]
    return tuple(sorted(found, key=lambda finding: _ORDER[finding.severity]))
