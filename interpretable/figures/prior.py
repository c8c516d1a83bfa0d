"""What a prior gains, by the number of rows a model learned from: as said, and shuffled."""

from __future__ import annotations

from typing import Any

import altair as alt

from interpretable import words
from interpretable.figures import theme
from interpretable.records.evaluation import Figure
from interpretable.records.prior import PriorFinding, PriorGain

ASIDE = 1.03


def _rows(found: PriorFinding, lang: str) -> list[dict[str, Any]]:
    """The two intervals of each number of rows stand side by side: equally far on a logarithmic axis."""
    names = [words.say(f"prior.{code}", lang) for code in ("with_prior", "with_control")]
    return [
        {"x": gain.n * aside, "y": shown.value, "low": shown.low, "high": shown.high, "who": name}
        for gain in found.gains
        for name, shown, aside in zip(names, (gain.gain, gain.control), (1 / ASIDE, ASIDE), strict=True)
    ]


def prior_gains(found: PriorFinding, lang: str = "en") -> alt.LayerChart:
    """A learning curve of the gain with its intervals; above the dashed line it helps."""
    names = [words.say(f"prior.{code}", lang) for code in ("with_prior", "with_control")]
    steps = sorted({gain.n for gain in found.gains})
    # Rows from few to all: on a logarithmic axis, so that the few are not squeezed together.
    ends = [0.85 * steps[0], 1.2 * steps[-1]] if steps else [1, 10]
    x = alt.X(
        "x:Q",
        title=words.say("prior.axis_n", lang),
        scale=alt.Scale(type="log", domain=ends, nice=False),
        axis=alt.Axis(values=steps, format="d"),
    )
    title = words.say("prior.axis_gain", lang)
    y = alt.Y("y:Q", title=title, scale=alt.Scale(zero=True))
    legend = alt.Legend(title=None, orient="top", labelLimit=400)
    colour = alt.Color(
        "who:N", scale=alt.Scale(domain=names, range=list(theme.MODEL_COLOURS[:2])), legend=legend
    )
    shape = alt.Shape("who:N", scale=alt.Scale(domain=names, range=["circle", "diamond"]), legend=legend)
    base = alt.Chart(theme.data(_rows(found, lang)))
    return theme.finish(
        alt.layer(
            alt.Chart(theme.data([{"y": 0.0}]))
            .mark_rule(color=theme.NEUTRAL, strokeDash=[4, 3])
            .encode(y=alt.Y("y:Q", title=title)),
            base.mark_rule(strokeWidth=2).encode(
                x=x, y=alt.Y("low:Q", title=title), y2="high:Q", color=colour
            ),
            base.mark_point(filled=True, size=70, opacity=1).encode(x=x, y=y, color=colour, shape=shape),
        ),
        height=280,
    )


def prior_gains_table(found: PriorFinding, lang: str = "en") -> list[dict[str, str]]:
    """Every number of rows with loss, gains, weight and verdict."""
    return [
        {words.say(f"prior.head.{head}", lang): text for head, text in _cells(one, lang).items()}
        for one in found.gains
    ]


def _cells(one: PriorGain, lang: str) -> dict[str, str]:
    return {
        "n": words.prior_rows(one, lang),
        "loss": words.fixed(one.plain_loss),
        "gain": words.figure(one.gain, lang),
        "control": words.figure(one.control, lang),
        "weight": _weight(one.weight, lang),
        "verdict": words.say(f"prior.verdict.{one.verdict}", lang),
    }


def _weight(found: Figure, lang: str) -> str:
    parts = {name: words.fixed(getattr(found, name), 2) for name in ("value", "low", "high")}
    return words.say("figure.interval", lang, **parts)


def prior_gains_alt(found: PriorFinding, lang: str = "en") -> str:
    """What the picture shows, number by number."""
    if not found.gains:
        return words.say("prior.none_yet", lang)
    said = [
        words.say(
            "prior.alt_row", lang, n=g.n, value=words.fixed(g.gain.value), low=words.fixed(g.gain.low),
            high=words.fixed(g.gain.high), verdict=words.say(f"prior.verdict.{g.verdict}", lang),
        )
        for g in found.gains
    ]  # fmt: skip
    return words.say("prior.alt", lang, rows=said)
