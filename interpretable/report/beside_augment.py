"""Part on rows of a language model: what came of the answers, what the rows are like, how the gate judged."""

from __future__ import annotations

from collections.abc import Iterator

from interpretable import words
from interpretable.records.augmented import Augmented
from interpretable.records.document import Block, Paragraph, Table
from interpretable.records.evidence import Evidence
from interpretable.records.quality import Quality
from interpretable.records.task import Task
from interpretable.report.blocks import cell, figure_cell, table
from interpretable.report.gate import gate_blocks


def blocks(found: Augmented, evidence: Evidence, lang: str) -> Iterator[Block]:
    """Sentences, the gate, faults, measures of one set."""
    for line in words.augmented(found, evidence.task, lang):
        yield Paragraph(text=line)
    yield from gate_blocks(found.gate, evidence.task, lang, verdict=False)
    yield from faults(found, lang)
    yield from likeness(found, evidence.task, lang)


def faults(found: Augmented, lang: str) -> Iterator[Block]:
    """Why rows could not be used."""
    if found.account.refused:
        yield table(
            [words.say(f"augment.head.{name}", lang) for name in ("fault", "rows")],
            [(words.augment_refused(code, lang), n) for code, n in found.account.refused.items()],
            caption=words.say("augment.refused_caption", lang),
            numeric=(1,),
        )


def likeness(found: Augmented, task: Task, lang: str) -> Iterator[Block]:
    """What one set of generated rows is like."""
    if found.quality is not None:
        yield _figures(found.quality, lang)
        if found.quality.columns:
            yield _columns(found.quality, task, lang)


def _say(code: str, lang: str, **params: object) -> str:
    return words.say(f"augment.quality.{code}", lang, **params)


def _figures(found: Quality, lang: str) -> Table:
    """Fidelity, use, privacy, one figure per row."""
    rows = [
        (_say(name, lang), figure_cell(getattr(found, name), lang))
        for name in ("told_apart", "copies_shown", "copies_others", "attack_auc", "attack_tpr")
    ]
    rows[1:1] = [
        (_say(name, lang), cell(words.fixed(getattr(found, name), 3)))
        for name in ("loss_generated", "loss_real")
    ]
    rows.insert(3, (_say("loss_gap", lang), figure_cell(found.loss_gap, lang)))
    if found.pairs is not None:
        real = words.fixed(found.pairs_real, 3)
        rows.insert(1, (_say("pairs", lang, real=real), cell(words.fixed(found.pairs, 3))))
    rows.append((_say("closest", lang), cell(words.fixed(found.closest, 3))))
    heads = [_say(name, lang) for name in ("figure", "value")]
    return table(heads, rows, caption=_say("caption", lang), numeric=(1,))


def _columns(found: Quality, task: Task, lang: str) -> Table:
    rows = [
        (words.label(one.column, task, lang), words.fixed(one.generated, 2), words.fixed(one.real, 2))
        for one in found.columns
    ]
    heads = [_say(name, lang) for name in ("column", "generated", "real")]
    return table(heads, rows, caption=_say("columns_caption", lang), numeric=(1, 2), folded=True)
