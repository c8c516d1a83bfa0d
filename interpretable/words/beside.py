"""Sentences every finding on small models and language models shares: the verdict, the model, the bill."""

from __future__ import annotations

from interpretable.records.beside import Told
from interpretable.words.catalogs import has, say
from interpretable.words.numbers import clean, number


def beside(told: Told, lang: str = "en") -> tuple[str, ...]:
    """The verdict of a mechanism, why, and which language model was asked."""
    lines = [] if told.verdict == "told" else [say(f"beside.verdict.{told.verdict}", lang)]
    code = f"beside.reason.{told.mechanism}.{told.reason}"
    if told.reason and has(code, lang):
        lines.append(say(code, lang))
    if told.info is None:
        return (*lines, say("beside.no_model", lang))
    lines.append(say("beside.model", lang, name=clean(told.info.name)))
    if told.info.smoke_test_only:
        lines.append(say("beside.smoke_test", lang))
    return tuple(lines)


def bill(told: Told, lang: str = "en") -> tuple[tuple[str, str], ...]:
    """What a mechanism cost: pairs of name and amount; none where no language model was asked."""
    ledger = told.ledger
    if ledger is None:
        return ()
    amounts = {
        "calls": number(ledger.calls), "cached": number(ledger.cached), "failures": number(ledger.failures),
        "tokens_in": number(ledger.tokens_in), "tokens_out": number(ledger.tokens_out),
        "seconds": number(round(ledger.seconds, 1)), "bytes": number(ledger.bytes_sent),
        "money": f"{number(ledger.money)} {clean(ledger.currency)}" if ledger.money else "",
    }  # fmt: skip
    return tuple((say(f"beside.bill.{name}", lang), text) for name, text in amounts.items() if text)
