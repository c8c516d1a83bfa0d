"""A points card's totals against what happened, and a short tree from left to right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from unicodedata import east_asian_width

import altair as alt

from interpretable import words
from interpretable.figures import theme
from interpretable.records.explanation import TreeNode
from interpretable.records.simple import CardBand
from interpretable.records.task import Task
from interpretable.words import simple as said

Row = dict[str, Any]
PATH = 62  # pixels of one end of a tree


def _scale(task: Task) -> float:
    return 1.0 if task.kind == "regression" else 100.0


def _axis(task: Task, lang: str) -> str:
    if task.kind == "regression":
        return words.start(words.target(task, lang))
    return words.say("simple.estimate_axis", lang)


def card(bands: Sequence[CardBand], task: Task, lang: str = "en") -> alt.LayerChart:
    """Each band of totals: the estimate as a tick, what happened as a dot with its interval."""
    scale = _scale(task)
    rows = [
        {
            "band": said.band_name(b, lang),
            "estimate": b.estimate * scale,
            "y": None if b.observed.value is None else b.observed.value * scale,
            "low": None if b.observed.low is None else b.observed.low * scale,
            "high": None if b.observed.high is None else b.observed.high * scale,
        }
        for b in bands
    ]
    order = [r["band"] for r in rows]
    title = words.say("simple.totals_axis", lang)
    x = alt.X("band:N", title=title, sort=order, axis=alt.Axis(labelAngle=0))
    y = alt.Y("estimate:Q", title=_axis(task, lang), scale=alt.Scale(zero=False))
    seen = alt.Chart(theme.data([r for r in rows if r["y"] is not None]))
    ranged = alt.Chart(theme.data([r for r in rows if r["low"] is not None]))
    return theme.finish(
        alt.layer(
            alt.Chart(theme.data(rows))
            .mark_tick(color=theme.PRIMARY, thickness=3, size=34, orient="horizontal")
            .encode(x=x, y=y),
            ranged.mark_rule(color=theme.RAISES, strokeWidth=1.5).encode(x=x, y="low:Q", y2="high:Q"),
            seen.mark_point(color=theme.RAISES, filled=True, size=60, opacity=1).encode(x=x, y="y:Q"),
        ),
        height=240,
    )


def card_table(bands: Sequence[CardBand], task: Task, lang: str = "en") -> list[Row]:
    """Bands as rows: totals, estimate, test cases, what happened."""
    heads = [words.say(f"simple.head.{h}", lang) for h in ("total", "estimate", "cases")]
    last = words.say(f"simple.observed{'_values' if task.kind == 'regression' else ''}", lang)
    return [
        {
            heads[0]: said.band_name(b, lang),
            heads[1]: _between(b, task, lang),
            heads[2]: words.number(b.n),
            last: _happened(b, task, lang),
        }
        for b in bands
    ]


def _between(band: CardBand, task: Task, lang: str) -> str:
    low, high = sorted((band.estimate_low, band.estimate_high))
    ends = [said.estimated(e, task, lang) for e in (low, high)]
    return ends[0] if ends[0] == ends[1] else words.say("draw.range", lang, low=ends[0], high=ends[1])


def _happened(band: CardBand, task: Task, lang: str) -> str:
    found = band.observed
    if found.value is None:
        return words.missing_figure(found.reason, lang)
    value = said.estimated(found.value, task, lang)
    if found.low is None or found.high is None:
        return value
    low, high = (said.estimated(e, task, lang) for e in (found.low, found.high))
    return words.say("figure.interval", lang, value=value, low=low, high=high)


def card_alt(bands: Sequence[CardBand], task: Task, lang: str = "en") -> str:
    """The estimate at the lowest and the highest band."""
    if not bands:
        return words.say("simple.card_none", lang)
    ends = {
        name: said.estimated(b.estimate, task, lang) for name, b in (("first", bands[0]), ("last", bands[-1]))
    }
    places = {"first_band": said.band_name(bands[0], lang), "last_band": said.band_name(bands[-1], lang)}
    return words.say("simple.card_alt", lang, **ends, **places)


def _depths(nodes: Sequence[TreeNode]) -> dict[int, int]:
    depth = {nodes[0].id: 0}
    for node in nodes[1:]:
        depth[node.id] = depth[node.parent] + 1
    return depth


def _heights(nodes: Sequence[TreeNode]) -> dict[int, float]:
    """Ends below each other in their order; every other node in the middle of its children."""
    children: dict[int, list[int]] = {}
    for node in nodes:
        children.setdefault(node.parent, []).append(node.id)
    found: dict[int, float] = {}
    places = iter(range(len(nodes)))

    def place(node: int) -> float:
        below = children.get(node, [])
        found[node] = sum(place(c) for c in below) / len(below) if below else float(next(places))
        return found[node]

    place(nodes[0].id)
    return found


def tree(nodes: Sequence[TreeNode], task: Task, lang: str = "en") -> alt.LayerChart:
    """From left to right: a condition over each branch, the estimate and the training cases at each end."""
    depth, height = _depths(nodes), _heights(nodes)
    deepest, ends = max(depth.values()), sum(n.leaf for n in nodes)
    room = deepest + 0.75
    lines: list[Row] = []
    texts: list[Row] = []
    for node in nodes[1:]:
        before, here = depth[node.parent], depth[node.id]
        corner = before + 0.06
        points = [(before, height[node.parent]), (corner, height[node.id]), (here, height[node.id])]
        lines += [{"branch": node.id, "step": step, "x": x, "y": y} for step, (x, y) in enumerate(points)]
        name, what = said.node_parts(node, task, lang)
        over, name = _two_lines(name, last=True)
        what, under = _two_lines(what)
        parts = {"over": over, "name": name, "what": what, "under": under}
        texts.append({"x": corner, "y": height[node.id], **parts})
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, room], nice=False, zero=False))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[ends - 0.4, -0.6], nice=False, zero=False))
    wide, named = 760, alt.Chart(theme.data(texts))
    return theme.finish(
        alt.layer(
            alt.Chart(theme.data(lines))
            .mark_line(color=theme.NEUTRAL, strokeWidth=1.4)
            .encode(x=x, y=y, detail="branch:N", order="step:Q"),
            *(
                named.mark_text(align="left", dx=4, limit=0.94 * wide / room, **place).encode(
                    x=x, y=y, text=f"{part}:N"
                )
                for part, place in _LABELS.items()
            ),
            alt.Chart(theme.data(_ends(nodes, task, lang, places=(depth, height))))
            .mark_text(align="left", dx=6, fontWeight="bold", color=theme.PRIMARY, limit=0.8 * wide / room)
            .encode(x=x, y=y, text="text:N"),
        ),
        width=wide,
        height=max(PATH * ends, 80),
    )


# The column's name stands above its branch, what must be true of it below; two lines of each have room.
_LABELS: dict[str, Row] = {
    "over": {"baseline": "bottom", "dy": -15},
    "name": {"baseline": "bottom", "dy": -3},
    "what": {"baseline": "top", "dy": 4, "fontWeight": "bold"},
    "under": {"baseline": "top", "dy": 16, "fontWeight": "bold"},
}


def _two_lines(text: str, *, last: bool = False, most: int = 25) -> tuple[str, str]:
    """A text in one line, or broken in two where it is long; `last`: a single line is the second one."""
    if sum(_cells(c) for c in text) <= most:
        return ("", text) if last else (text, "")
    room, cut = most, 0
    for place, char in enumerate(text):
        room -= _cells(char)
        if room < 0:
            break
        if char == " " or _cells(char) == 2:
            cut = place + 1
    return text[:cut].rstrip(), text[cut:].lstrip()


def _cells(char: str) -> int:
    return 2 if east_asian_width(char) in "WF" else 1


def _ends(
    nodes: Sequence[TreeNode], task: Task, lang: str, *, places: tuple[dict[int, int], dict[int, float]]
) -> list[Row]:
    depth, height = places
    return [
        {
            "x": depth[n.id],
            "y": height[n.id],
            "text": words.say(
                "simple.leaf", lang, estimate=said.node_estimate(n, task, lang), rows=round(n.rows)
            ),
        }
        for n in nodes
        if n.leaf
    ]


def tree_table(nodes: Sequence[TreeNode], task: Task, lang: str = "en") -> list[Row]:
    """Ends as rows: all conditions on the way, the estimate, training cases."""
    heads = [words.say(f"simple.head.{h}", lang) for h in ("condition", "estimate", "training")]
    return [
        {
            heads[0]: said.path(nodes, n, task, lang),
            heads[1]: said.node_estimate(n, task, lang),
            heads[2]: words.number(round(n.rows)),
        }
        for n in nodes
        if n.leaf
    ]


def tree_alt(nodes: Sequence[TreeNode], task: Task, lang: str = "en") -> str:
    """How many ends, the first question, the lowest and the highest estimate."""
    ends = [n for n in nodes if n.leaf]
    low, high = (f(ends, key=lambda n: max(n.estimates)) for f in (min, max))
    first = said.node(nodes[1], task, lang) if len(nodes) > 1 else said.node(nodes[0], task, lang)
    return words.say(
        "simple.tree_alt", lang, leaves=len(ends), first=first, low=said.node_estimate(low, task, lang),
        high=said.node_estimate(high, task, lang),
    )  # fmt: skip
