"""The simplest models: the points scorecard and the shallow tree, and outside comparisons."""

from __future__ import annotations

from interpretable_app.panels.chart import draw_chart, draw_rows
from interpretable_app.panels.html import emit, tag

from interpretable import figures, words
from interpretable.records.evidence import Evidence
from interpretable.records.simple import Scorecard
from interpretable.words import simple as said


def draw(evidence: Evidence, lang: str, *, specialist: bool) -> None:
    """Called only where the study has this evidence."""
    found = evidence.simple
    if found is None:
        return
    emit(tag("p", words.say("simple.lead", lang)))
    if found.scorecard is not None and found.scorecard.columns:
        _draw_card(found.scorecard, evidence, lang, specialist=specialist)
    if len(found.tree) > 1:
        _draw_tree(evidence, lang)
    if specialist:
        for peer in found.peers:
            emit(tag("h3", words.say("simple.peers", lang)), tag("p", words.say("simple.peers_text", lang)))
            emit(*(tag("p", words.comparison(one, lang)) for one in peer.comparisons))


def _draw_losses(name: str, evidence: Evidence, lang: str) -> None:
    code = f"simple.{'card' if name == 'scorecard' else name}_loss"
    known = evidence.simple.losses if evidence.simple else ()
    said_ = [
        words.say(code, lang, sentence=words.comparison(one, lang)) for one in known if one.model == name
    ]
    if said_:
        emit(*(tag("p", text) for text in said_))


def _draw_card(found: Scorecard, evidence: Evidence, lang: str, *, specialist: bool) -> None:
    task = evidence.task
    emit(tag("h3", words.say("simple.card", lang)))
    ends = {"lowest": found.lowest, "highest": found.highest}
    emit(tag("p", words.say("simple.card_plain", lang, columns=len(found.columns), **ends)))
    _draw_losses("scorecard", evidence, lang)
    emit(tag("p", words.say("simple.card_use", lang)))
    heads = [words.say(f"simple.head.{h}", lang) for h in ("column", "value", "points")]
    rows = []
    for one in found.columns:
        column = words.find_column(one.feature, task)
        name = words.start(words.label(column, task, lang))
        lines = [(said.card_line(line, column, lang), words.number(line.points)) for line in one.lines]
        rows += [dict(zip(heads, (name, *line), strict=True)) for line in lines]
    draw_rows(rows, caption=words.say("simple.card", lang))
    if found.bands:
        alt = figures.card_alt(found.bands, task, lang)
        table = figures.card_table(found.bands, task, lang)
        draw_chart(figures.card(found.bands, task, lang), alt, table, lang, key="card totals")
    if specialist:
        heads = [words.say(f"simple.head.{h}", lang) for h in ("total", "estimate")]
        totals = [
            {heads[0]: words.number(found.lowest + i), heads[1]: said.estimated(estimate, task, lang)}
            for i, estimate in enumerate(found.estimates)
        ]
        draw_rows(totals, caption=words.say("simple.every_total", lang))


def _draw_tree(evidence: Evidence, lang: str) -> None:
    nodes, task = evidence.simple.tree if evidence.simple else (), evidence.task
    ends = sum(node.leaf for node in nodes)
    emit(tag("h3", words.say("simple.tree", lang)))
    emit(tag("p", words.say("simple.tree_plain", lang, depth=_depth(evidence), leaves=ends)))
    _draw_losses("tree", evidence, lang)
    rows = figures.tree_table(nodes, task, lang)
    draw_chart(figures.tree(nodes, task, lang), figures.tree_alt(nodes, task, lang), rows, lang, key="tree")


def _depth(evidence: Evidence) -> int:
    """Questions on the longest way."""
    depth = {-1: -1}
    for node in evidence.simple.tree if evidence.simple else ():
        depth[node.id] = depth[node.parent] + 1
    return max(depth.values())
