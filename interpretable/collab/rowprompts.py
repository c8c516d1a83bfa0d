"""What a language model is told when it is asked for rows: the task, the form, rows that it may look at."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from interpretable.collab.masking import mask, own_words
from interpretable.collab.rowform import Form, Slot
from interpretable.collab.serialise import WHO, without_marks
from interpretable.llm import Prompt
from interpretable.records.task import Task

TEXT_CHARACTERS = 480  # of a shown text; a longer one is cut
_FORMAT = 'Answer with JSON only: {"count": how many rows you write, "rows": [...]}.'

Shown = Sequence[tuple[Mapping[str, Any], int]]  # values of a training row and its class


@dataclass(frozen=True, kw_only=True)
class Prompter:
    """Makes the questions for one fold.

    masked : identifiers in texts are masked, because the text leaves the machine
    who : columns whose values say who a row is; their words are masked too
    """

    task: Task
    classes: tuple[str, ...]
    form: Form
    masked: bool = False
    who: tuple[str, ...] = (WHO,)

    def rows(self, wanted: int, *, count: int, shown: Shown) -> Prompt:
        """The question for so many new rows of one class."""
        lines, masked = self._examples(shown)
        told = f"Rows that were seen, each after its {self._target}:\n{lines}\n\n" if shown else ""
        noun = "one new row" if count == 1 else f"{count} new rows"
        ask = f"Write {noun} with {self._target}: {self._class(wanted)}. The count is {count}."
        return self._prompt(self._system(), told + ask, masked=masked, outcomes=bool(shown))

    def texts(self, wanted: int, *, count: int, shown: Shown) -> Prompt:
        """The question for so many new texts of one class, after texts of that class."""
        lines, masked = self._examples(shown, outcome=False)
        seen = f"Texts with {self._target}: {self._class(wanted)}:\n{lines}\n\n" if shown else ""
        noun = "another such text" if count == 1 else f"{count} other such texts"
        of = noun if shown else f"{count} such text(s), with {self._target}: {self._class(wanted)}"
        ask = f"Write {of}, each different from all others. The count is {count}."
        return self._prompt(self._system(), seen + ask, masked=masked, outcomes=bool(shown))

    def paraphrase(self, values: Mapping[str, Any]) -> Prompt:
        """The request to say one text in other words. Its class is not told."""
        line, masked = self._row(values)
        system = (
            "You rewrite a text in other words, in its own language. Keep its meaning, its tone and "
            f"every fact. Add nothing. {_FORMAT}"
        )
        ask = f"The text:\n{line}\n\nWrite it in other words. The count is 1."
        return self._prompt(system, ask, masked=masked, outcomes=False)

    def _prompt(self, system: str, question: str, *, masked: Mapping[str, int], outcomes: bool) -> Prompt:
        columns = tuple(slot.column.name for slot in self.form.slots)
        return Prompt(
            system=system,
            question=question,
            columns=(*columns, self.task.target) if outcomes else columns,
            redactions=masked,
        )

    def _system(self) -> str:
        task = self.task
        head = (
            f"You write data of invented {task.subject_plural}, to teach a statistical model. "
            f"Nobody in it is real. Title: {_line(task.title or task.name)}."
        )
        columns = "\n".join(f"- {_told(slot)}" for slot in self.form.slots)
        rules = "Do not repeat what is shown. Write in the language of the rows shown."
        return f"{head}\nColumns:\n{columns}\n{rules} {_FORMAT}"

    @property
    def _target(self) -> str:
        return _line(self.task.target_label or self.task.target.replace("_", " "))

    def _class(self, at: int) -> str:
        return _line(dict(self.task.class_labels).get(self.classes[at], self.classes[at]))

    def _examples(self, shown: Shown, *, outcome: bool = True) -> tuple[str, Counter[str]]:
        lines: list[str] = []
        masked: Counter[str] = Counter()
        for values, at in shown:
            line, found = self._row(values)
            lines.append(f"{self._target}: {self._class(at)} {line}" if outcome else line)
            masked += found
        return "\n".join(lines), masked

    def _row(self, values: Mapping[str, Any]) -> tuple[str, Counter[str]]:
        """One row as JSON; a level that could point at a person is left out."""
        said: dict[str, Any] = {}
        masked: Counter[str] = Counter()
        own = own_words(values.get(name) for name in self.who) if self.masked else ()
        for slot in self.form.slots:
            name, value = slot.column.name, values[slot.column.name]
            if value is None or value != value:
                said[name] = None
            elif slot.column.kind == "number":
                said[name] = int(value) if slot.whole else float(value)
            elif slot.column.kind == "text":
                text, found = mask(str(value), own=own) if self.masked else (str(value), Counter())
                said[name] = _line(text)[:TEXT_CHARACTERS]
                masked += found
            elif value in slot.levels:
                said[name] = value
        return json.dumps(said, ensure_ascii=False), masked


def _told(slot: Slot) -> str:
    """One column in words: its name as a key, its meaning, what it may hold."""
    column = slot.column
    meaning = [_line(part) for part in (column.label, column.unit) if part]
    name = f"{column.name} ({', '.join(meaning)})" if meaning else column.name
    if column.kind == "number":
        kind = "whole number" if slot.whole else "number"
        held = f"{kind} from {slot.low:.6g} to {slot.high:.6g}"
    elif column.kind == "text":
        held = f"text of {slot.low:.0f} to {slot.high:.0f} characters"
    else:
        held = "one of " + ", ".join(json.dumps(level, ensure_ascii=False) for level in slot.levels)
    return f"{name}: {held}{', or null where not known' if slot.missing else ''}"


def _line(text: str) -> str:
    """One line without the marks of chat templates."""
    return " ".join(without_marks(text).split())
