"""Texts in the report: the weights of tokens, and constructed texts with their words marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from interpretable import figures, words
from interpretable.records.document import Block, Heading, MarkedText, Paragraph
from interpretable.records.evidence import Evidence
from interpretable.records.explanation import CaseExplanation, TextReading, TokenWeight
from interpretable.report.blocks import picture, table

FOLDED = {"characters": "spelling", "piece": "pieces"}


def tokens(found: Sequence[TokenWeight], evidence: Evidence, lang: str) -> Iterator[Block]:
    """Words as a picture with its table, spelling and pieces as folded tables; one group per class."""
    if not found:
        return
    yield Heading(text=words.say("report.model.tokens", lang))
    lead = [words.say("report.model.tokens_lead", lang)]
    lead += [words.say(f"reading.global.{code}", lang) for code in ("lead", "few")]
    yield Paragraph(text=("" if lang == "zh" else " ").join(lead), style="quiet")
    for feature, output in dict.fromkeys((t.feature, t.output) for t in found):
        own = [t for t in found if (t.feature, t.output) == (feature, output)]
        yield from _group(own, evidence, lang, several=len({t.feature for t in found}) > 1)


def _group(own: Sequence[TokenWeight], evidence: Evidence, lang: str, *, several: bool) -> Iterator[Block]:
    task, first = evidence.task, own[0]
    names = [words.start(words.label(first.feature, task, lang))] if several else []
    names += [words.class_name(first.output, task, lang)] if first.output else []
    caption = " · ".join(names)
    for kind, some in figures.token_kinds(own).items():
        rows = figures.tokens_table(some, task, lang)
        if kind == "word":
            chart, alt = figures.tokens(some, task, lang), figures.tokens_alt(some, task, lang)
            yield picture(chart, alt, rows, caption=caption)
        else:
            title = words.say(f"reading.global.{FOLDED[kind]}", lang)
            cells = [tuple(row.values()) for row in rows]
            said = " · ".join([*names, title])
            yield table(list(rows[0]), cells, caption=said, numeric=(2, 3, 4), folded=True)


def example_texts(case: CaseExplanation, evidence: Evidence, lang: str, *, title: str) -> Iterator[Block]:
    """The constructed texts of an example with their words marked, and the words in a table."""
    for reading in case.texts:
        text = str((case.values or {}).get(reading.feature) or "")
        if text and reading.marks:
            yield Paragraph(text=words.say("reading.example.text", lang), style="quiet")
            yield MarkedText(
                runs=words.runs(text, reading.marks),
                raises=_sign("raises", case, evidence, lang),
                lowers=_sign("lowers", case, evidence, lang),
            )
            yield _words(reading, evidence, lang, title=title)
            yield Paragraph(text=words.differ(evidence.task, lang), style="quiet")


def _sign(way: str, case: CaseExplanation, evidence: Evidence, lang: str) -> str:
    """What a sign means; of several classes, for which of them."""
    if evidence.task.kind != "multiclass":
        return words.say(f"app.case.{way}", lang)
    return words.say(f"reading.{way}_of", lang, name=words.class_name(case.output, evidence.task, lang))


def _words(reading: TextReading, evidence: Evidence, lang: str, *, title: str) -> Block:
    ranked = sorted(reading.removals, key=lambda r: -abs(r.share))
    head = [words.say(f"reading.head.{code}", lang) for code in ("word", "times", "share", "without")]
    rows = [
        (
            words.visible(r.word),
            words.number(r.times),
            words.fixed(r.share),
            words.amount(r.if_removed, evidence.task, lang),
        )
        for r in ranked
    ]
    now = words.amount(ranked[0].estimate, evidence.task, lang) if ranked else "–"
    # Each example's table is named after it, so that a screen reader can tell them apart.
    said = words.say("reading.example.table", lang, title=title, now=now)
    return table(head, rows, caption=said, numeric=(1, 2))
