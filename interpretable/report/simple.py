"""Section: the simplest models: the points scorecard and the shallow tree, and outside comparisons."""

from __future__ import annotations

from collections.abc import Iterator

from interpretable import figures, words
from interpretable.records.document import Block, Heading, Paragraph
from interpretable.records.evidence import Evidence
from interpretable.records.simple import Peer, Scorecard
from interpretable.report.blocks import figure_cell, picture, table
from interpretable.words import simple as said

PEER_METRICS = {
    "binary": ("auroc", "log_loss", "brier"),
    "multiclass": ("auroc", "log_loss", "accuracy"),
    "regression": ("rmse", "mae", "r2"),
}


def simple(evidence: Evidence, lang: str) -> Iterator[Block]:
    """The simplest models: the points scorecard and the shallow tree, and outside comparisons."""
    found = evidence.simple
    if found is None:
        return
    yield Paragraph(text=words.say("simple.lead", lang), style="lead")
    if found.scorecard is not None:
        yield from _card(found.scorecard, evidence, lang)
    if len(found.tree) > 1:
        yield from _tree(evidence, lang)
    for peer in found.peers:
        yield from _peer(peer, evidence, lang)


def _losses(name: str, evidence: Evidence, lang: str) -> Iterator[Block]:
    for one in evidence.simple.losses if evidence.simple else ():
        if one.model == name:
            sentence = words.comparison(one, lang)
            yield Paragraph(
                text=words.say(
                    f"simple.{'card' if name == 'scorecard' else name}_loss", lang, sentence=sentence
                )
            )


def _card(found: Scorecard, evidence: Evidence, lang: str) -> Iterator[Block]:
    """The card to be used with pen and paper: lines, totals, and what happened at each."""
    task = evidence.task
    yield Heading(text=words.say("simple.card", lang))
    if not found.columns:
        yield Paragraph(text=words.say("simple.card_none", lang))
        return
    yield Paragraph(text=words.say("simple.card_use", lang))
    heads = [words.say(f"simple.head.{h}", lang) for h in ("column", "value", "points", "yours")]
    yield table(heads, _lines(found, evidence, lang), caption=words.say("simple.card", lang), numeric=(2, 3))
    yield Paragraph(text=words.say("simple.totals_text", lang), style="quiet")
    rows = figures.card_table(found.bands, task, lang)
    if rows:
        caption = words.say("simple.totals", lang)
        yield table(
            list(rows[0]), [list(row.values()) for row in rows], caption=caption, numeric=(0, 1, 2, 3)
        )
        chart = figures.card(found.bands, task, lang)
        yield picture(chart, figures.card_alt(found.bands, task, lang), (), caption=caption)
    yield _every_total(found, evidence, lang)
    values = "_values" if task.kind == "regression" else ""
    unit = words.fixed(found.unit)
    yield Paragraph(text=words.say(f"simple.card_sum{values}", lang, unit=unit), style="quiet")
    yield from _losses("scorecard", evidence, lang)


def _lines(found: Scorecard, evidence: Evidence, lang: str) -> list[list]:
    """Column, value, points, and room for one's own."""
    rows: list[list] = []
    for one in found.columns:
        column = words.find_column(one.feature, evidence.task)
        name = words.start(words.label(column, evidence.task, lang))
        for place, line in enumerate(one.lines):
            shown = "" if place else name
            rows.append([shown, said.card_line(line, column, lang), line.points, "" if place else "____"])
    rows.append([words.say("simple.head.sum", lang), "", "", "____"])
    return rows


def _every_total(found: Scorecard, evidence: Evidence, lang: str) -> Block:
    rows = [
        [words.number(found.lowest + i), said.estimated(estimate, evidence.task, lang)]
        for i, estimate in enumerate(found.estimates)
    ]
    heads = [words.say(f"simple.head.{h}", lang) for h in ("total", "estimate")]
    return table(heads, rows, caption=words.say("simple.every_total", lang), folded=True, numeric=(0, 1))


def _tree(evidence: Evidence, lang: str) -> Iterator[Block]:
    nodes, task = evidence.simple.tree if evidence.simple else (), evidence.task
    yield Heading(text=words.say("simple.tree", lang))
    yield Paragraph(text=words.say("simple.tree_use", lang))
    rows = figures.tree_table(nodes, task, lang)
    yield picture(figures.tree(nodes, task, lang), figures.tree_alt(nodes, task, lang), rows)
    yield from _losses("tree", evidence, lang)
    yield Paragraph(text=words.say("simple.tree_spread", lang), style="quiet")


def _peer(peer: Peer, evidence: Evidence, lang: str) -> Iterator[Block]:
    """The outside model beside the model in use, on the same test rows."""
    used = evidence.model(evidence.selected)
    yield Heading(text=words.say("simple.peers", lang))
    yield Paragraph(text=words.say("simple.peers_text", lang))
    shown = [m for m in PEER_METRICS[evidence.task.kind] if m in peer.metrics]
    heads = [
        words.say("simple.head.figure", lang),
        words.model(used.name, lang),
        words.model(peer.name, lang),
    ]
    rows = [
        [
            words.metric(m, lang),
            figure_cell(used.metrics.get(m), lang, source=f"{used.name}.{m}"),
            figure_cell(peer.metrics[m], lang),
        ]
        for m in shown
    ]
    yield table(heads, rows, numeric=(1, 2))
    for one in peer.comparisons:
        yield Paragraph(text=words.comparison(one, lang))
