"""What repeated cross-validation says: differences, equivalence, what could be seen, is n enough."""

from __future__ import annotations

from interpretable_app.panels.chart import draw_chart, draw_rows
from interpretable_app.panels.html import emit, tag

from interpretable import figures, words
from interpretable.records.evidence import Evidence
from interpretable.records.resampling import ResamplingEvidence
from interpretable.words import repeats


def draw(evidence: Evidence, lang: str, *, specialist: bool) -> None:
    """Called only where the study has this evidence."""
    found = evidence.resampling
    if found is None:
        return
    _draw_verdict(found, lang)
    first = [repeats.answer(one, found, evidence.selected, lang) for one in found.leads]
    won = repeats.chosen(found, evidence.selected, lang)
    shown = [*(first if specialist else first[:1]), *([won] if won else [])]
    emit(*(tag("p", line) for line in shown or [words.say("resampling.alone", lang)]))
    if found.leads:
        chart, alt = figures.leads(found, lang), figures.leads_alt(found, lang)
        draw_chart(chart, alt, figures.leads_table(found, lang), lang, key="leads")
        emit(tag("p", repeats.margin(found, lang), cls="small soft"))
    emit(*(tag("p", line, cls="small soft") for line in repeats.how(found, lang)))
    if specialist:
        _draw_details(found, lang)


def _draw_verdict(found: ResamplingEvidence, lang: str) -> None:
    if found.verdict is None:
        return
    code = f"resampling.verdict.{found.verdict}"
    told = [words.say(f"{code}.text", lang), *(repeats.reason(one, lang) for one in found.reasons)]
    lines = [tag("p", line) for line in told]
    title = tag("strong", words.say(f"{code}.title", lang))
    emit(tag("div", title, *lines, cls="it-fact" if found.verdict == "enough" else "it-fact warn"))


def _draw_details(found: ResamplingEvidence, lang: str) -> None:
    metric = words.metric(found.metric, lang)
    head = {n: words.say(f"resampling.head.{n}", lang) for n in ("model", "mean", "spread", "won")}
    rows = [
        {
            head["model"]: words.model(one.model, lang),
            head["mean"]: words.fixed(one.mean),
            head["spread"]: words.fixed(one.spread),
            head["won"]: f"{one.won} / {found.repeats}",
        }
        for one in found.models
    ]
    draw_rows(rows, caption=f"{words.say('resampling.title.models', lang)} ({metric})")
    emit(*(tag("p", repeats.power(one, lang), cls="small") for one in found.test))
    if found.size is not None:
        names = (words.say("resampling.head.fact", lang), words.say("resampling.head.value", lang))
        facts = [dict(zip(names, pair, strict=True)) for pair in repeats.size(found.size, lang)]
        draw_rows(facts, caption=words.say("resampling.title.size", lang))
    if found.optimism:
        names3 = [words.say(f"resampling.head.{n}", lang) for n in ("metric", "apparent", "corrected")]
        told = [
            dict(zip(names3, (words.metric(one.metric, lang), words.fixed(one.apparent),
                              words.fixed(one.corrected)), strict=True))
            for one in found.optimism
        ]  # fmt: skip
        draw_rows(told, caption=words.say("resampling.title.optimism", lang))
