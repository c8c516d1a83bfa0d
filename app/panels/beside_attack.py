"""Hostile sentences inside the data: how often each moved the answer."""

from __future__ import annotations

from interpretable_app.panels.blocks import draw_blocks

from interpretable.records.attack import AttackFinding
from interpretable.records.evidence import Evidence
from interpretable.report.beside_attack import blocks


def draw(found: AttackFinding, evidence: Evidence, lang: str) -> None:
    """The part of the report, on the page."""
    draw_blocks(blocks(found, evidence, lang), lang)
