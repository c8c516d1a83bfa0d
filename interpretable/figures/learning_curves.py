"""Two learning curves on the same test rows: the small model and the language model by labelled rows."""

from __future__ import annotations

from typing import Any

import altair as alt

from interpretable import words
from interpretable.figures import theme
from interpretable.records.curve import CurveFinding
from interpretable.records.evaluation import Figure


def _name(way: str, lang: str) -> str:
    return words.say("curve.large_name", lang, way=words.curve_way(way, lang))


def _rows(found: CurveFinding, lang: str) -> list[dict[str, Any]]:
    small, rows = words.say("curve.small_name", lang), []
    for point in found.points:
        told = [(small, point.small), *((_name(way, lang), one) for way, one in point.large.items())]
        for name, one in told:
            ends = {"low": one.low, "high": one.high}
            rows.append({"x": point.rows, "y": one.value, "who": name, **ends})
    return rows


def learning_curves(found: CurveFinding, lang: str = "en") -> alt.LayerChart:
    """Log loss by number of labelled rows, with 95 % intervals."""
    rows = _rows(found, lang)
    names = list(dict.fromkeys(row["who"] for row in rows))
    ticks = [point.rows for point in found.points]
    x = alt.X(
        "x:Q",
        title=words.say("curve.x", lang),
        scale=alt.Scale(type="log", base=2, nice=False, domain=[ticks[0] * 0.9, ticks[-1] * 1.1]),
        axis=alt.Axis(values=ticks, labelOverlap=True),
    )
    y = alt.Y("y:Q", title=words.say("curve.y", lang), scale=alt.Scale(zero=True))
    scale = alt.Scale(domain=names, range=list(theme.MODEL_COLOURS[: len(names)]))
    dashes = alt.Scale(domain=names, range=[list(d) for d in theme.MODEL_DASHES[: len(names)]])
    shapes = alt.Scale(domain=names, range=["circle", "diamond", "square"][: len(names)])
    legend = alt.Legend(title=None, orient="top", labelLimit=400, columns=1)
    colour = alt.Color("who:N", scale=scale, legend=legend)
    base = alt.Chart(theme.data(rows))
    return theme.finish(
        alt.layer(
            base.mark_rule(opacity=0.5).encode(x=x, y="low:Q", y2="high:Q", color=colour),
            base.mark_line(strokeWidth=2).encode(
                x=x, y=y, color=colour, strokeDash=alt.StrokeDash("who:N", scale=dashes, legend=None)
            ),
            base.mark_point(filled=True, size=70, opacity=1).encode(
                x=x, y=y, color=colour, shape=alt.Shape("who:N", scale=shapes, legend=legend)
            ),
        ),
        height=280,
    )


def learning_curves_table(found: CurveFinding, lang: str = "en") -> list[dict[str, str]]:
    """Every size: log loss and AUROC of each, and the lead of the small model with its interval."""
    area = words.say("curve.auroc_head", lang)
    lead = words.say("curve.lead_head", lang)
    small = words.say("curve.small_name", lang)
    rows = []
    for point in found.points:
        row = {words.say("curve.rows_head", lang): words.number(point.rows), small: _told(point.small, lang)}
        row[f"{small}: {area}"] = _plain(point.small_auroc)
        for way in found.as_it_came:
            name = _name(way, lang)
            row[name] = _told(point.large.get(way), lang)
            row[f"{name}: {area}"] = _plain(point.large_auroc.get(way))
            row[f"{name}: {lead}"] = _told(point.lead.get(way), lang)
        rows.append(row)
    return rows


def _plain(value: float | None) -> str:
    return "–" if value is None else words.fixed(value, 3)


def _told(found: Figure | None, lang: str) -> str:
    if found is None or found.value is None:
        return "–"
    if found.low is None or found.high is None:
        return words.fixed(found.value, 3)
    ends = {"low": words.fixed(found.low, 3), "high": words.fixed(found.high, 3)}
    return words.say("figure.interval", lang, value=words.fixed(found.value, 3), **ends)


def learning_curves_alt(found: CurveFinding, lang: str = "en") -> str:
    """Where each line begins and ends."""
    rows = _rows(found, lang)
    ends = []
    for name in dict.fromkeys(row["who"] for row in rows):
        own = [row["y"] for row in rows if row["who"] == name]
        told = {"first": _plain(own[0]), "last": _plain(own[-1])}
        ends.append(words.say("curve.end", lang, name=name, **told))
    sizes = {"first": found.points[0].rows, "last": found.points[-1].rows}
    return words.say("curve.alt", lang, ends=("" if lang == "zh" else " ").join(ends), **sizes)
