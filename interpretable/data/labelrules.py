"""Rules that label rows, from TOML; every problem is named with its line."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from interpretable.data.concepts import Matcher
from interpretable.data.fields import FLAG, NUMBER, TEXT, TEXTS, Problems, read_fields
from interpretable.data.listing import nearest
from interpretable.data.places import key_lines
from interpretable.data.secrets import report_secrets
from interpretable.data.wordrule import words_of
from interpretable.errors import TaskError
from interpretable.records.concept import Concept
from interpretable.records.dataset import Dataset
from interpretable.records.labelrules import Condition, LabelRule, LabelRules
from interpretable.records.task import Column, Task

MOST_RULES, MOST_BYTES = 200, 200_000
LIMITS = ("at_least", "at_most", "above", "below")
_TOP = {"otherwise": TEXT}
_RULE = {"label": TEXT, "when": lambda value: None}
_CONDITION = {
    "column": TEXT,
    **dict.fromkeys(LIMITS, NUMBER),
    "is": TEXTS,
    "contains": TEXTS,
    "missing": FLAG,
}


def read_label_rules(path: str | Path, task: Task, classes: tuple[str, ...]) -> LabelRules:
    """The rules of a file.

    Parameters
    ----------
    path : TOML with tables [[rules]], each with `label` and `when`, a list of conditions; and `otherwise`
    classes : what a label may be

    Raises
    ------
    TaskError : every problem with its line
    """
    path = Path(path)
    if not path.is_file():
        raise TaskError(f"There is no file of rules {path.name!r}.")
    if path.stat().st_size > MOST_BYTES:
        raise TaskError(f"{path.name} has more than {MOST_BYTES:,} bytes.")
    try:
        text = path.read_text(encoding="utf-8-sig").replace("\r\n", "\n")
        raw = tomllib.loads(text)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError):
        raise TaskError(f"{path.name} is not valid TOML in UTF-8.") from None
    problems = Problems(key_lines(text))
    report_secrets(raw, problems)
    found = _Reader(task, classes, problems).read(raw)
    if problems.found:
        raise TaskError([f"{path.name}, {sentence}" for sentence in problems.sentences()])
    return found


class _Reader:
    def __init__(self, task: Task, classes: tuple[str, ...], problems: Problems):
        self.columns = {column.name: column for column in task.features}
        self.classes, self.problems = classes, problems

    def read(self, raw: Mapping[str, Any]) -> LabelRules:
        top = read_fields({k: v for k, v in raw.items() if k != "rules"}, _TOP, (), self.problems)
        tables = raw.get("rules", [])
        if not isinstance(tables, list) or not tables or not all(isinstance(t, Mapping) for t in tables):
            self.problems.add(("rules",), "rules must be tables [[rules]], one at least.")
            return LabelRules(rules=())
        if len(tables) > MOST_RULES:
            self.problems.add(("rules",), f"{len(tables)} rules are listed; at most {MOST_RULES} are read.")
        otherwise = top.get("otherwise", "")
        if otherwise:
            self._check_label(otherwise, "otherwise")
        return LabelRules(
            rules=tuple(self._rule(t, at) for at, t in enumerate(tables, 1)), otherwise=otherwise
        )

    def _check_label(self, label: str, named: str) -> None:
        if label not in self.classes:
            known = ", ".join(map(repr, self.classes))
            self.problems.add(("rules",), f"{named}: {label!r} is no class of the task. Classes: {known}.")

    def _rule(self, table: Mapping[str, Any], at: int) -> LabelRule:
        fits = read_fields(table, _RULE, ("rules", str(at)), self.problems)
        label, when = fits.get("label", ""), fits.get("when")
        self._check_label(label, f"rule {at}")
        if not isinstance(when, list) or not when or not all(isinstance(one, Mapping) for one in when):
            self.problems.add(
                ("rules",), f'rule {at}: when must be a list such as [{{ column = "age", at_least = 60 }}].'
            )
            return LabelRule(label=label, when=())
        return LabelRule(label=label, when=tuple(self._condition(one, at) for one in when))

    def _condition(self, table: Mapping[str, Any], at: int) -> Condition:
        fits = read_fields(table, _CONDITION, ("rules", str(at)), self.problems)
        name = fits.get("column", "")
        column = self.columns.get(name)
        if column is None:
            hint = nearest(name, self.columns) if name else ""
            self.problems.add(("rules",), f"rule {at}: {name!r} is no column the model may read.{hint}")
        elif wrong := _misfit(column, fits):
            self.problems.add(("rules",), f"rule {at}, column {name!r}: {wrong}")
        numbers = {key: float(fits[key]) for key in LIMITS if key in fits}
        return Condition(
            column=name, is_one_of=tuple(fits.get("is", ())), contains=tuple(fits.get("contains", ())),
            missing=fits.get("missing"), **numbers,
        )  # fmt: skip


def _misfit(column: Column, fits: Mapping[str, Any]) -> str:
    """What is wrong with the conditions on a column of this kind; "" if nothing."""
    asked = set(fits) - {"column"}
    if not asked:
        return f"a condition is missing: one of {', '.join([*LIMITS, 'is', 'contains', 'missing'])}."
    able = {"number": {*LIMITS}, "text": {"contains"}}.get(column.kind, {"is"}) | {"missing"}
    if asked - able:
        return (
            f"{', '.join(sorted(asked - able))} cannot be asked of a column of kind {column.kind}; "
            f"{', '.join(sorted(able))} can."
        )
    if "contains" in asked and not all(words_of(phrase) for phrase in fits["contains"]):
        return "every phrase of contains needs a letter or a digit."
    if fits.get("missing") and len(asked) > 1:
        return "missing = true stands alone: a missing value fulfils nothing else."
    if any(fits.get(key) == [] for key in ("is", "contains")):
        return "an empty list is met by no row."
    return ""


def apply_label_rules(rules: LabelRules, rows: Dataset) -> np.ndarray:
    """Class index i8[n] of each row, -1 where no rule is met and there is no `otherwise`."""
    place = {name: at for at, name in enumerate(rows.classes)}
    said = np.full(len(rows), place.get(rules.otherwise, -1), dtype=np.int64)
    open_rows = np.ones(len(rows), dtype=bool)
    for rule in rules.rules:
        met = open_rows & np.logical_and.reduce([_holds(one, rows) for one in rule.when])
        said[met] = place[rule.label]
        open_rows &= ~met
    return said


def _holds(condition: Condition, rows: Dataset) -> np.ndarray:
    """bool[n]"""
    column = rows.task.column(condition.column)
    values = rows.frame[condition.column].to_numpy()
    if column.kind == "number":
        known = ~np.isnan(values.astype(float))
        holds = known & _within(condition, np.where(known, values, 0.0).astype(float))
    else:
        known = np.array([value is not None and value == value for value in values], dtype=bool)
        holds = known & (_says(condition, values) if condition.contains else np.isin(
            np.where(known, values, ""), condition.is_one_of
        ))  # fmt: skip
    if condition.missing is None:
        return holds
    return ~known if condition.missing else known & (holds | _bare(condition))


def _bare(condition: Condition) -> bool:
    """Whether only a missing value is asked for."""
    limits = [getattr(condition, name) for name in LIMITS]
    return not condition.is_one_of and not condition.contains and all(one is None for one in limits)


def _within(condition: Condition, values: np.ndarray) -> np.ndarray:
    holds = np.ones(len(values), dtype=bool)
    for limit, test in (
        (condition.at_least, np.greater_equal),
        (condition.at_most, np.less_equal),
        (condition.above, np.greater),
        (condition.below, np.less),
    ):
        if limit is not None:
            holds &= test(values, limit)
    return holds


def _says(condition: Condition, values: np.ndarray) -> np.ndarray:
    """Whether one of the phrases stands in the text; denied ones count, as in a list of words."""
    asked = Concept(name="rule", column=condition.column, phrases=condition.contains)
    matcher = Matcher([asked])
    return np.array([bool(isinstance(v, str) and matcher.places(v)[0]) for v in values], dtype=bool)
