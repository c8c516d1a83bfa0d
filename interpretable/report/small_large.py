"""Section on small models and language models together: one part per mechanism that was asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from interpretable import words
from interpretable.records.beside import Told
from interpretable.records.document import Block, Facts, Heading, Paragraph, Table
from interpretable.records.evidence import Evidence
from interpretable.records.exchange import Ledger
from interpretable.report import beside_augment, beside_narrate
from interpretable.report.beside_cascade import cascade
from interpretable.report.beside_curve import curve
from interpretable.report.beside_shift import shift
from interpretable.report.blocks import table

PARTS: dict[str, Callable[[Any, Evidence, str], Iterator[Block]]] = {
    "narrate": beside_narrate.blocks,
    "cascade": cascade,
    "augment": beside_augment.blocks,
    "curve": curve,
    "shift": shift,
}


def beside(found: Mapping[str, Any], evidence: Evidence, lang: str) -> Iterator[Block]:
    """Every mechanism with its verdict, what it cost and what it found."""
    if not found:
        return
    yield Paragraph(text=words.say("beside.lead", lang), style="lead")
    yield overview(found, lang)
    for name, record in found.items():
        yield Heading(text=words.say(f"beside.title.{name}", lang))
        yield Paragraph(text=("" if lang == "zh" else " ").join(words.beside(record.told, lang)))
        yield from PARTS[name](record, evidence, lang)
        cost = bill(record.told, lang)
        if cost is not None:
            yield cost


def overview(found: Mapping[str, Any], lang: str) -> Table:
    """One line per mechanism: its verdict and what its questions cost. A dash: nobody was asked."""
    names = ("mechanism", "verdict", "calls", "tokens", "seconds", "money", "bytes")
    rows = []
    for name, record in found.items():
        told: Told = record.told
        line = [words.say(f"beside.title.{name}", lang), words.say(f"beside.overview.{told.verdict}", lang)]
        rows.append([*line, *_costs(told.ledger)])
    heads = [words.say(f"beside.overview.{name}", lang) for name in names]
    return table(heads, rows, caption=words.say("beside.overview.caption", lang), numeric=(2, 3, 4, 5, 6))


def _costs(ledger: Ledger | None) -> list[Any]:
    if ledger is None:
        return [None] * 5
    money = f"{words.number(ledger.money)} {words.clean(ledger.currency)}" if ledger.money else None
    tokens = ledger.tokens_in + ledger.tokens_out
    return [ledger.calls, tokens, round(ledger.seconds, 1), money, ledger.bytes_sent]


def bill(told: Told, lang: str) -> Facts | None:
    """What the language model cost, and what left the machine."""
    rows = words.bill(told, lang)
    return Facts(pairs=rows) if rows else None
