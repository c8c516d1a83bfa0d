"""Part on rows of a language model: what came of the answers, and how the small model fared with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from interpretable import words
from interpretable.records.augmented import Augmented
from interpretable.records.document import Block, Paragraph, Table
from interpretable.records.evidence import Evidence
from interpretable.records.gate import GateFinding
from interpretable.report.blocks import figure_cell, table


def blocks(found: Augmented, evidence: Evidence, lang: str) -> Iterator[Block]:
    """Sentences, faults, what was dropped, the arms of the gate."""
    for line in words.augmented(found, evidence.task, lang):
        yield Paragraph(text=line)
    if found.account.refused:
        named = {words.augment_refused(code, lang): n for code, n in found.account.refused.items()}
        yield _counts(named, "refused", "fault", lang)
    if found.gate.curation.dropped:
        named = {_say(f"dropped.{code}", lang): n for code, n in found.gate.curation.dropped.items()}
        yield _counts(named, "dropped", "reason", lang)
    if found.gate.arms:
        yield _arms(found.gate, lang)
        yield Paragraph(text=_say("sure", lang), style="quiet")


def _say(code: str, lang: str) -> str:
    return words.say(f"augment.{code}", lang)


def _counts(named: Mapping[str, int], caption: str, head: str, lang: str) -> Table:
    return table(
        [_say(f"head.{head}", lang), _say("head.rows", lang)],
        list(named.items()),
        caption=_say(f"{caption}_caption", lang),
        numeric=(1,),
    )


def _arms(gate: GateFinding, lang: str) -> Table:
    rows = [
        (
            _say(f"arm.{arm.name}", lang),
            words.fixed(arm.loss, 3),
            figure_cell(arm.gain, lang),
            ", ".join(f"{weight} ({folds})" for weight, folds in arm.weights.items()) or None,
        )
        for arm in gate.arms
    ]
    heads = [_say(f"head.{name}", lang) for name in ("learned", "loss", "gain", "weights")]
    return table(heads, rows, caption=_say("arms_caption", lang), numeric=(1, 2))
