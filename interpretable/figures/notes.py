"""Table, text and both: one dot per fold, a bar at the mean."""

from __future__ import annotations

from typing import Any

import altair as alt

from interpretable import words
from interpretable.figures import theme
from interpretable.records.notes import NotesEvidence


def _rows(found: NotesEvidence, lang: str) -> list[dict[str, Any]]:
    return [
        {"reading": words.say(f"notes.reading.{one.name}", lang), "x": value}
        for one in found.readings
        for value in one.headline
    ]


def notes(found: NotesEvidence, lang: str = "en") -> alt.LayerChart:
    """How well each way of reading does, fold by fold, on rows it was not fitted on."""
    rows = _rows(found, lang)
    order = list(dict.fromkeys(r["reading"] for r in rows))
    title = words.metric(found.headline, lang)
    x = alt.X("x:Q", title=title, scale=alt.Scale(zero=False, padding=16), axis=alt.Axis(tickCount=7))
    y = alt.Y("reading:N", title=None, sort=order)
    means = [
        {"reading": name, "x": _mean(values), "text": words.fixed(_mean(values))}
        for name in order
        for values in [[r["x"] for r in rows if r["reading"] == name]]
    ]
    middle = alt.Chart(theme.data(means))
    chart = alt.layer(
        alt.Chart(theme.data(rows))
        .mark_point(size=70, stroke=theme.PRIMARY, filled=False, strokeWidth=1.5, opacity=1)
        .encode(x=x, y=y),
        middle.mark_tick(thickness=3, size=26, color=theme.TEXT).encode(x=x, y=y),
        middle.mark_text(dy=-20).encode(x=x, y=y, text="text:N"),
    )
    return theme.finish(chart, height=56 * max(len(order), 1) + 10, labels=order)


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)


def notes_alt(found: NotesEvidence, lang: str = "en") -> str:
    """The range and the mean of each way of reading."""
    said = [
        words.say(
            "notes.chart_row", lang, reading=words.say(f"notes.reading.{one.name}", lang),
            low=words.fixed(min(one.headline)), high=words.fixed(max(one.headline)),
            mean=words.fixed(_mean(list(one.headline))),
        )
        for one in found.readings
        if one.headline
    ]  # fmt: skip
    rows = ("；" if lang == "zh" else "; ").join(said)
    return words.say("notes.chart_alt", lang, metric=words.metric(found.headline, lang), rows=rows)


def notes_table(found: NotesEvidence, lang: str = "en") -> list[dict[str, str]]:
    """Folds as columns."""
    first = words.say("notes.head.reading", lang)
    return [
        {
            first: words.say(f"notes.reading.{one.name}", lang),
            **{f"{words.say('notes.fold', lang)} {k}": words.fixed(v) for k, v in enumerate(one.headline, 1)},
            words.say("notes.mean", lang): words.fixed(_mean(list(one.headline))),
        }
        for one in found.readings
        if one.headline
    ]
