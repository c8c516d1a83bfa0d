"""Section: where the model is weak: slices, overfit regions, robustness, learning curve, drift."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from interpretable import figures, words
from interpretable.records.diagnostics import DiagnosticsEvidence
from interpretable.records.document import Block, Heading, Paragraph, Table
from interpretable.records.evidence import Evidence
from interpretable.records.task import Task
from interpretable.report.blocks import picture, table, twin
from interpretable.words import weakness


def _say(code: str, lang: str, **params: Any) -> str:
    return words.say(f"diagnostics.{code}", lang, **params)


def diagnostics(evidence: Evidence, lang: str) -> Iterator[Block]:
    """Where the model is weak: slices, overfit regions, robustness, learning curve, drift."""
    found = evidence.diagnostics
    if found is None or not weakness.asked(found):
        return
    yield Paragraph(text=_say("lead", lang), style="lead")
    gap = "" if lang == "zh" else " "
    yield Paragraph(text=gap.join(weakness.measured(found, evidence.task, lang)), style="quiet")
    if found.sampled:
        rows = max(found.sampled.values())
        yield Paragraph(text=_say("sampled", lang, rows=words.number(rows)), style="quiet")
    for name in weakness.asked(found):
        yield from _question(name, found, evidence.task, lang)


def _question(name: str, found: DiagnosticsEvidence, task: Task, lang: str) -> Iterator[Block]:
    """One question: the answer, the drawing with its numbers, how it was found, and what else there is."""
    yield Heading(text=_say(f"question.{name}", lang))
    yield Paragraph(text=weakness.answer(name, found, task, lang))
    rows = figures.diagnosis_table(name, found, task, lang)
    drawn = figures.diagnosis(name, found, task, lang)
    if drawn is not None:
        alt = figures.diagnosis_alt(name, found, task, lang)
        yield picture(drawn, alt, rows, caption=_say(f"name.{name}", lang))
    elif rows:
        yield twin(rows, _say(f"name.{name}", lang))
    yield Paragraph(text=_method(name, found, lang), style="quiet")
    yield from _more(name, found, task, lang)


def _method(name: str, found: DiagnosticsEvidence, lang: str) -> str:
    n = words.number(found.reliability.calibration_n) if found.reliability else ""
    return _say(f"method.{name}", lang, n=n)


def _more(name: str, found: DiagnosticsEvidence, task: Task, lang: str) -> Iterator[Block]:
    if name == "robustness" and found.robustness.features:
        yield _singles(found, task, lang)
    if name == "resilience":
        yield _shares(found, task, lang)
        yield from _drivers(found, task, lang)
        yield from _shifts(found, task, lang)
    if name == "drift" and found.drift.blocks:
        yield _blocks(found, task, lang)


def _folded(heads: tuple[str, ...], rows: list[list[Any]], caption: str, lang: str) -> Table:
    head = [_say(f"head.{h}", lang) for h in heads]
    numeric = tuple(range(1, len(heads)))
    return table(head, rows, caption=_say(f"caption.{caption}", lang), folded=True, numeric=numeric)


def _singles(found: DiagnosticsEvidence, task: Task, lang: str) -> Table:
    rows = []
    for one in found.robustness.features:
        name = words.start(words.label(one.feature, task, lang))
        flips = "–" if one.flips is None else words.percent(one.flips, lang)
        rows.append([name, words.fixed(one.moved), weakness.interval(one.change, lang), flips])
    return _folded(("column", "moved", "change", "flips"), rows, "single", lang)


def _shares(found: DiagnosticsEvidence, task: Task, lang: str) -> Table:
    rows = []
    for one in found.resilience.shares:
        share = words.percent(one.share, lang)
        scenario = words.start(_say(f"scenario.{one.scenario}", lang, share=share))
        error = weakness.wrong(one.wrong.value, task, lang)
        rows.append([scenario, words.model(one.model, lang), one.n, weakness.interval(one.loss, lang), error])
    wrong = "wrong_amount" if task.kind == "regression" else "wrong"
    return _folded(("scenario", "model", "rows", "loss", wrong), rows, "shares", lang)


def _drivers(found: DiagnosticsEvidence, task: Task, lang: str) -> Iterator[Block]:
    rows = []
    for one in found.resilience.drivers:
        column = words.find_column(one.feature, task)
        groups = [words.group_name(g, lang, column=column) for g in one.groups]
        name = words.start(words.label(column, task, lang))
        rows.append([name, words.fixed(one.psi), words.fixed(one.floor), words.join(groups, lang) or "–"])
    if rows:
        yield _folded(("column", "psi", "floor", "more"), rows, "drivers", lang)


def _shifts(found: DiagnosticsEvidence, task: Task, lang: str) -> Iterator[Block]:
    rows = []
    for one in found.resilience.shifts:
        where = words.start(weakness.condition(one.condition, task, lang))
        figures_of = [weakness.interval(f, lang) for f in (one.loss, one.gap)]
        rows.append([where, one.n, *figures_of, words.fixed(one.p_value)])
    if rows:
        yield _folded(("where", "rows", "loss", "gap", "p"), rows, "shifts", lang)


def _blocks(found: DiagnosticsEvidence, task: Task, lang: str) -> Table:
    rows = []
    for one in found.drift.blocks:
        part = _say("part.train" if one.part == "train" else "part.test_block", lang)
        name = words.start(_say("part.block", lang, part=part, n=one.block))
        error = weakness.wrong(one.wrong.value, task, lang)
        rows.append([name, one.n, weakness.interval(one.loss, lang), error])
    wrong = "wrong_amount" if task.kind == "regression" else "wrong"
    return _folded(("part", "rows", "loss", wrong), rows, "blocks", lang)
