"""Rephrased explanations: how many passed, and why the others were refused."""

from __future__ import annotations

from interpretable_app.panels.blocks import draw_blocks

from interpretable.records.evidence import Evidence
from interpretable.records.narrated import Narrated
from interpretable.report.beside_narrate import blocks


def draw(found: Narrated, evidence: Evidence, lang: str) -> None:
    """The part of the report, on the page."""
    draw_blocks(blocks(found, evidence, lang), lang)
