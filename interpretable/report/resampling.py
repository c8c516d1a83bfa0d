"""Section: what repeated cross-validation says: differences, equivalence, what could be seen, is n enough."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from interpretable import figures, words
from interpretable.records.document import Block, Facts, Heading, Listing, Notice, Paragraph, Table
from interpretable.records.evidence import Evidence
from interpretable.records.resampling import ResamplingEvidence
from interpretable.report.blocks import picture, table
from interpretable.words import repeats

LEVELS: dict[str, Literal["info", "warn", "stop"]] = {"enough": "info", "thin": "warn", "stop": "stop"}


def _say(code: str, lang: str, **params: Any) -> str:
    return words.say(f"resampling.{code}", lang, **params)


def _heads(lang: str, *names: str) -> tuple[str, ...]:
    return tuple(_say(f"head.{name}", lang) for name in names)


def resampling(evidence: Evidence, lang: str) -> Iterator[Block]:
    """What repeated cross-validation says: differences, equivalence, what could be seen, is n enough."""
    found = evidence.resampling
    if found is None:
        return
    yield Paragraph(text=_say("lead", lang), style="lead")
    yield from _verdict(found, lang)
    yield Heading(text=_say("title.leads", lang))
    yield from _answers(found, evidence.selected, lang)
    gap = "" if lang == "zh" else " "
    yield Paragraph(text=gap.join(repeats.how(found, lang)), style="quiet")
    yield from _leads(found, lang)
    yield _models(found, lang)
    yield from _power(found, lang)
    yield from _size(found, lang)
    yield from _optimism(found, lang)


def _verdict(found: ResamplingEvidence, lang: str) -> Iterator[Block]:
    if found.verdict is None:
        return
    code, gap = f"verdict.{found.verdict}", "" if lang == "zh" else " "
    told = [_say(f"{code}.text", lang), *(repeats.reason(one, lang) for one in found.reasons)]
    yield Notice(title=_say(f"{code}.title", lang), text=gap.join(told), level=LEVELS[found.verdict])


def _answers(found: ResamplingEvidence, selected: str, lang: str) -> Iterator[Block]:
    lines = [repeats.answer(one, found, selected, lang) for one in found.leads]
    won = repeats.chosen(found, selected, lang)
    if not lines:
        yield Paragraph(text=_say("alone", lang))
        return
    yield Listing(items=tuple([*lines, won] if won else lines))
    yield Paragraph(text=repeats.margin(found, lang), style="quiet")


def _leads(found: ResamplingEvidence, lang: str) -> Iterator[Block]:
    if not found.leads:
        return
    chart, alt = figures.leads(found, lang), figures.leads_alt(found, lang)
    yield picture(chart, alt, figures.leads_table(found, lang), caption=_say("figure", lang))
    yield Paragraph(text=_say("note.leads", lang), style="quiet")
    heads = _heads(lang, "other", "p_worse", "p_same", "p_better", "behind", "detectable")
    rows = [
        (
            words.model(one.model, lang),
            *(words.percent(p, lang) for p in (one.p_worse, one.p_same, one.p_better)),
            f"{one.behind} / {found.repeats}",
            words.fixed(one.detectable),
        )
        for one in found.leads
    ]
    caption = _say("title.chances", lang)
    yield table(heads, rows, caption=caption, numeric=(1, 2, 3, 4, 5), folded=True)
    yield Paragraph(text=_say("note.chances", lang), style="quiet")


def _models(found: ResamplingEvidence, lang: str) -> Table:
    rows = []
    for one in sorted(found.models, key=lambda m: -m.won):
        ends = sorted((one.low, one.high), reverse=not words.higher_is_better(found.metric))
        low, high = (words.fixed(end) for end in ends)
        span = words.say("draw.range", lang, low=low, high=high) if found.repeats > 1 else "–"
        won = f"{one.won} / {found.repeats}"
        name = words.model(one.model, lang)
        rows.append((name, words.fixed(one.mean), words.fixed(one.spread), span, won))
    heads = _heads(lang, "model", "mean", "spread", "range", "won")
    caption = f"{_say('title.models', lang)} ({words.metric(found.metric, lang)})"
    return table(heads, rows, caption=caption, numeric=(1, 2, 3, 4))


def _power(found: ResamplingEvidence, lang: str) -> Iterator[Block]:
    if not found.test:
        return
    yield Heading(text=_say("title.power", lang))
    first = next(
        (one for lead in found.leads for one in found.test if one.model == lead.model), found.test[0]
    )
    yield Paragraph(text=repeats.power(first, lang))
    if len(found.test) > 1:
        rows = [(words.model(one.model, lang), words.fixed(one.detectable)) for one in found.test]
        yield table(_heads(lang, "other", "test"), rows, numeric=(1,), folded=True)


def _size(found: ResamplingEvidence, lang: str) -> Iterator[Block]:
    if found.size is None:
        return
    yield Heading(text=_say("title.size", lang))
    yield Facts(pairs=repeats.size(found.size, lang))
    if found.size.needed:
        rows = [(_say(f"criterion.{name}", lang), words.number(n)) for name, n in found.size.needed.items()]
        yield table(_heads(lang, "criterion", "needed"), rows, numeric=(1,))
    yield Paragraph(text=_say("note.size", lang), style="quiet")


def _optimism(found: ResamplingEvidence, lang: str) -> Iterator[Block]:
    if not found.optimism:
        return
    yield Heading(text=_say("title.optimism", lang))
    rows = [
        (
            words.metric(one.metric, lang),
            *(words.fixed(v) for v in (one.apparent, one.optimism, one.corrected)),
        )
        for one in found.optimism
    ]
    yield table(_heads(lang, "metric", "apparent", "optimism", "corrected"), rows, numeric=(1, 2, 3))
    told = [_say("note.optimism", lang, resamples=found.optimism[0].resamples)]
    told += [_say("note.optimism_lean", lang)] if found.lean else []
    yield Paragraph(text=("" if lang == "zh" else " ").join(told), style="quiet")
