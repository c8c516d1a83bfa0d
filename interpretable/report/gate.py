"""Blocks on the gate, for every place that tells whether generated rows help."""

from __future__ import annotations

from collections.abc import Iterator

from interpretable import figures, words
from interpretable.records.document import Block, Listing, Paragraph
from interpretable.records.evidence import Evidence
from interpretable.records.gate import GateFinding
from interpretable.records.task import Task
from interpretable.report.blocks import figure_cell, picture, table


def gate_blocks(found: GateFinding, task: Task, lang: str, *, verdict: bool = True) -> Iterator[Block]:
    """Verdict and why, the arms as picture and numbers, what was dropped, the groups.

    verdict : False where it stands above these blocks already
    """
    if verdict:
        yield Paragraph(text=("" if lang == "zh" else " ").join(words.gate_verdict(found, lang)))
    yield Listing(items=words.gate_trial(found, lang))
    if not found.arms:
        return
    yield picture(
        figures.gate_gains(found, lang),
        figures.gate_gains_alt(found, lang),
        figures.gate_gains_table(found, lang),
        caption=words.say("gate.picture", lang),
    )
    yield Paragraph(text=words.gate_rule(found, lang), style="quiet")
    yield from _behind(found, task, lang)


def _behind(found: GateFinding, task: Task, lang: str) -> Iterator[Block]:
    """Drops, groups and slopes."""
    for rows, code in (
        (words.gate_dropped(found, lang), "why_dropped"),
        (words.gate_groups(found, task, lang), "groups"),
    ):
        if rows:
            numeric = tuple(range(1, len(rows[0])))
            cells = [list(row.values()) for row in rows]
            yield table(
                list(rows[0]), cells, caption=words.say(f"gate.{code}", lang), numeric=numeric, folded=True
            )
    if found.groups:
        margin = words.gate_amount(found.margin, found.metric)
        yield Paragraph(text=words.say("gate.groups_note", lang, margin=margin), style="quiet")
    if found.slopes:
        heads = [words.say("gate.head.arm", lang), words.say("gate.slopes", lang)]
        slopes = [(words.say(f"gate.arm.{a}", lang), figure_cell(f, lang)) for a, f in found.slopes.items()]
        yield table(heads, slopes, caption=words.say("gate.slopes", lang), numeric=(1,), folded=True)


def augmentation(evidence: Evidence, lang: str) -> Iterator[Block]:
    """Section of a report: what a training run with generated rows found; nothing where there were none."""
    if evidence.augmentation is None:
        return
    found = evidence.augmentation.gate
    yield Paragraph(text=words.say("gate.lead", lang), style="lead")
    yield from gate_blocks(found, evidence.task, lang)
    yield Paragraph(text=words.gate_use(found, lang))
