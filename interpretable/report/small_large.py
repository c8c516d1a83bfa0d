"""Section on small models and language models together: one part per mechanism that was asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from interpretable import words
from interpretable.records.beside import Told
from interpretable.records.document import Block, Facts, Heading, Paragraph
from interpretable.records.evidence import Evidence
from interpretable.report import beside_narrate
from interpretable.report.beside_cascade import cascade
from interpretable.report.beside_curve import curve
from interpretable.report.beside_label import label
from interpretable.report.beside_shift import shift

PARTS: dict[str, Callable[[Any, Evidence, str], Iterator[Block]]] = {
    "narrate": beside_narrate.blocks,
    "cascade": cascade,
    "curve": curve,
    "shift": shift,
    "label": label,
}


def beside(found: Mapping[str, Any], evidence: Evidence, lang: str) -> Iterator[Block]:
    """Every mechanism with its verdict, what it cost and what it found."""
    if not found:
        return
    yield Paragraph(text=words.say("beside.lead", lang), style="lead")
    for name, record in found.items():
        yield Heading(text=words.say(f"beside.title.{name}", lang))
        yield Paragraph(text=("" if lang == "zh" else " ").join(words.beside(record.told, lang)))
        yield from PARTS[name](record, evidence, lang)
        cost = bill(record.told, lang)
        if cost is not None:
            yield cost


def bill(told: Told, lang: str) -> Facts | None:
    """What the language model cost, and what left the machine."""
    rows = words.bill(told, lang)
    return Facts(pairs=rows) if rows else None
