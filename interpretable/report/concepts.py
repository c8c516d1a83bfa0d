"""Section: the concepts of the task, what they found, how far they agree with people."""

from __future__ import annotations

from collections.abc import Iterator

from interpretable import words
from interpretable.records.concept import ConceptQuality, ConceptsEvidence
from interpretable.records.document import Block, Cell, Paragraph
from interpretable.records.evaluation import Figure
from interpretable.records.evidence import Evidence
from interpretable.records.task import Task
from interpretable.report.blocks import figure_cell, table

HEADS = ("name", "used", "found", "denied", "labels", "precision", "recall", "f1")


def concepts(evidence: Evidence, lang: str) -> Iterator[Block]:
    """What concepts are, the plain answers, the table, what the figures rest on."""
    found = evidence.concepts
    if found is None:
        return
    for place, line in enumerate(words.concepts_about(found, evidence.task, lang)):
        yield Paragraph(text=line, style="lead" if place == 0 else "")
    for line in words.concepts_told(found, evidence.task, lang):
        yield Paragraph(text=line)
    yield from details(found, evidence.task, lang)


def details(found: ConceptsEvidence, task: Task, lang: str) -> Iterator[Block]:
    """The table, pairs that go together, and what the figures rest on."""
    heads = [_say(f"{head}_head", lang) for head in HEADS]
    rows = [_row(one, task, lang) for one in found.concepts]
    yield table(heads, rows, caption=_say("caption", lang), numeric=tuple(range(2, len(HEADS))))
    for pair in found.overlaps:
        yield Paragraph(text=words.concept_overlap(pair, task, lang))
    yield from (Paragraph(text=line, style="quiet") for line in notes(found, lang))


def notes(found: ConceptsEvidence, lang: str) -> Iterator[str]:
    """On which hand labels the figures rest."""
    measured = [one for one in found.concepts if not one.reason]
    if any(not one.held_out for one in measured):
        yield _say("phrases_note", lang)
    if any(one.held_out for one in measured):
        yield _say("weights_note", lang)
    if measured:
        yield _say("sample_note", lang)
    if found.unmatched:
        yield _say("unmatched", lang, n=found.unmatched)


def _say(code: str, lang: str, **params: object) -> str:
    return words.say(f"concepts.{code}", lang, **params)


def _row(one: ConceptQuality, task: Task, lang: str) -> list[Cell | str | int]:
    named = words.start(words.concept_name(one.name, task, lang))
    asked = f"{words.label(one.column, task, lang)}: {_say(f'head.{one.head}', lang)}"
    approved = words.clean(one.approved) or _say("nobody", lang)
    return [
        Cell(text=named, quiet=asked if lang == "en" else asked.replace(": ", "：")),
        Cell(text=words.say(f"value.{'yes' if one.used else 'no'}", lang), quiet=approved),
        _say("found_cell", lang, found=one.found, rows=one.rows),
        one.denied,
        _say("labels_cell", lang, labels=one.labels, yes=one.labelled_yes),
        *(_share(one, figure, lang) for figure in (one.precision, one.recall, one.f1)),
    ]


def _share(one: ConceptQuality, figure: Figure | None, lang: str) -> Cell:
    if figure is None:
        return Cell(text="–", quiet=words.missing_figure(one.reason, lang))
    return figure_cell(figure, lang, digits=2)
