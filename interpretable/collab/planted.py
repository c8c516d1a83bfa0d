"""Errors planted in the house's own texts: what the checker of narratives must catch, counted by kind.

Each kind is one way in which a rephrasing goes wrong. A planted text differs from the truth for certain: where
a change would leave it true (two reasons of the same effect change places), none is planted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from interpretable import words
from interpretable.collab.claims import FIRST
from interpretable.collab.claims.truth import first_reasons
from interpretable.collab.narrative import Parts, parts
from interpretable.records.explanation import CaseExplanation, Reason
from interpretable.records.task import Task

KINDS = (
    "flipped_sign", "synonym", "negation", "double_negation", "swapped_ranks", "swapped_features", "value",
    "estimate", "if_typical", "spelled", "full_width", "hidden", "unit", "invented", "beyond", "dropped", "causal",
    "advice", "certainty", "person", "condition", "others",
)  # fmt: skip
_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_SPELLED = {
    "en": ("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    "zh": ("十一", "十二", "十三", "十四", "十五", "十六", "十七"),
}


@dataclass(frozen=True, kw_only=True)
class _Wording:
    """How one language says what is changed: pairs are (what stands there, what is put there)."""

    up: str
    down: str
    synonyms: tuple[tuple[str, str], ...]
    negations: tuple[tuple[str, str], ...]
    double: tuple[tuple[str, str], ...]
    causal: tuple[tuple[str, str], ...]
    advice: tuple[str, ...]
    certain: tuple[str, ...]
    person: tuple[str, ...]
    invented: tuple[str, ...]  # {way} is put in
    foreign: str  # a feature of no task here
    condition: tuple[tuple[str, str], ...]


_WORDINGS = {
    "en": _Wording(
        up="raises the estimate",
        down="lowers the estimate",
        synonyms=(
            ("raises the estimate", "reduces the estimate"), ("raises the estimate", "brings the estimate down"),
            ("raises the estimate", "decreases it"), ("lowers the estimate", "increases the estimate"),
            ("lowers the estimate", "pushes up the estimate"), ("lowers the estimate", "boosts the estimate"),
        ),
        negations=(
            ("raises the", "does not raise the"), ("lowers the", "doesn't lower the"), ("raises the", "never raises the"),
            ("lowers the", "hardly lowers the"), ("raises the", "no longer raises the"),
        ),
        double=(("raises the", "does not not raise the"), ("lowers the", "never does not lower the")),
        causal=(
            ("raises the estimate", "causes a higher estimate"), ("lowers the estimate", "will reduce the risk"),
            ("raises the estimate", "raises the estimate because of the disease"),
            ("raises the estimate", "raises the risk"), ("lowers the estimate", "leads to a lower estimate"),
            ("raises the estimate", "raises the estimate, caused by this"), ("lowers the estimate", "prevents it"),
        ),
        advice=("This should be lowered.", "The model recommends treatment.", "Consider a lower amount.", "Try to reduce it."),
        certain=("This is certain.", "The estimate is always accurate.", "This proves the estimate."),
        person=("You would be fine.", "Your estimate is lower.", "We lower the estimate."),
        invented=("Ferritin {way}.", "Ferritin is 30. This {way}.", "The mood of the case {way}."),
        foreign="Ferritin",
        condition=(("If it were typical", "If it were not known"), ("If it were not known", "If it were typical"),
                   ("Without it", "If it were typical")),
    ),
    "zh": _Wording(
        up="估计升高",
        down="估计降低",
        synonyms=(
            ("估计升高", "估计下降"), ("估计升高", "估计减少"), ("估计降低", "估计上升"), ("估计降低", "估计增加"),
            ("估计降低", "估计暴涨"),
        ),
        negations=(
            ("使估计升高", "不使估计升高"), ("使估计降低", "没有使估计降低"), ("估计升高", "估计并未升高"),
            ("估计降低", "估计不会降低"), ("估计升高", "估计从不升高"),
        ),
        double=(("使估计升高", "并非不使估计升高"), ("使估计降低", "不是没有使估计降低")),
        causal=(
            ("使估计升高", "导致估计升高"), ("使估计降低", "将会降低风险"), ("使估计升高", "因为疾病使估计升高"),
            ("使估计升高", "引起估计升高"), ("使估计降低", "造成估计降低"), ("使估计升高", "使风险升高"),
        ),
        advice=("建议降低该值。", "应该降低。", "需要考虑降低。", "请避免升高。"),
        certain=("这一定升高。", "估计绝对准确。", "这证明估计升高。"),
        person=("您会没事。", "你的估计降低。", "我们使估计降低。"),
        invented=("铁蛋白使{way}。", "铁蛋白为30，使{way}。", "情绪使{way}。"),
        foreign="铁蛋白",
        condition=(("若为典型值", "若为未知"), ("若为未知", "若为典型值"), ("若没有这段文字", "若为典型值")),
    ),
}  # fmt: skip


def plant(
    case: CaseExplanation, task: Task, lang: str = "en", *, most: int = FIRST
) -> Iterator[tuple[str, str]]:
    """Every planted text of a case, with its kind."""
    told = parts(case, task, lang, most=most)
    wording, first = _WORDINGS[lang], first_reasons(case, most)
    yield from _directions(told, wording)
    yield from _order(told, first, task)
    for i, (reason, said) in enumerate(zip(first, told.reasons, strict=True)):
        yield from ((kind, _with(told, i, new)) for kind, new in _numbers(reason, said, case, task, lang))
    yield from _heads(told, task)
    yield from _names(told, case, first, task, wording=wording)
    yield from _added(told, wording)


def _with(told: Parts, i: int, said: str) -> str:
    return replace(told, reasons=(*told.reasons[:i], said, *told.reasons[i + 1 :])).text()


def _replaced(told: Parts, pairs: tuple[tuple[str, str], ...]) -> Iterator[str]:
    for i, said in enumerate(told.reasons):
        yield from (_with(told, i, said.replace(old, new, 1)) for old, new in pairs if old in said)


def _directions(told: Parts, wording: _Wording) -> Iterator[tuple[str, str]]:
    flip = ((wording.up, wording.down), (wording.down, wording.up))
    yield from (("flipped_sign", text) for text in _replaced(told, flip))
    hidden = tuple((old, f"{new[:2]}\u200b{new[2:]}") for old, new in flip)
    yield from (("hidden", text) for text in _replaced(told, hidden))
    pairs = {
        "synonym": wording.synonyms, "negation": wording.negations, "double_negation": wording.double,
        "causal": wording.causal, "condition": wording.condition,
    }  # fmt: skip
    for kind, changes in pairs.items():
        yield from ((kind, text) for text in _replaced(told, changes))


def _order(told: Parts, first: tuple[Reason, ...], task: Task) -> Iterator[tuple[str, str]]:
    names = [words.start(words.label(r.feature, task, told.lang)) for r in first]
    for i in range(len(first) - 1):
        if abs(abs(first[i].effect) - abs(first[i + 1].effect)) <= 1e-9:
            continue
        a, b = told.reasons[i : i + 2]
        pair = (*told.reasons[:i], b, a, *told.reasons[i + 2 :])
        yield "swapped_ranks", replace(told, reasons=pair).text()
        swapped = (b.replace(names[i + 1], names[i], 1), a.replace(names[i], names[i + 1], 1))
        exchanged = (a.replace(names[i], names[i + 1], 1), b.replace(names[i + 1], names[i], 1))
        yield (
            "swapped_features",
            replace(told, reasons=(*told.reasons[:i], *exchanged, *told.reasons[i + 2 :])).text(),
        )
        if swapped != (a, b):
            new = (*told.reasons[:i], *swapped, *told.reasons[i + 2 :])
            yield "swapped_features", replace(told, reasons=new).text()
    for i in range(len(first)):
        yield "dropped", replace(told, reasons=(*told.reasons[:i], *told.reasons[i + 1 :])).text()


def _numbers(
    reason: Reason, said: str, case: CaseExplanation, task: Task, lang: str
) -> Iterator[tuple[str, str]]:
    """Changed values, units and estimates of one reason."""
    column = words.find_column(reason.feature, task)
    value, typical = words.value(reason.value, column, lang), words.value(reason.typical, column, lang)
    name = words.start(words.label(reason.feature, task, lang))
    rest = said.removeprefix(name)
    if column.kind != "text":
        if isinstance(reason.value, float):
            for new in (reason.value + 1, reason.value * 1.1 + 3, -reason.value - 2):
                yield "value", name + rest.replace(value, words.value(new, column, lang), 1)
        if value != typical and value in rest and typical in rest.replace(value, "", 1):
            turned = rest.replace(value, "\0", 1).replace(words.value(reason.typical, replace(column, unit=""), lang)
                      if isinstance(reason.value, float) else typical, value, 1).replace("\0", typical, 1)  # fmt: skip
            yield "value", name + turned
        if (
            column.unit
            and isinstance(reason.value, float)
            and words.with_unit(1, column.unit, lang)[1:] in rest
        ):
            yield "unit", name + rest.replace(column.unit, "parsec", 1)
            other = next((c.unit for c in task.columns if c.unit not in ("", column.unit)), "furlong")
            yield "unit", name + rest.replace(column.unit, other, 1)
    yield from ((kind, name + new) for kind, new in _estimates(reason, rest, task, lang))


def _estimates(reason: Reason, rest: str, task: Task, lang: str) -> Iterator[tuple[str, str]]:
    """The estimate with a typical value, changed."""
    then = words.amount(reason.if_typical, task, lang)
    for new in _other_amounts(reason.if_typical, task, lang):
        place = rest.rfind(then, 0, rest.rfind("not ") if lang == "en" and ", not " in rest else len(rest))
        if place >= 0:
            yield "if_typical", rest[:place] + new + rest[place + len(then) :]


def _other_amounts(estimate: float, task: Task, lang: str) -> Iterator[str]:
    shown = words.amount(estimate, task, lang)
    shifts = (estimate * 1.02, estimate * 1.1 + 1, -estimate) if task.kind == "regression" else (
        abs(estimate - 0.02), estimate + 0.011 if estimate < 0.5 else estimate - 0.011, 1 - estimate)  # fmt: skip
    yield from {new for shift in shifts if (new := words.amount(shift, task, lang)) != shown}


def _heads(told: Parts, task: Task) -> Iterator[tuple[str, str]]:
    """The estimate itself, changed: in digits, in words, in full-width digits; and the counts of the others."""
    head = told.head[0]
    for found in _DIGITS.finditer(head):
        digits = found.group()
        if digits == "100" or head[: found.start()].rstrip().endswith("per"):
            continue
        new = f"{float(digits) + 2:.{len(digits.partition('.')[2])}f}"
        yield "estimate", _headed(told, head[: found.start()] + new + head[found.end() :])
        wide = new.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789"})
        yield "full_width", _headed(told, head[: found.start()] + wide + head[found.end() :])
        spelled = _SPELLED[told.lang]
        word = next(w for n, w in enumerate(spelled, 11) if n != round(float(digits)))
        yield "spelled", _headed(told, head[: found.start()] + word + head[found.end() :])
    for found in _DIGITS.finditer(told.tail):
        new = str(int(found.group()) + 1)
        yield "others", replace(told, tail=told.tail[: found.start()] + new + told.tail[found.end() :]).text()


def _headed(told: Parts, head: str) -> str:
    return replace(told, head=(head, *told.head[1:])).text()


def _names(
    told: Parts, case: CaseExplanation, first: tuple[Reason, ...], task: Task, *, wording: _Wording
) -> Iterator[tuple[str, str]]:
    """Features that are not among the reasons told: of no task, or of this one but further down."""
    for i, (reason, said) in enumerate(zip(first, told.reasons, strict=True)):
        name = words.start(words.label(reason.feature, task, told.lang))
        yield "invented", _with(told, i, said.replace(name, wording.foreign, 1))
        for sentence in wording.invented:
            yield "invented", _with(told, i, f"{said}{_gap(told)}{sentence.format(way=wording.up)}")
    for reason in case.reasons[len(first) :][:3]:
        name = words.start(words.label(reason.feature, task, told.lang))
        sentence = wording.invented[0].replace(wording.foreign, name).format(way=wording.up)
        yield "beyond", replace(told, tail=f"{sentence}{_gap(told)}{told.tail}").text()


def _gap(told: Parts) -> str:
    return "" if told.lang == "zh" else " "


def _added(told: Parts, wording: _Wording) -> Iterator[tuple[str, str]]:
    """Sentences that no narrative may hold."""
    for kind, sentences in {
        "advice": wording.advice,
        "certainty": wording.certain,
        "person": wording.person,
    }.items():
        for sentence in sentences:
            yield kind, f"{told.text()}{_gap(told)}{sentence}"
            if told.reasons:
                yield kind, _with(told, 0, f"{told.reasons[0]}{_gap(told)}{sentence}")
