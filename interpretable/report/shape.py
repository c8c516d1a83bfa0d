"""Section: which pairs earned their place, and what expected directions cost."""

from __future__ import annotations

from collections.abc import Iterator

from interpretable import figures, words
from interpretable.records.document import Block, Heading, Listing, Paragraph
from interpretable.records.evidence import Evidence
from interpretable.records.shape import PairChoice, ShapeEvidence
from interpretable.records.task import Task
from interpretable.report.blocks import picture, twin
from interpretable.words import shape as say


def shape(evidence: Evidence, lang: str) -> Iterator[Block]:
    """Which pairs earned their place, and what expected directions cost."""
    found = evidence.shape
    if found is None or not (found.pairs or found.directions):
        return
    yield Paragraph(text=words.say("shape.lead", lang), style="lead")
    if found.pairs is not None:
        yield from _pairs(found.pairs, evidence.task, lang)
    if found.directions:
        yield from _directions(found, evidence, lang)
    if found.prices:
        yield from _prices(found, evidence.task, lang)


def _pairs(choice: PairChoice, task: Task, lang: str) -> Iterator[Block]:
    yield Heading(text=words.say("shape.pairs_title", lang))
    yield Paragraph(text=say.pairs(choice, task, lang))
    if choice.trials:
        rows = figures.pair_trials_table(choice, task, lang)
        alt = figures.pair_trials_alt(choice, task, lang)
        drawn = figures.pair_trials(choice, task, lang)
        yield picture(drawn, alt, rows, caption=words.say("shape.pairs_name", lang))
        yield Paragraph(text=say.pairs_method(choice, task, lang), style="quiet")


def _directions(found: ShapeEvidence, evidence: Evidence, lang: str) -> Iterator[Block]:
    yield Heading(text=words.say("shape.directions_title", lang))
    summary = say.directions(found, evidence, lang)
    if summary:
        yield Paragraph(text=summary)
    yield Listing(items=tuple(say.direction(one, evidence.task, lang) for one in found.directions))
    rows = figures.directions_table(found.directions, evidence.task, lang)
    table = twin(rows, words.say("shape.directions_title", lang))
    if table is not None:
        yield table
    yield Paragraph(text=words.say("shape.direction.floor", lang), style="quiet")


def _prices(found: ShapeEvidence, task: Task, lang: str) -> Iterator[Block]:
    yield Heading(text=words.say("shape.prices_title", lang))
    yield Paragraph(text=words.say("shape.price.lead", lang))
    yield Listing(items=tuple(say.price(one, task, lang) for one in found.prices))
    table = twin(figures.prices_table(found.prices, task, lang), words.say("shape.prices_title", lang))
    if table is not None:
        yield table
    first = found.prices[0]
    yield Paragraph(
        text=words.say("shape.price.method", lang, rows=first.rows, folds=first.folds), style="quiet"
    )
