"""Which columns and words weigh most."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt

from interpretable import words
from interpretable.figures import theme
from interpretable.records.explanation import Importance, TokenWeight
from interpretable.records.task import Task

_MOST = 15


def importances(found: Sequence[Importance], task: Task, lang: str = "en") -> alt.Chart:
    """How much each column moves the score on average, largest first."""
    rows = [
        {"label": words.start(words.label(i.feature, task, lang)), "value": i.value} for i in found[:_MOST]
    ]
    y = alt.Y("label:N", title=None, sort=[r["label"] for r in rows], axis=alt.Axis(labelLimit=260))
    bars = alt.Chart(theme.data(rows)).mark_bar(color=theme.PRIMARY, height={"band": 0.65}, cornerRadiusEnd=2)
    drawn = bars.encode(y=y, x=alt.X("value:Q", title=words.say("draw.importance_axis", lang)))
    return theme.finish(drawn, height=25 * max(len(rows), 1) + 10, labels=[r["label"] for r in rows])


def importances_table(found: Sequence[Importance], task: Task, lang: str = "en") -> list[dict[str, str]]:
    """Columns as rows with their mean effect."""
    heads = [words.say(f"draw.head.{h}", lang) for h in ("column", "mean_effect")]
    return [
        {heads[0]: words.start(words.label(i.feature, task, lang)), heads[1]: words.fixed(i.value)}
        for i in found
    ]


def importances_alt(found: Sequence[Importance], task: Task, lang: str = "en") -> str:
    """The columns that weigh most, in order."""
    names = [words.label(i.feature, task, lang) for i in found[:5]]
    return words.say("draw.importances_alt", lang, n=len(found), names=names)


def token_kinds(found: Sequence[TokenWeight]) -> dict[str, list[TokenWeight]]:
    """Weights of one class and one text column by what the tokens are made of, words first."""
    kinds = {kind: [t for t in found if t.units == kind] for kind in ("word", "characters", "piece")}
    return {kind: own for kind, own in kinds.items() if own}


def _ranked(found: Sequence[TokenWeight], most: int) -> list[TokenWeight]:
    """The largest weights of both sides, from the one that raises most to the one that lowers most."""
    top = sorted(found, key=lambda t: -abs(t.weight))[:most]
    return sorted(top, key=lambda t: -t.weight)


def tokens(found: Sequence[TokenWeight], task: Task, lang: str = "en") -> alt.LayerChart:
    """The words that move the estimate most, to both sides of the middle."""
    rows = [
        {"label": words.token(t.token, t.units, lang), "value": t.weight, "up": t.weight > 0}
        for t in _ranked(found, 2 * _MOST)
    ]
    y = alt.Y("label:N", title=None, sort=[r["label"] for r in rows], axis=alt.Axis(labelLimit=200))
    side = alt.when("datum.up").then(alt.value(theme.RAISES)).otherwise(alt.value(theme.LOWERS))
    base = alt.Chart(theme.data(rows))
    zero = alt.Chart(theme.data([{"x": 0}])).mark_rule(color=theme.NEUTRAL).encode(x="x:Q")
    bars = base.mark_bar(height={"band": 0.65}).encode(
        y=y, x=alt.X("value:Q", title=words.say("draw.token_axis", lang)), color=side
    )
    return theme.finish(
        alt.layer(bars, zero), height=20 * max(len(rows), 1) + 10, labels=[r["label"] for r in rows]
    )


def tokens_table(found: Sequence[TokenWeight], task: Task, lang: str = "en") -> list[dict[str, str]]:
    """Tokens as rows, raising ones first: token, direction, weight, mean where it stands, past texts."""
    codes = ("word", "direction", "weight", "token_mean", "texts")
    heads = [words.say(f"draw.head.{code}", lang) for code in codes]
    return [dict(zip(heads, _cells(t, lang), strict=True)) for t in _ranked(found, len(found))]


def _cells(found: TokenWeight, lang: str) -> tuple[str, ...]:
    return (
        words.token(found.token, found.units, lang),
        words.say("draw.raises" if found.weight > 0 else "draw.lowers", lang),
        words.fixed(found.weight),
        words.fixed(found.mean),
        words.number(found.rows),
    )


def tokens_alt(found: Sequence[TokenWeight], task: Task, lang: str = "en") -> str:
    """The words that weigh most on each side."""
    ranked = _ranked(found, len(found))
    ups = [words.token(t.token, t.units, lang) for t in ranked[:4] if t.weight > 0]
    downs = [words.token(t.token, t.units, lang) for t in ranked[::-1][:4] if t.weight < 0]
    return words.say("draw.tokens_alt", lang, ups=ups or ["–"], downs=downs or ["–"])
