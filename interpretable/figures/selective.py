"""Wrong answers against cases decided: what each step towards deciding more costs."""

from __future__ import annotations

from typing import Any

import altair as alt

from interpretable import words
from interpretable.figures import theme
from interpretable.records.selective import SelectiveEvidence, SelectiveLevel


def _held(found: SelectiveEvidence) -> list[SelectiveLevel]:
    return [one for one in found.levels if one.shown and one.held.error.value is not None]


def _rows(found: SelectiveEvidence) -> list[dict[str, Any]]:
    return [
        {"x": 100 * p.coverage, "y": 100 * p.error, "low": 100 * p.low, "high": 100 * p.high}
        for p in found.curve
    ]


def _dots(found: SelectiveEvidence, lang: str) -> list[dict[str, Any]]:
    """One dot per place: limits that come to the same rule share theirs."""
    places: dict[tuple[float, float], list[str]] = {}
    for one in _held(found):
        place = (100 * (one.held.coverage.value or 0.0), 100 * (one.held.error.value or 0.0))
        places.setdefault(place, []).append(words.say("selective.dot", lang, level=one.level))
    return [{"x": x, "y": y, "text": ", ".join(names)} for (x, y), names in places.items()]


def selective_curve(found: SelectiveEvidence, lang: str = "en") -> alt.LayerChart:
    """Wrong among the decided, surest first; dots where the promised limits came to lie."""
    rows, dots = _rows(found), _dots(found, lang)
    top = max([r["y"] for r in rows] + [r["y"] for r in dots] + [1.0]) * 1.6
    scale = alt.Scale(domain=[0, min(100.0, top)], nice=False)
    axis = alt.Axis(values=[0, 20, 40, 60, 80, 100])
    x = alt.X(
        "x:Q", title=words.say("selective.decided_axis", lang), scale=alt.Scale(domain=[0, 100]), axis=axis
    )
    y = alt.Y("y:Q", title=words.say("selective.wrong_axis", lang), scale=scale, axis=alt.Axis(tickCount=5))
    base, marks = alt.Chart(theme.data(rows)), alt.Chart(theme.data(dots))
    band = base.mark_area(color=theme.PRIMARY, opacity=0.14, clip=True)
    return theme.finish(
        alt.layer(
            band.encode(
                x=x, y=alt.Y("low:Q", scale=scale, title=words.say("selective.wrong_axis", lang)), y2="high:Q"
            ),
            base.mark_line(color=theme.PRIMARY, strokeWidth=2, clip=True).encode(x=x, y=y),
            marks.mark_point(filled=True, size=80, color=theme.RAISES, opacity=1).encode(x=x, y=y),
            marks.mark_text(align="right", dx=-8, dy=-10, color=theme.TEXT).encode(x=x, y=y, text="text:N"),
        ),
        height=280,
    )


def selective_curve_table(found: SelectiveEvidence, lang: str = "en") -> list[dict[str, str]]:
    """About ten points of the curve as rows: least sureness, decided, wrong with its range."""
    heads = [words.say(f"selective.{h}_head", lang) for h in ("threshold", "decided", "error")]
    shown = found.curve[:: max(1, len(found.curve) // 10)]
    return [
        dict(
            zip(
                heads,
                (
                    words.percent(p.threshold, lang),
                    words.percent(p.coverage, lang),
                    words.say(
                        "figure.interval",
                        lang,
                        value=words.percent(p.error, lang),
                        low=words.percent(p.low, lang),
                        high=words.percent(p.high, lang),
                    ),
                ),
                strict=True,
            )
        )
        for p in shown
    ]


def selective_curve_alt(found: SelectiveEvidence, lang: str = "en") -> str:
    """What the curve shows at its middle and its end."""
    if not found.curve:
        return words.say("selective.curve_none", lang)
    middle, last = found.curve[len(found.curve) // 2], found.curve[-1]
    ends = words.say(
        "selective.curve_ends",
        lang,
        coverage=middle.coverage,
        error=middle.error,
        last=last.coverage,
        last_error=last.error,
    )
    return words.say("selective.curve_alt", lang, ends=ends)
