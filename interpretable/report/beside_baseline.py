"""Part of the section on small and large models: a language model on the same rows as the small models."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from interpretable import figures, words
from interpretable.records.document import Block, Heading, Listing, Paragraph
from interpretable.records.evidence import Evidence
from interpretable.records.exchange import Cost
from interpretable.records.llm_baseline import BaselineFinding, ModeResult
from interpretable.records.task import Task
from interpretable.report.blocks import cell, figure_cell, picture, table

COSTS = ("name", "seconds", "tokens", "bytes", "money", "energy", "more", "each")


def baseline(found: BaselineFinding, evidence: Evidence, lang: str) -> Iterator[Block]:
    """What was asked and what came of it, the picture, the bill, the readings, and the probes."""
    yield Listing(items=words.llm_lines(found, lang))
    yield picture(
        figures.llm_modes(found, lang),
        figures.llm_modes_alt(found, lang),
        figures.llm_modes_table(found, lang),
        caption=caption(found, lang),
    )
    yield from costs(found, lang)
    yield from readings(found, lang)
    yield from probes(found, evidence.task, lang)


def _say(code: str, lang: str, **params: object) -> str:
    return words.say(f"llmbase.{code}", lang, **params)


def caption(found: BaselineFinding, lang: str) -> str:
    """What the picture is."""
    metric = next(iter(found.small[0].metrics))
    return _say("modes", lang, metric=words.metric(metric, lang), n=found.rows)


def _ran(found: BaselineFinding) -> list[ModeResult]:
    return [m for m in found.modes if not m.skipped]


def costs(found: BaselineFinding, lang: str) -> Iterator[Block]:
    """What 1,000 decisions cost by each, and one more right decision; what costs nothing has no column."""
    ran = _ran(found)
    used = next(s for s in found.small if s.used)
    rows = [_cost(_say("small_mode", lang), used.cost, None, lang)]
    rows += [_cost(words.llm_mode(m.mode, lang), m.cost, m, lang) for m in ran if m.cost is not None]
    kept = [i for i in range(len(COSTS)) if any(row[i] is not None for row in rows)]
    yield table(
        [_say(f"{COSTS[i]}_head", lang) for i in kept],
        [[row[i] for i in kept] for row in rows],
        caption=_say("bill", lang),
        numeric=tuple(place for place, i in enumerate(kept) if 0 < i < COSTS.index("more")),
    )
    far = any(m.cost is not None and m.cost.watts is None for m in ran)
    note = _say("bill_note_far", lang) if far else _say("bill_note", lang, watts=used.cost.watts)
    yield Paragraph(text=note, style="quiet")


def _cost(name: str, cost: Cost, mode: ModeResult | None, lang: str) -> list[Any]:
    more, each = None, None
    if mode is not None and mode.more is not None:
        more = figure_cell(mode.more.more, lang, digits=0)
        each = words.llm_each(mode.more, cost.currency, lang)
    money = f"{words.number(_two(cost.money))} {words.clean(cost.currency)}" if cost.money else None
    tokens, sent = (round(v) if v else None for v in (cost.tokens, cost.bytes_sent))
    energy = None if cost.watt_hours is None else _plain(cost.watt_hours)
    return [name, _plain(cost.seconds), tokens, sent, money, energy, more, each]


def _plain(amount: float) -> str:
    """Two digits without an exponent: these amounts lie many powers of ten apart."""
    return words.number(_two(amount)) if amount >= 0.001 else f"{_two(amount):.9f}".rstrip("0")


def _two(amount: float) -> float:
    return round(amount) if abs(amount) >= 100 else float(f"{amount:.2g}")


def readings(found: BaselineFinding, lang: str) -> Iterator[Block]:
    """Every reading of every mode, and its differences from the small model."""
    ran, shown = _ran(found), list(found.small[0].metrics)
    heads = [_say("mode_head", lang), _say("reading_head", lang), *(words.metric(m, lang) for m in shown)]
    numeric = tuple(range(2, 2 + len(shown)))
    rows: list[list[Any]] = [
        [words.model(s.model, lang), None, *(figure_cell(s.metrics[m], lang) for m in shown)]
        for s in found.small
    ]
    gaps: list[list[Any]] = []
    for mode in ran:
        for one in mode.readings:
            name = [words.llm_mode(mode.mode, lang), words.llm_reading(one.name, lang)]
            rows.append([*name, *(figure_cell(one.metrics[m], lang) for m in shown)])
            known = {c.metric: c.difference for c in one.comparisons}
            gaps.append([*name, *(figure_cell(known.get(m), lang) for m in shown)])
    yield table(heads, rows, caption=_say("readings", lang), numeric=numeric, folded=True)
    yield Paragraph(text=_say("readings_note", lang), style="quiet")
    yield table(heads, gaps, caption=_say("differences", lang), numeric=numeric, folded=True)


def probes(found: BaselineFinding, task: Task, lang: str) -> Iterator[Block]:
    """Signs of memory, steadiness, kinds of rows, and the card."""
    if found.completion is not None and found.renamed is not None:
        yield Heading(text=_say("memory", lang))
        yield Paragraph(text=_say("memory_note", lang), style="quiet")
        for lines in (words.llm_completion(found.completion, lang), words.llm_renamed(found.renamed, lang)):
            yield Paragraph(text=("" if lang == "zh" else " ").join(lines))
    if found.steadiness:
        yield Heading(text=_say("steady", lang))
        yield _steady(found, lang)
    if found.kinds is not None:
        yield Heading(text=_say("kinds", lang))
        for line in words.llm_kinds(found.kinds, task, lang):
            yield Paragraph(text=line)
    if found.card:
        yield Heading(text=_say("card", lang))
        yield Paragraph(text=_say("card_note", lang), style="quiet")
        yield Paragraph(text=found.card, style="code")


def _steady(found: BaselineFinding, lang: str) -> Block:
    heads = [_say(f"{h}_head", lang) for h in ("change", "rows", "changed", "moved")]
    rows = []
    for one in found.steadiness:
        name = _say(f"change_{one.change}", lang)
        if one.skipped:
            rows.append([cell(name, quiet=_say(f"why.{one.skipped}", lang)), 0, None, None])
        else:
            rows.append([name, one.n, figure_cell(one.changed, lang, digits=2), figure_cell(one.moved, lang)])
    return table(heads, rows, caption=_say("steady_rows", lang), numeric=(1, 2, 3))
