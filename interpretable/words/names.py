"""Plain names and values of columns: what a person reads in place of `resting_bp` and `3.9000001`."""

from __future__ import annotations

import re
from typing import Literal

from interpretable.records.explanation import Value
from interpretable.records.task import Column, Task
from interpretable.words.catalogs import say
from interpretable.words.numbers import clean, join, number

_YES = frozenset({"1", "1.0", "true", "yes", "y", "t", "是"})
_NO = frozenset({"0", "0.0", "false", "no", "n", "f", "否"})
_LONGEST = 80
Labels = tuple[tuple[str, str], ...]


def readable(name: str) -> str:
    """A column name made readable: underscores and camel case become spaces.

    >>> readable("father_age"), readable("weightGained.lb")
    ('father age', 'weight gained lb')
    """
    text = re.sub(r"[_\.]+", " ", clean(name)).strip()
    text = re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", " ", text)
    words = [
        w if w.isupper() or not w[:1].isupper() or not w[1:].islower() else w.lower() for w in text.split()
    ]
    return " ".join(words) or clean(name) or "?"


def start(text: str) -> str:
    """The text with a capital first letter, except where the second letter is one already (pH, mRNA)."""
    return text if len(text) > 1 and text[1].isupper() else text[:1].upper() + text[1:]


def label(column: Column | str, task: Task, lang: str = "en") -> str:
    """The plain name of a column; of a term 'a & b' the names joined; of the target its name.

    Falls back to the English label and then to the name made readable.
    """
    if isinstance(column, str):
        found = next((c for c in task.columns if c.name == column), None)
        if found is None:
            return _unlisted(column, task, lang)
        column = found
    own = (column.label_zh or column.label) if lang == "zh" else column.label
    return clean(own) or readable(column.name)


def _unlisted(name: str, task: Task, lang: str) -> str:
    if name == task.target:
        return target(task, lang)
    parts = name.split(" & ")
    if len(parts) == 2:
        return say("name.pair", lang, a=label(parts[0], task, lang), b=label(parts[1], task, lang))
    if len(parts) > 2 and all(any(c.name == part for c in task.columns) for part in parts):
        return join([label(part, task, lang) for part in parts], lang)
    return readable(name)


def target(task: Task, lang: str = "en") -> str:
    """The plain name of what is estimated."""
    own = (task.target_label_zh or task.target_label) if lang == "zh" else task.target_label
    return clean(own) or readable(task.target)


def with_unit(amount: float, unit: str, lang: str = "en") -> str:
    """A number and its unit: '3.9 mmol/L', '86 %'."""
    if not unit:
        return number(amount)
    return number(amount) + ("" if lang == "zh" and unit == "%" else " ") + clean(unit)


def value(amount: Value, column: Column, lang: str = "en") -> str:
    """A value as a person writes it, with its unit; 'not known' for None; long text is cut."""
    if amount is None or (isinstance(amount, float) and amount != amount):
        return say("value.not_known", lang)
    named = _named(str(amount), column.level_labels, column.level_labels_zh, lang)
    if named:
        return named
    if column.kind == "boolean":
        lowered = str(amount).strip().lower()
        if lowered in _YES | _NO:
            return say("value.yes" if lowered in _YES else "value.no", lang)
    if isinstance(amount, (int, float)) and not isinstance(amount, bool):
        return with_unit(amount, column.unit, lang)
    text = clean(amount)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1].rstrip() + "…"


def _named(level: str, labels: Labels, labels_zh: Labels, lang: str) -> str:
    """The plain name its author gave a level; in Chinese the English one where there is no other; or ''."""
    own = dict(labels)
    if lang == "zh":
        own |= dict(labels_zh)
    return clean(own.get(level, ""))


def class_name(name: str, task: Task, lang: str = "en") -> str:
    """What happened, as a person says it: 'short term' for `short_term`, '7.3 lb' for '7.3', 是 for 'yes'."""
    named = _named(name, task.class_labels, task.class_labels_zh, lang)
    if named:
        return named
    if task.kind == "regression":
        return f"{clean(name)} {clean(task.target_unit)}".strip()
    if name.strip().lower() in ("yes", "no"):
        return say(f"value.{name.strip().lower()}", lang)
    return clean(name).replace("_", " ").strip() or clean(name)


def said(task: Task, field: Literal["title", "horizon", "out_of_scope"], lang: str = "en") -> str:
    """A text of the task's author in the reader's language, or in English where there is no other."""
    own = getattr(task, f"{field}_zh") if lang == "zh" else ""
    return clean(own or getattr(task, field))


def find_column(name: str, task: Task) -> Column:
    """The column of this name, or an anonymous one where the task does not list it."""
    return next((c for c in task.columns if c.name == name), Column(name=name, kind="category"))


def subject(task: Task, lang: str = "en", *, many: bool = True) -> str:
    """What a row is, in words: 'patients', '患者'."""
    if lang == "zh":
        return clean(task.subject_zh)
    return clean(task.subject_plural if many else task.subject)


def outcome(task: Task, lang: str = "en") -> str:
    """The verb phrase after 'would': 'have heart disease'."""
    own = task.outcome_zh if lang == "zh" else task.outcome
    if own:
        return clean(own)
    if task.positive.strip().lower() in _YES:
        return say("outcome.flag", lang, target=target(task, lang), positive=clean(task.positive))
    return say("outcome.label", lang, positive=clean(task.positive))
