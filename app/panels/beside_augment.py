"""Rows of a language model: what came of them, and how the small model fared."""

from __future__ import annotations

from interpretable_app.panels.blocks import draw_blocks

from interpretable.records.augmented import Augmented
from interpretable.records.evidence import Evidence
from interpretable.report.beside_augment import blocks


def draw(found: Augmented, evidence: Evidence, lang: str) -> None:
    """The part of the report, on the page."""
    draw_blocks(blocks(found, evidence, lang), lang)
