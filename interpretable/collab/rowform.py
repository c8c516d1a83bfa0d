"""What a generated row may hold, learned from one fold of training rows, and the reading of what came.

Servers honour parts of a schema only, so every value is checked here. A row with a wrong value is refused and
counted under one code: a value is never clipped, mended or guessed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from interpretable.data.identifiers import find_identifiers
from interpretable.errors import LLMError
from interpretable.records.dataset import Dataset
from interpretable.records.task import Column

FEW = 5  # a level of fewer training rows could point at a person: it is neither asked for nor accepted
_REFUSALS = re.compile(
    r"^\W*(?:"
    r"(?:i['’]?m|i am|we are) (?:(?:very |so )?sorry|afraid),? (?:but )?(?:i|we) "
    r"(?:can|could|am|are|do|will|won)"
    r"|sorry,? (?:but )?i (?:can['’]?t|cannot|am unable|am not able)"
    r"|i (?:can['’]?t|cannot|can not|am unable to|am not able to|won['’]?t) "
    r"(?:\w+ )?(?:help|assist|create|write|generate|provide|produce|fulfil|comply|rewrite)"
    r"|as an? (?:ai|language model|artificial)"
    r"|i['’]?m an? (?:ai|language model)"
    r"|(?:很|非常)?(?:抱歉|对不起)[，,]?\s*(?:但)?我(?:不能|无法|没办法|不可以)"
    r"|我(?:不能|无法)(?:提供|生成|创建|协助|帮助|满足|改写|编写)"
    r"|作为(?:一个|一名)?(?:ai|人工智能|语言模型)"
    r")",
    re.IGNORECASE,
)


def is_refusal(text: str) -> bool:
    """Whether a text opens with the phrases by which a model declines, in English or Chinese.

    >>> is_refusal("I'm sorry, but I can't help with that."), is_refusal("Sorry, I'll call later")
    (True, False)
    """
    return _REFUSALS.match(text) is not None


@dataclass(frozen=True, kw_only=True)
class Slot:
    """What one column may hold.

    low, high : of a number the training range; of a text the range of its lengths in characters
    levels : of any other column
    missing : whether it may be unknown, because it is in some training row
    """

    column: Column
    low: float = 0.0
    high: float = 0.0
    whole: bool = False
    levels: tuple[str, ...] = ()
    missing: bool = False

    def schema(self) -> dict[str, Any]:
        """Its JSON schema. Ranges are put where servers keep to them; the others are told in words."""
        kind = "string" if self.column.kind != "number" else "integer" if self.whole else "number"
        made: dict[str, Any] = {"type": [kind, "null"] if self.missing else kind}
        if self.levels:
            made["enum"] = [*self.levels, None] if self.missing else list(self.levels)
        if kind == "integer":
            made |= {"minimum": int(self.low), "maximum": int(self.high)}
        return made

    def problem(self, value: Any) -> str:
        """ "" or the code of what is wrong with a value."""
        if value is None:
            return "" if self.missing else "malformed"
        if self.column.kind == "number":
            return self._number(value)
        if not isinstance(value, str):
            return "malformed"
        if self.column.kind != "text":
            return "" if value in self.levels else "unknown_level"
        if is_refusal(value):
            return "refused"
        length = len(value.strip())
        return "short_text" if length < self.low else "long_text" if length > self.high else ""

    def _number(self, value: Any) -> str:
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            return "malformed"
        if self.whole and value != int(value):
            return "malformed"
        return "" if self.low <= value <= self.high else "out_of_range"


@dataclass(frozen=True, kw_only=True)
class Form:
    """The columns a language model fills in.

    left_out : names of columns that it is not asked for: not allowed, or without a value that may be shown
    """

    slots: tuple[Slot, ...]
    left_out: tuple[str, ...] = ()

    def schema(self, rows: int) -> dict[str, Any]:
        """JSON schema of an answer of at most so many rows."""
        names = [slot.column.name for slot in self.slots]
        row = {
            "type": "object",
            "properties": {slot.column.name: slot.schema() for slot in self.slots},
            "required": names,
            "additionalProperties": False,
        }
        return {
            "type": "object",
            "properties": {
                "count": {"type": "integer"},
                "rows": {"type": "array", "items": row, "minItems": 1, "maxItems": rows},
            },
            "required": ["count", "rows"],
            "additionalProperties": False,
        }

    def read(self, raw: Any, *, known: Collection[str] = ()) -> tuple[dict[str, Any], str]:
        """The values of one row and "", or the code of the first thing that is wrong with it.

        known : identifiers in the texts that were shown; a text that repeats one is refused
        """
        names = {slot.column.name for slot in self.slots}
        if not isinstance(raw, dict) or set(raw) != names:
            return {}, "malformed"
        for slot in self.slots:
            problem = slot.problem(raw[slot.column.name])
            if problem:
                return {}, problem
        if all(value is None for value in raw.values()):
            return {}, "empty"
        texts = [
            raw[s.column.name].strip() for s in self.slots if s.column.kind == "text" and raw[s.column.name]
        ]
        if any(found in known for text in texts for found in identifiers_in(text)):
            return {}, "identifier"
        return {name: v.strip() if isinstance(v, str) else v for name, v in raw.items()}, ""


def identifiers_in(text: str) -> set[str]:
    """Pieces of a text that look like an address, a number of somebody, a date."""
    return {text[span.start : span.end] for span in find_identifiers(text)}


def rows_in(data: Any, asked: int) -> tuple[list[Any], str]:
    """The raw rows of an answer and "", or the code of why none of them counts."""
    if not isinstance(data, Mapping) or not isinstance(data.get("rows"), list):
        return [], "unreadable"
    rows, count = data["rows"], data.get("count")
    if isinstance(count, bool) or count != len(rows) or len(rows) > asked:
        return [], "miscounted"
    return rows, ""


def learn_form(train: Dataset, columns: Sequence[Column], *, allowed: Sequence[str] | None = None) -> Form:
    """The form of a task, from one fold of its training rows.

    Parameters
    ----------
    columns : those a row is made of
    allowed : the only columns that may be named in a prompt; None means every one

    Raises
    ------
    LLMError : `.code` no_columns: nothing is left to ask for
    """
    slots, left_out = [], []
    for column in columns:
        slot = _slot(train, column) if allowed is None or column.name in allowed else None
        if slot is None:
            left_out.append(column.name)
        else:
            slots.append(slot)
    if not slots:
        raise LLMError("There is no column that the language model may be asked for.", code="no_columns")
    return Form(slots=tuple(slots), left_out=tuple(left_out))


def _slot(train: Dataset, column: Column) -> Slot | None:
    values = train.frame[column.name]
    known = values.dropna()
    missing = len(known) < len(values)
    if not len(known):
        return None
    if column.kind == "number":
        numbers = known.to_numpy(dtype=float)
        whole = bool(np.all(numbers == np.round(numbers)))
        return Slot(
            column=column, low=float(numbers.min()), high=float(numbers.max()), whole=whole, missing=missing
        )
    if column.kind == "text":
        lengths = [len(str(text).strip()) for text in known]
        return Slot(column=column, low=max(1, min(lengths)), high=max(lengths), missing=missing)
    counts = known.value_counts()
    levels = tuple(sorted(str(level) for level, rows in counts.items() if rows >= FEW))
    return Slot(column=column, levels=levels, missing=missing) if levels else None
