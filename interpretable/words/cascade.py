"""Sentences about a cascade: the plan before anything is asked, the trial, the promises, the bill."""

from __future__ import annotations

from collections.abc import Iterator

from interpretable.records.cascade import (
    CascadeBill,
    CascadeFinding,
    CascadePlan,
    FusionTold,
    RouterReason,
    RouterTold,
    StageTrial,
)
from interpretable.records.selective import SelectiveLevel
from interpretable.records.task import Task
from interpretable.words.catalogs import say
from interpretable.words.doubt import group_name, p_value
from interpretable.words.names import find_column, label, start
from interpretable.words.numbers import clean, fixed, number


def _say(code: str, lang: str, **params: object) -> str:
    return say(f"cascade.{code}", lang, **params)


def cascade_plan(plan: CascadePlan, lang: str = "en", *, asks: bool = True) -> tuple[str, ...]:
    """What can be promised at best, and what would be asked; `asks`: a language model stands ready."""
    lines = [_say("asked", lang, level=plan.max_error, sure=1.0 - plan.delta)]
    if plan.max_false_omission is not None:
        lines.append(_say("omission", lang, limit=plan.max_false_omission))
    mu = plan.base_error
    lines.append(_say("base", lang, mu=mu.value, low=mu.low, high=mu.high))
    if plan.least_left > 0:
        lines.append(_say("least", lang, least=plan.least_left))
    lines.append(_say("needed", lang, needed=plan.needed, inside=plan.rows["calibration_inside"]))
    if not plan.possible:
        return (*lines, _say("cannot", lang))
    if plan.handed_on_error.value is None:
        return (*lines, _say("hand_on_none", lang))
    lines.append(_say("hand_on", lang, share=plan.handed_on.value, error=plan.handed_on_error.value))
    return (*lines, _say("calls", lang, **plan.most_calls)) if asks else tuple(lines)


def cascade(found: CascadeFinding, task: Task, lang: str = "en") -> tuple[str, ...]:
    """The trial of the language model, what each promise held on the test part, and its groups."""
    lines = [*_trial(found.stage, lang), _held(found.small, "small", lang)]
    if found.cascade is not None:
        lines.append(_held(found.cascade, "both" if found.stage.status == "used" else "ordered", lang))
        lines.append(_say("by_itself", lang))
    level = found.cascade if found.cascade is not None and found.cascade.shown else found.small
    return (*lines, *_groups(level, task, lang))


def _trial(stage: StageTrial, lang: str) -> Iterator[str]:
    small, both, alone, gain = stage.small_right, stage.both_right, stage.alone_right, stage.gain
    if small is None or both is None or alone is None or gain is None:
        return  # nothing was asked
    yield _say("trial", lang, n=stage.n, small=small.value, both=both.value)
    yield _say("alone", lang, alone=alone.value)
    if stage.unread:
        yield _say("unread", lang, n=stage.unread)
    falls = {
        "gain": fixed(gain.value or 0.0, 3),
        "low": fixed(gain.low or 0.0, 3),
        "high": fixed(gain.high or 0.0, 3),
    }
    proofs = {"p_right": p_value(stage.p_right), "p_loss": p_value(stage.p_loss)}
    yield _say("changed", lang, gained=stage.gained, lost=stage.lost, **falls, **proofs)
    yield _say("rule", lang, half=stage.level / 2)


def _held(level: SelectiveLevel, who: str, lang: str) -> str:
    if not level.shown:
        return _say("small_not" if who == "small" else "both_not", lang)
    error = level.held.error
    if error.value is None:
        return _say("none_decided", lang)
    told = {"error": error.value, "low": error.low, "high": error.high}
    return _say(f"{who}_shown", lang, decided=level.held.coverage.value, **told)


def _groups(level: SelectiveLevel, task: Task, lang: str) -> Iterator[str]:
    for one in level.groups:
        column = find_column(one.by, task)
        place = start(label(one.by, task, lang))
        name = f"{place}{'，' if lang == 'zh' else ', '}{group_name(one.group, lang, column=column)}"
        yield _say("group_yes" if one.holds else "group_no", lang, name=name, n=one.n)


def cascade_router(found: RouterTold, lang: str = "en") -> str:
    """Whether a router is used."""
    return _say("router_few" if found.reason else "router_used" if found.used else "router_not", lang)


def cascade_reads(found: RouterReason, task: Task, lang: str = "en") -> str:
    """What a router reads."""
    if found.kind == "column":
        return label(found.feature, task, lang)
    name = label(found.feature, task, lang) if found.feature else ""
    return _say(f"reads_{found.kind}", lang, name=name)


def cascade_fusion(found: FusionTold, lang: str = "en") -> tuple[str, ...]:
    """What the weights are worth on test rows."""
    lines = [_say("fusion_lead", lang, rows=found.rows)]
    small, both, gain = found.loss_small, found.loss_both, found.gain
    if small is not None and both is not None and gain is not None:
        shown = {
            "small": small.value,
            "both": both.value,
            "gain": gain.value,
            "low": gain.low,
            "high": gain.high,
        }
        texts = {name: "–" if value is None else fixed(value, 3) for name, value in shown.items()}
        lines.append(_say("fusion_test", lang, n=found.test_rows, **texts))
    return (*lines, _say(f"fusion_{found.verdict}", lang))


def cascade_bill(found: CascadeBill, lang: str = "en") -> tuple[tuple[str, str], ...]:
    """What 1,000 cases cost, and what one more case decided costs; nothing per case where none is more."""
    amounts: dict[str, float | None] = {
        "calls": found.calls, "tokens": found.tokens, "seconds": found.seconds, "energy": found.watt_hours,
        "money": found.money or None, "more": found.more,
    }  # fmt: skip
    if found.more > 0:
        amounts |= {f"{n}_each": getattr(found, n) / found.more for n in ("calls", "seconds")}
        amounts["money_each"] = found.money / found.more if found.money else None
    money = {"money", "money_each"}
    return tuple(
        (_say(f"bill.{n}", lang), _amount(v, clean(found.currency) if n in money else ""))
        for n, v in amounts.items()
        if v is not None
    )


def _amount(value: float, unit: str) -> str:
    tidy = number(round(value) if abs(value) >= 100 else float(f"{value:.2g}"))
    return f"{tidy} {unit}" if unit else tidy


def cascade_energy(found: CascadeBill, lang: str = "en") -> str:
    """What the estimate of energy rests on."""
    if found.watts is None:
        return _say("energy_none", lang)
    return _say("energy", lang, watts=found.watts)
