"""Part of the section on small and large models: labels by machine."""

from __future__ import annotations

from collections.abc import Iterator

from interpretable import words
from interpretable.records.document import Block, Listing, Paragraph, Table
from interpretable.records.evidence import Evidence
from interpretable.records.gate import GateFinding
from interpretable.records.labelled import LabelFinding
from interpretable.records.task import Task
from interpretable.report.blocks import cell, figure_cell, table


def label(found: LabelFinding, evidence: Evidence, lang: str) -> Iterator[Block]:
    """Sentences, what the machine said against what it was, and the arms of the trials."""
    yield Listing(items=words.machine_labels(found, evidence.task, lang))
    yield from behind(found, evidence.task, lang)


def behind(found: LabelFinding, task: Task, lang: str) -> Iterator[Block]:
    """The tables."""
    if found.checks:
        yield _checks(found, task, lang)
    for gate, code, arms in ((found.gate, "arms", "arm"), (found.soft, "soft", "soft_arm")):
        if gate is not None and gate.arms:
            yield _arms(gate, code, arms, lang)
    if found.checks:
        yield Paragraph(text=words.say("label.note", lang), style="quiet")


def _head(names: tuple[str, ...], lang: str) -> list[str]:
    return [words.say(f"label.head_{name}", lang) for name in names]


def _checks(found: LabelFinding, task: Task, lang: str) -> Table:
    rows = []
    for check in found.checks:
        place = words.say(f"label.place_{check.place}", lang)
        for one in check.said:
            truth = [
                words.say("label.one_label", lang, label=words.class_name(name, task, lang), n=n)
                for name, n in one.truth.items()
            ]
            said = words.class_name(one.label, task, lang)
            right = figure_cell(one.right, lang, digits=2)
            was = words.join(truth, lang) if truth else None
            rows.append((place, said, one.rows, one.checked, right, was))
    head = _head(("place", "said", "rows", "checked", "right", "truth"), lang)
    return table(head, rows, caption=words.say("label.caption_check", lang), numeric=(2, 3, 4))


def _arms(gate: GateFinding, code: str, arms: str, lang: str) -> Table:
    rows = []
    for arm in gate.arms:
        weights = [f"{weight} ({folds})" for weight, folds in arm.weights.items()]
        shown = words.join(weights, lang) if weights else None
        name = words.say(f"label.{arms}.{arm.name}", lang)
        rows.append((name, cell(words.fixed(arm.loss, 3)), figure_cell(arm.gain, lang), shown))
    head = _head(("arm", "loss", "gain", "weights"), lang)
    return table(head, rows, caption=words.say(f"label.caption_{code}", lang), numeric=(1, 2))
