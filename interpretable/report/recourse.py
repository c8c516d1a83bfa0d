"""Section: what could be changed to get another decision, or that nothing can."""

from __future__ import annotations

from collections.abc import Iterator

from interpretable import words
from interpretable.records.document import Block, Facts, Notice, Paragraph
from interpretable.records.evidence import Evidence
from interpretable.records.recourse import Allowed, RecourseSummary
from interpretable.report.blocks import table


def recourse(evidence: Evidence, lang: str) -> Iterator[Block]:
    """The answer in words, what the plans take, what they may change."""
    found = evidence.recourse and evidence.recourse.summary
    if not found:
        return
    yield Paragraph(text=words.say("recourse.lead", lang), style="lead")
    for line in words.recourse(found, evidence.task, lang):
        yield Paragraph(text=line)
    yield Facts(pairs=_facts(found, lang))
    names = [(words.start(words.label(name, evidence.task, lang)), n) for name, n in found.by_feature]
    if names:
        head = (words.say("recourse.used", lang), words.say("recourse.count", lang))
        yield table(head, names, caption=head[0], numeric=(1,))
    rows = [_allowed(one, evidence, lang) for one in found.allowed]
    caption = words.say("recourse.allowed", lang)
    heads = (caption, "", words.say("recourse.cost", lang))
    yield table(heads, rows, caption=caption, numeric=(2,), folded=True)
    yield Notice(text=words.say("recourse.caution", lang), level="info")


def _facts(found: RecourseSummary, lang: str) -> tuple[tuple[str, str], ...]:
    shown = {
        name: words.figure(getattr(found, name), lang) for name in ("found", "changed", "cost", "inside")
    }
    shown["seconds"] = words.fixed(found.seconds_per_case)
    return tuple((words.say(f"recourse.facts_{name}", lang), value) for name, value in shown.items())


def _allowed(one: Allowed, evidence: Evidence, lang: str) -> tuple:
    column = words.find_column(one.feature, evidence.task)
    name = words.start(words.label(one.feature, evidence.task, lang))
    if one.low is None:
        room = words.say("recourse.levels", lang, n=len(one.levels))
    else:
        ends = {k: words.value(getattr(one, k), column, lang) for k in ("low", "high", "step")}
        room = words.say("recourse.range", lang, **ends)
    if one.direction:
        way = words.say(f"recourse.direction_{one.direction}", lang)
        room = f"{room}{'；' if lang == 'zh' else ', '}{way}"
    return name, room, one.cost
