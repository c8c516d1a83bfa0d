"""Section: every setting that was tried, what averaging brought, and whether a teacher helped."""

from __future__ import annotations

from collections.abc import Iterator

from interpretable import words
from interpretable.records.document import Block, Paragraph
from interpretable.records.evidence import Evidence
from interpretable.report.blocks import table
from interpretable.words import tuned


def tuning(evidence: Evidence, lang: str) -> Iterator[Block]:
    """The answers in words; trials, weights and the teacher's figures as folded tables."""
    found = evidence.tuning
    if found is None:
        return
    yield Paragraph(text=words.say("tuning.lead", lang), style="lead")
    for line in tuned.answer(found, lang):
        yield Paragraph(text=line)
    exact = tuned.exactness(found, lang)
    if exact:
        yield Paragraph(text=exact, style="quiet")
    for one in found.searches:
        caption = words.say("tuning.trials", lang, model=words.model(one.model, lang))
        yield _folded(tuned.trial_rows(one, lang), caption, numeric=(1, 2, 3, 4, 5))
    if found.searches:
        yield Paragraph(text=words.say("tuning.trials_note", lang), style="quiet")
    if found.blend is not None:
        yield _folded(tuned.blend_rows(found.blend, lang), words.say("tuning.word.blend", lang), numeric=(1,))
    if found.distillation is not None:
        rows = tuned.distil_rows(found.distillation, lang, metric=found.metric)
        yield _folded(rows, words.say("tuning.word.distil", lang), numeric=(1,))


def _folded(rows: tuned.Rows, caption: str, *, numeric: tuple[int, ...]) -> Block:
    cells = [list(row.values()) for row in rows]
    return table(list(rows[0]), cells, caption=caption, numeric=numeric, folded=True)
