"""How often first reasons change when a model is trained again."""

from __future__ import annotations

from typing import Any

import altair as alt

from interpretable import words
from interpretable.figures import theme
from interpretable.records.evaluation import Figure
from interpretable.records.stability import ModelStability, Repeats, StabilityEvidence

Row = dict[str, Any]


def _name(model: ModelStability, repeat: Repeats, lang: str) -> str:
    name, how = words.start(words.model(model.model, lang)), words.say(f"stability.how.{repeat.how}", lang)
    return f"{name} · {how}"


def _pairs(found: StabilityEvidence) -> list[tuple[ModelStability, Repeats]]:
    return [(model, repeat) for model in found.models for repeat in model.repeats]


def stability(found: StabilityEvidence, lang: str = "en") -> alt.LayerChart:
    """Share of cases with another set of first reasons: all cases, and those marked stable."""
    kinds = [words.say(f"stability.head.{h}", lang) for h in ("changed", "changed_stable")]
    rows: list[Row] = []
    for model, repeat in _pairs(found):
        for place, figure in enumerate((repeat.changed, repeat.changed_stable)):
            if figure.value is not None:
                rows.append({
                    "label": _name(model, repeat, lang), "kind": kinds[place], "x": 100 * figure.value,
                    "low": 100 * (figure.low or 0.0), "high": 100 * (figure.high or 0.0),
                })  # fmt: skip
    order = list(dict.fromkeys(_name(*pair, lang) for pair in _pairs(found)))
    y = alt.Y("label:N", title=None, sort=order, axis=alt.Axis(labelLimit=420))
    shift = alt.YOffset("kind:N", sort=kinds)
    x = alt.X("x:Q", title=f"{words.say('stability.chart', lang)} (%)", scale=alt.Scale(domain=[0, 100]))
    legend = alt.Legend(title=None, orient="top", labelLimit=420)
    colour = alt.Color(
        "kind:N",
        legend=legend,
        scale=alt.Scale(domain=kinds, range=[theme.NEUTRAL, theme.PRIMARY]),
    )
    shape = alt.Shape("kind:N", legend=legend, scale=alt.Scale(domain=kinds, range=["circle", "diamond"]))
    base = alt.Chart(theme.data(rows))
    lines = base.mark_rule(strokeWidth=2).encode(y=y, yOffset=shift, x="low:Q", x2="high:Q", color=colour)
    dots = base.mark_point(filled=True, size=80, opacity=1).encode(
        y=y, yOffset=shift, x=x, color=colour, shape=shape
    )
    return theme.finish(alt.layer(lines, dots), height=38 * max(len(order), 2) + 12, labels=order)


def stability_alt(found: StabilityEvidence, lang: str = "en") -> str:
    """The chart in words."""
    parts = []
    for model, repeat in _pairs(found):
        if repeat.changed.value is None:
            continue
        given: dict[str, Any] = {
            "model": words.start(words.model(model.model, lang)),
            "how": words.say(f"stability.how.{repeat.how}", lang),
            "changed": repeat.changed.value,
        }
        code = "stability.chart_part"
        if repeat.changed_stable.value is not None:
            code, given["marked"] = "stability.chart_part_marked", repeat.changed_stable.value
        parts.append(words.say(code, lang, **given))
    return words.say("stability.chart_alt", lang, parts=("；" if lang == "zh" else "; ").join(parts))


def _percent(figure: Figure | None, lang: str) -> str:
    """A share as a percentage, with its range."""
    if figure is None or figure.value is None:
        return "–"
    shown = words.percent(figure.value, lang)
    if figure.low is None or figure.high is None:
        return shown
    low, high = (f"{100 * end:.0f}" for end in (figure.low, figure.high))
    return f"{shown} ({words.say('draw.range', lang, low=low, high=high)})"


def stability_table(found: StabilityEvidence, lang: str = "en") -> list[dict[str, str]]:
    """What training again changed, one row per model and way."""
    names = ("model", "how", "changed", "changed_stable", "beyond", "kept")
    heads = [words.say(f"stability.head.{h}", lang) for h in names]
    rows = []
    for model, repeat in _pairs(found):
        cells = [
            words.start(words.model(model.model, lang)),
            words.say(f"stability.how.{repeat.how}", lang),
            _percent(repeat.changed, lang),
            _percent(repeat.changed_stable, lang),
            _percent(repeat.changed_beyond_ties, lang),
            words.percent(repeat.kept, lang),
        ]
        rows.append(dict(zip(heads, cells, strict=True)))
    return rows


def stability_marks_table(found: StabilityEvidence, lang: str = "en") -> list[dict[str, str]]:
    """What each model's own refits say of its first reasons."""
    heads = [words.say(f"stability.head.{h}", lang) for h in ("model", "refits", "stable", "levels", "ties")]
    rows = []
    for one in found.models:
        levels = [share for share in (one.certain, one.probable, one.unstable) if share is not None]
        cells = [
            words.start(words.model(one.model, lang)),
            words.number(one.refits) if one.refits else "–",
            _percent(one.stable, lang),
            " / ".join(words.percent(share, lang) for share in levels) or "–",
            words.fixed(one.ties, 1),
        ]
        rows.append(dict(zip(heads, cells, strict=True)))
    return rows
