"""What a page says about one case, as plain text: the screen draws it, the record keeps it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from interpretable_app.texts import t

from interpretable import words
from interpretable.records.calibrators import PredictionRange
from interpretable.records.explanation import CaseExplanation, OutcomeMix, Reason, SimilarCase
from interpretable.records.review import Case
from interpretable.records.task import Task

TOP = 4  # more than four reasons are "not likely to be helpful" (US Regulation B, commentary to 1002.9)


@dataclass(frozen=True, kw_only=True)
class ReasonView:
    feature: str
    name: str
    sentence: str
    direction: str  # "raises", "lowers" or "same"
    share: float  # length of its bar, -1..1: part of the largest effect of this case
    stability: str = ""  # whether it would come out again; "" where the model has no refits
    steady: bool = True  # False: marked as unstable
    carried: str = ""  # which words carry it, where it is a text


@dataclass(frozen=True, kw_only=True)
class SimilarView:
    outcome: str
    estimate: str
    differences: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class CaseView:
    """Everything said on the Case page before the decision."""

    case_id: str
    lang: str
    bundle_id: str
    headline: str
    estimate: tuple[str, ...]
    spread: str
    average: str
    line: str
    domain: tuple[str, ...]
    inside: bool
    missing: str
    flags: tuple[str, ...]
    reasons: tuple[ReasonView, ...]
    others: str
    others_share: float
    target: str
    similar: tuple[SimilarView, ...]
    similar_summary: str
    values: tuple[tuple[str, str], ...]
    stable: str = ""  # whether the first reasons would come out again
    measured: str = ""  # what reasons are measured from, where it is not the typical case
    mix: str = ""  # what happened in many similar past cases, with its range
    decider: str = ""  # whether it is left to a person at the task's limit on wrong answers
    guidelines: tuple[str, ...] = ()  # sources of the passages shown, and the fingerprint of their files
    ranged: str = ""  # where the truth lies in most cases like those the model was checked on

    def snapshot(self, *, specialist: bool) -> dict[str, Any]:
        """What goes into the record."""
        return {**asdict(self), "specialists_view": specialist}


def _share(reason: Reason, largest: float) -> float:
    return 0.0 if largest == 0 else round(reason.effect / largest, 4)


def _reason(reason: Reason, case: CaseExplanation, task: Task, lang: str, *, largest: float) -> ReasonView:
    return ReasonView(
        feature=reason.feature,
        name=words.start(words.label(reason.feature, task, lang)),
        sentence=words.reason(reason, task, lang),
        direction=words.direction(reason),
        share=_share(reason, largest),
        stability=words.stability(reason, case, lang),
        steady=reason.stability != "unstable",
        carried=words.carried(reason, case, lang),
    )


def _similar(past: SimilarCase, task: Task, lang: str) -> SimilarView:
    differences = []
    for feature, _, theirs in past.differences:
        column = words.find_column(feature, task)
        shown = words.value(theirs, column, lang)
        name = words.start(words.label(feature, task, lang))
        differences.append(t("case.difference", lang, name=name, value=shown))
    return SimilarView(
        outcome=words.class_name(past.outcome, task, lang),
        estimate=words.amount(past.estimate, task, lang),
        differences=tuple(differences),
    )


def headline(case: CaseExplanation, task: Task, lang: str) -> str:
    """The number of the page: '12 in 100', '7.3 lb', or the likeliest class with its chance."""
    amount = words.amount(case.estimate, task, lang)
    return f"{words.class_name(case.output, task, lang)}: {amount}" if task.kind == "multiclass" else amount


def make_view(
    case: Case, found: CaseExplanation, similar: tuple[SimilarCase, ...], task: Task, lang: str,
    *, mix: OutcomeMix | None = None, ranged: PredictionRange | None = None,
) -> CaseView:  # fmt: skip
    """The page's words for this case, in this language."""
    largest = max((abs(r.effect) for r in found.reasons), default=0.0)
    top, rest = found.reasons[:TOP], found.reasons[TOP:]
    values = found.values or {}
    return CaseView(
        case_id=case.case_id,
        lang=lang,
        bundle_id=found.bundle_id,
        headline=headline(found, task, lang),
        estimate=tuple(words.estimate(found, task, lang)),
        spread=words.spread(found, task, lang),
        average=words.average(found, task, lang),
        line=words.decision(found, task, lang) if task.kind == "binary" else "",
        domain=words.domain(found.domain, task, lang),
        inside=found.domain.inside,
        missing=words.missing(found, task, lang),
        flags=tuple(words.flag(code, lang) for code in case.flags),
        reasons=tuple(_reason(r, found, task, lang, largest=largest) for r in top),
        others=words.others(rest, lang),
        others_share=0.0 if largest == 0 else max(-1.0, min(1.0, sum(r.effect for r in rest) / largest)),
        target=words.target(task, lang),
        similar=tuple(_similar(past, task, lang) for past in similar),
        similar_summary=words.similar(similar, lang, task=task),
        values=tuple(
            (words.start(words.label(n, task, lang)), words.value(v, words.find_column(n, task), lang))
            for n, v in values.items()
        ),
        stable=words.stable(found, lang),
        decider=words.decider(found, task, lang),
        measured=words.measured(found, lang),
        mix="" if mix is None else words.mix(mix, task, lang),
        ranged="" if ranged is None else words.prediction_range(ranged, task, lang),
    )
