"""Section: recorded labels that deserve a second look."""

from __future__ import annotations

from collections.abc import Iterator

from interpretable import words
from interpretable.records.document import Block, Cell, Paragraph
from interpretable.records.evaluation import Figure
from interpretable.records.evidence import Evidence
from interpretable.records.labels import LabelsEvidence
from interpretable.records.task import Task
from interpretable.report.blocks import table


def labels(evidence: Evidence, lang: str) -> Iterator[Block]:
    """How many labels deserve a second look, of which class, and what to do; no row is named."""
    found = evidence.labels
    if found is None or found.not_computed:
        return
    for place, line in enumerate(words.label_doubts(found, lang)):
        yield Paragraph(text=line, style="" if place else "lead")
    yield from details(found, evidence.task, lang)


def details(found: LabelsEvidence, task: Task, lang: str) -> Iterator[Block]:
    """The doubts by class and by pair of classes."""
    if not found.doubts or not found.classes:
        return
    heads = {
        h: words.say(f"labels.head.{h}", lang) for h in ("recorded", "likely", "rows", "doubts", "share")
    }
    rows = [
        (words.class_name(c.label, task, lang), c.rows, c.doubts, _share(c.share, lang))
        for c in found.classes
    ]
    shown = [heads[h] for h in ("recorded", "rows", "doubts", "share")]
    yield table(shown, rows, caption=words.say("labels.by_class", lang), numeric=(1, 2, 3))
    if found.pairs and len(found.classes) > 2:
        pairs = [
            (
                words.class_name(p.recorded, task, lang),
                words.class_name(p.likely, task, lang),
                p.doubts,
                _share(p.share, lang),
            )
            for p in found.pairs
        ]
        shown = [heads[h] for h in ("recorded", "likely", "doubts", "share")]
        caption = words.say("labels.by_pair", lang)
        yield table(shown, pairs, caption=caption, numeric=(2, 3))
        yield Paragraph(text=words.say("labels.small", lang), style="quiet")
    yield Paragraph(text=words.say("labels.share_note", lang), style="quiet")


def _share(found: Figure, lang: str) -> Cell:
    if found.value is None:
        return Cell(text="–", quiet=words.missing_figure(found.reason, lang))
    quiet = ""
    if found.low is not None and found.high is not None:
        low, high = (words.percent(end, lang) for end in (found.low, found.high))
        quiet = words.say("draw.range", lang, low=low, high=high)
    return Cell(text=words.percent(found.value, lang), quiet=quiet)
