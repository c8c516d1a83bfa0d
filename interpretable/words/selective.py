"""Sentences about what the model could decide alone: promises, what was held, why not, one case."""

from __future__ import annotations

from collections.abc import Iterator

from interpretable.records.explanation import CaseExplanation
from interpretable.records.selective import Certificate, ScopeTrial, SelectiveEvidence, SelectiveLevel
from interpretable.records.task import Task
from interpretable.words.case import amount
from interpretable.words.catalogs import say
from interpretable.words.names import class_name, subject


def selective(found: SelectiveEvidence, task: Task, lang: str = "en") -> tuple[str, ...]:
    """Each limit in a sentence, then what the promise means."""
    lines = [say("selective.lead", lang)]
    if found.base_error is not None and found.base_error.value is not None:
        mu = found.base_error
        lines.append(say("selective.base", lang, mu=mu.value, low=mu.low, high=mu.high))
    return (*lines, *(_level(level, task, lang) for level in found.levels))


def _level(found: SelectiveLevel, task: Task, lang: str) -> str:
    """One limit: what could be decided and how it went on the test part, or why it cannot be promised."""
    if found.shown:
        return _held(found, task, lang)
    hardest = max(found.certificates, key=lambda c: c.decided)
    lines = [say("selective.not_shown", lang, level=found.level, why=why_not(hardest, lang))]
    if found.least_left > 0:
        lines.append(say("selective.least", lang, least=found.least_left))
    return ("" if lang == "zh" else " ").join(lines)


def _held(found: SelectiveLevel, task: Task, lang: str) -> str:
    error, coverage = found.held.error, found.held.coverage.value
    if error.value is None:
        return say("selective.shown_none", lang, level=found.level)
    told = {"error": error.value, "low": error.low, "high": error.high}
    named = {"level": found.level, "subjects": subject(task, lang)}
    return say("selective.shown", lang, coverage=coverage, **named, **told)


def why_not(found: Certificate, lang: str = "en") -> str:
    """Too few rows that are sure enough, or too many errors among them."""
    told = {"decided": found.decided, "wrong": found.wrong}
    if found.decided < found.needed:
        return say("selective.why_rows", lang, needed=found.needed, **told)
    return say("selective.why_errors", lang, **told)


def selective_meaning(found: SelectiveEvidence, task: Task, lang: str = "en") -> tuple[str, ...]:
    """What a wrong answer is, what the promise is about, and what it is not."""
    line = None if task.cut is None else amount(task.cut, task, lang)
    lines = [
        say("selective.wrong_class", lang) if line is None else say("selective.wrong_line", lang, line=line)
    ]
    n = found.rows.get("calibration", 0)
    lines.append(say("selective.promise", lang, sure=1.0 - found.delta, n=n))
    lines += [say("selective.by_time", lang)] if found.by_time else []
    lines += [say("selective.one_per_group", lang)] if found.one_per_group else []
    test, inside = found.rows.get("test", 0), found.rows.get("test_inside", 0)
    return (*lines, *([say("selective.outside", lang, outside=1.0 - inside / test)] if test else []))


def selective_answers(
    found: SelectiveLevel, all_of: SelectiveEvidence, task: Task, lang: str = "en"
) -> tuple[str, ...]:
    """The limit on false omissions, the promise of each answer, and how many positives are missed."""
    lines = []
    if all_of.false_omission is not None:
        limit = all_of.false_omission
        lines.append(say("selective.omission", lang, limit=limit, **_outcomes(found, task, lang)))
    for one in found.certificates if all_of.by_answer else ():
        told = {"answer": class_name(one.group, task, lang), "limit": one.alpha}
        if one.threshold is None:
            lines.append(say("selective.answer_not", lang, answer=told["answer"], why=why_not(one, lang)))
        elif one.threshold <= 0:
            lines.append(say("selective.answer_all", lang, **told))
        else:
            lines.append(say("selective.answer_shown", lang, threshold=one.threshold, **told))
    missed = found.missed
    if found.shown and missed is not None and missed.value is not None:
        shares = {"missed": missed.value, "low": missed.low, "high": missed.high}
        lines.append(say("selective.missed", lang, **_outcomes(found, task, lang), **shares))
    return tuple(lines)


def _outcomes(found: SelectiveLevel, task: Task, lang: str) -> dict[str, str]:
    negative, positive = (class_name(one.group, task, lang) for one in found.answers)
    return {"negative": negative, "positive": positive}


def selective_scope(found: ScopeTrial, task: Task, lang: str = "en") -> Iterator[str]:
    """How many rows that do not belong were noticed, and how many would have been decided all the same."""
    if found.kind == "class":
        named = class_name(found.name, task, lang)
        yield say("selective.scope_class", lang, name=named, n=found.n, caught=found.caught.value)
    else:
        yield say("selective.scope_file", lang, n=found.n, caught=found.caught.value)
    for one in found.levels:
        yield say("selective.scope_decided", lang, level=one.level, decided=one.decided.value)


def decider(case: CaseExplanation, task: Task, lang: str = "en") -> str:
    """Whether this case would be left to a person at the task's declared limit; "" where none is declared."""
    if not case.decided_by or task.plan.max_error is None:
        return ""
    code = case.left_because or "model"
    return say(
        f"selective.case.{code}", lang, level=task.plan.max_error, subject=subject(task, lang, many=False)
    )
