"""Sentences about plans of change: for one case, and for the evidence."""

from __future__ import annotations

from interpretable.records.recourse import ChangePlan, Recourse, RecourseSummary
from interpretable.records.task import Task
from interpretable.words.case import amount
from interpretable.words.catalogs import say
from interpretable.words.names import find_column, label, start, value
from interpretable.words.numbers import number, percent


def recourse(found: RecourseSummary, task: Task, lang: str = "en") -> tuple[str, ...]:
    """How often a plan exists and what it takes, one sentence per fact that is there."""
    reached = found.cases - found.not_robust - found.impossible
    changed = "–" if found.changed.value is None else number(round(found.changed.value, 1))
    goal = amount(found.goal, task, lang)
    if reached:
        lines = [say("recourse.answer", lang, found=reached, n=found.cases, goal=goal, changed=changed)]
    else:
        lines = [say("recourse.answer_none", lang, n=found.cases, goal=goal)]
    lines += [say("recourse.impossible", lang, n=found.impossible)] if found.impossible else []
    lines += [say("recourse.not_robust", lang, n=found.not_robust)] if found.not_robust else []
    inside = found.inside.value
    if inside is not None and inside < 1:
        lines.append(say("recourse.outside", lang, share=percent(1 - inside, lang)))
    lines.append(say("recourse.robust", lang, share=percent(found.robust, lang)))
    lines += [say("recourse.proved", lang)] if reached else []
    return tuple(lines)


def plans(found: Recourse, task: Task, lang: str = "en") -> tuple[str, ...]:
    """What stands above the plans of one case: whether there are any, and how far to trust them."""
    if found.status == "already":
        return (say("recourse.already", lang, now=amount(found.estimate, task, lang)),)
    if found.status == "none":
        goal, best = (amount(v, task, lang) for v in (found.goal, found.best))
        return (say("recourse.none", lang, side=say(f"recourse.{found.side}", lang), goal=goal, best=best),)
    caution = say("recourse.caution", lang)
    return (say("recourse.fragile", lang), caution) if found.status == "not_robust" else (caution,)


def plan(one: ChangePlan, k: int, found: Recourse, *, task: Task, lang: str = "en") -> tuple[str, ...]:
    """One plan: where it ends, how often it holds, whether it ends at values seen together."""
    after, now = (amount(v, task, lang) for v in (one.estimate, found.estimate))
    lines = [say("recourse.plan", lang, k=k, after=after, now=now)]
    lines += [] if one.holds is None else [say("recourse.holds", lang, share=percent(one.holds, lang))]
    lines += [] if one.domain.inside else [say("recourse.strange", lang)]
    return tuple(lines)


def changes(one: ChangePlan, task: Task, lang: str = "en") -> tuple[str, ...]:
    """The changes of one plan, the largest first."""
    return tuple(
        say(
            "recourse.change",
            lang,
            name=start(label(change.feature, task, lang)),
            before=value(change.before, find_column(change.feature, task), lang),
            after=value(change.after, find_column(change.feature, task), lang),
        )
        for change in one.changes
    )
