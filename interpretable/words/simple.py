"""Conditions and lines of a points card and of a short tree, in words."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

from interpretable.records.explanation import TreeNode
from interpretable.records.simple import CardBand, CardLine
from interpretable.records.task import Column, Task
from interpretable.words.catalogs import say
from interpretable.words.names import class_name, find_column, label, start, value, with_unit
from interpretable.words.numbers import percent

LISTED = 6  # levels named in one condition


def _range(low: float | None, high: float | None, column: Column, lang: str) -> str:
    """'under 54.5 years', '54.5 to under 60 years', '60 years or more'."""
    ends = {
        name: with_unit(end, column.unit if name == "high" or high is None else "", lang)
        for name, end in (("low", low), ("high", high))
        if end is not None
    }
    which = {(): "all", ("high",): "below", ("low",): "from", ("low", "high"): "between"}[tuple(ends)]
    return say(f"simple.range.{which}", lang, **ends)


def _joined(code: str, parts: Sequence[str], lang: str) -> str:
    return reduce(lambda a, b: say(code, lang, a=a, b=b), parts)


def _levels(levels: Sequence[str], rare: bool, column: Column, lang: str) -> str:
    said = [value(level, column, lang) for level in levels[:LISTED]]
    if len(levels) > LISTED:
        said.append(say("simple.more_levels", lang, n=len(levels) - LISTED))
    if rare:
        said.append(say("simple.rare", lang))
    return _joined("simple.either", said, lang)


def card_line(line: CardLine, column: Column, lang: str = "en") -> str:
    """What must be true for the points of this line."""
    if line.kind == "bin":
        return _range(line.low, line.high, column, lang)
    if line.kind == "level":
        return _levels(line.levels, line.rare, column, lang)
    return say(f"simple.{line.kind}", lang)


def node_parts(found: TreeNode, task: Task, lang: str = "en") -> tuple[str, str]:
    """The column's name and what must be true of it; ('All cases', '') for the root."""
    if not found.feature:
        return say("simple.root", lang), ""
    column = find_column(found.feature, task)
    name = start(label(column, task, lang))
    if found.low is not None or found.high is not None:
        return name, _range(found.low, found.high, column, lang)
    if found.levels or found.rare:
        what = _levels(found.levels, found.rare, column, lang)
        return name, say("simple.not", lang, what=what) if found.others else what
    return name, say("simple.known" if found.others else "simple.missing", lang)


def node(found: TreeNode, task: Task, lang: str = "en", *, whole: bool = False) -> str:
    """The condition of a node with its column's name; `whole` also says where a missing value goes."""
    name, what = node_parts(found, task, lang)
    if not what:
        return name
    asked = found.low is not None or found.high is not None or found.levels or found.rare
    if whole and found.missing and asked:
        what = say("simple.or_missing", lang, what=what)
    return say("simple.condition", lang, name=name, what=what)


def node_estimate(found: TreeNode, task: Task, lang: str = "en") -> str:
    """'41 %', 'short term, 52 %', or a value with its unit."""
    said = estimated(max(found.estimates), task, lang)
    if not found.likely:
        return said
    return say("simple.likely", lang, name=class_name(found.likely, task, lang), share=said)


def path(nodes: Sequence[TreeNode], leaf: TreeNode, task: Task, lang: str = "en") -> str:
    """All conditions from the root to a leaf, joined."""
    known = {one.id: one for one in nodes}
    said: list[str] = []
    here = leaf
    while here.parent >= 0:
        said.insert(0, node(here, task, lang, whole=True))
        here = known[here.parent]
    return _joined("simple.then", said or [node(here, task, lang)], lang)


def band_name(band: CardBand, lang: str = "en") -> str:
    """'3 to 7', or '8'."""
    if band.low == band.high:
        return f"{band.low}"
    return say("draw.range", lang, low=band.low, high=band.high)


def estimated(amount: float, task: Task, lang: str = "en") -> str:
    """A share as a percentage, never 0 or 100; a value with its unit."""
    if task.kind == "regression":
        return with_unit(float(f"{amount:.4g}"), task.target_unit, lang)
    if 0.01 <= amount <= 0.99:
        return percent(amount, lang)
    return say(f"simple.{'over' if amount > 0.5 else 'under'}", lang)
