"""What each arm of the gate gains over the real rows alone."""

from __future__ import annotations

from typing import Any

import altair as alt

from interpretable import words
from interpretable.figures import theme
from interpretable.records.gate import GateFinding


def _rows(found: GateFinding, lang: str) -> list[dict[str, Any]]:
    return [
        {
            "arm": words.say(f"gate.arm.{one.name}", lang),
            "x": one.gain.value,
            "low": one.gain.low,
            "high": one.gain.high,
            "text": words.gate_amount(one.gain.value, found.metric),
            "own": one.name == "generated",
        }
        for one in found.arms
        if one.gain is not None
    ]


def gate_gains(found: GateFinding, lang: str = "en") -> alt.LayerChart:
    """A forest plot of the arms; right of the middle line an arm is better than the real rows alone."""
    rows = _rows(found, lang)
    order = [r["arm"] for r in rows]
    scale = alt.Scale(zero=True, padding=16)
    x = alt.X("x:Q", title=words.say("gate.axis", lang), scale=scale, axis=alt.Axis(tickCount=7))
    y = alt.Y("arm:N", title=None, sort=order, axis=alt.Axis(labelLimit=300))
    base, middle = alt.Chart(theme.data(rows)), alt.Chart(theme.data([{"x": 0.0}]))
    fill = alt.when("datum.own").then(alt.value(theme.PRIMARY)).otherwise(alt.value(theme.PAPER))
    chart = alt.layer(
        middle.mark_rule(color=theme.NEUTRAL, strokeDash=[4, 3]).encode(x=x),
        base.mark_rule(color=theme.PRIMARY, strokeWidth=2).encode(y=y, x=alt.X("low:Q"), x2="high:Q"),
        base.mark_point(size=90, opacity=1, stroke=theme.PRIMARY, strokeWidth=2).encode(y=y, x=x, fill=fill),
        base.mark_text(dy=-13).encode(y=y, x=x, text="text:N"),
    )
    return theme.finish(chart, height=44 * max(len(rows), 1) + 10, labels=order)


def gate_gains_alt(found: GateFinding, lang: str = "en") -> str:
    """What the picture shows: each arm's gain with its bounds."""
    told = [
        words.say(
            "gate.alt_row", lang, arm=r["arm"], value=r["text"],
            low=words.gate_amount(r["low"], found.metric), high=words.gate_amount(r["high"], found.metric),
        )
        for r in _rows(found, lang)
    ]  # fmt: skip
    return words.say("gate.alt", lang, rows=("；" if lang == "zh" else "; ").join(told))


def gate_gains_table(found: GateFinding, lang: str = "en") -> list[dict[str, str]]:
    """Every arm with its loss, gain and the weights chosen."""
    return words.gate_arms(found, lang)
