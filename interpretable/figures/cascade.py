"""How much can be decided without a person at each promised limit: the small model alone, and with help."""

from __future__ import annotations

from typing import Any

import altair as alt

from interpretable import words
from interpretable.figures import theme
from interpretable.records.cascade import CascadeFinding
from interpretable.records.evaluation import Figure


def _names(found: CascadeFinding, lang: str) -> tuple[str, str]:
    """What the two lines are called; the second is there only where there is a second rule."""
    second = "both" if found.stage.status == "used" else "ordered"
    return words.say("cascade.frontier_small", lang), words.say(f"cascade.frontier_{second}", lang)


def _rows(found: CascadeFinding, lang: str) -> list[dict[str, Any]]:
    names = _names(found, lang)
    return [
        {"x": 100 * p.level, "y": 100 * share.value, "who": name}
        for p in found.frontier
        for name, share in zip(names, (p.small, p.cascade), strict=True)
        if share is not None and share.value is not None
    ]


def cascade_frontier(found: CascadeFinding, lang: str = "en") -> alt.LayerChart:
    """Share of test cases decided, by promised limit; a limit that was not shown has no dot."""
    rows = _rows(found, lang)
    names = [name for name in _names(found, lang) if any(r["who"] == name for r in rows)]
    most = max((r["x"] for r in rows), default=10.0)
    x = alt.X(
        "x:Q",
        title=words.say("cascade.frontier_x", lang),
        scale=alt.Scale(domain=[0, most * 1.05], nice=False),
        axis=alt.Axis(tickCount=6),
    )
    y = alt.Y(
        "y:Q",
        title=words.say("cascade.frontier_y", lang),
        scale=alt.Scale(domain=[0, 100]),
        axis=alt.Axis(values=[0, 20, 40, 60, 80, 100]),
    )

    scale = alt.Scale(domain=names, range=list(theme.MODEL_COLOURS[: len(names)]))
    dashes = alt.Scale(domain=names, range=[list(d) for d in theme.MODEL_DASHES[: len(names)]])
    shapes = alt.Scale(domain=names, range=["circle", "diamond"][: len(names)])
    legend = alt.Legend(title=None, orient="top", labelLimit=400)
    colour, shape = (
        alt.Color("who:N", scale=scale, legend=legend),
        alt.Shape("who:N", scale=shapes, legend=legend),
    )
    dash = alt.StrokeDash("who:N", scale=dashes, legend=None)
    base = alt.Chart(theme.data(rows))
    limit = alt.Chart(theme.data([{"x": 100 * found.plan.max_error}]))
    return theme.finish(
        alt.layer(
            limit.mark_rule(color=theme.NEUTRAL, strokeDash=[2, 3]).encode(x=x),
            base.mark_line(strokeWidth=2).encode(x=x, y=y, color=colour, strokeDash=dash),
            base.mark_point(filled=True, size=70, opacity=1).encode(x=x, y=y, shape=shape, color=colour),
        ),
        height=280,
    )


def cascade_frontier_table(found: CascadeFinding, lang: str = "en") -> list[dict[str, str]]:
    """Every limit with the share each rule decides and the errors measured among these."""
    small, both = _names(found, lang)
    several = any(p.cascade is not None for p in found.frontier) or found.cascade is not None
    head = words.say("cascade.level_head", lang)
    wrong = words.say("cascade.wrong_head", lang)
    rows = []
    for p in found.frontier:
        row = {head: words.percent(p.level, lang), small: _share(p.small, lang)}
        row[f"{small}: {wrong}"] = _share(p.small_error, lang)
        if several:
            row |= {both: _share(p.cascade, lang), f"{both}: {wrong}": _share(p.cascade_error, lang)}
        rows.append(row)
    return rows


def _share(found: Figure | None, lang: str) -> str:
    if found is None or found.value is None:
        return words.say("cascade.not_shown", lang)
    ends = {"low": words.percent(found.low or 0.0, lang), "high": words.percent(found.high or 0.0, lang)}
    return words.say("figure.interval", lang, value=words.percent(found.value, lang), **ends)


def cascade_frontier_alt(found: CascadeFinding, lang: str = "en") -> str:
    """What the lines show at the limit that was asked for."""
    if not _rows(found, lang):
        return words.say("cascade.frontier_none", lang)
    own = next(p for p in found.frontier if p.level == found.plan.max_error)
    shares = [
        words.say("cascade.not_shown", lang) if s is None or s.value is None else words.percent(s.value, lang)
        for s in (own.small, own.cascade)
    ]
    told = {"level": own.level, "small": shares[0]}
    if found.cascade is None:
        ends = words.say("cascade.frontier_end_small", lang, **told)
    else:
        name = _names(found, lang)[1]
        ends = words.say("cascade.frontier_end", lang, name=name, both=shares[1], **told)
    return words.say("cascade.frontier_alt", lang, ends=ends)
