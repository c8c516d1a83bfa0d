"""Sections on where the study comes from: purpose, data, findings, split, environment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from interpretable import words
from interpretable.records.document import Block, Cell, Facts, Heading, Notice, Paragraph
from interpretable.records.evidence import ColumnSummary, Evidence
from interpretable.records.task import Task
from interpretable.report.blocks import table

_ORDER = ("must_fix", "look", "note")


def line_text(task: Task, lang: str) -> str:
    """The declared decision line, and where it comes from."""
    if task.cut is None:
        return words.say("report.cover.no_line", lang)
    line = words.chance(task.cut, lang)
    if task.threshold is None:
        return words.say("report.purpose.harm_text", lang, line=line, ratio=task.harm_ratio)
    return words.say("report.purpose.line_text", lang, line=line)


def purpose(evidence: Evidence, lang: str) -> Iterator[Block]:
    """What the model is for, and what it is not for."""
    task, unsaid = evidence.task, words.say("report.not_stated", lang)
    said = {name: words.clean(getattr(task, name)) for name in ("intended_use", "decision", "users")}
    said |= {
        "out_of_scope": words.said(task, "out_of_scope", lang),
        "horizon": words.said(task, "horizon", lang),
    }
    pairs = [(words.say(f"report.purpose.{name}", lang), text or unsaid) for name, text in said.items()]
    pairs.insert(2, (words.say("report.purpose.target", lang), words.start(words.target(task, lang))))
    if task.kind == "binary":
        pairs.append((words.say("report.purpose.line", lang), line_text(task, lang)))
    yield Facts(pairs=tuple(pairs))
    yield Paragraph(text=words.say("report.association", lang), style="quiet")
    yield Paragraph(text=words.say("report.not_compliance", lang), style="quiet")


def data(evidence: Evidence, lang: str) -> Iterator[Block]:
    """The table that was read, its outcomes and its columns."""
    found = evidence.data
    counts = {"used": found.rows_used, "read": found.rows_read, "dropped": found.rows_dropped}
    yield Paragraph(text=words.say("report.data.lead", lang, name=found.name, **counts), style="lead")
    yield Facts(pairs=((words.say("report.data.hash", lang), found.sha256),))
    if found.class_counts:
        yield Heading(text=words.say("report.data.outcomes", lang))
        head = [words.say(f"report.data.{h}", lang) for h in ("outcome", "count")]
        yield table(head, tuple(zip(found.classes, found.class_counts, strict=True)), numeric=(1,))
    elif found.target_mean is not None:
        mean = words.with_unit(found.target_mean, evidence.task.target_unit, lang)
        yield Paragraph(text=words.say("report.data.mean", lang, mean=mean, sd=found.target_sd))
    yield Heading(text=words.say("report.data.columns", lang))
    heads = ("column", "kind", "used", "missing", "distinct", "range")
    head = [words.say(f"report.data.{h}", lang) for h in heads]
    yield table(head, [_column_row(c, evidence.task, lang) for c in found.columns], numeric=(3, 4))


def _column_row(column: ColumnSummary, task: Task, lang: str) -> tuple[Any, ...]:
    named = words.label(column.name, task, lang)
    used = words.say("value.yes", lang)
    if not column.used:
        reason = words.clean(column.exclude_reason) or "–"
        used = words.say("report.data.unused", lang, reason=reason)
    quiet = column.name if column.name != named else ""
    kind = (
        words.say(f"report.kind.{column.kind}", lang)
        if words.has(f"report.kind.{column.kind}")
        else column.kind
    )
    return (
        Cell(text=words.start(named), quiet=words.clean(quiet)),
        kind,
        used,
        column.missing,
        column.distinct,
        _range(column, task, lang),
    )


def _range(column: ColumnSummary, task: Task, lang: str) -> str:
    described = words.find_column(column.name, task)
    if column.low is not None and column.high is not None:
        low, high = (words.value(x, described, lang) for x in (column.low, column.high))
        return words.say("report.data.range_text", lang, low=low, high=high, median=column.median)
    tops = [
        words.say("report.data.level", lang, name=words.value(v, described, lang), n=n)
        for v, n in column.top[:4]
    ]
    return ", ".join(tops) or "–"


def tally(evidence: Evidence) -> dict[str, int]:
    """How many findings of each severity."""
    return {level: sum(f.severity == level for f in evidence.findings) for level in _ORDER}


def findings(evidence: Evidence, lang: str) -> Iterator[Block]:
    """Every finding in words, the gravest first."""
    yield Paragraph(text=words.say("report.findings.lead", lang, **tally(evidence)), style="lead")
    if not evidence.findings:
        yield Paragraph(text=words.say("report.none", lang))
        return
    ranked = sorted(evidence.findings, key=lambda f: _ORDER.index(f.severity))
    rows = [
        (
            words.severity(f.severity, lang),
            words.finding(f, lang, task=evidence.task),
            Cell(text="", quiet=f.code),
        )
        for f in ranked
    ]
    yield table([words.say(f"report.findings.{h}", lang) for h in ("severity", "finding", "code")], rows)


def split(evidence: Evidence, lang: str) -> Iterator[Block]:
    """Which rows were used for what."""
    found = evidence.split
    yield Paragraph(text=words.say("report.split.lead", lang), style="lead")
    regression = evidence.task.kind == "regression"
    head = ["part", "rows", *(() if found.parts[0].events is None else ("events",))]
    shares = any(p.outcome is not None for p in found.parts)
    head += [*(("mean" if regression else "share",) if shares else ()), "used_for"]
    rows = []
    for part in found.parts:
        row: list[Any] = [words.say(f"report.part.{part.part}", lang), part.n]
        row += [] if found.parts[0].events is None else [part.events]
        if shares:
            row.append(_outcome(part.outcome, evidence.task, lang))
        rows.append([*row, words.say(f"report.part_use.{part.part}", lang)])
    numeric = tuple(range(1, len(head) - 1))
    yield table([words.say(f"report.split.{h}", lang) for h in head], rows, numeric=numeric)
    yield Facts(
        pairs=(
            (words.say("report.split.method", lang), words.say(f"report.split_method.{found.method}", lang)),
            (words.say("report.split.seed", lang), str(found.seed)),
            (words.say("report.split.fingerprint", lang), found.fingerprint),
        )
    )


def _outcome(outcome: float | None, task: Task, lang: str) -> str:
    if outcome is None:
        return "–"
    return words.amount(outcome, task, lang)


def provenance(evidence: Evidence, lang: str) -> Iterator[Block]:
    """Enough to run the study again."""
    found = evidence.provenance
    yield Paragraph(text=words.say("report.provenance.lead", lang), style="lead")
    if found.quick:
        yield Notice(text=words.say("report.quick", lang))
    names = ("version", "created", "seed", "quick", "python", "platform", "cpus", "seconds", "data_sha256")
    pairs = []
    for name in (*names, "task_sha256", "split_fingerprint", "bundle_id"):
        value = getattr(found, name)
        shown = words.say("value.yes" if value else "value.no", lang) if isinstance(value, bool) else value
        if shown not in ("", None):
            text = words.number(shown) if isinstance(shown, (int, float)) else words.clean(shown)
            pairs.append((words.say(f"report.provenance.{name}", lang), text))
    yield Facts(pairs=tuple(pairs))
    if found.packages:
        yield Heading(text=words.say("report.provenance.packages", lang))
        yield Paragraph(
            text=", ".join(f"{words.clean(k)} {words.clean(v)}" for k, v in found.packages.items())
        )
    if evidence.events:
        yield Heading(text=words.say("report.provenance.events", lang))
        head = list(dict.fromkeys(key for event in evidence.events for key in event))
        rows = [[_plain(event.get(key), lang) for key in head] for event in evidence.events]
        yield table([words.start(words.readable(k)) for k in head], rows)


def _plain(value: Any, lang: str) -> Any:
    if isinstance(value, dict):
        return ", ".join(f"{words.readable(k)} {_plain(v, lang)}" for k, v in value.items())
    if isinstance(value, str) and len(value) == 64 and value.isalnum():
        return value[:16] + "…"  # a hash that stands in full among the facts above
    return words.join(value, lang) if isinstance(value, (list, tuple)) else value


def glossary(evidence: Evidence, lang: str) -> Iterator[Block]:
    """The report's own words, for readers who are no statisticians."""
    terms = [code.removesuffix(".term") for code in words.codes("glossary.", lang) if code.endswith(".term")]
    yield Facts(pairs=tuple((words.say(f"{t}.term", lang), words.say(f"{t}.text", lang)) for t in terms))
    used = dict.fromkeys(name for model in evidence.models for name in model.metrics)
    meanings = [(words.metric(n, lang), words.metric_meaning(n, lang)) for n in used]
    yield Facts(pairs=tuple((name, meaning) for name, meaning in meanings if meaning))
