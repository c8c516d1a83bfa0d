"""Sentences about rows from places that a small model never saw."""

from __future__ import annotations

from interpretable.records.shift import ShiftFinding, ShiftPlace
from interpretable.records.task import Task
from interpretable.words.catalogs import say
from interpretable.words.doubt import group_name
from interpretable.words.names import find_column, label
from interpretable.words.numbers import fixed


def _say(code: str, lang: str, **params: object) -> str:
    return say(f"shift.{code}", lang, **params)


def shift(found: ShiftFinding, task: Task, lang: str = "en") -> tuple[str, ...]:
    """What not knowing a place costs the small model, and who is ahead there."""
    by = label(found.by, task, lang)
    lines = [_say("asked", lang, by=by, rows=found.rows, places=len(found.places), pool=found.pool)]
    for name in ("fall", "lead"):
        one = getattr(found, name)
        ends = {end: "–" if v is None else fixed(v, 3) for end, v in (("low", one.low), ("high", one.high))}
        lines.append(_say(name, lang, amount=fixed(one.value or 0.0, 3), **ends))
    if found.left_out:
        names = [shift_value(value, found.by, task, lang) for value in found.left_out]
        lines.append(_say("left_out", lang, names=names))
    return tuple(lines)


def shift_value(value: str, by: str, task: Task, lang: str = "en") -> str:
    """A place by its plain name."""
    return group_name(value, lang, column=find_column(by, task))


def shift_place(place: ShiftPlace, by: str, task: Task, lang: str = "en") -> str:
    """A place and how many rows stand for it."""
    return _say("place", lang, name=shift_value(place.value, by, task, lang), rows=place.rows)
