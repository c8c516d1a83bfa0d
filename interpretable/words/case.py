"""Sentences about one case: estimate, spread, reasons, doubts, decision."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

from interpretable.records.explanation import CaseExplanation, Domain, OutcomeMix, Reason, SimilarCase
from interpretable.records.task import Task
from interpretable.words.catalogs import has, say
from interpretable.words.names import (
    class_name,
    find_column,
    label,
    outcome,
    said,
    start,
    subject,
    target,
    value,
)
from interpretable.words.numbers import chance, clean, counts, join, size


@dataclass(frozen=True)
class Sentences:
    """One or more sentences that stand together. `str()` gives them as one paragraph."""

    lines: tuple[str, ...]
    lang: str = "en"

    def __iter__(self) -> Iterator[str]:
        return iter(self.lines)

    def __len__(self) -> int:
        return len(self.lines)

    def __str__(self) -> str:
        return ("" if self.lang == "zh" else " ").join(self.lines)


def amount(estimate: float, task: Task, lang: str = "en") -> str:
    """An estimate in the task's own terms: '12 in 100', or '7.3 lb'."""
    if task.kind == "regression":
        return f"{size(estimate)} {clean(task.target_unit)}".strip()
    return chance(estimate, lang)


def _bare(estimate: float, task: Task, lang: str) -> str:
    return amount(estimate, task, lang) if task.kind == "regression" else counts(estimate, lang)


def estimate(
    case: CaseExplanation, task: Task, lang: str = "en", *, classes: tuple[str, ...] = ()
) -> Sentences:
    """What the model estimates for this case, both sides of it, with the time span where one is declared."""
    if task.kind == "regression":
        shown = amount(case.estimate, task, lang)
        lines = [say("case.estimate.regression", lang, target=target(task, lang), amount=shown)]
    elif task.kind == "binary":
        lines = [_binary_estimate(case, task, lang)]
    else:
        lines = _class_estimate(case, task, lang, classes=classes or case.classes)
    if task.horizon:
        horizon = said(task, "horizon", lang).rstrip(".。")
        lines.append(say("case.estimate.horizon", lang, horizon=horizon))
    return Sentences(tuple(lines), lang)


def _binary_estimate(case: CaseExplanation, task: Task, lang: str) -> str:
    middle = 0.01 <= case.estimate <= 0.99
    return say(
        "case.estimate.binary" if middle else "case.estimate.binary_extreme",
        lang,
        subjects=subject(task, lang),
        outcome=outcome(task, lang),
        n=counts(case.estimate, lang),
        rest=str(100 - int(counts(case.estimate, lang))) if middle else counts(1 - case.estimate, lang),
    )


def _class_estimate(case: CaseExplanation, task: Task, lang: str, *, classes: tuple[str, ...]) -> list[str]:
    if len(classes) != len(case.probabilities) or not classes:
        return [
            say(
                "case.estimate.likeliest",
                lang,
                name=class_name(case.output, task, lang),
                chance=chance(case.estimate, lang),
            )
        ]
    ranked = sorted(zip(case.probabilities, classes, strict=True), key=lambda pair: -pair[0])
    first = say(
        "case.estimate.likeliest",
        lang,
        name=class_name(ranked[0][1], task, lang),
        chance=chance(ranked[0][0], lang),
    )
    following = say(
        "case.estimate.next",
        lang,
        name=class_name(ranked[1][1], task, lang),
        chance=chance(ranked[1][0], lang),
    )
    return [first, following]


def spread(case: CaseExplanation, task: Task, lang: str = "en") -> str:
    """How far the estimate moved between refits, named as what it is; '' where the model has none."""
    if case.spread is None:
        return ""
    low, high = (_bare(x, task, lang) for x in (case.spread.low, case.spread.high))
    unit = "regression" if task.kind == "regression" else "chance"
    code = f"case.spread.{case.spread.kind}.{unit}"
    if low == high:
        code += "_same"
    return say(code, lang, refits=case.spread.refits, low=low, high=high)


def average(case: CaseExplanation, task: Task, lang: str = "en") -> str:
    """The same estimate for past cases on average, to compare with."""
    return say(
        f"case.average.{'regression' if task.kind == 'regression' else 'chance'}",
        lang,
        subject=subject(task, lang, many=False),
        amount=amount(case.average, task, lang),
    )


def direction(reason: Reason) -> Literal["raises", "lowers", "same"]:
    """'raises', 'lowers' or 'same': where the estimate goes, by re-scoring and not by the sign of a term."""
    moved = reason.estimate - reason.if_typical
    if abs(moved) <= 1e-9 * max(abs(reason.estimate), abs(reason.if_typical)):
        moved = reason.effect if abs(reason.effect) > 1e-9 * abs(reason.estimate) else 0.0
    return "same" if moved == 0 else ("raises" if moved > 0 else "lowers")


def reason(reason: Reason, task: Task, lang: str = "en", *, short: bool = False) -> str:
    """Why, in words: the value, its typical value, the direction, and the estimate if it were typical.

    With `short` one clause without a full stop, for tables and letters.
    """
    column = find_column(reason.feature, task)
    kind = _kind(reason, column.kind)
    way = direction(reason)
    if way == "same" and kind == "value" and reason.value == reason.typical:
        kind = "usual"
    params = _reason_params(reason, task, lang)
    if reason.reference != "typical" and kind != "text":
        return _from_reference(reason, task, lang, way=way, short=short)
    if short:
        return say(f"case.short.{kind}.{way}", lang, **params)
    parts = [say(f"case.reason.{kind}.{way}", lang, **params)]
    if way != "same":
        parts.append(_if_typical(reason, task, lang, kind=kind))
    return str(Sentences(tuple(parts), lang))


def _from_reference(reason: Reason, task: Task, lang: str, *, way: str, short: bool) -> str:
    """The reason of an effect that is measured from another point than the typical case."""
    params = _reason_params(reason, task, lang)
    first = say(f"stability.{'short' if short else 'reason'}.{reason.reference}.{way}", lang, **params)
    if short or way == "same":
        return first
    now, then = (amount(x, task, lang) for x in (reason.estimate, reason.if_typical))
    second = say(f"stability.if.{reason.reference}{'_same' if now == then else ''}", lang, now=now, then=then)
    return str(Sentences((first, second), lang))


def stability(reason: Reason, case: CaseExplanation, lang: str = "en") -> str:
    """Whether a reason would come out again, and how often it did; '' where the model has no refits."""
    if not reason.stability or reason.again is None or not case.basis:
        return ""
    word = say(f"stability.word.{reason.stability}", lang)
    refits = case.spread.refits if case.spread is not None else 0
    times = round(reason.again * (refits if case.basis == "rows" else 100))
    return say(f"stability.again.{case.basis}", lang, word=word, n=times, refits=refits)


def stable(case: CaseExplanation, lang: str = "en") -> str:
    """Whether the first reasons of a case would come out again; '' where the model has no refits."""
    if case.stable is None:
        return ""
    return say(f"stability.case.{'stable' if case.stable else 'unstable'}.{case.basis}", lang)


def measured(case: CaseExplanation, lang: str = "en") -> str:
    """What the reasons are measured from; '' for the typical case."""
    return "" if case.reference == "typical" else say(f"stability.measured.{case.reference}", lang)


def mix(found: OutcomeMix, task: Task, lang: str = "en") -> str:
    """What happened in the most similar past cases, as a count with its range; '' where there are none."""
    if not found.n or found.low is None or found.high is None:
        return ""
    if not found.outcome:
        ends = {"low": amount(found.low, task, lang), "high": amount(found.high, task, lang)}
        middle = amount(found.middle, task, lang)
        return say("stability.mix.values", lang, n=found.n, target=target(task, lang), middle=middle, **ends)
    ends = {"low": counts(found.low, lang), "high": counts(found.high, lang)}
    name = class_name(found.outcome, task, lang)
    return say(
        "stability.mix.classes",
        lang,
        n=found.n,
        hits=found.hits,
        target=target(task, lang),
        name=name,
        **ends,
    )


def _kind(reason: Reason, column_kind: str) -> str:
    if column_kind == "text":
        return "text"
    if reason.value is None:
        return "missing"
    return "untypical" if reason.typical is None else "value"


def _reason_params(reason: Reason, task: Task, lang: str) -> dict[str, Any]:
    column = find_column(reason.feature, task)
    name = start(label(reason.feature, task, lang))
    if column.kind == "text":  # never quoted: it may name a person
        return {"name": name, "value": "", "typical": ""}
    # The unit is said once: with the value, or with the typical value where the value is not known.
    usual = replace(column, unit="") if isinstance(reason.value, (int, float)) else column
    return {
        "name": name,
        "value": value(reason.value, column, lang),
        "typical": value(reason.typical, usual, lang),
    }


def _if_typical(reason: Reason, task: Task, lang: str, *, kind: str) -> str:
    """'If it were typical, the estimate would be 7 in 100, not 12.'"""
    now, then = (amount(x, task, lang) for x in (reason.estimate, reason.if_typical))
    same = now == then
    short_now = now
    if task.kind != "regression" and 0.01 <= reason.if_typical <= 0.99 and 0.01 <= reason.estimate <= 0.99:
        short_now = counts(reason.estimate, lang)
    base = {"text": "without", "untypical": "unknown"}.get(kind, "typical")
    code = f"case.if.{base}{'_same' if same else ''}"
    return say(code, lang, now=short_now, then=then)


def others(reasons: tuple[Reason, ...], lang: str = "en") -> str:
    """The features beyond the first ones, counted by direction; '' where there are none."""
    if not reasons:
        return ""
    ways = [direction(r) for r in reasons]
    counted = [(way, ways.count(way)) for way in ("raises", "lowers", "same")]
    parts = [say(f"case.others_{way}", lang, n=count) for way, count in counted if count]
    spoken = "，".join(parts) if lang == "zh" else join(parts, lang)
    return say("case.others", lang, n=len(reasons), parts=spoken)


def domain(found: Domain, task: Task, lang: str = "en") -> tuple[str, ...]:
    """Whether rows like this were seen before, and what is unusual where not."""
    if found.inside:
        return (say("case.domain.inside", lang, subjects=subject(task, lang)),)
    lines = [say("case.domain.outside", lang, subjects=subject(task, lang))]
    lines += [say("case.domain.range", lang, name=start(label(n, task, lang))) for n in found.outside_range]
    lines += [say("case.domain.level", lang, name=start(label(n, task, lang))) for n in found.unknown_levels]
    lines += [
        say("case.domain.pair", lang, a=label(a, task, lang), b=label(b, task, lang))
        for a, b in found.rare_pairs
    ]
    lines += [
        say("case.domain.text", lang, name=start(label(n, task, lang)), unknown=unknown, n=total)
        for n, unknown, total in found.unknown_words
        if n in found.unfamiliar_texts
    ]
    if len(lines) == 1:
        lines.append(
            say(
                "case.domain.distance",
                lang,
                chance=chance(found.distance_rank, lang),
                subjects=subject(task, lang),
            )
        )
    return (*lines, say("case.domain.judgement", lang))


def decision(case: CaseExplanation, task: Task, lang: str = "en") -> str:
    """On which side of the declared line the estimate lies; says so where no line is declared."""
    if not case.decision or case.cut is None:
        return say("case.decision.none", lang)
    return say(f"case.decision.{case.decision}", lang, line=amount(case.cut, task, lang))


def missing(case: CaseExplanation, task: Task, lang: str = "en") -> str:
    """Which facts were not known; '' where all were."""
    if not case.missing:
        return ""
    return say("case.missing", lang, names=[label(n, task, lang) for n in case.missing])


def similar(found: tuple[SimilarCase, ...], lang: str = "en", *, task: Task | None = None) -> str:
    """What happened in the most similar past cases, with the caution that few cases are no statistics."""
    if not found:
        return say("case.similar.none", lang)
    if task is not None and task.kind == "regression":
        ends = sorted((past.outcome for past in found), key=float)
        low, high = (class_name(end, task, lang) for end in (ends[0], ends[-1]))
        return say("case.similar.amounts", lang, n=len(found), low=low, high=high, target=target(task, lang))
    tally: dict[str, int] = {}
    for past in found:
        name = clean(past.outcome) if task is None else class_name(past.outcome, task, lang)
        tally[name] = tally.get(name, 0) + 1
    parts = [say("case.similar.outcome", lang, outcome=o, times=n) for o, n in tally.items()]
    if task is None:
        return say("case.similar.some", lang, n=len(found), outcomes=parts)
    return say("case.similar.named", lang, n=len(found), outcomes=parts, target=target(task, lang))


def flag(code: str, lang: str = "en") -> str:
    """Why a case is flagged, in words."""
    return say(f"flag.{code}", lang) if has(f"flag.{code}", lang) else say("flag.unworded", lang, code=code)
