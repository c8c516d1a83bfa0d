"""How one or two columns move the estimate: step curves with the spread of refits, support, heatmaps."""

from __future__ import annotations

from typing import Any

import altair as alt

from interpretable import words
from interpretable.figures import theme
from interpretable.records.explanation import Curve, CurvePoint, PairSurface, Value
from interpretable.records.task import Task


def _scale(task: Task) -> float:
    return 1.0 if task.kind == "regression" else 100.0


def _band(point: CurvePoint, task: Task) -> tuple[float, float] | None:
    """The spread of this step between refits, on the scale of the estimate."""
    if point.estimate is None or point.effect_low is None or point.effect_high is None:
        return None
    moves = (point.effect_low - point.effect, point.effect_high - point.effect)
    if task.kind == "regression":
        return point.estimate + moves[0], point.estimate + moves[1]
    return theme.shifted(point.estimate, moves[0]), theme.shifted(point.estimate, moves[1])


def _sparse(curve: Curve) -> dict[int, bool]:
    """Which points have little behind them, by position.

    A level is judged by its own count. Bins can be very fine, so a bin is judged by the past cases within a
    twentieth of the drawn range to either side of its middle.
    """
    bins = _bins(curve)
    first, last = _ends(bins)
    middles = {
        id(p): ((first if p.low is None else p.low) + (last if p.high is None else p.high)) / 2 for p in bins
    }
    reach = (last - first) / 20
    sparse = {}
    for place, point in enumerate(curve.points):
        near = [point]
        if point.kind == "bin":
            near = [p for p in bins if abs(middles[id(p)] - middles[id(point)]) <= reach]
        known = [p.count for p in near if p.count is not None]
        sparse[place] = bool(known) and sum(known) < theme.FEW
    return sparse


def _bins(curve: Curve) -> list[CurvePoint]:
    return [p for p in curve.points if p.kind == "bin"]


def _ends(bins: list[CurvePoint]) -> tuple[float, float]:
    """Finite ends of the drawing: open end bins get a twentieth of the range of the cuts."""
    known = sorted({e for p in bins for e in (p.low, p.high) if e is not None})
    if not known:
        return 0.0, 1.0
    pad = (known[-1] - known[0]) / 20 or max(abs(known[0]) / 10, 1.0)
    low = known[0] - (pad if any(p.low is None for p in bins) else 0)
    return low, known[-1] + (pad if any(p.high is None for p in bins) else 0)


def _steps(curve: Curve, task: Task) -> list[dict[str, Any]]:
    """One row per bin: ends, height and band."""
    scale, sparse = _scale(task), _sparse(curve)
    first, last = _ends(_bins(curve))
    rows: list[dict[str, Any]] = []
    for place, point in enumerate(curve.points):
        if point.kind != "bin" or point.estimate is None:
            continue
        band = _band(point, task) or (point.estimate, point.estimate)
        rows.append(
            {
                "x": first if point.low is None else point.low,
                "x2": last if point.high is None else point.high,
                "y": point.estimate * scale,
                "low": band[0] * scale,
                "high": band[1] * scale,
                "few": sparse[place],
                "count": point.count or 0,
            }
        )
    return rows


def _stretches(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Neighbouring bins with few past cases, joined."""
    joined: list[dict[str, Any]] = []
    for row in (r for r in rows if r["few"]):
        if joined and joined[-1]["x2"] == row["x"]:
            joined[-1]["x2"] = row["x2"]
        else:
            joined.append({"x": row["x"], "x2": row["x2"]})
    return joined


def _axis(curve: Curve, task: Task, lang: str) -> str:
    unit = words.find_column(curve.feature, task).unit
    name = words.start(words.label(curve.feature, task, lang))
    return words.say("draw.axis", lang, name=name, unit=unit) if unit else name


def _estimate_axis(task: Task, lang: str) -> str:
    if task.kind != "regression":
        return words.say("draw.in100", lang)
    name = words.start(words.target(task, lang))
    return words.say("draw.axis", lang, name=name, unit=task.target_unit) if task.target_unit else name


def curve(curve: Curve, task: Task, lang: str = "en", *, here: Value = None) -> alt.LayerChart:
    """The estimate of a typical case as this column changes, with the spread between refits.

    Parameters
    ----------
    curve : Curve
        Bins of a number are drawn as steps, levels as dots.
    here : float or str, optional
        The value of the case at hand: marked and named.
    """
    drawn = (
        _number_curve(curve, task, lang, here=here)
        if _bins(curve)
        else _level_curve(curve, task, lang, here=here)
    )
    height = 240 if _bins(curve) else 30 * max(len(_levels(curve)), 2) + 10
    labels = [_point_name(p, curve, task, lang) for p in _levels(curve)]
    return theme.finish(drawn, height=height, labels=[] if _bins(curve) else labels)


def _number_curve(curve: Curve, task: Task, lang: str, *, here: Value) -> alt.LayerChart:
    rows = _steps(curve, task)
    axis = alt.Axis(tickCount=9)
    x = alt.X("x:Q", title=_axis(curve, task, lang), scale=alt.Scale(zero=False, nice=False), axis=axis)
    y_scale = alt.Scale(zero=task.kind != "regression", nice=True)
    y = alt.Y("y:Q", title=_estimate_axis(task, lang), scale=y_scale)
    path = [*rows, {**rows[-1], "x": rows[-1]["x2"]}] if rows else []
    base = alt.Chart(theme.data(path))
    layers = [
        base.mark_area(color=theme.LOWERS, opacity=0.22, interpolate="step-after").encode(
            x=x, y=alt.Y("low:Q", title=_estimate_axis(task, lang), scale=y_scale), y2="high:Q"
        ),
        base.mark_line(color=theme.PRIMARY, strokeWidth=2.2, interpolate="step-after").encode(x=x, y=y),
        alt.Chart(theme.data(_stretches(rows)))
        .mark_rect(color=theme.PAPER, opacity=0.62)
        .encode(x="x:Q", x2="x2:Q"),
    ]
    mark = _mark_here(rows, here)
    if mark is not None:
        layers += _pointer(mark, words.say("draw.here", lang, subject=words.subject(task, lang, many=False)))
    return alt.layer(*layers)


def _mark_here(rows: list[dict[str, Any]], here: Value) -> dict[str, Any] | None:
    if not isinstance(here, (int, float)) or here != here or not rows:
        return None
    inside = [r for r in rows if r["x"] <= here] or rows[:1]
    left, right = rows[0]["x"], rows[-1]["x2"]
    place = min(max(here, left), right)
    part = (place - left) / (right - left) if right > left else 0.5
    return {"x": place, "y": inside[-1]["y"], "side": "left" if part < 0.5 else "right"}


def _pointer(mark: dict[str, Any], text: str) -> list[alt.Chart]:
    base = alt.Chart(theme.data([{**mark, "text": text}])).encode(x="x:Q", y="y:Q")
    # Beside the mark, on the side with more room: at an edge the words would be cut.
    place = {
        "align": mark["side"],
        "dx": 8 if mark["side"] == "left" else -8,
        "dy": -14,
        "fontWeight": "bold",
    }
    return [
        base.mark_point(
            filled=True, size=110, color=theme.RAISES, opacity=1, stroke=theme.PAPER, strokeWidth=1.5
        ),
        # A pale edge, so that the words can be read where the curve runs behind them.
        base.mark_text(**place, color=theme.PAPER, stroke=theme.PAPER, strokeWidth=4).encode(text="text:N"),
        base.mark_text(**place, color=theme.TEXT).encode(text="text:N"),
    ]


def _levels(curve: Curve) -> list[CurvePoint]:
    return [p for p in curve.points if p.kind != "bin" and p.estimate is not None]


def _level_curve(curve: Curve, task: Task, lang: str, *, here: Value) -> alt.LayerChart:
    scale, order = _scale(task), []
    rows = []
    for point in _levels(curve):
        band = _band(point, task) or (point.estimate, point.estimate)
        name = _point_name(point, curve, task, lang)
        order.append(name)
        rows.append(
            {
                "label": name,
                "x": point.estimate * scale,
                "low": band[0] * scale,
                "high": band[1] * scale,
                "few": point.count is not None and point.count < theme.FEW,
                "here": here is not None and point.label == str(here),
            }
        )
    y = alt.Y("label:N", title=None, sort=order)
    x = alt.X(
        "low:Q",
        title=_estimate_axis(task, lang),
        scale=alt.Scale(zero=task.kind != "regression"),
        axis=alt.Axis(tickCount=6),
    )
    faded = alt.when("datum.few").then(alt.value(0.4)).otherwise(alt.value(1.0))
    colour = alt.when("datum.here").then(alt.value(theme.RAISES)).otherwise(alt.value(theme.PRIMARY))
    base = alt.Chart(theme.data(rows))
    return alt.layer(
        base.mark_rule(color=theme.LOWERS, strokeWidth=6, opacity=0.3).encode(y=y, x=x, x2="high:Q"),
        base.mark_point(filled=True, size=90).encode(y=y, x="x:Q", opacity=faded, color=colour),
    )


def _point_name(point: CurvePoint, curve: Curve, task: Task, lang: str) -> str:
    if point.kind == "missing":
        return words.say("value.not_known", lang)
    if point.kind == "unknown":
        return words.say("draw.unknown_level", lang)
    if point.kind == "level":
        return words.group_name(point.label, lang, column=words.find_column(curve.feature, task))
    if point.low is None or point.high is None:
        code = "draw.below" if point.low is None else "draw.from"
        edge = point.high if point.low is None else point.low
        return words.say("draw.any", lang) if edge is None else words.say(code, lang, edge=words.number(edge))
    return words.say("draw.between", lang, low=words.number(point.low), high=words.number(point.high))


def curve_support(curve: Curve, task: Task, lang: str = "en") -> alt.Chart:
    """How many past cases stand behind each step: draw it under the curve, on the same axis."""
    title = words.say("draw.support", lang)
    if not _bins(curve):
        rows = [{"label": _point_name(p, curve, task, lang), "count": p.count or 0} for p in _levels(curve)]
        bars = alt.Chart(theme.data(rows)).mark_bar(color=theme.NEUTRAL, opacity=0.75, height={"band": 0.6})
        drawn = bars.encode(
            y=alt.Y("label:N", title=None, sort=[r["label"] for r in rows]), x=alt.X("count:Q", title=title)
        )
        return theme.finish(drawn, height=26 * max(len(rows), 2), labels=[r["label"] for r in rows])
    rows = _steps(curve, task)
    drawn = (
        alt.Chart(theme.data(rows))
        .mark_rect(color=theme.NEUTRAL, opacity=0.75, stroke=theme.PAPER, strokeWidth=0.5)
        .encode(
            x=alt.X("x:Q", title=None, scale=alt.Scale(zero=False, nice=False)),
            x2="x2:Q",
            y=alt.Y("count:Q", title=title, axis=alt.Axis(tickCount=2)),
            y2=alt.datum(0),
        )
    )
    return theme.finish(drawn, height=56)


def curve_table(curve: Curve, task: Task, lang: str = "en") -> list[dict[str, str]]:
    """The same numbers as rows: value, estimate, spread, past cases."""
    heads = [words.say(f"draw.head.{h}", lang) for h in ("value", "estimate", "spread", "count")]
    rows = []
    for point in curve.points:
        band = _band(point, task)
        cells = (
            _point_name(point, curve, task, lang),
            "–" if point.estimate is None else words.amount(point.estimate, task, lang),
            "–"
            if band is None
            else words.say(
                "draw.range",
                lang,
                low=words.amount(band[0], task, lang),
                high=words.amount(band[1], task, lang),
            ),
            "–" if point.count is None else words.number(round(point.count)),
        )
        rows.append(dict(zip(heads, cells, strict=True)))
    return rows


def curve_reading(curve: Curve, task: Task, lang: str = "en") -> str:
    """How to read the curve: where the estimate is lowest and highest, where data are enough."""
    sparse = _sparse(curve)
    known = [p for place, p in enumerate(curve.points) if p.estimate is not None and not sparse[place]]
    enough = [p for p in known if p.kind in ("bin", "level")]
    if len(enough) < 2:
        return words.say("draw.reading_thin", lang)
    low, high = min(enough, key=lambda p: p.estimate), max(enough, key=lambda p: p.estimate)
    said = words.say(
        "draw.reading",
        lang,
        low=words.amount(low.estimate, task, lang),
        low_at=_point_name(low, curve, task, lang),
        high=words.amount(high.estimate, task, lang),
        high_at=_point_name(high, curve, task, lang),
    )
    return said


def curve_alt(curve: Curve, task: Task, lang: str = "en") -> str:
    """What the picture shows, for those who do not see it."""
    name = words.label(curve.feature, task, lang)
    return words.say("draw.curve_alt", lang, name=name, reading=curve_reading(curve, task, lang))


def _around(surface: PairSurface, i: int, j: int) -> float:
    """Past cases in a cell; of a fine grid, also in the cells around it, a fifteenth of the grid each way."""
    reach_x, reach_y = len(surface.x) // 15, len(surface.y) // 15
    rows = surface.counts[max(i - reach_x, 0) : i + reach_x + 1]
    return sum(sum(row[max(j - reach_y, 0) : j + reach_y + 1]) for row in rows)


def pair(surface: PairSurface, task: Task, lang: str = "en") -> alt.Chart:
    """What two columns add together beyond each alone. Cells with few past cases are faded."""
    rows = [
        {
            "x": a,
            "y": b,
            "effect": surface.effects[i][j],
            "few": _around(surface, i, j) < theme.FEW,
        }
        for i, a in enumerate(surface.x)
        for j, b in enumerate(surface.y)
    ]
    top = max((abs(e) for row in surface.effects for e in row), default=0.0) or 1.0
    names = [words.start(words.label(f, task, lang)) for f in surface.features]
    drawn = (
        alt.Chart(theme.data(rows))
        .mark_rect(stroke=theme.PAPER, strokeWidth=0.5)
        .encode(
            x=alt.X(
                "x:N", title=names[0], sort=list(surface.x), axis=alt.Axis(labelAngle=-40, labelOverlap=True)
            ),
            y=alt.Y(
                "y:N",
                title=names[1],
                sort=list(surface.y)[::-1],
                axis=alt.Axis(labelOverlap=True, titlePadding=26),
            ),
            opacity=alt.when("datum.few").then(alt.value(0.3)).otherwise(alt.value(1.0)),
            color=alt.Color(
                "effect:Q",
                title=words.say("draw.pair_legend", lang),
                legend=alt.Legend(orient="top", gradientLength=200, titleLimit=400, titleAnchor="start"),
                scale=alt.Scale(
                    domain=[-top, 0, top], range=[theme.LOWERS, "#F4F4F2", theme.RAISES], interpolate="rgb"
                ),
            ),
        )
    )
    return theme.finish(drawn, width=460, height=min(24 * len(surface.y) + 20, 320), labels=surface.y)


def pair_alt(surface: PairSurface, task: Task, lang: str = "en") -> str:
    """What the heatmap shows, in words."""
    a, b = (words.label(f, task, lang) for f in surface.features)
    cells = [(e, i, j) for i, row in enumerate(surface.effects) for j, e in enumerate(row)]
    low, high = min(cells), max(cells)
    at = [words.say("draw.cell", lang, x=surface.x[i], y=surface.y[j]) for _, i, j in (low, high)]
    return words.say("draw.pair_alt", lang, a=a, b=b, low_at=at[0], high_at=at[1])


def pair_table(
    surface: PairSurface, task: Task, lang: str = "en", *, most: int | None = None
) -> list[dict[str, str]]:
    """The cells of the heatmap as rows: both values, effect, past cases. `most` keeps the largest effects."""
    heads = [words.start(words.label(f, task, lang)) for f in surface.features]
    if heads[0] == heads[1]:
        heads = list(surface.features)
    more = [words.say(f"draw.head.{h}", lang) for h in ("effect", "count")]
    cells = [
        (abs(surface.effects[i][j]), i, j, a, b)
        for i, a in enumerate(surface.x)
        for j, b in enumerate(surface.y)
    ]
    if most is not None and len(cells) > most:
        cells = sorted(cells, reverse=True)[:most]
    rows = []
    for _, i, j, a, b in cells:
        count = words.number(round(surface.counts[i][j]))
        said = (words.clean(a), words.clean(b), words.fixed(surface.effects[i][j]), count)
        rows.append(dict(zip((*heads, *more), said, strict=True)))
    return rows
