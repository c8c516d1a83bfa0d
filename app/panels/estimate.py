"""The estimate: the number, what it means, how it moved between refits, and a picture of it."""

from __future__ import annotations

import math

from interpretable_app.panels.html import Safe, emit, join, tag
from interpretable_app.texts import t
from interpretable_app.views import CaseView

from interpretable import words
from interpretable.records.explanation import CaseExplanation
from interpretable.records.task import Task

LONG = 16  # characters: a longer headline is set smaller


def draw_estimate(view: CaseView, found: CaseExplanation, task: Task) -> None:
    size = "number" if len(view.headline) <= LONG else "number long"
    text = tag(
        "div",
        tag("p", view.headline, cls=size),
        join(tag("p", line, cls=None if place else "lead") for place, line in enumerate(view.estimate)),
        tag("p", " ".join(part for part in (view.average, view.line) if part)),
        tag("p", view.decider) if view.decider else None,
        _scale(found, task, view.lang),
        tag("p", view.spread, cls="small soft") if view.spread else None,
        tag("p", view.ranged, cls="small soft") if view.ranged else None,
        cls="text",
    )
    picture = None if task.kind == "regression" else _icons(found, task, view.lang)
    emit(tag("section", text, picture, cls="it-head", aria_label=t("case.estimate", view.lang)))


def _icons(found: CaseExplanation, task: Task, lang: str) -> Safe:
    filled = words.hundredth(found.estimate)
    caption = t("case.icons", lang, subjects=words.subject(task, lang), n=filled, rest=100 - filled)
    dots = join(tag("i", cls="on" if place < filled else None) for place in range(100))
    # The caption says all the picture shows: a screen reader is spared a hundred circles.
    grid = tag("div", dots, cls="it-icons", aria_hidden="true")
    return tag("figure", grid, tag("figcaption", caption), cls="picture")


def _ends(found: CaseExplanation, task: Task) -> tuple[float, float]:
    if task.kind != "regression":
        return 0.0, 1.0
    known = [found.estimate, found.average]
    if found.spread is not None:
        known += [found.spread.low, found.spread.high]
    room = (max(known) - min(known)) * 0.6 or abs(found.estimate) * 0.1 or 1.0
    return min(known) - room, max(known) + room


def _scale(found: CaseExplanation, task: Task, lang: str) -> Safe:
    """A ruler with this case, its spread, the average and the line. Everything on it is also in words."""
    low, high = _ends(found, task)

    def at(value: float) -> float:
        place = 100 * (value - low) / (high - low)
        return round(min(100.0, max(0.0, place)), 2) if math.isfinite(place) else 0.0

    parts = [tag("span", cls="axis")]
    if found.spread is not None:
        left, right = at(found.spread.low), at(found.spread.high)
        parts.append(tag("span", cls="band", style=f"left:{left}%;width:{right - left:.2f}%"))
    if found.cut is not None and task.kind == "binary":
        parts += _mark(at(found.cut), t("case.scale.line", lang), "below", "tick cut")
    parts += _mark(at(found.average), t("case.scale.average", lang), "above", "tick")
    parts.append(tag("span", cls="dot", style=f"left:{at(found.estimate)}%"))
    return tag("div", *parts, cls="it-scale", aria_hidden="true")


def _mark(place: float, label: str, side: str, kind: str) -> list[Safe]:
    edge = " first" if place < 12 else (" last" if place > 88 else "")
    style = f"left:{place}%"
    return [tag("span", cls=kind, style=style), tag("span", label, cls=f"mark {side}{edge}", style=style)]
