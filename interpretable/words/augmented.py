"""Sentences on rows of a language model: what was asked, what came, what became of the rows."""

from __future__ import annotations

from collections.abc import Iterator

from interpretable.records.augmented import Augmented
from interpretable.records.quality import Quality
from interpretable.records.task import Task
from interpretable.words.catalogs import has, say
from interpretable.words.names import label
from interpretable.words.narrated import narrate_failure


def augment_plan(sets: int, least: int, most: int, lang: str = "en") -> str:
    """How many questions will be asked."""
    if not sets:
        return say("augment.plan_none", lang)
    return say("augment.plan", lang, sets=sets, least=least, most=most)


def augmented(found: Augmented, task: Task, lang: str = "en") -> tuple[str, ...]:
    """Why the verdict is what it is, what was asked and came, what became of the rows."""
    account, reason = found.account, say(f"gate.reason.{found.gate.reason}", lang)
    if not account.asked:
        return (reason,)
    lines = [reason, say(f"augment.lead_{found.kind}", lang)]
    if not account.examples:
        lines.append(say("augment.schema_only", lang))
    if account.left_out:
        columns = [label(name, task, lang) for name in account.left_out]
        lines.append(say("augment.left_out", lang, columns=columns))
    lines.append(say("augment.usable", lang, asked=account.asked, usable=account.usable))
    lines.extend(_quality(found.quality, lang))
    if found.written:
        lines.append(say("augment.written", lang, n=found.written))
    return tuple(lines)


def _quality(found: Quality | None, lang: str) -> Iterator[str]:
    if found is None:
        yield say("augment.quality.none", lang)
        return
    yield say("augment.quality.lead", lang, made=found.made, shown=found.shown, others=found.others)
    copied = {"share": found.copies_shown.value, "chance": found.copies_others.value}
    yield say("augment.quality.copies", lang, **copied)


def augment_refused(code: str, lang: str = "en") -> str:
    """Why rows could not be used; a code without words is shown as it is."""
    known = f"augment.refused.{code}"
    return say(known, lang) if has(known, lang) else narrate_failure(code, lang)
