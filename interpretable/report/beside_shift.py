"""Part of the section on small and large models: rows from places that the small model never saw."""

from __future__ import annotations

from collections.abc import Iterator

from interpretable import words
from interpretable.records.document import Block, Listing, Paragraph
from interpretable.records.evidence import Evidence
from interpretable.records.shift import ShiftFinding
from interpretable.records.task import Task
from interpretable.report.blocks import cell, figure_cell, table

ARMS = ("known", "unknown", "large")


def shift(found: ShiftFinding, evidence: Evidence, lang: str) -> Iterator[Block]:
    """Sentences, and the losses of the three on every place."""
    yield Listing(items=words.shift(found, evidence.task, lang))
    yield from by_place(found, evidence.task, lang)


def by_place(found: ShiftFinding, task: Task, lang: str) -> Iterator[Block]:
    """The table of places, and how the figures came about."""
    heads = [words.say(f"shift.{name}", lang) for name in ("place_head", *ARMS)]
    area = words.say("shift.auroc_head", lang)
    rows = []
    for place in found.places:
        told = [figure_cell(getattr(place, arm), lang) for arm in ARMS]
        areas = [cell(words.fixed(place.auroc[arm], 3) if arm in place.auroc else None) for arm in ARMS]
        rows.append((words.shift_place(place, found.by, task, lang), *told, *areas))
    whole = [figure_cell(getattr(found, arm), lang) for arm in ARMS]
    rows.append((words.say("shift.all", lang), *whole, *(cell(None) for _ in ARMS)))
    heads += [f"{words.say(f'shift.{arm}', lang)}: {area}" for arm in ARMS]
    yield table(heads, rows, caption=words.say("shift.caption", lang), numeric=(1, 2, 3, 4, 5, 6))
    yield Paragraph(text=words.say("shift.note", lang), style="quiet")
