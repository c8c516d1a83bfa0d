"""What the text adds to the table: the verdicts and the small figure; for specialists the figures."""

from __future__ import annotations

from interpretable_app.panels.chart import draw_chart, draw_rows
from interpretable_app.panels.html import emit, tag

from interpretable import figures, words
from interpretable.records.evidence import Evidence
from interpretable.words import notes as said


def draw(evidence: Evidence, lang: str, *, specialist: bool) -> None:
    """Called only where the study has this evidence."""
    found = evidence.notes
    if found is None:
        return
    lead = "lead_text" if found.kind == "text" else "lead"
    emit(tag("p", words.say(f"notes.{lead}", lang)))
    emit(*(tag("p", line) for line in said.answer(found, evidence.task, lang)))
    if any(one.headline for one in found.readings):
        chart, alt = figures.notes(found, lang), figures.notes_alt(found, lang)
        draw_chart(chart, alt, figures.notes_table(found, lang), lang, key="what the text adds")
    if not specialist:
        return
    if found.readings:
        draw_rows(said.reading_rows(found, lang), caption=words.say("notes.chart", lang))
    emit(*(tag("p", line) for one in found.gains for line in said.told(one, found, lang)))
    if found.steps:
        draw_rows(said.step_rows(found, lang), caption=words.say("notes.steps", lang))
        emit(tag("p", words.say("notes.steps_note", lang), cls="small soft"))
