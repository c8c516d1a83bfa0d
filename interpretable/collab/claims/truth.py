"""What a narrative may claim about one case: everything as it is shown, so that texts compare with texts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from interpretable import words
from interpretable.collab.claims.lexicon import normalised
from interpretable.records.explanation import CaseExplanation, Reason
from interpretable.records.task import Column, Task
from interpretable.words.numbers import size


@dataclass(frozen=True)
class Amount:
    """An estimate as it is shown: '12', 'fewer than 1', 'more than 99', or a value."""

    value: float
    bound: str = ""  # "", "less" or "more"


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One reason as its sentence shows it."""

    feature: str
    way: str  # raise, lower or same
    effect: float
    value: str  # as written, normalised
    typical: str
    unit: str
    then: Amount  # the estimate if it were typical
    condition: str  # "typical", "unknown" or "without"
    missing: bool
    quoted: bool  # value and typical value are in the text


@dataclass(frozen=True, kw_only=True)
class Truth:
    """The exact explanation, as far as a narrative goes."""

    kind: str
    estimate: Amount
    rest: Amount | None  # binary: of 100, how many would not
    unit: str  # of a regression's estimate
    classes: dict[str, Amount]  # several classes: all of them, the likeliest first
    output: str
    shown: tuple[Shown, ...]  # in order of effect
    others: dict[str, int]  # how many of the other features raise, lower, do not move

    def of(self, feature: str) -> Shown | None:
        return next((shown for shown in self.shown if shown.feature == feature), None)

    def rank(self, feature: str) -> int:
        return [shown.feature for shown in self.shown].index(feature)


_WAYS = {"raises": "raise", "lowers": "lower", "same": "same"}


def first_reasons(case: CaseExplanation, most: int) -> tuple[Reason, ...]:
    """The reasons a narrative is about: the first ones that move the estimate."""
    return tuple(r for r in case.reasons[:most] if words.direction(r) != "same")


def truth_of(case: CaseExplanation, task: Task, lang: str, *, most: int) -> Truth:
    """The truth about a case as its sentences show it."""
    first = first_reasons(case, most)
    told = {r.feature for r in first}
    rest = Counter(_WAYS[words.direction(r)] for r in case.reasons if r.feature not in told)
    classes: dict[str, Amount] = {}
    if task.kind == "multiclass":
        pairs = sorted(zip(case.probabilities, case.classes, strict=True), key=lambda pair: -pair[0])
        classes = {name: amount(p, task) for p, name in pairs}
    return Truth(
        kind=task.kind,
        estimate=amount(case.estimate, task),
        rest=_rest(case.estimate) if task.kind == "binary" else None,
        unit=normalised(task.target_unit),
        classes=classes,
        output=case.output,
        shown=tuple(_shown(r, task, lang) for r in first),
        others=dict(rest),
    )


def amount(estimate: float, task: Task) -> Amount:
    """An estimate by the rules of its sentences."""
    if task.kind == "regression":
        shown = normalised(size(estimate)).replace(",", "")
        return Amount(float(shown))
    if estimate < 0.01:
        return Amount(1.0, "less")
    return Amount(99.0, "more") if estimate > 0.99 else Amount(float(words.hundredth(estimate)))


def _rest(estimate: float) -> Amount:
    if estimate < 0.01:
        return Amount(99.0, "more")
    return Amount(1.0, "less") if estimate > 0.99 else Amount(100.0 - words.hundredth(estimate))


def _shown(reason: Reason, task: Task, lang: str) -> Shown:
    column: Column = words.find_column(reason.feature, task)
    text, number = column.kind == "text", isinstance(reason.value or reason.typical, (int, float))
    return Shown(
        feature=reason.feature,
        way=_WAYS[words.direction(reason)],
        effect=reason.effect,
        value="" if text else normalised(words.value(reason.value, column, lang)),
        typical="" if text else normalised(words.value(reason.typical, column, lang)),
        unit=normalised(column.unit) if number else "",
        then=amount(reason.if_typical, task),
        condition="without" if text else "unknown" if _never_known(reason) else "typical",
        missing=reason.value is None and not text,
        quoted=not text,
    )


def _never_known(reason: Reason) -> bool:
    return reason.value is not None and reason.typical is None
