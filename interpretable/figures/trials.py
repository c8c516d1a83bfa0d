"""What each number of pairs brought on rows not used for fitting."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from interpretable import words
from interpretable.figures import theme
from interpretable.records.shape import Direction, PairChoice, Price
from interpretable.records.task import Task
from interpretable.words import shape as say


def pair_trials(choice: PairChoice, task: Task, lang: str = "en") -> alt.LayerChart:
    """Fall of the loss against no pairs, by number of pairs, with intervals; the number kept stands out."""
    rows: list[dict[str, Any]] = [
        {"pairs": "0", "value": 0.0, "low": 0.0, "high": 0.0, "kept": not choice.chosen}
    ]
    rows += [
        {
            "pairs": str(trial.pairs), "value": trial.improvement.value, "low": trial.improvement.low,
            "high": trial.improvement.high, "kept": trial.pairs == choice.chosen,
        }
        for trial in choice.trials
        if trial.improvement.value is not None
    ]  # fmt: skip
    kind = "binary" if task.kind == "binary" else "regression"
    x = alt.X("pairs:N", title=words.say("shape.head.pairs", lang), sort=None, axis=alt.Axis(labelAngle=0))
    y = alt.Y("low:Q", title=words.say(f"shape.loss.axis_{kind}", lang), scale=alt.Scale(zero=True))
    colour = alt.when("datum.kept").then(alt.value(theme.RAISES)).otherwise(alt.value(theme.PRIMARY))
    base = alt.Chart(theme.data(rows))
    zero = alt.Chart(theme.data([{"y": 0}])).mark_rule(color=theme.NEUTRAL).encode(y="y:Q")
    drawn = alt.layer(
        zero,
        base.mark_rule(color=theme.LOWERS, strokeWidth=6, opacity=0.3).encode(x=x, y=y, y2="high:Q"),
        base.mark_point(filled=True, size=110, opacity=1).encode(x=x, y="value:Q", color=colour),
    )
    return theme.finish(drawn, width=420, height=220)


def pair_trials_alt(choice: PairChoice, task: Task, lang: str = "en") -> str:
    """What the picture shows, in words."""
    return say.pairs(choice, task, lang)


def pair_trials_table(choice: PairChoice, task: Task, lang: str = "en") -> list[dict[str, str]]:
    """One row per number of pairs: loss, fall against none, AUROC, p, kept."""
    names = ["pairs", "loss", "improvement", "p", "kept"]
    if task.kind == "binary":
        names.insert(3, "auroc")
    heads = [words.say(f"shape.head.{name}", lang) for name in names]
    none = {"pairs": "0", "loss": words.fixed(choice.loss, 4), "kept": _yes(not choice.chosen, lang)}
    rows = [none]
    for trial in choice.trials:
        cells = {
            "pairs": str(trial.pairs),
            "loss": words.fixed(trial.loss, 4),
            "improvement": words.figure(trial.improvement, lang, digits=4),
            "p": words.fixed(trial.p),
            "kept": _yes(trial.kept and trial.pairs == choice.chosen, lang),
        }
        if trial.auroc is not None:
            cells["auroc"] = words.figure(trial.auroc, lang)
        rows.append(cells)
    return [dict(zip(heads, (row.get(name, "–") for name in names), strict=True)) for row in rows]


def _yes(value: bool, lang: str) -> str:
    return words.say(f"value.{'yes' if value else 'no'}", lang)


def directions_table(found: Sequence[Direction], task: Task, lang: str = "en") -> list[dict[str, str]]:
    """One row per factor, model and stretch against the expectation."""
    heads = [
        words.say(f"shape.head.{h}", lang)
        for h in ("factor", "expected", "model", "where", "size", "rows", "proven")
    ]
    rows = []
    for one in found:
        first = (
            words.start(words.label(one.column, task, lang)),
            words.say(f"shape.direction.{one.expected}", lang),
            words.model(one.model, lang),
        )
        proven = _yes(one.proven, lang)
        for stretch in one.stretches:
            where = words.say("shape.direction.span", lang, **say.place(stretch, one.column, task, lang))
            size = say.moved(stretch.estimate, task, lang)
            cells = (*first, where, size, words.percent(stretch.rows, lang), proven)
            rows.append(dict(zip(heads, cells, strict=True)))
        if not one.stretches:
            rows.append(dict(zip(heads, (*first, "–", "–", "–", proven), strict=True)))
    return rows


def prices_table(found: Sequence[Price], task: Task, lang: str = "en") -> list[dict[str, str]]:
    """One row per direction and measure: free minus held, with its interval."""
    heads = [words.say(f"shape.head.{h}", lang) for h in ("direction", "measure", "change")]
    return [
        dict(
            zip(
                heads,
                (
                    words.start(say.price_name(price, task, lang)),
                    words.metric(comparison.metric, lang),
                    words.figure(comparison.difference, lang, digits=4),
                ),
                strict=True,
            )
        )
        for price in found
        for comparison in price.comparisons
    ]
