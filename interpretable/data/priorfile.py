"""A prior as TOML: what is expected of columns, levels and words, written by a language model or a person."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from interpretable.data.fields import NUMBER, TEXT, Problems, one_of, read_fields
from interpretable.data.listing import first_few, nearest
from interpretable.data.places import Path as Keys
from interpretable.data.places import key_lines
from interpretable.data.secrets import report_secrets
from interpretable.data.tasktext import quoted
from interpretable.data.wordrule import words_of
from interpretable.errors import TaskError
from interpretable.records import codec
from interpretable.records.prior import Prior, SaidScore, SaidWay
from interpretable.records.task import Column, Task

MOST_BYTES = 2_000_000
WAYS = ("up", "down", "none", "turns")
MOST = 2.0  # largest leaning
TOP = {"said_by": TEXT, "where": TEXT, "date": TEXT, "task": TEXT}
WAY = {"way": one_of(*WAYS), "sure": NUMBER}
SECTIONS = ("directions", "levels", "words")

Levels = Mapping[str, Sequence[str]]


def digest(prior: Prior) -> str:
    """SHA-256 of a prior: of who said it and all that was said."""
    return hashlib.sha256(codec.canonical(prior)).hexdigest()


def is_directed(column: Column) -> bool:
    """Whether a higher value means anything: a number, or levels in a declared order."""
    return column.kind == "number" or (column.kind == "ordinal" and len(column.levels) > 1)


def read_prior(
    path: str | Path, task: Task, classes: tuple[str, ...] = (), *, levels: Levels | None = None
) -> Prior:
    """Read and check the file of a prior.

    Parameters
    ----------
    path : a TOML file: said_by, where, date, task; tables [directions], [levels."column"], [words."column"]
    task : whose columns it speaks of
    classes : of a task with several classes: each score is then a table of one number per class
    levels : those that the table holds, by column, where they are known; another one is refused

    Raises
    ------
    TaskError : listing every problem with its line
    """
    path = Path(path)
    if not path.is_file():
        raise TaskError(f"There is no file of a prior {path.name!r}. `interpretable llm prior` writes one.")
    if path.stat().st_size > MOST_BYTES:
        raise TaskError(f"{path.name} has {path.stat().st_size:,} bytes; at most {MOST_BYTES:,} are read.")
    try:
        return parse_prior(path.read_text(encoding="utf-8-sig"), task, classes, levels=levels)
    except UnicodeDecodeError as error:
        raise TaskError(f"{path.name} is not UTF-8 text (byte {error.start + 1:,}).") from None
    except TaskError as error:
        raise TaskError([f"{path.name}, {sentence}" for sentence in error.problems]) from None


def parse_prior(
    text: str, task: Task, classes: tuple[str, ...] = (), *, levels: Levels | None = None
) -> Prior:
    """The prior in this TOML text; see `read_prior`."""
    text = text.replace("\r\n", "\n")
    try:
        raw = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        deep = isinstance(error, RecursionError)
        said = "nested too deep" if deep else str(error).removesuffix(".")
        raise TaskError(f"not valid TOML: {said}.") from None
    problems = Problems(key_lines(text))
    report_secrets(raw, problems)
    reading = _Reading(task, classes if task.kind == "multiclass" else (), levels or {}, problems)
    prior = reading.prior(raw)
    if problems.found:
        raise TaskError(problems.sentences())
    return prior


class _Reading:
    """One file, and what it may speak of."""

    def __init__(self, task: Task, classes: tuple[str, ...], levels: Levels, problems: Problems):
        self.task, self.classes, self.problems = task, classes, problems
        self.columns = {c.name: c for c in task.features}
        self.levels = {name: levels.get(name, ()) or c.levels for name, c in self.columns.items()}

    def prior(self, raw: dict[str, Any]) -> Prior:
        top = read_fields({k: v for k, v in raw.items() if k not in SECTIONS}, TOP, (), self.problems)
        if not str(top.get("said_by", "")).strip():
            self.problems.add((), 'said_by is missing: say who expects this, said_by = "A. Name".')
        if top.get("task", self.task.name) not in ("", self.task.name):
            self.problems.add(("task",), f"this prior is of task {top['task']!r}, not of {self.task.name!r}.")
        sections = {name: self._table(raw.get(name, {}), (name,)) for name in SECTIONS}
        return Prior(
            said_by=top.get("said_by", ""), where=top.get("where", "person"), date=top.get("date", ""),
            task=self.task.name, classes=self.classes,
            ways=tuple(self._ways(sections["directions"])),
            levels=tuple(self._scores(sections["levels"], "levels")),
            words=tuple(self._scores(sections["words"], "words")),
        )  # fmt: skip

    def _table(self, found: Any, path: Keys) -> Mapping[str, Any]:
        if isinstance(found, Mapping):
            return found
        self.problems.add(path, f"{path[-1]} must be a table.")
        return {}

    def _column(self, name: str, path: Keys) -> Column | None:
        if name in self.columns:
            return self.columns[name]
        excluded = any(c.name == name for c in self.task.columns)
        why = "is excluded from the model" if excluded else "is no column of the task"
        self.problems.add(path, f"{name!r} {why}.{nearest(name, self.columns)}")
        return None

    def _ways(self, table: Mapping[str, Any]) -> Iterator[SaidWay]:
        if table and self.task.kind == "multiclass":
            self.problems.add(("directions",), "several classes have no direction: remove [directions].")
            return
        for name, said in table.items():
            path = ("directions", name)
            column = self._column(name, path)
            if column is not None and not is_directed(column):
                self.problems.add(
                    path, f"{name!r} has no order, so no direction. Lean its levels: [levels.{quoted(name)}]."
                )
                continue
            fits = read_fields(said if isinstance(said, Mapping) else {"way": said}, WAY, path, self.problems)
            sure = float(fits.get("sure", 1.0))
            if not 0.0 <= sure <= 1.0:
                self.problems.add((*path, "sure"), f"sure of {name!r} is {sure:g}; it can be 0 to 1.")
            if "way" in fits:
                yield SaidWay(column=name, way=fits["way"], sure=sure)
            elif isinstance(said, Mapping) and "way" not in said:
                self.problems.add(path, f"way of {name!r} is missing: {', '.join(WAYS)}.")

    def _scores(self, tables: Mapping[str, Any], section: str) -> Iterator[SaidScore]:
        for name, table in tables.items():
            path = (section, name)
            column = self._column(name, path)
            if column is None:
                continue
            wanted = column.kind == "text" if section == "words" else column.kind not in ("text", "number")
            if not wanted:
                self.problems.add(path, f"[{section}] cannot speak of {name!r}, which is a {column.kind}.")
                continue
            seen: set[str] = set()
            for entry, said in self._table(table, path).items():
                plain = " ".join(words_of(entry)) if section == "words" else entry
                if not plain or plain in seen:
                    why = "stands twice" if plain else "has no letter or digit"
                    self.problems.add((*path, entry), f"entry {entry!r} of {name!r} {why}.")
                    continue
                known = self.levels[name] if section == "levels" else ()
                if known and entry not in known:
                    listed = f" Levels: {first_few(sorted(known), show=12)}."
                    self.problems.add((*path, entry), f"{entry!r} is no level of {name!r}.{listed}")
                seen.add(plain)
                scores = self._numbers(said, (*path, entry))
                if scores:
                    yield SaidScore(column=name, name=plain, scores=scores)

    def _numbers(self, said: Any, path: Keys) -> tuple[float, ...]:
        """One score, or one per class; () where it does not fit."""
        named = f"the score of {path[-1]!r}"
        if not self.classes:
            found = {"": said}
        elif isinstance(said, Mapping):
            found = {str(key): value for key, value in said.items()}
        else:
            self.problems.add(path, f"{named} must be a table such as {{ {quoted(self.classes[0])} = 1 }}.")
            return ()
        for key in [key for key in found if self.classes and key not in self.classes]:
            self.problems.add(path, f"{named}: {key!r} is no class.{nearest(key, self.classes)}")
        values = [found.get(key, 0) for key in self.classes or ("",)]
        if any(NUMBER(v) is not None or abs(v) > MOST for v in values):
            self.problems.add(path, f"{named} must be a number from -2 to 2.")
            return ()
        return tuple(float(v) for v in values)


def prior_text(prior: Prior) -> str:
    """TOML text that `parse_prior` reads back as the same prior."""
    lines = [
        "# What is expected before any row is seen. Correct what is wrong. A model takes it only so far as",
        "# its training rows bear it out, and may take nothing of it. Scores: -2 (speaks against) to 2.",
    ]
    lines += [f"{key} = {quoted(getattr(prior, key))}" for key in ("said_by", "where", "date", "task")]
    if prior.ways:
        lines += ["", f"[directions] # way: {', '.join(WAYS)}; sure: 0 to 1"]
        lines += [f'{quoted(w.column)} = {{ way = "{w.way}", sure = {w.sure:g} }}' for w in prior.ways]
    for section, scores in (("levels", prior.levels), ("words", prior.words)):
        for column in dict.fromkeys(s.column for s in scores):
            lines += ["", f"[{section}.{quoted(column)}]"]
            lines += [
                f"{quoted(s.name)} = {_number_text(s.scores, prior.classes)}"
                for s in scores
                if s.column == column
            ]
    return "\n".join(lines) + "\n"


def _number_text(scores: tuple[float, ...], classes: tuple[str, ...]) -> str:
    if not classes:
        return f"{scores[0]!r}"
    return "{ " + ", ".join(f"{quoted(c)} = {v!r}" for c, v in zip(classes, scores, strict=True)) + " }"
