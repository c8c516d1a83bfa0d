"""Sections on what was proved, what a language model did, and what is lacking."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from interpretable import words
from interpretable.records.document import Block, Heading, Listing, Notice, Paragraph
from interpretable.records.evidence import Evidence
from interpretable.report.blocks import table
from interpretable.report.reasons import prompt_facts

_SHARES = ("false_alarms", "planted", "flagged", "rate", "share")


def checks(evidence: Evidence, lang: str) -> Iterator[Block]:
    """Claims of the report that were checked by computing."""
    yield Paragraph(text=words.say("report.checks.lead", lang), style="lead")
    rows: list[tuple[str, Any]] = [
        (words.say("report.checks.compile_gap", lang, name=words.model(m.name, lang)), m.compile_gap)
        for m in evidence.models
        if m.compile_gap is not None
    ]
    rows += [
        (name, value)
        for key, found in evidence.checks.items()
        if key != "compile_gap" or not rows
        for name, value in _claims(key, found, lang)
    ]
    head = [words.say(f"report.checks.{h}", lang) for h in ("claim", "found")]
    yield table(head, rows, numeric=(1,))


def _claims(key: str, found: Any, lang: str) -> Iterator[tuple[str, Any]]:
    """One row per number; nested checks are named by their path."""
    if isinstance(found, dict):
        for inner, value in found.items():
            nested = (
                words.model(inner, lang) if words.has(f"model.{inner}", lang) else words.readable(str(inner))
            )
            for name, shown in _claims(key, value, lang):
                yield f"{name} ({nested})", shown
        return
    code = f"report.checks.{key}"
    name = words.say(code, lang) if words.has(code, lang) else words.start(words.readable(key))
    yield name, _shown(key, found, lang)


def _shown(key: str, found: Any, lang: str) -> Any:
    if isinstance(found, bool):
        return words.say("value.yes" if found else "value.no", lang)
    if isinstance(found, float) and key.endswith(_SHARES) and 0 <= found <= 1:
        return words.percent(found, lang)
    return words.join(found, lang) if isinstance(found, (list, tuple)) else found


def llm(evidence: Evidence, lang: str) -> Iterator[Block]:
    """Which language model was asked, how to read its row, what it failed at, what left the machine."""
    found = evidence.llm
    yield Paragraph(text=words.say("report.llm.lead", lang), style="lead")
    floor = words.say("llm.floor", lang)
    told = words.llm(found, lang)
    sent = words.sent(found.egress, lang)
    for text in told[: len(told) - len(sent)]:
        if text == floor:
            yield Notice(title=words.say("report.llm.floor_title", lang), text=text)
        else:
            yield Paragraph(text=text)
    for model in evidence.models:
        if model.ledger is not None and model.ledger.failures:
            bill = model.ledger
            said = words.say("llm.failures", lang, failures=bill.failures, calls=bill.rows)
            yield Notice(title=words.model(model.name, lang), text=said)
    facts = prompt_facts(evidence, lang)
    if facts is not None:
        yield Heading(text=words.say("report.llm.facts", lang))
        yield facts
    yield Heading(text=words.say("report.llm.sent_title", lang))
    yield Listing(items=sent)
    if found.prompt_example:
        yield Heading(text=words.say("report.llm.prompt", lang))
        yield Paragraph(text=found.prompt_example, style="code")


def lacking(evidence: Evidence, lang: str) -> list[tuple[str, str, str]]:
    """Everything that a reader may expect and will not find: what, of which model, why."""
    rows = [(words.what(n.what, lang), "", _why(n, lang)) for n in evidence.not_computed]
    for model in evidence.models:
        measures = [("", model), *([("subsample", model.subsample)] if model.subsample else [])]
        for where, found in measures:
            for name, figure in found.metrics.items():
                if figure.value is None:
                    of = words.model(model.name, lang) + (f" (n = {found.n})" if where else "")
                    rows.append((words.metric(name, lang), of, words.missing_figure(figure.reason, lang)))
    return rows


def _why(found: Any, lang: str) -> str:
    known = words.has(f"missing_figure.{found.reason}", lang)
    code = f"missing_figure.{found.reason}" if known else "missing_figure.unworded"
    return words.fill(code, lang, {"reason": words.clean(found.reason), **found.parameters})


def not_computed(evidence: Evidence, lang: str) -> Iterator[Block]:
    """The gaps, loudly."""
    rows = lacking(evidence, lang)
    text = words.say("report.not_computed.lead", lang, n=len(rows))
    yield Notice(text=text, level="stop" if rows else "info")
    if not rows:
        yield Paragraph(text=words.say("report.none", lang))
        return
    yield table([words.say(f"report.not_computed.{h}", lang) for h in ("what", "model", "why")], rows)
