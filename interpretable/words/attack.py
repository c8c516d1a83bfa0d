"""Sentences on hostile sentences inside the data: how often they moved the answer."""

from __future__ import annotations

from interpretable.records.attack import AttackFinding, Rate
from interpretable.records.task import Task
from interpretable.words.catalogs import say
from interpretable.words.names import find_column, label
from interpretable.words.numbers import percent


def attack(found: AttackFinding, task: Task, lang: str = "en") -> tuple[str, ...]:
    """What was asked, how many rows were moved, and what that cannot show."""
    column = label(find_column(found.column, task), task, lang)
    lines = [say("attack.lead", lang, rows=found.rows, column=column)]
    if found.unread:
        lines.append(say("attack.unread", lang, unread=found.unread))
    if found.any_moved.of:
        share = attack_rate(found.any_moved, lang)
        lines.append(say("attack.any", lang, share=share))
    return (*lines, say("attack.limits", lang))


def attack_rate(rate: Rate, lang: str = "en") -> str:
    """A count with its share and interval."""
    if rate.low is None or rate.high is None:
        return "–"
    return say(
        "attack.rate", lang, count=rate.count, of=rate.of, low=percent(rate.low), high=percent(rate.high)
    )


def attack_name(code: str, lang: str = "en") -> str:
    """What a sentence is."""
    return say(f"attack.name.{code}", lang)
