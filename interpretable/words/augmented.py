"""Sentences on rows of a language model: what came, who judged, what became of the rows."""

from __future__ import annotations

from interpretable.records.augmented import Augmented
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
    """What was asked and came, what the judge was, what became of the rows."""
    account, gate = found.account, found.gate
    if not account.asked:
        return ()
    lines = [say(f"augment.lead_{found.kind}", lang)]
    if not account.examples:
        lines.append(say("augment.schema_only", lang))
    if account.left_out:
        columns = [label(name, task, lang) for name in account.left_out]
        lines.append(say("augment.left_out", lang, columns=columns))
    lines.append(say("augment.usable", lang, asked=account.asked, usable=account.usable))
    lines.append(say("augment.kept", lang, kept=gate.curation.kept, made=gate.curation.made))
    lines.append(say("augment.judged", lang, n=gate.n, folds=gate.folds, repeats=gate.repeats))
    if gate.weight:
        lines.append(say("augment.weight", lang, weight=gate.weight))
    else:
        lines.append(say("augment.weight_nought", lang))
    if found.written:
        lines.append(say("augment.written", lang, n=found.written))
    return tuple(lines)


def augment_refused(code: str, lang: str = "en") -> str:
    """Why rows could not be used; a code without words is shown as it is."""
    known = f"augment.refused.{code}"
    return say(known, lang) if has(known, lang) else narrate_failure(code, lang)
