"""Leads of the model in use over the others, with intervals, against the margin that does not matter."""

from __future__ import annotations

from typing import Any

import altair as alt

from interpretable import words
from interpretable.figures import theme
from interpretable.records.resampling import RepeatedLead, ResamplingEvidence

BAND = "#DCE6F2"


def _row(found: RepeatedLead, lang: str) -> dict[str, Any]:
    value = found.lead.value
    low, high = (value if end is None else end for end in (found.lead.low, found.lead.high))
    return {
        "model": words.model(found.model, lang),
        "x": value,
        "low": low,
        "high": high,
        "text": words.fixed(value),
        "glass": found.glass_box,
    }


def leads(found: ResamplingEvidence, lang: str = "en") -> alt.LayerChart:
    """A forest plot: right of the middle the model in use is better. The band is the margin."""
    rows = [_row(one, lang) for one in found.leads]
    order = [r["model"] for r in rows]
    title = words.say("resampling.axis", lang, metric=words.metric(found.metric, lang))
    scale = alt.Scale(zero=True, padding=16)
    x = alt.X("x:Q", title=title, scale=scale, axis=alt.Axis(tickCount=7))
    y = alt.Y("model:N", title=None, sort=order)
    base = alt.Chart(theme.data(rows))
    band = alt.Chart(theme.data([{"low": -found.margin, "high": found.margin}]))
    middle = alt.Chart(theme.data([{"x": 0.0}]))
    fill = alt.when("datum.glass").then(alt.value(theme.PRIMARY)).otherwise(alt.value(theme.PAPER))
    chart = alt.layer(
        band.mark_rect(color=BAND).encode(x=alt.X("low:Q", title=title, scale=scale), x2="high:Q"),
        middle.mark_rule(color=theme.NEUTRAL, strokeDash=[4, 3]).encode(x="x:Q"),
        base.mark_rule(color=theme.PRIMARY, strokeWidth=2).encode(y=y, x=alt.X("low:Q"), x2="high:Q"),
        base.mark_point(size=90, opacity=1, stroke=theme.PRIMARY, strokeWidth=2).encode(y=y, x=x, fill=fill),
        base.mark_text(dy=-13).encode(y=y, x=x, text="text:N"),
    )
    return theme.finish(chart, height=44 * max(len(rows), 1) + 10, labels=order)


def leads_alt(found: ResamplingEvidence, lang: str = "en") -> str:
    """What the picture shows: each lead with its interval, and the margin."""
    said = [
        words.say(
            "draw.metric_row", lang, model=r["model"], value=r["text"], low=words.fixed(r["low"]),
            high=words.fixed(r["high"]),
        )
        for r in (_row(one, lang) for one in found.leads)
    ]  # fmt: skip
    metric = words.metric(found.metric, lang)
    return words.say("resampling.alt", lang, metric=metric, margin=words.fixed(found.margin), rows=said)


def leads_table(found: ResamplingEvidence, lang: str = "en") -> list[dict[str, str]]:
    """Other models as rows: lead with interval, one-sided bound, verdict."""
    heads = [words.say(f"resampling.head.{h}", lang) for h in ("other", "lead", "bound", "verdict")]
    return [
        dict(
            zip(
                heads,
                (
                    words.model(one.model, lang),
                    words.figure(one.lead, lang),
                    words.fixed(one.lower),
                    words.say(f"resampling.short.{one.verdict}", lang),
                ),
                strict=True,
            )
        )
        for one in found.leads
    ]
