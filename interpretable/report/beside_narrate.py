"""Part on rephrased explanations: what passed, why texts were refused, what the checker is worth."""

from __future__ import annotations

from collections.abc import Iterator

from interpretable import words
from interpretable.records.document import Block, Paragraph, Table
from interpretable.records.evidence import Evidence
from interpretable.records.narrated import Narrated
from interpretable.report.blocks import table


def blocks(found: Narrated, evidence: Evidence, lang: str) -> Iterator[Block]:
    """Sentences, faults, cases without a text, and planted errors."""
    for line in words.narrated(found, lang):
        yield Paragraph(text=line)
    if found.failures:
        yield _counts(found.failures, "failures", "texts", lang)
    if found.unanswered:
        yield _counts(found.unanswered, "unanswered", "cases", lang)
    yield table(
        [_head(name, lang) for name in ("kind", "planted", "caught")],
        [
            [words.say(f"narrate.planted.{kind}", lang), share.of, share.count]
            for kind, share in found.planted.items()
        ],
        caption=words.say("narrate.planted_caption", lang),
        numeric=(1, 2),
        folded=True,
    )


def _head(name: str, lang: str) -> str:
    return words.say(f"narrate.head.{name}", lang)


def _counts(counts: dict[str, int], name: str, what: str, lang: str) -> Table:
    return table(
        [_head("failure", lang), _head(what, lang)],
        [[words.narrate_failure(code, lang), count] for code, count in counts.items()],
        caption=words.say(f"narrate.{name}_caption", lang),
        numeric=(1,),
    )
