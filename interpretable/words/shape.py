"""Pairs of factors, expected directions and their price, in sentences."""

from __future__ import annotations

from typing import Any

from interpretable.records.evaluation import Comparison, Figure
from interpretable.records.evidence import Evidence
from interpretable.records.shape import Direction, PairChoice, PairTrial, Price, ShapeEvidence, Stretch
from interpretable.records.task import Task
from interpretable.words.case import amount
from interpretable.words.catalogs import say
from interpretable.words.doubt import figure, higher_is_better, metric, model
from interpretable.words.names import find_column, label, start, subject, value
from interpretable.words.numbers import fixed, join, number


def _say(code: str, lang: str, **params: Any) -> str:
    return say(f"shape.{code}", lang, **params)


def _gap(lang: str) -> str:
    return "" if lang == "zh" else " "


def loss_name(task: Task, lang: str, *, plain: bool = False) -> str:
    """What the trials of pairs were judged by."""
    kind = "binary" if task.kind == "binary" else "regression"
    return _say(f"loss.{kind}_plain" if plain and kind == "regression" else f"loss.{kind}", lang)


def pair_names(choice: PairChoice, task: Task, lang: str) -> tuple[str, ...]:
    """'Age with cholesterol', strongest first."""
    return tuple(_say("pair", lang, a=label(a, task, lang), b=label(b, task, lang)) for a, b in choice.pairs)


def kept_trial(choice: PairChoice) -> PairTrial | None:
    """The trial of the number that was kept."""
    return next((t for t in choice.trials if t.kept and t.pairs == choice.chosen), None)


def pairs(choice: PairChoice, task: Task, lang: str = "en") -> str:
    """How many pairs the model holds, and what they brought on rows not used for fitting."""
    trial = kept_trial(choice)
    if trial is None:
        code = "given_none" if choice.reason == "given" and not choice.chosen else choice.reason
        return _say(f"pairs.{code}", lang, n=choice.chosen)
    gain = {"loss": loss_name(task, lang), "improvement": figure(trial.improvement, lang)}
    said = [_say("pairs.gain", lang, n=choice.chosen, **gain)]
    if trial.auroc is not None and trial.auroc.value is not None:
        said.append(_say("pairs.gain_auroc", lang, auroc=figure(trial.auroc, lang)))
    said.append(_say("pairs.kept", lang, names=join(pair_names(choice, task, lang), lang)))
    return _gap(lang).join(said)


def pairs_method(choice: PairChoice, task: Task, lang: str = "en") -> str:
    """How the number of pairs was chosen; '' where nothing was tried."""
    if not choice.trials:
        return ""
    counts = _say("pairs.trials", lang, counts=join([0, *(t.pairs for t in choice.trials)], lang))
    loss = loss_name(task, lang, plain=True)
    return _say("pairs.method", lang, trials=counts, folds=choice.folds, rows=choice.rows, loss=loss)


def place(found: Stretch, column: str, task: Task, lang: str) -> dict[str, str]:
    """Both ends of a stretch; the unit is said once, after the second."""
    spec = find_column(column, task)
    if isinstance(found.low, str):
        return {"low": value(found.low, spec, lang), "high": value(found.high, spec, lang)}
    return {"low": number(found.low), "high": value(found.high, spec, lang)}


def moved(found: float, task: Task, lang: str) -> str:
    """The size of a movement: '1 in 100', '0.3 lb'."""
    return amount(found, task, lang)


def direction(found: Direction, task: Task, lang: str = "en") -> str:
    """What was expected of one factor, and where the curve moves against it."""
    named = model(found.model, lang)
    said = _say(f"direction.should_{found.expected}", lang, name=label(found.column, task, lang)) + _gap(lang)
    if not found.stretches:
        return start(said) + _say(f"direction.{'proven' if found.proven else 'fine'}", lang, model=named)
    worst = found.stretches[0]
    many = {"rows": worst.rows, "subjects": subject(task, lang), "size": moved(worst.estimate, task, lang)}
    against = "falls" if found.expected == "up" else "rises"
    text = said + _say(
        f"direction.{against}", lang, model=named, **place(worst, found.column, task, lang), **many
    )
    if len(found.stretches) > 1:
        more = _say("direction.more", lang, rows=found.rows, subjects=subject(task, lang))
        text += _gap(lang) + more
    return start(text)


def directions(found: ShapeEvidence, evidence: Evidence, lang: str = "en") -> str:
    """Whether the model in use keeps all expected directions; '' where none is expected."""
    own = [d for d in found.directions if d.model == evidence.selected]
    if not own:
        return ""
    against = [label(d.column, evidence.task, lang) for d in own if d.stretches]
    if not against:
        return _say("direction.count_none", lang)
    return _say("direction.count_some", lang, names=join(against, lang))


def price_name(found: Price, task: Task, lang: str) -> str:
    if not found.column:
        return _say("all_columns", lang)
    return _say("price.one", lang, name=label(found.column, task, lang))


def price(found: Price, task: Task, lang: str = "en") -> str:
    """What one direction costs by the first measure, or that no cost can be shown."""
    name = price_name(found, task, lang)
    first = found.comparisons[0] if found.comparisons else None
    gap = Figure(value=None) if first is None else first.difference
    if first is None or gap.value is None or gap.low is None or gap.high is None:
        return _say("price.unknown", lang, name=name)
    shown = {"difference": fixed(gap.value), "low": fixed(gap.low), "high": fixed(gap.high)}
    code = "price." + _verdict(first)
    return _say(code, lang, name=name, measure=metric(first.metric, lang), **shown)


def _verdict(found: Comparison) -> str:
    """Free minus held: does the model that need not hold do better?"""
    gap = found.difference
    if gap.low <= 0 <= gap.high:
        return "none"
    return "costs" if (gap.low > 0) == higher_is_better(found.metric) else "helps"
