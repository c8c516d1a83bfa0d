"""Sentences about the study: findings, choice of model, missing figures, groups, language models."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from interpretable.records.evaluation import Comparison, Figure, GroupMeasures
from interpretable.records.evidence import NotComputed, Selection
from interpretable.records.exchange import Egress, LLMEvidence
from interpretable.records.finding import Finding
from interpretable.records.task import Column, Task
from interpretable.words.catalogs import fill, has, say
from interpretable.words.names import class_name, find_column, label, readable, start, subject, target, value
from interpretable.words.numbers import clean, fixed, number
from interpretable.words.rehearsal import masked_kinds

_RANKS = ("auroc", "auprc", "brier_skill", "r2", "accuracy", "macro_f1", "net_benefit")
_HIGHER = frozenset({*_RANKS, "sensitivity", "specificity", "ppv", "npv"})
_HEADLINE = {"binary": "auroc", "multiclass": "auroc", "regression": "rmse"}


def finding(found: Finding, lang: str = "en", *, task: Task | None = None) -> str:
    """The sentence of a finding. With a task the subject column is called by its plain name.

    A finding of an outside check, without a sentence of ours, is shown as its code and parameters.
    """
    params = _finding_params(found, lang, task)
    if has(f"finding.{found.code}", lang):
        return fill(f"finding.{_variant(found, lang)}", lang, params)
    details = [f"{key} = {_short(value)}" for key, value in found.parameters.items()]
    return say(
        "finding.unworded", lang, check=found.code, subject=params["subject"], details=", ".join(details)
    )


def _finding_params(found: Finding, lang: str, task: Task | None) -> dict[str, Any]:
    """Parameters as spoken: column and target by their plain names, known words translated."""
    params: dict[str, Any] = {"subject": clean(found.subject), **found.parameters}
    if isinstance(params.get("p_value"), float):
        params["p_value"] = p_value(params["p_value"])
    if isinstance(params.get("kinds"), Mapping):
        params["kinds"] = [say(f"identifier.{k}", lang, count=n) for k, n in params["kinds"].items()]
    for key in ("measure", "reason", "script", "other"):
        word = params.get(key)
        if isinstance(word, str) and has(f"finding_value.{word}", lang):
            params[key] = say(f"finding_value.{word}", lang)
    if task is None:
        return params
    listed = found.subject == task.target or any(c.name == found.subject for c in task.columns)
    if listed:
        params["subject"] = label(found.subject, task, lang)
    if params.get("target") == task.target:
        params["target"] = target(task, lang)
    if isinstance(params.get("outcome"), str):
        params["outcome"] = class_name(params["outcome"], task, lang)
    return params


def _variant(found: Finding, lang: str) -> str:
    """The code, or its variant for a parameter that is true or an empty text."""
    for key, held in found.parameters.items():
        ending = key if held is True else f"no_{key}" if held == "" else ""
        if ending and has(f"finding.{found.code}_{ending}", lang):
            return f"{found.code}_{ending}"
    return found.code


def _short(value: Any) -> str:
    return number(value) if isinstance(value, (int, float)) else clean(value)


def severity(level: str, lang: str = "en") -> str:
    """The name of a severity."""
    return say(f"severity.{level}.name", lang)


def metric(name: str, lang: str = "en") -> str:
    """The name of a metric; the code made readable where it is not one of ours."""
    return say(f"metric.{name}.name", lang) if has(f"metric.{name}.name", lang) else start(readable(name))


def metric_meaning(name: str, lang: str = "en") -> str:
    """One sentence on how to read a metric; '' where it is not one of ours."""
    return say(f"metric.{name}.meaning", lang) if has(f"metric.{name}.meaning", lang) else ""


def headline_metric(task: Task) -> str:
    """The metric that stands first for this kind of task."""
    return _HEADLINE[task.kind]


def higher_is_better(name: str) -> bool:
    """Whether a larger value of this metric is better."""
    return name in _HIGHER


def model(name: str, lang: str = "en") -> str:
    """The plain name of a model."""
    return say(f"model.{name}", lang) if has(f"model.{name}", lang) else clean(name)


def method(name: str, lang: str = "en") -> str:
    """How an interval or a p-value was made."""
    return say(f"method.{name}", lang) if has(f"method.{name}", lang) else clean(name)


def missing_figure(reason: str, lang: str = "en") -> str:
    """Why a figure has no value."""
    known = has(f"missing_figure.{reason}", lang)
    return say(f"missing_figure.{reason}" if known else "missing_figure.unworded", lang, reason=clean(reason))


def figure(found: Figure, lang: str = "en", *, digits: int = 3) -> str:
    """'0.912 (0.870 to 0.954)', or why there is none."""
    if found.value is None:
        return say("figure.none", lang, reason=missing_figure(found.reason, lang))
    if found.low is None or found.high is None:
        return fixed(found.value, digits)
    low, high = fixed(found.low, digits), fixed(found.high, digits)
    return say("figure.interval", lang, value=fixed(found.value, digits), low=low, high=high)


def selection(chosen: Selection, lang: str = "en") -> str:
    """Why this model goes into use."""
    params: dict[str, Any] = {"margin": fixed(chosen.margin), **_spoken(chosen.parameters, lang)}
    params |= {"selected": model(chosen.selected, lang), "metric": metric(chosen.metric, lang)}
    params["reason"] = clean(chosen.reason)
    known = has(f"selection.{chosen.reason}", lang)
    return fill(f"selection.{chosen.reason}" if known else "selection.unworded", lang, params)


def _spoken(parameters: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """Parameters of a selection with figures rounded and models called by name."""
    return {
        key: model(value, lang)
        if isinstance(value, str)
        else fixed(value)
        if isinstance(value, float)
        else value
        for key, value in parameters.items()
    }


def what(name: str, lang: str = "en") -> str:
    """What was not computed, in words: a metric, a section, a model."""
    if has(f"what.{name}", lang):
        return say(f"what.{name}", lang)
    return model(name, lang) if has(f"model.{name}", lang) else metric(name, lang)


def not_computed(lacking: NotComputed, lang: str = "en") -> str:
    """What the report does not hold, and why."""
    known = has(f"missing_figure.{lacking.reason}", lang)
    code = f"missing_figure.{lacking.reason}" if known else "missing_figure.unworded"
    why = fill(code, lang, {"reason": clean(lacking.reason), **lacking.parameters})
    return say("not_computed.sentence", lang, what=what(lacking.what, lang), reason=why)


def comparison(found: Comparison, lang: str = "en") -> str:
    """Which of two models does better on the same rows, or that the data cannot tell."""
    gap = found.difference
    verdict = _verdict(gap, higher_is_better(found.metric))
    return say(
        f"comparison.{verdict}",
        lang,
        model=model(found.model, lang),
        against=model(found.against, lang),
        metric=metric(found.metric, lang),
        difference=fixed(gap.value),
        low=fixed(gap.low),
        high=fixed(gap.high),
        n=found.n,
    )


def _verdict(gap: Figure, higher_better: bool) -> str:
    if gap.value is None:
        return "none"
    if gap.low is None or gap.high is None or gap.low <= 0 <= gap.high:
        return "unclear"
    return "better" if (gap.low > 0) == higher_better else "worse"


def p_value(found: float) -> str:
    """A p-value as papers print it: '< 0.001' or '= 0.02'. Further digits mean nothing."""
    return "< 0.001" if found < 0.001 else f"= {found:.1g}"


def group_name(text: str, lang: str = "en", *, column: Column | None = None) -> str:
    """The label of a group as a person reads it; with its column, a level by its plain name."""
    if column is not None and column.kind != "number" and not has(f"group_label.{text}", lang):
        return value(text, column, lang)
    return say(f"group_label.{text}", lang) if has(f"group_label.{text}", lang) else clean(text)


def group(found: GroupMeasures, task: Task, lang: str = "en", *, name: str = "") -> str:
    """One group and its figure on `name` (default: the headline metric), or that it is too small."""
    params: dict[str, Any] = {
        "name": start(label(found.column, task, lang)),
        "group": group_name(found.group, lang, column=find_column(found.column, task)),
        "n": found.n,
        "subjects": subject(task, lang, many=found.n != 1),
    }
    if found.too_few:
        return say("group.too_few", lang, **params)
    name = name or headline_metric(task)
    known = found.metrics.get(name)
    if known is None or known.value is None:
        return say("group.none", lang, **params)
    spoken = {"value": fixed(known.value), "low": fixed(known.low), "high": fixed(known.high)}
    return say("group.figure", lang, metric=metric(name, lang), **params, **spoken)


def llm(evidence: LLMEvidence, lang: str = "en") -> tuple[str, ...]:
    """Which language model was asked, how to read it, what left the machine; or why none was asked."""
    lines = [say(f"llm.status.{evidence.status}", lang)]
    if evidence.status != "ran" or evidence.info is None:
        lines += _llm_reason(evidence, lang)
        return (*lines, *sent(evidence.egress, lang))
    info = evidence.info
    where = "local" if info.where == "local" else "endpoint"
    lines.append(
        say(
            "llm.ran",
            lang,
            name=info.name,
            asked=evidence.rows_asked,
            total=evidence.rows_test,
            seed=evidence.seed,
        )
    )
    unknown = say("value.not_known", lang)
    lines.append(
        say(
            "llm.about",
            lang,
            where=say(f"llm.where_{where}", lang, host=info.where),
            parameters=info.parameters or unknown,
            quantisation=info.quantisation or unknown,
            licence=info.licence or unknown,
        )
    )
    if has(f"llm.method_{info.method}", lang):
        lines.append(say(f"llm.method_{info.method}", lang))
    if info.smoke_test_only:
        lines.append(say("llm.floor", lang))
    return (*lines, *sent(evidence.egress, lang))


def _llm_reason(evidence: LLMEvidence, lang: str) -> list[str]:
    code = f"llm.reason.{evidence.reason}"
    if has(code, lang):
        return [say(code, lang), *([clean(evidence.detail)] if evidence.detail else [])]
    if not evidence.reason or evidence.reason in ("off", evidence.status):
        return [clean(evidence.detail)] if evidence.detail else []
    return [say("llm.unworded", lang, reason=evidence.reason, detail=evidence.detail)]


def sent(egress: tuple[Egress, ...], lang: str = "en") -> tuple[str, ...]:
    """What left the machine, one sentence per sending; or that nothing did."""
    if not egress:
        return (say("llm.nothing_left", lang),)
    return tuple(_sent(e, lang) for e in egress)


def _sent(e: Egress, lang: str) -> str:
    said = say(
        "llm.sent", lang, time=e.time, calls=e.calls, bytes=e.bytes, endpoint=e.endpoint, model=e.model,
        columns=list(e.columns), redactions=e.redactions,
    )  # fmt: skip
    if not e.masked:
        return said
    return f"{said}{'' if lang == 'zh' else ' '}{masked_kinds(e.masked, lang)}"
