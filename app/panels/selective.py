"""Which cases could the model decide alone: limits in plain words and the curve; for specialists tables."""

from __future__ import annotations

from interpretable_app.frame import draw_section
from interpretable_app.panels.blocks import draw_blocks
from interpretable_app.panels.chart import draw_chart
from interpretable_app.panels.html import emit, tag

from interpretable import figures, words
from interpretable.records.evidence import Evidence
from interpretable.records.selective import SelectiveEvidence
from interpretable.report.selective import details, main_level


def draw(evidence: Evidence, lang: str, *, specialist: bool) -> None:
    """Called only where the study has this evidence."""
    found = evidence.selective
    if found is None:
        return
    if not found.levels:
        emit(tag("p", words.say("selective.curve_none", lang)))
        return
    lead, *lines = words.selective(found, evidence.task, lang)
    emit(tag("p", lead, cls="lead"), tag("ul", *(tag("li", line) for line in lines)))
    meaning = words.selective_meaning(found, evidence.task, lang)
    emit(*(tag("p", line, cls="small soft") for line in meaning))
    _draw_curve(found, lang)
    if specialist:
        draw_blocks(details(found, evidence.task, lang), lang)
    else:
        _draw_answers(evidence, found, lang)


def _draw_curve(found: SelectiveEvidence, lang: str) -> None:
    alt = figures.selective_curve_alt(found, lang)
    if not found.curve:
        emit(tag("p", alt))
        return
    rows = figures.selective_curve_table(found, lang)
    draw_chart(figures.selective_curve(found, lang), alt, rows, lang, key="selective")
    emit(tag("p", words.say("selective.band", lang), cls="small soft"))


def _draw_answers(evidence: Evidence, found: SelectiveEvidence, lang: str) -> None:
    task, main = evidence.task, main_level(found)
    if main is not None:
        emit(*(tag("p", line) for line in words.selective_answers(main, found, task, lang)))
    if found.scope:
        draw_section(words.say("selective.scope", lang))
        emit(tag("p", words.say("selective.scope_lead", lang)))
    for trial in found.scope:
        lines = tuple(words.selective_scope(trial, task, lang))
        emit(tag("p", ("" if lang == "zh" else " ").join(lines)))
