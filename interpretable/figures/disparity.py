"""Differences between groups with their intervals, and the parts of a difference of scores."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from interpretable import words
from interpretable.figures import theme
from interpretable.records.disparity import GroupGap, ScoreGap
from interpretable.records.task import Task
from interpretable.words import disparity as said

DRAWN = {
    "binary": ("selection_rate", "sensitivity", "false_positive_rate"),
    "multiclass": ("accuracy",),
    "regression": ("mean_estimate", "bias"),
}
WITHOUT_LINE = ("mean_estimate",)
MOST_GAPS, MOST_PARTS = 18, 12
Row = dict[str, Any]


def _drawn(found: Sequence[GroupGap], task: Task) -> list[GroupGap]:
    names = DRAWN[task.kind] if task.kind != "binary" or task.cut is not None else WITHOUT_LINE
    known = [gap for gap in found if gap.metric in names and gap.difference.low is not None]
    return sorted(known, key=lambda gap: names.index(gap.metric))[:MOST_GAPS]


def _label(gap: GroupGap, task: Task, lang: str) -> str:
    pair = said.named_pair(gap.column, gap.group, gap.reference, task, lang)
    return words.say("disparity.measured", lang, pair=pair, metric=words.metric(gap.metric, lang))


def _interval_chart(rows: list[Row], title: str, *, middle: float, extra: Sequence[Any] = ()) -> Any:
    order = [r["label"] for r in rows]
    y = alt.Y("label:N", title=None, sort=order, axis=alt.Axis(labelLimit=460))
    x = alt.X("x:Q", title=title, axis=alt.Axis(tickCount=7), scale=alt.Scale(zero=False, padding=12))
    base = alt.Chart(theme.data(rows))
    rule = alt.Chart(theme.data([{"x": middle}])).mark_rule(color=theme.NEUTRAL)
    layers = [
        rule.encode(x="x:Q"),
        *extra,
        base.mark_rule(color=theme.PRIMARY, strokeWidth=2).encode(y=y, x=alt.X("low:Q"), x2="high:Q"),
        base.mark_point(filled=True, size=80, color=theme.PRIMARY, opacity=1).encode(y=y, x=x),
    ]
    return theme.finish(alt.layer(*layers), height=26 * max(len(rows), 2) + 12, labels=order, width=460)


def disparity_gaps(found: Sequence[GroupGap], task: Task, lang: str = "en") -> Any:
    """Differences from the reference group, one dot and interval each; shares per 100."""
    factor = 1.0 if task.kind == "regression" else 100.0
    rows = [
        {
            "label": _label(gap, task, lang),
            "x": (gap.difference.value or 0.0) * factor,
            "low": (gap.difference.low or 0.0) * factor,
            "high": (gap.difference.high or 0.0) * factor,
        }
        for gap in _drawn(found, task)
    ]
    title = words.say(f"disparity.draw.{'amount' if task.kind == 'regression' else 'points'}", lang)
    return _interval_chart(rows, title, middle=0.0)


def disparity_gaps_table(found: Sequence[GroupGap], task: Task, lang: str = "en") -> list[dict[str, str]]:
    """The drawn differences as rows."""
    heads = [words.say(f"disparity.head.{h}", lang) for h in ("groups", "measure", "difference")]
    factor = 1.0 if task.kind == "regression" else 100.0
    return [
        {
            heads[0]: said.named_pair(gap.column, gap.group, gap.reference, task, lang),
            heads[1]: words.metric(gap.metric, lang),
            heads[2]: said.ranged(gap.difference, lang=lang, digits=3 if factor == 1 else 1, factor=factor),
        }
        for gap in _drawn(found, task)
    ]


def disparity_gaps_alt(found: Sequence[GroupGap], task: Task, lang: str = "en") -> str:
    """How many differences are drawn, and the largest."""
    rows = _drawn(found, task)
    if not rows:
        return words.say("disparity.draw.gaps_none", lang)
    most = max(rows, key=lambda gap: abs(gap.difference.value or 0.0))
    factor = 1.0 if task.kind == "regression" else 100.0
    value = said.ranged(most.difference, lang=lang, digits=3 if factor == 1 else 1, factor=factor)
    return words.say(
        "disparity.draw.gaps_alt", lang, n=len(rows), label=_label(most, task, lang), value=value
    )


def _ratios(found: Sequence[GroupGap]) -> list[GroupGap]:
    return [g for g in found if g.metric == "selection_rate" and g.ratio.low is not None][:MOST_GAPS]


def disparity_ratios(
    found: Sequence[GroupGap], task: Task, lang: str = "en", *, line: float | None = None
) -> Any:
    """Ratios of the shares above the line; `line` is drawn as a reference only where it is asked for."""
    rows = [
        {
            "label": said.named_pair(gap.column, gap.group, gap.reference, task, lang),
            "x": gap.ratio.value,
            "low": gap.ratio.low,
            "high": gap.ratio.high,
        }
        for gap in _ratios(found)
    ]
    extra = []
    if line is not None:
        drawn = alt.Chart(theme.data([{"x": line}]))
        extra = [drawn.mark_rule(color=theme.NEUTRAL, strokeDash=[4, 3]).encode(x="x:Q")]
    return _interval_chart(rows, words.say("disparity.draw.ratio", lang), middle=1.0, extra=extra)


def disparity_ratios_table(found: Sequence[GroupGap], task: Task, lang: str = "en") -> list[dict[str, str]]:
    """The drawn ratios as rows."""
    heads = [words.say(f"disparity.head.{h}", lang) for h in ("groups", "ratio")]
    return [
        {
            heads[0]: said.named_pair(gap.column, gap.group, gap.reference, task, lang),
            heads[1]: said.ranged(gap.ratio, lang=lang, digits=2),
        }
        for gap in _ratios(found)
    ]


def disparity_ratios_alt(found: Sequence[GroupGap], task: Task, lang: str = "en") -> str:
    """How many ratios are drawn, and the one farthest from 1."""
    rows = _ratios(found)
    if not rows:
        return words.say("disparity.draw.gaps_none", lang)
    most = max(rows, key=lambda gap: abs((gap.ratio.value or 1.0) - 1.0))
    label = said.named_pair(most.column, most.group, most.reference, task, lang)
    value = said.ranged(most.ratio, lang=lang, digits=2)
    return words.say("disparity.draw.ratios_alt", lang, n=len(rows), label=label, value=value)


def _parts(found: ScoreGap, task: Task, lang: str) -> list[Row]:
    return [
        {
            "label": said.part_name(p.features, task, lang),
            "value": p.part.value or 0.0,
            "low": p.part.low if p.part.low is not None else p.part.value,
            "high": p.part.high if p.part.high is not None else p.part.value,
            "up": (p.part.value or 0.0) > 0,
        }
        for p in found.parts[:MOST_PARTS]
    ]


def disparity_parts(found: ScoreGap, task: Task, lang: str = "en") -> alt.LayerChart:
    """What each term adds to the difference of two mean scores, largest first, with intervals."""
    rows = _parts(found, task, lang)
    y = alt.Y("label:N", title=None, sort=[r["label"] for r in rows], axis=alt.Axis(labelLimit=260))
    side = alt.when("datum.up").then(alt.value(theme.RAISES)).otherwise(alt.value(theme.LOWERS))
    base = alt.Chart(theme.data(rows))
    zero = alt.Chart(theme.data([{"x": 0}])).mark_rule(color=theme.NEUTRAL).encode(x="x:Q")
    x = alt.X("value:Q", title=words.say("disparity.draw.score", lang), axis=alt.Axis(tickCount=7))
    bars = base.mark_bar(height={"band": 0.6}).encode(y=y, x=x, color=side)
    spread = base.mark_rule(color=theme.TEXT, strokeWidth=1.5).encode(y=y, x=alt.X("low:Q"), x2="high:Q")
    drawn = alt.layer(bars, spread, zero)
    return theme.finish(drawn, height=25 * max(len(rows), 1) + 10, labels=[r["label"] for r in rows])


def disparity_parts_table(found: ScoreGap, task: Task, lang: str = "en") -> list[dict[str, str]]:
    """All parts as rows: the part, its share of the whole, how well it alone tells the groups apart."""
    heads = [words.say(f"disparity.head.{h}", lang) for h in ("column", "part", "share", "separates")]
    whole = found.whole.value or 0.0
    return [
        {
            heads[0]: said.part_name(p.features, task, lang),
            heads[1]: said.ranged(p.part, lang=lang),
            heads[2]: words.percent((p.part.value or 0.0) / whole, lang).replace("-", "−") if whole else "–",
            heads[3]: said.ranged(p.separates, lang=lang, digits=2),
        }
        for p in found.parts
    ]


def disparity_parts_alt(found: ScoreGap, task: Task, lang: str = "en") -> str:
    """The largest parts in words."""
    label = said.named_pair(found.column, found.group, found.reference, task, lang)
    parts = [
        words.say("disparity.score.part", lang, name=r["label"], value=words.fixed(r["value"], 2))
        for r in _parts(found, task, lang)[:4]
    ]
    return words.say("disparity.draw.parts_alt", lang, label=label, parts=parts)
