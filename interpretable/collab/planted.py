"""Errors planted in the house's own texts: what the checker of narratives must catch, counted by kind.

Each kind is one way in which a rephrasing goes wrong. A planted text differs from the truth for certain:
where a change would leave it true (two reasons of the same effect change places), none is planted.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from interpretable import words
from interpretable.collab import claims
from interpretable.collab.claims import FIRST
from interpretable.collab.claims.truth import first_reasons
from interpretable.collab.narrative import Parts, parts
from interpretable.records.explanation import CaseExplanation, Reason
from interpretable.records.task import Column, Task

KINDS = (
    "flipped_sign", "synonym", "negation", "double_negation", "swapped_ranks", "swapped_features", "value",
    "estimate", "if_typical", "spelled", "full_width", "hidden", "unit", "invented", "beyond", "dropped",
    "causal", "advice", "certainty", "person", "condition", "others",
)  # fmt: skip
_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_SPELLED = {
    "en": ("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    "zh": ("十一", "十二", "十三", "十四", "十五", "十六", "十七"),
}
Planted = Iterator[tuple[str, str]]


@cache
def _wording(lang: str) -> dict[str, Any]:
    path = Path(claims.__file__).with_name(f"planted_{lang}.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def plant(case: CaseExplanation, task: Task, lang: str = "en", *, most: int = FIRST) -> Planted:
    """Every planted text of a case, with its kind; never the house's own text."""
    told = parts(case, task, lang, most=most)
    own = told.text()
    yield from ((kind, text) for kind, text in _all(told, case, task, most) if text != own)


def _all(told: Parts, case: CaseExplanation, task: Task, most: int) -> Planted:
    lang, first = told.lang, first_reasons(case, most)
    wording = _wording(lang)
    yield from _directions(told, wording)
    yield from _order(told, first, task)
    for i, (reason, said) in enumerate(zip(first, told.reasons, strict=True)):
        yield from ((kind, _with(told, i, new)) for kind, new in _numbers(reason, said, task, lang))
    yield from _heads(told)
    yield from _names(told, case, first, task, wording=wording)
    yield from _added(told, wording)


def _with(told: Parts, i: int, said: str) -> str:
    return replace(told, reasons=(*told.reasons[:i], said, *told.reasons[i + 1 :])).text()


def _replaced(told: Parts, pairs: Iterable[Sequence[str]]) -> Iterator[str]:
    for i, said in enumerate(told.reasons):
        yield from (_with(told, i, said.replace(old, new, 1)) for old, new in pairs if old in said)


def _directions(told: Parts, wording: dict[str, Any]) -> Planted:
    flip = ((wording["up"], wording["down"]), (wording["down"], wording["up"]))
    yield from (("flipped_sign", text) for text in _replaced(told, flip))
    hidden = tuple((old, f"{new[:2]}\u200b{new[2:]}") for old, new in flip)
    yield from (("hidden", text) for text in _replaced(told, hidden))
    for kind, changes in wording["replaced"].items():
        yield from ((kind, text) for text in _replaced(told, changes))


def _order(told: Parts, first: tuple[Reason, ...], task: Task) -> Planted:
    names = [words.start(words.label(r.feature, task, told.lang)) for r in first]
    for i in range(len(first) - 1):
        if abs(abs(first[i].effect) - abs(first[i + 1].effect)) <= 1e-9:
            continue
        a, b = told.reasons[i : i + 2]
        yield "swapped_ranks", _with_two(told, i, b, a)
        renamed = a.replace(names[i], names[i + 1], 1), b.replace(names[i + 1], names[i], 1)
        yield "swapped_features", _with_two(told, i, *renamed)
        yield "swapped_features", _with_two(told, i, renamed[1], renamed[0])
    for i in range(len(first)):
        yield "dropped", replace(told, reasons=(*told.reasons[:i], *told.reasons[i + 1 :])).text()


def _with_two(told: Parts, i: int, a: str, b: str) -> str:
    return replace(told, reasons=(*told.reasons[:i], a, b, *told.reasons[i + 2 :])).text()


def _numbers(reason: Reason, said: str, task: Task, lang: str) -> Planted:
    """Changed values, units and estimates of one reason."""
    column = words.find_column(reason.feature, task)
    name = words.start(words.label(reason.feature, task, lang))
    rest = said.removeprefix(name)
    if column.kind != "text":
        yield from (("value", name + new) for new in _values(reason, rest, column, lang))
    if column.unit and isinstance(reason.value, float) and f" {column.unit}" in rest:
        other = next((c.unit for c in task.columns if c.unit not in ("", column.unit)), "furlong")
        yield from (("unit", name + rest.replace(column.unit, new, 1)) for new in ("parsec", other))
    yield from (("if_typical", name + new) for new in _estimates(reason, rest, task, lang))


def _values(reason: Reason, rest: str, column: Column, lang: str) -> Iterator[str]:
    """Another value, and the value and the typical one exchanged."""
    value, typical = words.value(reason.value, column, lang), words.value(reason.typical, column, lang)
    if isinstance(reason.value, float):
        for new in (reason.value + 1, reason.value * 1.1 + 3, -reason.value - 2):
            yield rest.replace(value, words.value(new, column, lang), 1)
        typical = typical.removesuffix(column.unit).strip()
    start, found, end = rest.partition(value)
    if found and typical in end and typical != value.removesuffix(column.unit).strip():
        yield start + typical + end.replace(typical, value, 1)


def _estimates(reason: Reason, rest: str, task: Task, lang: str) -> Iterator[str]:
    """The estimate with a typical value, changed."""
    then = words.amount(reason.if_typical, task, lang)
    before = re.split(", not |，而不是", rest)[0]  # after it stands the estimate as it is
    place = before.rfind(then)
    if place >= 0:
        for new in _other_amounts(reason.if_typical, task, lang):
            yield rest[:place] + new + rest[place + len(then) :]


def _other_amounts(estimate: float, task: Task, lang: str) -> set[str]:
    if task.kind == "regression":
        shifted = (estimate * 1.02, estimate * 1.1 + 1, -estimate)
    else:
        step = 0.011 if estimate < 0.5 else -0.011
        shifted = (abs(estimate - 0.02), estimate + step, 1 - estimate)
    return {words.amount(other, task, lang) for other in shifted} - {words.amount(estimate, task, lang)}


def _heads(told: Parts) -> Planted:
    """The estimate, changed: in digits, in full-width digits, in words; and the counts of the others."""
    head = told.head[0]
    for found in _DIGITS.finditer(head):
        digits = found.group()
        if digits == "100":
            continue
        new = f"{float(digits) + 2:.{len(digits.partition('.')[2])}f}"
        wide = new.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789"})
        spelled = next(w for n, w in enumerate(_SPELLED[told.lang], 11) if n != round(float(digits)))
        for kind, put in (("estimate", new), ("full_width", wide), ("spelled", spelled)):
            yield kind, _headed(told, head[: found.start()] + put + head[found.end() :])
    for found in _DIGITS.finditer(told.tail):
        new = str(int(found.group()) + 1)
        yield "others", replace(told, tail=told.tail[: found.start()] + new + told.tail[found.end() :]).text()


def _headed(told: Parts, head: str) -> str:
    return replace(told, head=(head, *told.head[1:])).text()


def _names(
    told: Parts, case: CaseExplanation, first: tuple[Reason, ...], task: Task, *, wording: dict[str, Any]
) -> Planted:
    """Features that are not among the reasons told: of no task, or of this one but further down."""
    for i, (reason, said) in enumerate(zip(first, told.reasons, strict=True)):
        name = words.start(words.label(reason.feature, task, told.lang))
        yield "invented", _with(told, i, said.replace(name, wording["foreign"], 1))
        for sentence in wording["invented"]:
            yield "invented", _with(told, i, f"{said}{_gap(told)}{sentence.format(way=wording['up'])}")
    for reason in [r for r in case.reasons if r not in first][:3]:
        name = words.start(words.label(reason.feature, task, told.lang))
        sentence = wording["invented"][0].replace(wording["foreign"], name).format(way=wording["up"])
        yield "beyond", replace(told, tail=f"{sentence}{_gap(told)}{told.tail}").text()


def _gap(told: Parts) -> str:
    return "" if told.lang == "zh" else " "


def _added(told: Parts, wording: dict[str, Any]) -> Planted:
    """Sentences that no narrative may hold."""
    for key, kind in (("advice", "advice"), ("certain", "certainty"), ("person", "person")):
        for sentence in wording[key]:
            yield kind, f"{told.text()}{_gap(told)}{sentence}"
            if told.reasons:
                yield kind, _with(told, 0, f"{told.reasons[0]}{_gap(told)}{sentence}")
