"""Part of the section on small and large models: two learning curves and where they cross."""

from __future__ import annotations

from collections.abc import Iterator

from interpretable import figures, words
from interpretable.records.curve import CurveFinding
from interpretable.records.document import Block, Listing, Paragraph
from interpretable.records.evidence import Evidence
from interpretable.report.blocks import picture


def curve(found: CurveFinding, evidence: Evidence, lang: str) -> Iterator[Block]:
    """Sentences, the figure with its numbers, and what the range covers."""
    yield Listing(items=words.curve(found, lang))
    yield picture(
        figures.learning_curves(found, lang),
        figures.learning_curves_alt(found, lang),
        figures.learning_curves_table(found, lang),
        caption=words.say("curve.caption", lang),
    )
    yield Paragraph(text=words.say("curve.note", lang), style="quiet")
