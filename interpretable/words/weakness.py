"""Where a model is weak, in sentences: one plain answer per question."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from interpretable.records.diagnostics import (
    Condition,
    Conditions,
    DiagnosticsEvidence,
    Resilience,
    WeakSpot,
)
from interpretable.records.evaluation import Figure
from interpretable.records.task import Task
from interpretable.words.catalogs import say
from interpretable.words.doubt import figure, group_name, model, p_value
from interpretable.words.names import find_column, label, start, subject, with_unit
from interpretable.words.numbers import chance, clean, fixed, number, percent

QUESTIONS = (
    "weak",
    "overfit",
    "reliability",
    "robustness",
    "resilience",
    "cohorts",
    "learning",
    "size",
    "drift",
)
CHANCE = 0.05
HARDLY = 0.02  # share of training rows below which "missing" was hardly seen
SHOWN = 3  # names in a sentence


def asked(found: DiagnosticsEvidence) -> tuple[str, ...]:
    """The questions that have an answer, in order."""
    return tuple(name for name in QUESTIONS if getattr(found, name))


def condition(one: Condition, task: Task, lang: str = "en") -> str:
    """'age ≥ 56 years', 'sex: Male', 'cholesterol not known'."""
    column = find_column(one.feature, task)
    name = label(one.feature, task, lang)
    if one.kind == "missing":
        return say("diagnostics.missing", lang, name=name)
    group = group_name(one.group, lang, column=column)
    if one.kind == "level":
        return say("diagnostics.level", lang, name=name, group=group)
    unit = clean(column.unit)
    return say(f"diagnostics.band{'_unit' if unit else ''}", lang, name=name, group=group, unit=unit)


def conditions(given: Conditions, task: Task, lang: str = "en", *, quoted: bool = False) -> str:
    """One or two conditions joined; in quotation marks inside a sentence."""
    said = [condition(one, task, lang) for one in given]
    if quoted:
        said = [say("diagnostics.quoted", lang, text=start(one)) for one in said]
    return said[0] if len(said) == 1 else say("diagnostics.and", lang, a=said[0], b=said[1])


def measured(found: DiagnosticsEvidence, task: Task, lang: str = "en") -> tuple[str, str]:
    """What a loss is, and what counts as wrong."""
    params = {"loss": say(f"diagnostics.loss.{found.metric}", lang), "rival": start(model(found.rival, lang))}
    code = "measure_with_rival" if found.rival else "measure"
    kind = task.kind if task.kind != "binary" else "declared" if found.declared else "even"
    line = chance(found.cut, lang) if found.cut is not None else ""
    return say(f"diagnostics.{code}", lang, **params), say(f"diagnostics.wrong.{kind}", lang, line=line)


def wrong(value: float | None, task: Task, lang: str = "en") -> str:
    """A share of wrong answers as a chance, or a mean absolute error with its unit."""
    if value is None:
        return "–"
    if task.kind == "regression":
        return with_unit(float(f"{value:.3g}"), task.target_unit, lang)
    return chance(value, lang)


def answer(name: str, found: DiagnosticsEvidence, task: Task, lang: str = "en") -> str:
    """The plain answer to one question, in one to four sentences."""
    said = _ANSWERS[name](found, task, lang)
    return ("" if lang == "zh" else " ").join(line for line in said if line)


def _weak(found: DiagnosticsEvidence, task: Task, lang: str) -> list[str]:
    weak = found.weak
    confirmed = [s for s in weak.spots if s.verdict == "confirmed"]
    if not confirmed:
        code = "none" if weak.spots else "none_found"
        return [say(f"diagnostics.weak.{code}", lang, searched=weak.searched, n=len(weak.spots))]
    spot, others = confirmed[0], len(confirmed) - 1
    lines = [_spot(spot, task, lang)]
    lines += [say(f"diagnostics.weak.{spot.nature}", lang)] if spot.nature else []
    lines += _beside(spot, found.rival, lang)
    return lines + ([say("diagnostics.weak.more", lang, n=others)] if others else [])


def _spot(spot: WeakSpot, task: Task, lang: str) -> str:
    params: dict[str, Any] = {
        "where": conditions(spot.conditions, task, lang, quoted=True),
        "n": number(spot.n),
    }
    params["subjects"] = subject(task, lang)
    if spot.wrong.value <= spot.wrong_rest:
        inside, outside, code = fixed(spot.loss.value), fixed(spot.rest), "loss"
    else:
        inside, outside = wrong(spot.wrong.value, task, lang), wrong(spot.wrong_rest, task, lang)
        code = "worse_amount" if task.kind == "regression" else "worse"
    return say(f"diagnostics.weak.{code}", lang, inside=inside, outside=outside, **params)


def _beside(spot: WeakSpot, rival: str, lang: str) -> list[str]:
    if spot.rival_loss is None or spot.rival_loss.value is None:
        return []
    losses = {"loss": fixed(spot.rival_loss.value), "own": fixed(spot.loss.value)}
    return [say("diagnostics.weak.rival", lang, rival=start(model(rival, lang)), **losses)]


def _overfit(found: DiagnosticsEvidence, task: Task, lang: str) -> list[str]:
    over = found.overfit
    whole = {"fit": fixed(over.fit_loss), "oof": fixed(over.oof_loss)}
    bad = [r for r in over.regions if r.p_value <= CHANCE]
    if not bad:
        return [say("diagnostics.overfit.none", lang, searched=over.searched, **whole)]
    one = max(bad, key=lambda r: r.gap)
    params = {"fit": fixed(one.fit_loss), "oof": fixed(one.oof_loss), "gap": fixed(one.gap)}
    where = conditions(one.conditions, task, lang, quoted=True)
    return [
        say("diagnostics.overfit.some", lang, where=where, rest=fixed(one.rest_gap), **params),
        say("diagnostics.overfit.whole", lang, **whole),
    ]


def _reliability(found: DiagnosticsEvidence, task: Task, lang: str) -> list[str]:
    whole = found.reliability
    level = chance(whole.level, lang)
    what = say(f"diagnostics.reliability.{'ranges' if task.kind == 'regression' else 'sets'}", lang)
    params = {"level": level, "coverage": chance(whole.coverage.value, lang), "what": what}
    uneven = [s for s in whole.slices if s.p_value is not None and s.p_value <= CHANCE]
    lines = [say("diagnostics.reliability.even", lang, **params)]
    if uneven:
        one = uneven[0]
        code = "uneven" if one.coverage.value < whole.coverage.value else "uneven_more"
        where, here = conditions(one.conditions, task, lang, quoted=True), chance(one.coverage.value, lang)
        lines = [say(f"diagnostics.reliability.{code}", lang, where=where, here=here, **params)]
    return lines + _widest(found, task, lang, level)


def _widest(found: DiagnosticsEvidence, task: Task, lang: str, level: str) -> list[str]:
    whole = found.reliability
    one = max(whole.slices, key=lambda s: s.width, default=None)
    if one is None or one.width <= whole.width:
        return []
    amount = task.kind == "regression"
    widths = [wrong(w, task, lang) if amount else fixed(w, 2) for w in (one.width, whole.width)]
    code = "widest_amount" if amount else "widest"
    where = conditions(one.conditions, task, lang, quoted=True)
    return [
        say(f"diagnostics.reliability.{code}", lang, where=where, level=level, width=widths[0], all=widths[1])
    ]


def _robustness(found: DiagnosticsEvidence, task: Task, lang: str) -> list[str]:
    tough = found.robustness
    own = {p.size: p for p in tough.curve if p.model == found.model}
    other = {p.size: p for p in tough.curve if p.model == found.rival}
    one = own[0.1]
    if one.moved == 0.0:
        return [say("diagnostics.robustness.still", lang)]
    params: dict[str, Any] = {"before": fixed(own[0.0].loss), "after": fixed(one.loss)}
    if one.flips is None:
        moved = wrong(one.moved, task, lang)
        lines = [say("diagnostics.robustness.answer_amount", lang, moved=moved, **params)]
    else:
        lines = [say("diagnostics.robustness.answer", lang, flips=chance(one.flips.value, lang), **params)]
    if other:
        params = {"before": fixed(other[0.0].loss), "after": fixed(other[0.1].loss)}
        lines.append(
            say("diagnostics.robustness.rival", lang, rival=start(model(found.rival, lang)), **params)
        )
    if tough.features and tough.features[0].moved > 0.0:
        feature = label(tough.features[0].feature, task, lang)
        lines.append(say("diagnostics.robustness.feature", lang, feature=feature))
    return lines


def _resilience(found: DiagnosticsEvidence, task: Task, lang: str) -> list[str]:
    whole = found.resilience
    lines = _when_missing(whole, task, lang)
    share = percent(whole.worst_share, lang)
    lines += _worst(found, share, lang)
    names = [label(d.feature, task, lang) for d in whole.drivers if d.psi > d.floor][:SHOWN]
    if names:
        lines.append(say("diagnostics.resilience.drivers", lang, share=share, features=names))
    elif whole.drivers:
        lines.append(say("diagnostics.resilience.drivers_none", lang, share=share))
    bad = [s for s in whole.shifts if s.p_value is not None and s.p_value <= CHANCE]
    if bad:
        params = {"loss": fixed(bad[0].loss.value), "rest": fixed(whole.loss)}
        where = conditions((bad[0].condition,), task, lang, quoted=True)
        lines.append(say("diagnostics.resilience.shift", lang, where=where, **params))
    elif whole.shifts:
        lines.append(say("diagnostics.resilience.shift_none", lang))
    return lines


def _worst(found: DiagnosticsEvidence, share: str, lang: str) -> list[str]:
    whole = found.resilience
    kept = [s for s in whole.shares if s.scenario == "worst" and s.model == found.model]
    one = next((s for s in kept if s.share == whole.worst_share), None)
    if one is None:
        return []
    params = {"loss": fixed(one.loss.value), "all": fixed(whole.loss)}
    return [say("diagnostics.resilience.worst", lang, share=share, **params)]


def _when_missing(whole: Resilience, task: Task, lang: str) -> list[str]:
    if not whole.missing:
        return []
    worst = whole.missing[0]
    if worst.change.low is None or worst.change.low <= 0.0:
        return [say("diagnostics.resilience.missing_none", lang)]
    params = {"before": fixed(whole.loss), "after": fixed(whole.loss + worst.change.value)}
    feature = label(worst.feature, task, lang)
    lines = [say("diagnostics.resilience.missing", lang, feature=feature, **params)]
    if worst.missing_rate == 0.0:
        lines.append(say("diagnostics.resilience.none_lacked", lang))
    elif worst.missing_rate < HARDLY:
        rate = percent(worst.missing_rate, lang)
        lines.append(say("diagnostics.resilience.never", lang, rate=rate))
    return [*lines, say("diagnostics.resilience.flagged", lang, flagged=chance(worst.flagged, lang))]


def _cohorts(found: DiagnosticsEvidence, task: Task, lang: str) -> list[str]:
    tested = [c for c in found.cohorts if c.p_value is not None]
    if not tested:
        return [say("diagnostics.cohorts.few", lang)]
    worst = min(tested, key=lambda c: c.p_value)
    if worst.p_value > CHANCE:
        return [say("diagnostics.cohorts.none", lang)]
    top = max((g for g in worst.groups if not g.too_few), key=lambda g: g.loss.value)
    params = {"p": p_value(worst.p_value), "loss": fixed(top.loss.value)}
    group = group_name(top.group, lang, column=find_column(worst.column, task))
    return [
        say("diagnostics.cohorts.some", lang, column=label(worst.column, task, lang), group=group, **params)
    ]


def _learning(found: DiagnosticsEvidence, task: Task, lang: str) -> list[str]:
    curve, step = found.learning, found.learning.last_step
    params = {"a": curve.points[-2].rows, "b": curve.points[-1].rows, "gain": fixed(step.value)}
    if step.low is None:
        return [say("diagnostics.learning.bare", lang, **params)]
    params |= {"low": fixed(step.low), "high": fixed(step.high)}
    return [say(f"diagnostics.learning.{curve.verdict}", lang, **params)]


def _size(found: DiagnosticsEvidence, task: Task, lang: str) -> list[str]:
    whole = len(found.size.points) - 1
    code = "all" if found.size.enough >= whole else "answer"
    return [say(f"diagnostics.size.{code}", lang, k=found.size.enough, all=whole)]


def _drift(found: DiagnosticsEvidence, task: Task, lang: str) -> list[str]:
    table = found.drift.tables[-1]
    names = [label(c.column, task, lang) for c in table.columns if c.p_value <= CHANCE][:SHOWN]
    tell = table.tell
    known: dict[str, Any] = {}
    if tell is not None:
        known = {"auroc": fixed(tell.auroc.value), "p": p_value(tell.p_value)}
    if tell is None:
        lines = [say("diagnostics.drift.bare", lang)]
    elif names:
        lines = [say("diagnostics.drift.columns", lang, columns=names, **known)]
    elif tell.p_value <= CHANCE:
        names = [label(name, task, lang) for name, _ in tell.columns[:SHOWN]]
        lines = [say("diagnostics.drift.told", lang, columns=names, **known)]
    else:
        lines = [say("diagnostics.drift.alike", lang, **known)]
    if table.target is not None and table.target.p_value <= CHANCE:
        lines.append(say("diagnostics.drift.target", lang))
    code = "random" if found.drift.split == "stratified" else found.drift.split
    return [*lines, say(f"diagnostics.drift.{code}", lang)]


def interval(found: Figure | None, lang: str = "en", *, digits: int = 3) -> str:
    """'0.52 (0.31 to 0.84)', the value alone, or a dash."""
    if found is None or found.value is None:
        return say("diagnostics.none", lang)
    return figure(found, lang, digits=digits)


_ANSWERS: dict[str, Callable[[DiagnosticsEvidence, Task, str], list[str]]] = {
    "weak": _weak,
    "overfit": _overfit,
    "reliability": _reliability,
    "robustness": _robustness,
    "resilience": _resilience,
    "cohorts": _cohorts,
    "learning": _learning,
    "size": _size,
    "drift": _drift,
}
