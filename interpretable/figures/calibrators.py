"""The smooth calibration curve with its band: what happened against what was said."""

from __future__ import annotations

from typing import Any

import altair as alt

from interpretable import words
from interpretable.figures import theme
from interpretable.records.calibrators import SmoothCurve, SmoothPoint
from interpretable.records.task import Task


def _rows(curve: SmoothCurve, task: Task) -> list[dict[str, Any]]:
    scale = 1.0 if task.kind == "regression" else 100.0
    return [
        {"x": p.said * scale, "y": p.happened * scale, "low": p.low * scale, "high": p.high * scale}
        for p in curve.points
    ]


def smooth_curve(curve: SmoothCurve, task: Task, lang: str = "en") -> alt.LayerChart:
    """The curve with its pointwise 95 % band, and the diagonal where said is happened."""
    rows = _rows(curve, task)
    if task.kind == "regression":
        seen = [r[k] for r in rows for k in ("x", "low", "high")] or [0.0, 1.0]
        ends = [min(seen), max(seen)]
    else:
        ends = [0.0, 100.0]
    axis = alt.Axis(values=[0, 20, 40, 60, 80, 100]) if task.kind != "regression" else alt.Axis()
    scale = alt.Scale(domain=ends, nice=False)
    x = alt.X("x:Q", title=words.say("draw.said", lang), scale=scale, axis=axis)
    y = alt.Y("y:Q", title=words.say("draw.happened", lang), scale=scale, axis=axis)
    base = alt.Chart(theme.data(rows))
    diagonal = alt.Chart(theme.data([{"x": e, "y": e} for e in ends])).mark_line(
        color=theme.NEUTRAL, strokeDash=[4, 4], strokeWidth=1
    )
    band = base.mark_area(color=theme.PRIMARY, opacity=0.14, clip=True)
    return theme.finish(
        alt.layer(
            band.encode(
                x=x, y=alt.Y("low:Q", scale=scale, title=words.say("draw.happened", lang)), y2="high:Q"
            ),
            diagonal.encode(x=x, y=y),
            base.mark_line(color=theme.PRIMARY, strokeWidth=2).encode(x=x, y=y),
        ),
        height=320,
    )


def smooth_curve_table(curve: SmoothCurve, task: Task, lang: str = "en") -> list[dict[str, str]]:
    """About ten points of the curve as rows: said, happened with its range."""
    heads = [words.say(f"draw.head.{h}", lang) for h in ("said", "happened")]
    shown = curve.points[:: max(1, len(curve.points) // 10)]
    return [
        dict(zip(heads, (words.amount(p.said, task, lang), _happened(p, task, lang)), strict=True))
        for p in shown
    ]


def _happened(point: SmoothPoint, task: Task, lang: str) -> str:
    say = words.amount if task.kind == "regression" else lambda v, _, lang: words.counts(v, lang)
    value, low, high = (
        words.amount(point.happened, task, lang),
        *(say(v, task, lang) for v in (point.low, point.high)),
    )
    return words.say("figure.interval", lang, value=value, low=low, high=high)


def smooth_curve_alt(curve: SmoothCurve, task: Task, lang: str = "en") -> str:
    """What the curve shows: where it is farthest from the diagonal, and whether its range leaves it."""
    if not curve.points:
        return words.say("calibrators.curve_none", lang)
    worst = max(curve.points, key=lambda p: abs(p.said - p.happened))
    outside = sum(not p.low <= p.said <= p.high for p in curve.points)
    return words.say(
        f"calibrators.curve_alt_{'off' if outside else 'on'}",
        lang,
        said=words.amount(worst.said, task, lang),
        happened=words.amount(worst.happened, task, lang),
        low=words.amount(worst.low, task, lang),
        high=words.amount(worst.high, task, lang),
    )
