"""Which pairs earned their place, and what expected directions cost."""

from __future__ import annotations

from interpretable_app.panels.chart import draw_chart, draw_rows
from interpretable_app.panels.html import emit, tag

from interpretable import figures, words
from interpretable.records.evidence import Evidence
from interpretable.records.shape import PairChoice
from interpretable.records.task import Task
from interpretable.words import shape as say


def draw(evidence: Evidence, lang: str, *, specialist: bool) -> None:
    """Called only where the study has this evidence."""
    found, task = evidence.shape, evidence.task
    if found.pairs is not None:
        emit(tag("p", say.pairs(found.pairs, task, lang)))
    summary = say.directions(found, evidence, lang)
    if summary:
        emit(tag("p", summary))
    for price in found.prices[:1]:
        emit(tag("p", say.price(price, task, lang)))
    if found.pairs is not None and found.pairs.trials:
        _draw_trials(found.pairs, task, lang)
    mine = [d for d in found.directions if d.model == evidence.selected or specialist]
    if mine:
        emit(tag("ul", *(tag("li", say.direction(one, task, lang)) for one in mine)))
        emit(tag("p", words.say("shape.direction.floor", lang), cls="small soft"))
    if specialist:
        _draw_tables(evidence, lang)


def _draw_trials(choice: PairChoice, task: Task, lang: str) -> None:
    rows = figures.pair_trials_table(choice, task, lang)
    alt = figures.pair_trials_alt(choice, task, lang)
    draw_chart(figures.pair_trials(choice, task, lang), alt, rows, lang, key="shape trials")


def _draw_tables(evidence: Evidence, lang: str) -> None:
    found, task = evidence.shape, evidence.task
    if found.pairs is not None and found.pairs.trials:
        emit(tag("p", say.pairs_method(found.pairs, task, lang), cls="small soft"))
    title = words.say("shape.directions_title", lang)
    draw_rows(figures.directions_table(found.directions, task, lang), caption=title)
    if found.prices:
        first = found.prices[0]
        rows = figures.prices_table(found.prices, task, lang)
        draw_rows(rows, caption=words.say("shape.prices_title", lang))
        said = words.say("shape.price.method", lang, rows=first.rows, folds=first.folds)
        emit(tag("p", said, cls="small soft"))
