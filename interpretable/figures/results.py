"""How well models do: groups, and metrics side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from interpretable import words
from interpretable.figures import theme
from interpretable.records.evaluation import Figure, GroupMeasures, Measures
from interpretable.records.evidence import ModelEvidence
from interpretable.records.task import Task

Row = dict[str, Any]


def groups(
    found: Sequence[GroupMeasures],
    task: Task,
    lang: str = "en",
    *,
    metric: str = "",
    overall: Figure | None = None,
) -> alt.LayerChart:
    """One metric per group with its interval; groups that are too small are named and left without a dot."""
    metric = metric or words.headline_metric(task)
    rows = [_group_row(g, task, lang, metric=metric) for g in found]
    order = [r["label"] for r in rows]
    y = alt.Y("label:N", title=None, sort=order, axis=alt.Axis(labelLimit=420))
    dots = alt.Chart(theme.data([r for r in rows if r["x"] is not None]))
    axis = alt.Axis(tickCount=7)
    x = alt.X("x:Q", title=words.metric(metric, lang), scale=alt.Scale(zero=False, padding=12), axis=axis)
    few = alt.Chart(theme.data([r for r in rows if r["x"] is None]))
    layers = [
        dots.mark_rule(color=theme.PRIMARY, strokeWidth=2).encode(y=y, x=alt.X("low:Q"), x2="high:Q"),
        dots.mark_point(filled=True, size=80, color=theme.PRIMARY, opacity=1).encode(y=y, x=x),
        few.mark_text(align="left", color=theme.QUIET, fontStyle="italic").encode(
            y=y, x=alt.value(4), text="text:N"
        ),
    ]
    if overall is not None and overall.value is not None:
        rule = alt.Chart(theme.data([{"x": overall.value}])).mark_rule(color=theme.NEUTRAL, strokeDash=[4, 3])
        layers.insert(0, rule.encode(x="x:Q"))
    return theme.finish(alt.layer(*layers), height=26 * max(len(rows), 2) + 12, labels=order)


def _group_row(found: GroupMeasures, task: Task, lang: str, *, metric: str) -> Row:
    figure = found.metrics.get(metric)
    value = None if found.too_few or figure is None else figure.value
    name = words.say(
        "draw.group",
        lang,
        name=words.start(words.label(found.column, task, lang)),
        group=words.group_name(found.group, lang, column=words.find_column(found.column, task)),
        n=found.n,
    )
    return {
        "label": name,
        "x": value,
        "low": value if figure is None or figure.low is None else figure.low,
        "high": value if figure is None or figure.high is None else figure.high,
        "text": words.say("draw.too_few" if found.too_few else "draw.no_figure", lang),
    }


def groups_table(
    found: Sequence[GroupMeasures], task: Task, lang: str = "en", *, metric: str = ""
) -> list[dict[str, str]]:
    """Groups as rows: column, group, rows, events, the metric with its interval."""
    metric = metric or words.headline_metric(task)
    heads = [words.say(f"draw.head.{h}", lang) for h in ("column", "group", "rows", "events")]
    rows = []
    for group in found:
        cells = [
            words.start(words.label(group.column, task, lang)),
            words.group_name(group.group, lang, column=words.find_column(group.column, task)),
            words.number(group.n),
            "–" if group.events is None else words.number(group.events),
        ]
        row = dict(zip(heads, cells, strict=True))
        figure = group.metrics.get(metric)
        if group.too_few:
            row[words.metric(metric, lang)] = words.say("draw.too_few", lang)
        else:
            row[words.metric(metric, lang)] = "–" if figure is None else words.figure(figure, lang)
        rows.append(row)
    return rows


def groups_alt(found: Sequence[GroupMeasures], task: Task, lang: str = "en", *, metric: str = "") -> str:
    """What the picture of groups shows: lowest and highest group, and how many are too small."""
    metric = metric or words.headline_metric(task)
    rows = [(_group_row(g, task, lang, metric=metric)) for g in found]
    known = [r for r in rows if r["x"] is not None]
    small = sum(g.too_few for g in found)
    if not known:
        return words.say("draw.groups_none", lang, metric=words.metric(metric, lang), small=small)
    low, high = min(known, key=lambda r: r["x"]), max(known, key=lambda r: r["x"])
    return words.say(
        "draw.groups_alt",
        lang,
        metric=words.metric(metric, lang),
        low=words.fixed(low["x"]),
        low_at=low["label"],
        high=words.fixed(high["x"]),
        high_at=high["label"],
        small=small,
    )


def _measured(model: ModelEvidence, subsample: bool) -> Measures | None:
    if not subsample:
        return None if model.ledger is not None else model
    return model.subsample or (model if model.ledger is not None else None)


def _metric_rows(models: Sequence[ModelEvidence], lang: str, *, metric: str, subsample: bool) -> list[Row]:
    rows = []
    for model in models:
        measured = _measured(model, subsample)
        figure = measured.metrics.get(metric) if measured else None
        if figure is None or figure.value is None:
            continue
        low, high = (figure.value if e is None else e for e in (figure.low, figure.high))
        rows.append(
            {
                "model": words.model(model.name, lang),
                "x": figure.value,
                "low": low,
                "high": high,
                "text": words.fixed(figure.value),
                "glass": model.glass_box,
            }
        )
    return rows


def metrics(
    models: Sequence[ModelEvidence],
    task: Task,
    lang: str = "en",
    *,
    metric: str = "",
    subsample: bool = False,
) -> alt.LayerChart:
    """Models side by side on one metric, with intervals. Glass boxes are filled dots, others hollow."""
    metric = metric or words.headline_metric(task)
    rows = _metric_rows(models, lang, metric=metric, subsample=subsample)
    order = [r["model"] for r in rows]
    y = alt.Y("model:N", title=None, sort=order)
    axis = alt.Axis(tickCount=7)
    x = alt.X("x:Q", title=words.metric(metric, lang), scale=alt.Scale(zero=False, padding=16), axis=axis)
    base = alt.Chart(theme.data(rows))
    fill = alt.when("datum.glass").then(alt.value(theme.PRIMARY)).otherwise(alt.value(theme.PAPER))
    layers = [
        base.mark_rule(color=theme.PRIMARY, strokeWidth=2).encode(y=y, x=alt.X("low:Q"), x2="high:Q"),
        base.mark_point(size=90, opacity=1, stroke=theme.PRIMARY, strokeWidth=2).encode(y=y, x=x, fill=fill),
        base.mark_text(dy=-13).encode(y=y, x=x, text="text:N"),
    ]
    if metric == "auroc":
        coin = alt.Chart(theme.data([{"x": 0.5}])).mark_rule(color=theme.NEUTRAL, strokeDash=[4, 3])
        layers.insert(0, coin.encode(x="x:Q"))
    return theme.finish(alt.layer(*layers), height=44 * max(len(rows), 1) + 10, labels=order)


def metrics_table(
    models: Sequence[ModelEvidence],
    task: Task,
    lang: str = "en",
    *,
    names: Sequence[str] = (),
    subsample: bool = False,
) -> list[dict[str, str]]:
    """Models as rows, metrics as columns, each with its interval. `names` defaults to the headline metric."""
    rows = []
    for model in models:
        measured = _measured(model, subsample)
        if measured is None:
            continue
        row = {words.say("draw.head.model", lang): words.model(model.name, lang)}
        for name in names or (words.headline_metric(task),):
            figure = measured.metrics.get(name)
            row[words.metric(name, lang)] = "–" if figure is None else words.figure(figure, lang)
        row[words.say("draw.head.rows", lang)] = words.number(measured.n)
        rows.append(row)
    return rows


def metrics_alt(
    models: Sequence[ModelEvidence],
    task: Task,
    lang: str = "en",
    *,
    metric: str = "",
    subsample: bool = False,
) -> str:
    """What the picture of models shows: each model's figure with its interval."""
    metric = metric or words.headline_metric(task)
    rows = _metric_rows(models, lang, metric=metric, subsample=subsample)
    said = [
        words.say(
            "draw.metric_row",
            lang,
            model=r["model"],
            value=r["text"],
            low=words.fixed(r["low"]),
            high=words.fixed(r["high"]),
        )
        for r in rows
    ]
    return words.say("draw.metrics_alt", lang, metric=words.metric(metric, lang), rows=said)
