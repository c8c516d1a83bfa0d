"""Section: differences and ratios between groups, proxies of sensitive columns, near-equal models."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from interpretable import figures, words
from interpretable.records.disparity import Alternative, Crossing, DisparityEvidence, GroupGap, ScoreGap
from interpretable.records.document import Block, Cell, Heading, Listing, Paragraph
from interpretable.records.evaluation import Figure
from interpretable.records.evidence import Evidence
from interpretable.records.task import Task
from interpretable.report.blocks import figure_cell, picture, table
from interpretable.words import disparity as said

CROSSINGS, SCORE_GAPS, LEADING = 12, 4, 3


def disparity(evidence: Evidence, lang: str) -> Iterator[Block]:
    """Differences and ratios between groups, proxies of sensitive columns, near-equal models."""
    found, task = evidence.disparity, evidence.task
    if found is None:
        return
    yield Paragraph(text=words.say("disparity.report.lead", lang), style="lead")
    yield from _gaps(found, task, lang)
    yield from _crossings(found.crossings, task, lang)
    yield Heading(text=words.say("disparity.report.used", lang))
    yield Listing(items=tuple(said.all_used(found, task, lang)))
    yield from _proxies(found, task, lang)
    yield from _score_gaps(found.score_gaps, task, lang)
    yield from _others(found, task, lang)
    yield Paragraph(text=words.say("disparity.note.judge", lang), style="quiet")


def _heads(names: Sequence[str], lang: str) -> list[str]:
    return [words.say(f"disparity.head.{name}", lang) for name in names]


def _gaps(found: DisparityEvidence, task: Task, lang: str) -> Iterator[Block]:
    yield Heading(text=words.say("disparity.report.gaps", lang))
    if not found.gaps:
        code = "few" if task.kind == "binary" else "few_plain"
        yield Paragraph(text=words.say(f"disparity.gap.{code}", lang))
        return
    join = "" if lang == "zh" else " "
    lines = [
        join.join((said.gap(gap, task, lang), said.gap_doubt(gap, found.compared, lang))).strip()
        for gap in said.leading_gaps(found.gaps)[:LEADING]
    ]
    yield Listing(items=tuple(lines))
    rows = figures.disparity_gaps_table(found.gaps, task, lang)
    if rows:
        yield picture(
            figures.disparity_gaps(found.gaps, task, lang),
            figures.disparity_gaps_alt(found.gaps, task, lang),
            rows,
            caption=words.say("disparity.report.gaps_chart", lang),
        )
    heads = _heads(("groups", "measure", "ours", "other", "difference", "ratio", "p", "rows"), lang)
    caption = words.say("disparity.report.gaps_all", lang)
    yield table(
        heads,
        [_gap_row(gap, task, lang) for gap in found.gaps],
        caption=caption,
        numeric=tuple(range(2, 8)),
        folded=len(found.gaps) > 12,
    )
    yield Paragraph(text=words.say("disparity.note.multiple", lang, m=found.compared), style="quiet")
    if found.clustered:
        yield Paragraph(text=words.say("disparity.note.persons", lang), style="quiet")
    note = said.impossible(found.gaps, task, lang)
    if note:
        yield Paragraph(text=note)


def _gap_row(gap: GroupGap, task: Task, lang: str) -> tuple[object, ...]:
    pair = said.named_pair(gap.column, gap.group, gap.reference, task, lang)
    difference, ratio = (
        Cell(
            text=c.text,
            quiet=f"{c.quiet}, {words.method(f.method, lang)}".strip(", ") if f.method else c.quiet,
        )
        for f, c in ((f, figure_cell(f, lang)) for f in (gap.difference, gap.ratio))
    )
    values = (words.fixed(gap.value), words.fixed(gap.value_reference))
    rows = f"{words.number(gap.n)} / {words.number(gap.n_reference)}"
    return pair, words.metric(gap.metric, lang), *values, difference, ratio, said.p_text(gap.p_adjusted), rows


def _crossings(found: Sequence[Crossing], task: Task, lang: str) -> Iterator[Block]:
    known = [one for one in found if not one.too_few]
    if not found:
        return
    yield Heading(text=words.say("disparity.report.crossings", lang))
    yield Paragraph(text=words.say("disparity.report.crossings_lead", lang), style="quiet")
    first = known[0].metric if known else ""
    rows = [
        (
            said.named_crossing(one.columns, one.groups, task, lang),
            words.metric(one.metric, lang),
            figure_cell(one.value, lang),
            figure_cell(one.difference, lang),
            words.fixed(one.drawn_in),
            said.p_text(one.p_adjusted),
            one.n,
        )
        for one in sorted(known, key=lambda one: one.metric != first)[:CROSSINGS]
    ]
    if rows:
        heads = _heads(("groups", "measure", "ours", "difference", "drawn_in", "p", "rows"), lang)
        yield table(heads, rows, numeric=(2, 3, 4, 5, 6))
    few = len(found) - len(known)
    if few:
        yield Paragraph(text=words.say("disparity.report.crossings_few", lang, n=few), style="quiet")


def _proxies(found: DisparityEvidence, task: Task, lang: str) -> Iterator[Block]:
    if found.rebuilt:
        yield Heading(text=words.say("disparity.report.rebuilt", lang))
        yield Paragraph(text=words.say("disparity.report.rebuilt_lead", lang), style="quiet")
        yield Listing(items=tuple(said.rebuilt(one, task, lang) for one in found.rebuilt))
        rows = [
            (
                words.start(words.label(one.column, task, lang)),
                words.say(f"value.{'yes' if one.used else 'no'}", lang),
                words.say(f"disparity.measure.{one.measure}", lang),
                figure_cell(one.linear, lang),
                words.fixed(one.floor),
                figure_cell(one.boosted, lang),
                one.n,
            )
            for one in found.rebuilt
        ]
        heads = _heads(("column", "in_use", "how", "guess", "floor", "boosted", "rows"), lang)
        yield table(heads, rows, numeric=(3, 4, 5, 6))
    if found.tells:
        yield Heading(text=words.say("disparity.report.tells", lang))
        yield Paragraph(text=words.say("disparity.report.tells_lead", lang), style="quiet")
        heads = _heads(("group", "overall", "with_event", "without_event", "rows"), lang)
        rows = [
            (
                said.named_group(one.column, one.group, task, lang),
                *(figure_cell(f, lang) for f in (one.overall, one.with_event, one.without_event)),
                one.n,
            )
            for one in found.tells
        ]
        yield table(heads, rows, numeric=(1, 2, 3, 4))


def _score_gaps(found: Sequence[ScoreGap], task: Task, lang: str) -> Iterator[Block]:
    if not found:
        return
    yield Heading(text=words.say("disparity.report.score", lang))
    code = "score_lead" if found[0].exact else "score_lead_black"
    yield Paragraph(text=words.say(f"disparity.report.{code}", lang), style="quiet")
    for one in found[:SCORE_GAPS]:
        yield Paragraph(text=said.score_gap(one, task, lang))
        label = said.named_pair(one.column, one.group, one.reference, task, lang)
        yield picture(
            figures.disparity_parts(one, task, lang),
            figures.disparity_parts_alt(one, task, lang),
            figures.disparity_parts_table(one, task, lang),
            caption=words.say("disparity.report.score_caption", lang, label=label),
        )
    if len(found) > SCORE_GAPS:
        yield Listing(items=tuple(said.score_gap(one, task, lang) for one in found[SCORE_GAPS:]))


def _others(found: DisparityEvidence, task: Task, lang: str) -> Iterator[Block]:
    if not found.alternatives:
        return
    yield Heading(text=words.say("disparity.report.others", lang))
    yield Paragraph(text=words.say("disparity.report.others_lead", lang), style="quiet")
    yield Listing(items=tuple(said.alternatives(found, task, lang)))
    first = found.alternatives[0]
    lead = next((one.gaps[0].metric for one in found.alternatives if one.gaps), "")
    quality, measure = words.metric(first.metric, lang), words.metric(lead, lang) if lead else "–"
    heads = [
        *_heads(("model",), lang),
        words.say("disparity.head.oof", lang, metric=quality),
        *_heads(("behind", "near"), lang),
        words.say("disparity.head.gap", lang, measure=measure),
        words.say("disparity.head.test", lang, metric=quality),
        *_heads(("change",), lang),
    ]
    rows = [_other_row(one, task, lang) for one in found.alternatives]
    yield table(heads, rows, numeric=(1, 2, 4, 5, 6))
    margin = words.fixed(found.margin)
    yield Paragraph(text=words.say("disparity.report.others_margin", lang, margin=margin), style="quiet")


def _other_row(one: Alternative, task: Task, lang: str) -> tuple[object, ...]:
    gap, change, performance = Cell(text="–"), Cell(text="–"), Cell(text="–")
    if one.gaps:
        lead = one.gaps[0]
        own = words.say(
            "disparity.head.gap_from", lang, value=said.scaled(lead.searched_in_use, lead.metric, task)
        )
        gap = Cell(text=said.scaled(lead.searched, lead.metric, task), quiet=own)
        change = _scaled_cell(lead.change, lead.metric, task, lang)
    if one.performance is not None:
        performance = figure_cell(one.performance, lang)
    near = words.say(f"value.{'yes' if one.near else 'no'}", lang)
    name = said.other(one, task, lang)
    return name, words.fixed(one.value), words.fixed(one.behind), near, gap, performance, change


def _scaled_cell(found: Figure | None, name: str, task: Task, lang: str) -> Cell:
    if found is None or found.value is None:
        return figure_cell(found, lang)
    factor = 100.0 if said.scaled(1.0, name, task) == "100.0" else 1.0
    low, high = (None if edge is None else edge * factor for edge in (found.low, found.high))
    scaled = Figure(value=found.value * factor, low=low, high=high)
    return figure_cell(scaled, lang, digits=1 if factor > 1 else 3)
