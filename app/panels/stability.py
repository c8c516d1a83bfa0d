"""Would the same reasons come out again: over refits, seeds and reference points."""

from __future__ import annotations

from dataclasses import replace

from interpretable_app.panels.chart import draw_chart, draw_rows
from interpretable_app.panels.html import emit, tag

from interpretable import figures, words
from interpretable.records.evidence import Evidence
from interpretable.report.stability import answers, rules


def draw(evidence: Evidence, lang: str, *, specialist: bool) -> None:
    """Called only where the study has this evidence."""
    found = evidence.stability
    if found is None or not found.models:
        return
    shown = found.models[0]
    repeated = any(model.repeats for model in found.models)
    emit(tag("p", ("" if lang == "zh" else " ").join(answers(shown, lang))))
    if repeated:
        drawn = found if specialist or not shown.repeats else replace(found, models=(shown,))
        chart = figures.stability(drawn, lang)
        alt, rows = figures.stability_alt(drawn, lang), figures.stability_table(drawn, lang)
        draw_chart(chart, alt, rows, lang, key=f"stability {len(drawn.models)}")
    else:
        emit(tag("p", words.say("stability.quick", lang), cls="small soft"))
    emit(tag("p", words.say("stability.not_stable_note", lang), cls="small soft"))
    if specialist:
        draw_rows(
            figures.stability_marks_table(found, lang), caption=words.say("stability.head.levels", lang)
        )
        emit(*(tag("p", text, cls="small soft") for text in rules(found, lang)))
