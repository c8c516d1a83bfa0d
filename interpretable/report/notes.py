"""Section: what the text adds to the table."""

from __future__ import annotations

from collections.abc import Iterator

from interpretable import figures, words
from interpretable.records.document import Block, Paragraph
from interpretable.records.evidence import Evidence
from interpretable.report.blocks import picture, table
from interpretable.words import notes as said


def notes(evidence: Evidence, lang: str) -> Iterator[Block]:
    """The verdicts, a small figure, and the figures behind them."""
    found = evidence.notes
    if found is None:
        return
    lead = "lead_text" if found.kind == "text" else "lead"
    yield Paragraph(text=words.say(f"notes.{lead}", lang), style="lead")
    for line in said.answer(found, evidence.task, lang):
        yield Paragraph(text=line)
    if any(one.headline for one in found.readings):
        chart, alt = figures.notes(found, lang), figures.notes_alt(found, lang)
        yield picture(chart, alt, figures.notes_table(found, lang), caption=words.say("notes.chart", lang))
    if found.readings:
        rows = said.reading_rows(found, lang)
        yield table(list(rows[0]), [list(row.values()) for row in rows], numeric=(2, 3, 4))
    for one in found.gains:
        for line in said.told(one, found, lang):
            yield Paragraph(text=line)
    if found.gains:
        yield Paragraph(text=words.say("notes.margin", lang, share=found.share), style="quiet")
    if found.steps:
        if found.kind == "mixed" and found.kept:
            yield Paragraph(text=said.kept(found, lang))
        rows = said.step_rows(found, lang)
        caption = words.say("notes.steps", lang)
        yield table(
            list(rows[0]), [list(r.values()) for r in rows], caption=caption, numeric=(1,), folded=True
        )
        yield Paragraph(text=words.say("notes.steps_note", lang), style="quiet")
