"""Whether chances can be taken at their word, and whether acting on them pays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from interpretable import words
from interpretable.figures import theme
from interpretable.records.evaluation import Figure, NetBenefitPoint
from interpretable.records.evidence import ModelEvidence
from interpretable.records.task import Task

Row = dict[str, Any]


def _scale(task: Task) -> float:
    return 1.0 if task.kind == "regression" else 100.0


def _colours(models: Sequence[ModelEvidence], lang: str) -> tuple[list[str], alt.Scale, alt.Scale]:
    names = [words.model(m.name, lang) for m in models]
    many = range(len(names))
    colours = [theme.MODEL_COLOURS[i % len(theme.MODEL_COLOURS)] for i in many]
    dashes = [theme.MODEL_DASHES[i % len(theme.MODEL_DASHES)] for i in many]
    return names, alt.Scale(domain=names, range=colours), alt.Scale(domain=names, range=dashes)


def _labels(ends: list[Row], scale: alt.Scale, *, span: float, margin: float) -> list[alt.Chart]:
    """The models' names right of the drawing, moved apart, each tied to the end of its line."""
    for row, y in zip(ends, theme.spread_out([r["y"] for r in ends], gap=span / 14), strict=True):
        row |= {"label_x": margin, "label_y": y}
    base = alt.Chart(theme.data(ends))
    colour = alt.Color("model:N", scale=scale, legend=None)
    return [
        base.mark_rule(opacity=0.45).encode(x="x:Q", y="y:Q", x2="label_x:Q", y2="label_y:Q", color=colour),
        base.mark_text(align="left", dx=5, fontSize=12).encode(
            x="label_x:Q", y="label_y:Q", text="model:N", color=colour
        ),
    ]


def _room(names: Sequence[str]) -> float:
    """Share of the width to add for names at the ends of lines."""
    pixels = 7.2 * max((len(n) for n in names), default=0) + 16
    return pixels / max(620 - pixels, 200)


def calibration(models: Sequence[ModelEvidence], task: Task, lang: str = "en") -> alt.LayerChart:
    """Said against happened, in groups of similar estimates; ranges for the first model, the selected one."""
    shown = [m for m in models if m.calibration]
    names, colours, dashes = _colours(shown, lang)
    rows = _calibration_rows(shown, task, lang)
    numbers = [r[k] for r in rows for k in ("x", "y")] or [0.0, 1.0]
    ends = [min(numbers), max(numbers)] if task.kind == "regression" else [0.0, 100.0]
    room = alt.Scale(domain=[ends[0], ends[1] + (ends[1] - ends[0]) * _room(names)], nice=False)
    axis = alt.Axis(values=[0, 20, 40, 60, 80, 100]) if task.kind != "regression" else alt.Axis()
    x = alt.X("x:Q", title=words.say("draw.said", lang), scale=room, axis=axis)
    y = alt.Y(
        "y:Q", title=words.say("draw.happened", lang), scale=alt.Scale(domain=ends, clamp=False), axis=axis
    )
    colour = alt.Color("model:N", scale=colours, legend=None)
    base = alt.Chart(theme.data(rows))
    diagonal = alt.Chart(theme.data([{"x": e, "y": e} for e in ends])).mark_line(
        color=theme.NEUTRAL, strokeDash=[4, 4], strokeWidth=1
    )
    first = alt.Chart(theme.data([r for r in rows if r["first"] and r["low"] is not None]))
    last = [
        max((r for r in rows if r["model"] == name), key=lambda r: r["x"])
        for name in dict.fromkeys(r["model"] for r in rows)
    ]
    return theme.finish(
        alt.layer(
            diagonal.encode(x=x, y=y),
            first.mark_rule(strokeWidth=1.5).encode(x="x:Q", y="low:Q", y2="high:Q", color=colour),
            base.mark_line(strokeWidth=1.8).encode(
                x="x:Q",
                y="y:Q",
                color=colour,
                strokeDash=alt.StrokeDash("model:N", scale=dashes, legend=None),
            ),
            base.mark_point(filled=True, size=46, opacity=1).encode(x="x:Q", y="y:Q", color=colour),
            *_labels([dict(r) for r in last], colours, span=ends[1] - ends[0], margin=ends[1]),
        ),
        height=340,
        ends=names,
    )


def _calibration_rows(models: Sequence[ModelEvidence], task: Task, lang: str) -> list[Row]:
    scale = _scale(task)

    def scaled(number: float | None) -> float | None:
        return None if number is None else number * scale

    return [
        {
            "model": words.model(model.name, lang),
            "x": point.predicted * scale,
            "y": point.observed.value * scale,
            "low": scaled(point.observed.low),
            "high": scaled(point.observed.high),
            "first": model is models[0],
        }
        for model in models
        for point in model.calibration
        if point.observed.value is not None
    ]


def calibration_table(models: Sequence[ModelEvidence], task: Task, lang: str = "en") -> list[dict[str, str]]:
    """The groups as rows: model, said, happened with its range, rows."""
    heads = [words.say(f"draw.head.{h}", lang) for h in ("model", "said", "happened", "rows")]
    rows = []
    for model in models:
        for point in model.calibration:
            cells = (
                words.model(model.name, lang),
                words.amount(point.predicted, task, lang),
                _happened(point.observed, task, lang),
                words.number(point.n),
            )
            rows.append(dict(zip(heads, cells, strict=True)))
    return rows


def _happened(observed: Figure, task: Task, lang: str) -> str:
    if observed.value is None:
        return words.figure(observed, lang)
    said = words.amount(observed.value, task, lang)
    if observed.low is None or observed.high is None:
        return said
    low, high = (words.amount(e, task, lang) for e in (observed.low, observed.high))
    return words.say("figure.interval", lang, value=said, low=low, high=high)


def calibration_alt(models: Sequence[ModelEvidence], task: Task, lang: str = "en") -> str:
    """What the calibration picture shows: the farthest group of the selected model."""
    points = [p for p in models[0].calibration if p.observed.value is not None] if models else []
    if not points:
        return words.say("draw.calibration_none", lang)
    worst = max(points, key=lambda p: abs(p.predicted - p.observed.value))
    return words.say(
        "draw.calibration_alt",
        lang,
        model=words.model(models[0].name, lang),
        groups=len(points),
        said=words.amount(worst.predicted, task, lang),
        happened=words.amount(worst.observed.value, task, lang),
    )


def decision_curve(models: Sequence[ModelEvidence], task: Task, lang: str = "en") -> alt.LayerChart:
    """Net benefit of acting on each model, against acting on all or on nobody, over the possible lines."""
    shown = [m for m in models if m.decision_curve]
    names, _, _ = _colours(shown, lang)
    everyone = words.say("draw.treat_all", lang)
    rows: list[dict[str, Any]] = [
        {"model": words.model(m.name, lang), "x": p.threshold * 100, "y": p.model}
        for m in shown
        for p in m.decision_curve
    ]
    rows += [
        {"model": everyone, "x": p.threshold * 100, "y": p.treat_all}
        for m in shown[:1]
        for p in m.decision_curve
    ]
    top = max((r["y"] for r in rows), default=1.0)
    floor = -top / 6
    rows = [r for r in rows if r["y"] >= floor]
    band = [
        {"x": p.threshold * 100, "low": max(p.low, floor), "high": min(max(p.high, floor), top * 1.05)}
        for m in shown[:1]
        for p in m.decision_curve
        if p.low is not None and p.high is not None
    ]
    scale = alt.Scale(domain=[*names, everyone], range=[*theme.MODEL_COLOURS[: len(names)], theme.NEUTRAL])
    dashes = alt.Scale(domain=[*names, everyone], range=[*theme.MODEL_DASHES[: len(names)], [3, 3]])
    x = alt.X("x:Q", title=words.say("draw.line_axis", lang), scale=alt.Scale(nice=False))
    y = alt.Y("y:Q", title=words.say("draw.net_benefit", lang), scale=alt.Scale(domain=[floor, top * 1.05]))
    lines = alt.Chart(theme.data(rows)).mark_line(strokeWidth=1.9)
    layers = [
        alt.Chart(theme.data(band))
        .mark_area(color=theme.MODEL_COLOURS[0], opacity=0.12)
        .encode(x="x:Q", y="low:Q", y2="high:Q"),
        lines.encode(
            x=x,
            y=y,
            color=alt.Color(
                "model:N",
                scale=scale,
                title=None,
                legend=alt.Legend(orient="top", symbolStrokeWidth=2, labelLimit=260),
            ),
            strokeDash=alt.StrokeDash("model:N", scale=dashes, title=None, legend=alt.Legend(orient="top")),
        ),
        alt.Chart(theme.data([{"y": 0}])).mark_rule(color=theme.NEUTRAL).encode(y="y:Q"),
    ]
    if task.cut is not None:
        layers += _cut_rule(task.cut * 100, top, lang)
    return theme.finish(alt.layer(*layers), height=280)


def _cut_rule(cut: float, top: float, lang: str) -> list[alt.Chart]:
    mark = alt.Chart(theme.data([{"x": cut, "y": top, "text": words.say("draw.declared_line", lang)}]))
    return [
        mark.mark_rule(color=theme.TEXT, strokeDash=[2, 3]).encode(x="x:Q"),
        mark.mark_text(align="left", dx=5, dy=4).encode(x="x:Q", y="y:Q", text="text:N"),
    ]


def decision_curve_table(
    models: Sequence[ModelEvidence], task: Task, lang: str = "en"
) -> list[dict[str, str]]:
    """Net benefit at about ten lines as rows: line, acting on all, each model."""
    shown = [m for m in models if m.decision_curve]
    if not shown:
        return []
    heads = [words.say("draw.head.line", lang), words.say("draw.treat_all", lang)]
    rows = []
    points = shown[0].decision_curve
    for index in range(0, len(points), max(1, len(points) // 10)):
        row = {
            heads[0]: words.chance(points[index].threshold, lang),
            heads[1]: words.fixed(points[index].treat_all),
        }
        for model in shown:
            if index < len(model.decision_curve):
                point, ranged = model.decision_curve[index], model is shown[0]
                row[words.model(model.name, lang)] = _benefit(point, ranged, lang)
        if points[index].gain_low is not None:
            row[words.say("calibrators.gain_all", lang)] = _gain(points[index], lang)
        rows.append(row)
    return rows


def _benefit(point: NetBenefitPoint, ranged: bool, lang: str) -> str:
    """Net benefit, of the model in use with its range: acting on nobody has 0."""
    figure = Figure(value=point.model, low=point.low if ranged else None, high=point.high if ranged else None)
    return words.figure(figure, lang)


def _gain(point: NetBenefitPoint, lang: str) -> str:
    """How far the model in use is ahead of acting on everyone, with its range."""
    gained = point.model - point.treat_all
    return words.figure(Figure(value=gained, low=point.gain_low, high=point.gain_high), lang)


def _sure(point: NetBenefitPoint) -> bool:
    """Whether the ranges of both differences lie above zero at this line."""
    return (point.low or 0.0) > 0 and (point.gain_low or 0.0) > 0


def _longest_run(points: Sequence[NetBenefitPoint], *, sure: bool = False) -> list[float]:
    """The longest stretch of lines without a gap where the model beats acting on all and on nobody;
    `sure`: where it does so beyond the 95 % ranges."""
    best: list[float] = []
    run: list[float] = []
    for point in points:
        ahead = _sure(point) if sure else point.model > max(point.treat_all, 0.0)
        run = [*run, point.threshold] if ahead else []
        best = max(best, run, key=len)
    return best


def decision_curve_alt(models: Sequence[ModelEvidence], task: Task, lang: str = "en") -> str:
    """What the decision curve shows: over which lines the selected model beats both simple rules."""
    points = models[0].decision_curve if models else ()
    useful = _longest_run(points)
    name = words.model(models[0].name, lang) if models else ""
    if not useful:
        return words.say("draw.decision_none", lang, model=name)
    return words.say(
        "draw.decision_alt",
        lang,
        model=name,
        low=words.chance(min(useful), lang),
        high=words.chance(max(useful), lang),
    )


def decision_curve_sure(model: ModelEvidence, task: Task, lang: str = "en") -> str:
    """Where the model is ahead of both simple rules beyond chance, line by line; "" without ranges."""
    points = model.decision_curve
    if not any(p.low is not None for p in points):
        return ""
    sure = _longest_run(points, sure=True)
    if not sure:
        return words.say("calibrators.benefit_unsure", lang)
    ends = {"low": words.chance(min(sure), lang), "high": words.chance(max(sure), lang)}
    if task.cut is None:
        return words.say("calibrators.benefit_sure", lang, **ends)
    inside = "inside" if min(sure) - 0.005 <= task.cut <= max(sure) + 0.005 else "outside"
    return words.say(f"calibrators.benefit_sure_{inside}", lang, line=words.chance(task.cut, lang), **ends)
