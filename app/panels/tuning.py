"""Every setting that was tried, what averaging brought, and whether a teacher helped."""

from __future__ import annotations

from interpretable_app.panels.chart import draw_rows
from interpretable_app.panels.html import emit, tag

from interpretable import words
from interpretable.records.evidence import Evidence
from interpretable.words import tuned


def draw(evidence: Evidence, lang: str, *, specialist: bool) -> None:
    """Called only where the study has this evidence."""
    found = evidence.tuning
    emit(tag("p", words.say("tuning.lead", lang)))
    emit(*(tag("p", line) for line in tuned.answer(found, lang)))
    if found.blend is not None and found.blend.status == "used":
        draw_rows(tuned.blend_rows(found.blend, lang), caption=words.say("tuning.word.blend", lang))
    if not specialist:
        return
    for one in found.searches:
        caption = words.say("tuning.trials", lang, model=words.model(one.model, lang))
        draw_rows(tuned.trial_rows(one, lang), caption=caption)
    if found.searches:
        emit(tag("p", words.say("tuning.trials_note", lang), cls="small soft"))
    if found.distillation is not None:
        rows = tuned.distil_rows(found.distillation, lang, metric=found.metric)
        draw_rows(rows, caption=words.say("tuning.word.distil", lang))
    exact = tuned.exactness(found, lang)
    if exact:
        emit(tag("p", exact, cls="small soft"))
