"""What the gate found, in sentences and rows: for every mechanism that asks whether generated rows help."""

from __future__ import annotations

from interpretable.records.evaluation import Figure
from interpretable.records.gate import Arm, GateFinding
from interpretable.records.task import Task
from interpretable.words.catalogs import say
from interpretable.words.doubt import group_name, model
from interpretable.words.names import label
from interpretable.words.numbers import clean, fixed, number

Rows = list[dict[str, str]]
DIGITS = 4


def amount(value: float | None, metric: str) -> str:
    """A loss as it is read: four decimals of a log loss, four figures of a squared error of any size."""
    return fixed(value, DIGITS) if value is None or metric == "log_loss" else number(value)


def gate(found: GateFinding, lang: str = "en") -> tuple[str, ...]:
    """The verdict and why; what was tried; the gain, and what the controls gain."""
    return (*gate_verdict(found, lang), *gate_trial(found, lang))


def gate_verdict(found: GateFinding, lang: str = "en") -> tuple[str, ...]:
    """The verdict, and why."""
    return say(f"gate.verdict.{found.verdict}", lang), say(f"gate.reason.{found.reason}", lang)


def gate_trial(found: GateFinding, lang: str = "en") -> tuple[str, ...]:
    """Who was tried on what, and what came of it; without the verdict."""
    names = {"generator": clean(found.generator), "student": model(found.student, lang)}
    lines = [say("gate.student", lang, **names)]
    if not found.arms:
        return tuple(lines)
    lines.append(say("gate.how", lang, n=found.n, folds=found.folds, repeats=found.repeats))
    lines.append(say("gate.choice", lang))
    made, kept = number(found.curation.made), number(found.curation.kept)
    lines.append(say("gate.curated", lang, made=made, kept=kept))
    generated, dealt = found.arm("generated"), found.arm("shuffled")
    if generated is not None and found.curation.kept:
        lines.append(_gain("gain", generated.gain, found, lang))
        lines.append(_gain("over_control", found.over_control, found, lang))
    if found.verdict == "cannot_tell" and found.detectable is not None:
        lines.append(say("gate.detectable", lang, value=amount(found.detectable, found.metric)))
    if dealt is not None and dealt.gain is not None and (dealt.gain.low or 0.0) > 0.0:
        lines.append(say("gate.labels", lang))
    if found.weight:
        lines.append(say("gate.weight", lang, weight=number(found.weight)))
    return tuple(lines)


def gate_use(found: GateFinding, lang: str = "en") -> str:
    """Which model of a training run learned from generated rows."""
    if found.verdict != "helps":
        return say("gate.not_used", lang)
    return say("gate.used", lang, student=model(found.student, lang))


def gate_rule(found: GateFinding, lang: str = "en") -> str:
    """What "helps" asks for."""
    return say("gate.rule", lang, smallest=amount(found.smallest, found.metric))


def _gain(code: str, gain: Figure | None, found: GateFinding, lang: str) -> str:
    metric = say(f"tuning.metric.{found.metric}", lang)
    if gain is None or not gain.value:
        return say(f"gate.{code}_none", lang, **({"metric": metric} if code == "gain" else {}))
    ahead = gain.value > 0
    low, high = gain.low or 0.0, gain.high or 0.0
    ends = (low, high) if ahead else (-high, -low)
    told = {
        "value": amount(abs(gain.value), found.metric), "low": amount(ends[0], found.metric),
        "high": amount(ends[1], found.metric), **({"metric": metric} if code == "gain" else {}),
    }  # fmt: skip
    return say(f"gate.{code}_{'better' if ahead else 'worse'}", lang, **told)


def gate_arms(found: GateFinding, lang: str = "en") -> Rows:
    """One row per arm: loss, gain with bounds, weights chosen."""
    heads = [say(f"gate.head.{name}", lang) for name in ("arm", "loss", "gain", "weights")]
    return [dict(zip(heads, _arm(one, found.metric, lang), strict=True)) for one in found.arms]


def _arm(one: Arm, metric: str, lang: str) -> tuple[str, str, str, str]:
    gain = "–"
    if one.gain is not None:
        ends = {"low": amount(one.gain.low, metric), "high": amount(one.gain.high, metric)}
        gain = say("figure.interval", lang, value=amount(one.gain.value, metric), **ends)
    separator = "、" if lang == "zh" else ", "
    weights = separator.join(f"{weight} ({folds})" for weight, folds in one.weights.items())
    return say(f"gate.arm.{one.name}", lang), amount(one.loss, metric), gain, weights or "–"


def gate_dropped(found: GateFinding, lang: str = "en") -> Rows:
    """Why rows were dropped before the trial, and how many."""
    heads = [say(f"gate.head.{name}", lang) for name in ("reason", "rows")]
    return [
        dict(zip(heads, (say(f"gate.dropped.{reason}", lang), number(count)), strict=True))
        for reason, count in found.curation.dropped.items()
    ]


def gate_groups(found: GateFinding, task: Task, lang: str = "en") -> Rows:
    """What generated rows change for each declared group."""
    heads = [say(f"gate.head.{name}", lang) for name in ("group", "n", "change")]
    separator, rows = "：" if lang == "zh" else ": ", []
    for one in found.groups:
        name = label(one.column, task, lang) + separator
        name += group_name(one.group, lang, column=task.column(one.column))
        rows.append(dict(zip(heads, (name, number(one.n), amount(one.gain, found.metric)), strict=True)))
    return rows
