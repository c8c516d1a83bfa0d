"""What the search, the averages, the blend and the teacher brought, in sentences and rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from interpretable.records.evaluation import Figure
from interpretable.records.tuning import Averaging, Blend, Distillation, Search, Trial, TuningEvidence
from interpretable.words.catalogs import say
from interpretable.words.doubt import model
from interpretable.words.names import readable
from interpretable.words.numbers import clean, fixed, number, percent

Rows = list[dict[str, str]]
DIGITS = 4


def answer(found: TuningEvidence, lang: str = "en") -> list[str]:
    """The plain answers, one sentence or two each; the order of the section."""
    lines = [_search(one, lang) for one in found.searches]
    lines += [_average(one, lang, metric=found.metric) for one in found.averages]
    if found.blend is not None:
        lines.append(_blend(found.blend, lang, metric=found.metric))
    if found.distillation is not None:
        lines.append(_distilled(found.distillation, lang, metric=found.metric))
    return lines


def amount(value: float | None, metric: str) -> str:
    """A loss as it is read: four decimals of a log loss, four figures of a squared error of any size."""
    return fixed(value, DIGITS) if value is None or metric == "log_loss" else number(value)


def gain(found: Figure | None, lang: str, *, metric: str) -> str:
    """Smaller or larger, by how much, and whether that may be chance."""
    params: dict[str, Any] = {"metric": say(f"tuning.metric.{metric}", lang)}
    least = 0.5 * 10**-DIGITS if metric == "log_loss" else 0.0
    if found is None or found.value is None or abs(found.value) <= least:
        return say("tuning.gain.none", lang, **params)
    if found.low is None or found.high is None:
        return say("tuning.gain.bare", lang, value=amount(found.value, metric), **params)
    way = "better" if found.value > 0 else "worse"
    ends = (found.low, found.high) if found.value > 0 else (-found.high, -found.low)
    code = way if found.low > 0 or found.high < 0 else f"unsure_{way}"
    shown = {"low": amount(ends[0], metric), "high": amount(ends[1], metric)}
    return say(f"tuning.gain.{code}", lang, value=amount(abs(found.value), metric), **shown, **params)


def _search(found: Search, lang: str) -> str:
    name, n = model(found.model, lang), len(found.trials)
    if [t.index for t in found.trials if t.chosen] == [0]:
        return say("tuning.search_kept", lang, model=name, n=n)
    losses = {name: amount(getattr(found, f"{name}_loss"), found.metric) for name in ("tuned", "default")}
    told = gain(found.gain, lang, metric=found.metric)
    metric = say(f"tuning.metric.{found.metric}", lang)
    return say("tuning.search", lang, model=name, n=n, metric=metric, gain=told, **losses)


def _average(found: Averaging, lang: str, *, metric: str) -> str:
    told = gain(found.gain, lang, metric=metric)
    return say(f"tuning.average_{found.of}", lang, model=model(found.model, lang), n=found.members, gain=told)


def _blend(found: Blend, lang: str, *, metric: str) -> str:
    named = [(model(name, lang), share) for name, share in zip(found.members, found.weights, strict=True)]
    if found.status == "one_is_enough":
        name, share = max(named, key=lambda one: one[1])
        return say("tuning.blend_one", lang, model=name, share=percent(share, lang))
    shares = [say("tuning.blend_share", lang, model=n, share=percent(s, lang)) for n, s in named]
    told = gain(found.gain, lang, metric=metric)
    joined = ("、" if lang == "zh" else ", ").join(shares)
    return say("tuning.blend", lang, shares=joined, best=model(found.best_member, lang), gain=told)


def _distilled(found: Distillation, lang: str, *, metric: str) -> str:
    names = {"teacher": model(found.teacher, lang), "student": model(found.student, lang)}
    if found.verdict == "does_not_help" and (found.teacher_gain.value or 0.0) <= 0.0:
        return say("tuning.distil_no_teacher", lang, **names)
    return say(f"tuning.distil_{found.verdict}", lang, gain=gain(found.gain, lang, metric=metric), **names)


def trial_rows(found: Search, lang: str = "en") -> Rows:
    """One row per trial, the chosen ones first, then by loss."""
    order = sorted(found.trials, key=lambda t: (not t.chosen, t.status == "dropped", t.loss or 0.0, t.index))
    return [_trial(one, lang, metric=found.metric) for one in order]


def _trial(one: Trial, lang: str, *, metric: str) -> dict[str, str]:
    state = "in_use" if one.chosen else one.status
    cells = {
        "settings": settings(one.settings, lang),
        "loss": amount(one.loss, metric),
        "spread": amount(one.loss_sd, metric),
        "folds": number(one.folds),
        "chosen": number(one.folds_chosen),
        "seconds": fixed(one.seconds, 1),
        "state": say(f"tuning.state.{state}", lang),
    }
    return {say(f"tuning.head.{key}", lang): text for key, text in cells.items()}


def settings(found: Mapping[str, Any], lang: str = "en") -> str:
    """Settings in one line; none are the defaults."""
    if not found:
        return say("tuning.word.defaults", lang)
    told = [
        say("tuning.word.one_setting", lang, name=readable(name), value=_value(value))
        for name, value in found.items()
    ]
    return ("；" if lang == "zh" else "; ").join(told)


def _value(value: Any) -> str:
    return f"{value:.3g}" if isinstance(value, float) else clean(str(value))


def blend_rows(found: Blend, lang: str = "en") -> Rows:
    heads = [say(f"tuning.head.{key}", lang) for key in ("member", "share")]
    named = zip(found.members, found.weights, strict=True)
    return [dict(zip(heads, (model(name, lang), fixed(share)), strict=True)) for name, share in named]


def distil_rows(found: Distillation, lang: str = "en", *, metric: str) -> Rows:
    heads = [say(f"tuning.head.{key}", lang) for key in ("figure", "value")]
    ends = {name: amount(getattr(found.gain, name), metric) for name in ("value", "low", "high")}
    told = {
        "plain": amount(found.plain_loss, metric),
        "student": amount(found.student_loss, metric),
        "teacher": amount(found.teacher_loss, metric),
        "gain": say("figure.interval", lang, **ends),
        "share": percent(found.share, lang),
    }
    return [
        dict(zip(heads, (say(f"tuning.word.distil_{name}", lang), text), strict=True))
        for name, text in told.items()
    ]


def exactness(found: TuningEvidence, lang: str = "en") -> str:
    """How closely the added-up models score as their members do; '' where nothing was added up."""
    gaps = [one.gap for one in found.averages]
    gaps += [found.blend.gap] if found.blend is not None and found.blend.gap is not None else []
    return say("tuning.exact", lang, gap=f"{max(gaps):.1e}") if gaps else ""
