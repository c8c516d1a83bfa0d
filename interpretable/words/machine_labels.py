"""Sentences about labels by machine: how often they are wrong, and whether they help."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from interpretable.records.evaluation import Figure
from interpretable.records.gate import GateFinding
from interpretable.records.labelled import Checked, LabelFinding, WeakStudent
from interpretable.records.task import Task
from interpretable.words.catalogs import has, say
from interpretable.words.names import class_name
from interpretable.words.numbers import clean, fixed, percent

SHORT = ("no_rule", "no_label")


def _say(code: str, lang: str, **params: object) -> str:
    return say(f"label.{code}", lang, **params)


def machine_labels(found: LabelFinding, task: Task, lang: str = "en") -> tuple[str, ...]:
    """What was labelled by whom, how often it is wrong, what it is good for."""
    return (
        *_given(found, task, lang), *_checks(found, lang), *_trial(found, lang), *_weak(found.weak, lang),
        *_soft(found.soft, lang), *_left(found, lang),
    )  # fmt: skip


def _given(found: LabelFinding, task: Task, lang: str) -> Iterator[str]:
    who = _say(found.teacher, lang, name=clean(found.name))
    labelled = sum(found.labels.values())
    yield _say("asked", lang, rows=found.rows, asked=found.asked, name=who, labelled=labelled)
    names = [
        _say("one_label", lang, label=class_name(name, task, lang), n=n) for name, n in found.labels.items()
    ]
    yield _say("given", lang, names=names)
    if found.silent:
        codes = {code if code in SHORT else "failed" for code in found.silent}
        told = [_say(f"silence.{code}", lang) for code in sorted(codes)]
        yield _say("silent", lang, n=sum(found.silent.values()), names=told)
    if found.teacher == "file":
        yield _say("from_elsewhere", lang)
    if found.recalibrated_on:
        yield _say("recalibrated", lang, n=found.recalibrated_on)
        if not found.signal:
            yield _say("no_signal", lang)


def _checks(found: LabelFinding, lang: str) -> Iterator[str]:
    for one in found.checks:
        yield from _check(one, lang)
    if not found.checks:
        yield _say("not_checked", lang)
    elif all(one.place != "person" for one in found.checks):
        yield _say("elsewhere", lang)


def _check(one: Checked, lang: str) -> Iterator[str]:
    if one.error.value is None:
        yield _say("person_unknown", lang, checked=one.checked, drawn=one.drawn)
        return
    counts = {"checked": one.checked} | ({"drawn": one.drawn} if one.place == "person" else {})
    yield _say(one.place, lang, **counts, error=percent(one.error.value, lang), **_ends(one.error, lang))
    if one.silent:
        yield _say("calibration_silent", lang, n=one.silent)
    if one.constant is not None:
        yield _say("constant", lang, error=percent(one.constant, lang))
    if one.kappa is not None:
        yield _say("kappa", lang, kappa=fixed(one.kappa, 2))


def _ends(figure: Figure, lang: str) -> dict[str, str]:
    ends = {"low": figure.low, "high": figure.high}
    return {name: "–" if value is None else percent(value, lang) for name, value in ends.items()}


def _losses(figure: Figure | None) -> dict[str, str]:
    ends = ("value", "low", "high")
    found = {name: None if figure is None else getattr(figure, name) for name in ends}
    return {name: "–" if value is None else fixed(value, 3) for name, value in found.items()}


def _trial(found: LabelFinding, lang: str) -> Iterator[str]:
    gate = found.gate
    if gate is None or not gate.arms:
        return
    yield _say("trial", lang, n=found.trial_rows, of=found.train_rows, folds=gate.folds, repeats=gate.repeats)
    if found.share < 1.0:
        yield _say("share", lang, share=found.share)
    generated = gate.arm("generated")
    yield _say("gain", lang, **_losses(generated.gain if generated is not None else None))
    yield _say("over_control", lang, **_losses(gate.over_control))
    if gate.verdict == "cannot_tell" and gate.detectable is not None:
        yield say("gate.detectable", lang, value=fixed(gate.detectable, 3))


def _weak(weak: WeakStudent | None, lang: str) -> Iterator[str]:
    if weak is None:
        return
    errors = {"student": weak.student_error, "teacher": weak.teacher_error}
    shown = {name: percent(figure.value or 0.0, lang) for name, figure in errors.items()}
    yield _say("weak", lang, learned=weak.learned, n=weak.n, **shown)
    yield _lead(weak.lead, lang)
    yield _say(f"outcome.{weak.outcome}", lang)
    if weak.silent:
        yield _say("weak_silent", lang, n=weak.silent)


def _lead(lead: Figure, lang: str) -> str:
    """The error of the teacher minus that of the student, as a person says it."""
    if not lead.value:
        return _say("weak_same", lang)
    if lead.value > 0:
        return _say("weak_smaller", lang, value=percent(lead.value, lang), **_ends(lead, lang))
    turned = replace(
        lead, value=-lead.value, low=None if lead.high is None else -lead.high,
        high=None if lead.low is None else -lead.low,
    )  # fmt: skip
    return _say("weak_larger", lang, value=percent(turned.value or 0.0, lang), **_ends(turned, lang))


def _soft(soft: GateFinding | None, lang: str) -> Iterator[str]:
    if soft is None:
        return
    verdict = _say(f"verdict.{soft.verdict}", lang)
    generated = soft.arm("generated")
    if generated is None:
        yield _say("soft_unmeasured", lang, verdict=verdict)
        return
    yield _say("soft", lang, verdict=verdict, **_losses(generated.gain))


def _left(found: LabelFinding, lang: str) -> Iterator[str]:
    for name, code in found.not_tried.items():
        if has(f"label.not_tried.{name}_{code}", lang):
            yield _say(f"not_tried.{name}_{code}", lang)
    if found.reasons_asked:
        yield _say(
            "reasons", lang, asked=found.reasons_asked, lost=found.reasons_lost, proposed=found.proposed
        )
