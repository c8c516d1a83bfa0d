"""The names and values that a narrative of one case may hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from interpretable import words
from interpretable.collab.claims.lexicon import Phrases, lexicon, make_phrases, normalised
from interpretable.collab.claims.numerals import number_in
from interpretable.collab.claims.truth import Truth
from interpretable.records.task import Column, Task

_IN_BRACKETS = re.compile(r"\s*[(（][^()（）]*[)）]")
_NO_CLAIM = frozenset({"filler", "pronoun"})
Reading = tuple[str, str, str]


@dataclass(frozen=True)
class Vocabulary:
    """Phrases of a case, and the names that say two things at once: no text with such a name can be read."""

    own: Phrases
    general: Phrases
    ambiguous: frozenset[str]


def vocabulary(truth: Truth, task: Task, lang: str) -> Vocabulary:
    """The vocabulary of a case."""
    names, ambiguous = _names(task, lang)
    own = make_phrases([*names, *_values(truth, task, lang), *_of_task(truth, task, lang)])
    told = {shown.feature for shown in truth.shown}
    return Vocabulary(own, _general(lang), frozenset(ambiguous & told))


@lru_cache
def _general(lang: str) -> Phrases:
    found = [(word, kind, word) for kind, phrases in lexicon(lang).items() for word in phrases]
    lead = words.say("narrative.lead", lang)
    return make_phrases([*found, (lead.rstrip(".。"), "filler", "")])


@lru_cache
def _claims(lang: str) -> frozenset[str]:
    """Words of the lexicon that claim something: a column of such a name cannot be told from them."""
    found = (w for kind, phrases in lexicon(lang).items() if kind not in _NO_CLAIM for w in phrases)
    return frozenset(normalised(word) for word in found)


@lru_cache
def _names(task: Task, lang: str) -> tuple[tuple[Reading, ...], frozenset[str]]:
    """What columns are called, and the columns whose own label could mean something else."""
    owners: dict[str, set[str]] = {}
    for column in task.columns:
        for name in {normalised(name) for name in _called(column, task, lang)}:
            owners.setdefault(name, set()).add(column.name)
    labels = {c.name: normalised(words.label(c, task, lang)) for c in task.columns}
    unclear = {name for name, found in owners.items() if len(found) > 1 or name in _claims(lang)}
    ambiguous = {name for name, label in labels.items() if label in unclear or not label}
    clear = ((name, "feature", *found) for name, found in owners.items() if name not in unclear)
    return tuple(clear), frozenset(ambiguous)  # type: ignore[arg-type]  # one owner each


def _called(column: Column, task: Task, lang: str) -> Iterator[str]:
    """The label, without what stands in brackets, in the other language, and the column's own name."""
    for label in (words.label(column, task, lang), column.label, column.label_zh):
        yield label
        yield _IN_BRACKETS.sub("", label)
    yield column.name
    yield words.readable(column.name)


def _values(truth: Truth, task: Task, lang: str) -> Iterator[Reading]:
    for shown in truth.shown:
        column = words.find_column(shown.feature, task)
        levels = {words.value(level, column, lang) for level in (*column.levels, *dict(column.level_labels))}
        if column.kind == "boolean":
            levels |= {words.say("value.yes", lang), words.say("value.no", lang)}
        for text in {shown.value, shown.typical, *map(normalised, levels)}:
            if text and number_in(text, shown.unit) is None and text != words.say("value.not_known", lang):
                yield text, "level", text


def _of_task(truth: Truth, task: Task, lang: str) -> Iterator[Reading]:
    for column in task.columns:
        yield column.unit, "unit", normalised(column.unit)
        if column.unit.endswith("s"):
            yield column.unit[:-1], "unit", normalised(column.unit)
    yield task.target_unit, "unit", normalised(task.target_unit)
    yield words.target(task, lang), "target", ""
    for many in (True, False):
        yield words.subject(task, lang, many=many), "filler", ""
    if task.horizon:
        yield words.said(task, "horizon", lang).rstrip(".。"), "filler", ""
    if task.kind == "binary":
        yield from ((form, "outcome", "") for form in _forms(words.outcome(task, lang)))
    yield from ((words.class_name(name, task, lang), "class", name) for name in truth.classes)


def _forms(outcome: str) -> Iterator[str]:
    """'have heart disease', also as 'has' and 'having'; of other verbs the form as it is given."""
    yield outcome
    if outcome.startswith("have "):
        yield from (outcome.replace("have ", form, 1) for form in ("has ", "having "))
