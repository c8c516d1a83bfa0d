"""Small models and every way of asking a language model, by one metric with its interval."""

from __future__ import annotations

from typing import Any

import altair as alt

from interpretable import words
from interpretable.figures import theme
from interpretable.records.evaluation import Figure
from interpretable.records.llm_baseline import BaselineFinding


def _metric(found: BaselineFinding) -> str:
    """The metric of the verdict: the first one of the small model."""
    return next(iter(found.small[0].metrics))


def _named(found: BaselineFinding, lang: str) -> list[tuple[str, Figure, bool]]:
    """Name, figure, and whether it is a small model: the one in use first."""
    metric = _metric(found)
    small = sorted(found.small, key=lambda s: not s.used)
    rows = [
        (words.say("llmbase.other_small", lang, name=words.model(s.model, lang)), s.metrics[metric], True)
        for s in small
    ]
    rows += [
        (words.llm_mode(m.mode, lang), m.readings[-1].metrics[metric], False)
        for m in found.modes
        if m.readings
    ]
    return [row for row in rows if row[1].value is not None]


def llm_modes(found: BaselineFinding, lang: str = "en") -> alt.LayerChart:
    """Filled dots are small models, diamonds ways of asking the language model (recalibrated)."""
    rows: list[dict[str, Any]] = [
        {
            "name": name,
            "x": one.value,
            "low": one.value if one.low is None else one.low,
            "high": one.value if one.high is None else one.high,
            "text": words.fixed(one.value),
            "small": small,
        }
        for name, one, small in _named(found, lang)
    ]
    order, metric = [r["name"] for r in rows], _metric(found)
    y = alt.Y("name:N", title=None, sort=order, axis=alt.Axis(labelLimit=420))
    title = words.say("llmbase.modes_x", lang, metric=words.metric(metric, lang))
    x = alt.X("x:Q", title=title, scale=alt.Scale(zero=False, padding=16), axis=alt.Axis(tickCount=7))
    base = alt.Chart(theme.data(rows))
    colour = alt.when("datum.small").then(alt.value(theme.PRIMARY)).otherwise(alt.value(theme.RAISES))
    shape = alt.when("datum.small").then(alt.value("circle")).otherwise(alt.value("diamond"))
    layers = [
        base.mark_rule(strokeWidth=2).encode(y=y, x=alt.X("low:Q"), x2="high:Q", color=colour),
        base.mark_point(filled=True, size=100, opacity=1).encode(y=y, x=x, shape=shape, color=colour),
        base.mark_text(dy=-13).encode(y=y, x=x, text="text:N"),
    ]
    if metric == "auroc":
        coin = alt.Chart(theme.data([{"x": 0.5}])).mark_rule(color=theme.NEUTRAL, strokeDash=[4, 3])
        layers.insert(0, coin.encode(x="x:Q"))
    return theme.finish(alt.layer(*layers), height=44 * max(len(rows), 1) + 10, labels=order)


def llm_modes_table(found: BaselineFinding, lang: str = "en") -> list[dict[str, str]]:
    """The same as rows."""
    head = words.say("llmbase.name_head", lang)
    value = words.say("llmbase.value_head", lang, metric=words.metric(_metric(found), lang))
    return [{head: name, value: words.figure(one, lang)} for name, one, _ in _named(found, lang)]


def llm_modes_alt(found: BaselineFinding, lang: str = "en") -> str:
    """What the picture shows, name by name."""
    ends = [
        words.say("llmbase.modes_end", lang, name=name, value=words.figure(one, lang))
        for name, one, _ in _named(found, lang)
    ]
    metric = words.metric(_metric(found), lang)
    return words.say("llmbase.modes_alt", lang, metric=metric, ends=("" if lang == "zh" else " ").join(ends))
