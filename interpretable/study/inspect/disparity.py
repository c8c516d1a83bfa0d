"""Differences and ratios between groups, proxies of sensitive columns, near-equal models."""

from __future__ import annotations

from interpretable.records.disparity import DisparityEvidence
from interpretable.study.material import Material


def inspect(material: Material) -> DisparityEvidence | None:
    """None where the question does not arise for this task."""
    return None
