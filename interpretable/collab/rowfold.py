"""One fold of training rows: what is asked for, which of its rows are shown, how what came is read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from interpretable.collab.masking import name_columns
from interpretable.collab.rowform import Form, identifiers_in, learn_form
from interpretable.collab.rowprompts import Prompter
from interpretable.collab.sample import balanced
from interpretable.collab.serialise import WHO, values_of
from interpretable.errors import BrokenPromise, LLMError, UserError
from interpretable.llm import Ask, Prompt
from interpretable.records.augmented import MakerKind
from interpretable.records.dataset import Dataset
from interpretable.records.task import Column, Task

KINDS: tuple[MakerKind, ...] = ("row", "text", "paraphrase")
TEMPERATURE = 0.9
_ROOM = 60  # tokens of an answer besides its rows


@dataclass(frozen=True, kw_only=True)
class Request:
    prompt: Prompt
    ask: Ask
    wanted: int  # class
    count: int
    shown: tuple[int, ...]  # positions in the fold


def check_kind(task: Task, kind: str | None) -> MakerKind:
    """The kind that is meant, where it fits the task."""
    if task.kind == "regression":
        raise LLMError(
            "Rows are asked for class by class, so they are not made for a regression.", code="not_defined"
        )
    texts = [c.name for c in asked_for(task) if c.kind == "text"]
    alone = len(texts) == len(asked_for(task)) == 1
    if kind is None:
        return "text" if alone else "row"
    if kind not in KINDS:
        raise UserError(f"There is no kind {kind!r}. Known: {', '.join(KINDS)}.")
    if kind == "text" and not alone:
        raise UserError(
            "Kind 'text' is for a task of one text column and nothing else. Use 'row' here: a row holds "
            "its texts."
        )
    if kind == "paraphrase" and len(texts) != 1:
        raise UserError(f"Kind 'paraphrase' needs exactly one text column; this task has {len(texts)}.")
    return next(known for known in KINDS if known == kind)


def asked_for(task: Task) -> tuple[Column, ...]:
    """The columns of a generated row: what a model uses, with the texts behind concepts in their place."""
    return task.inputs


def shares(target: np.ndarray, rows: int, *, classes: int) -> np.ndarray:
    """int64[K]: how many of `rows` fall to each class: by its share, one at least if there is room."""
    counts = np.bincount(target, minlength=classes)
    exact = counts * rows / counts.sum()
    present = counts > 0
    wanted = np.maximum(np.floor(exact).astype(np.int64), present if rows >= present.sum() else 0)
    while wanted.sum() < rows:
        wanted[np.argmax(exact - wanted)] += 1
    while wanted.sum() > rows:
        wanted[np.argmax(np.where(wanted > 1, wanted - exact, -np.inf))] -= 1
    return wanted


@dataclass(frozen=True, eq=False, kw_only=True)
class Fold:
    """One fold of training rows and how it is asked about."""

    train: Dataset
    kind: MakerKind
    shots: int
    per_answer: int
    prompter: Prompter
    examples: bool  # whether training rows are shown

    @classmethod
    def of(
        cls,
        train: Dataset,
        kind: MakerKind,
        *,
        allowed: tuple[str, ...] | None,
        shots: int,
        per_answer: int,
    ) -> Fold:
        if train.part not in ("all", "train"):
            raise BrokenPromise(f"Rows are made from training rows, not from the part {train.part!r}.")
        if train.has_synthetic or train.target is None:
            raise BrokenPromise("Rows are made from real rows whose outcome is known.")
        task = train.task
        columns = asked_for(task)
        if kind == "paraphrase":
            columns = tuple(c for c in columns if c.kind == "text")
        prompter = Prompter(
            task=task,
            classes=train.classes,
            form=learn_form(train, columns, allowed=allowed),
            masked=allowed is not None,
            who=(WHO, *name_columns(train)),
        )
        told = kind == "paraphrase" or allowed is None or task.target in allowed
        return cls(
            train=train,
            kind=kind,
            shots=shots,
            per_answer=1 if kind == "paraphrase" else per_answer,
            prompter=prompter,
            examples=told,
        )

    @property
    def form(self) -> Form:
        return self.prompter.form

    def wanted(self, rows: int) -> np.ndarray:
        """How many rows of each class, by its share among the rows that can be a start."""
        start = np.asarray(self.train.target)
        if self.kind == "paraphrase":
            start = start[self._has_text()]
        return shares(start, rows, classes=len(self.train.classes))

    def _has_text(self) -> np.ndarray:
        (slot,) = self.form.slots
        return np.asarray(self.train.frame[slot.column.name].notna())

    def requests(self, ask: np.ndarray, random: np.random.Generator, *, draw: int) -> Iterator[Request]:
        """Requests for so many rows of each class, numbered from `draw`."""
        for at, rows in enumerate(ask):
            for start in range(0, int(rows), self.per_answer):
                yield self._request(at, min(self.per_answer, int(rows) - start), random, draw=draw)
                draw += 1

    def _request(self, wanted: int, count: int, random: np.random.Generator, *, draw: int) -> Request:
        shown = self._shown(wanted, random)
        told = [(values_of(self.train, int(i)), int(self.train.target[i])) for i in shown]
        if self.kind == "paraphrase":
            prompt = self.prompter.paraphrase(told[0][0])
        elif self.kind == "text":
            prompt = self.prompter.texts(wanted, count=count, shown=told)
        else:
            prompt = self.prompter.rows(wanted, count=count, shown=told)
        ask = Ask(
            schema=self.form.schema(count), draw=draw, temperature=TEMPERATURE, most_tokens=self._room(count)
        )
        return Request(prompt=prompt, ask=ask, wanted=wanted, count=count, shown=tuple(map(int, shown)))

    def _shown(self, wanted: int, random: np.random.Generator) -> np.ndarray:
        target = np.asarray(self.train.target)
        if not self.examples:
            return np.zeros(0, dtype=int)
        if self.kind == "row":
            return balanced(target, self.shots, random)
        own = np.flatnonzero(target == wanted)
        if self.kind == "paraphrase":
            own = own[self._has_text()[own]]
        return random.permutation(own)[: 1 if self.kind == "paraphrase" else self.shots]

    def _room(self, count: int) -> int:
        """Tokens an answer may have: names and values by their length, texts by the longest of the fold."""
        each = sum(
            12 + len(slot.column.name) // 2 + (int(slot.high) // 2 if slot.column.kind == "text" else 8)
            for slot in self.form.slots
        )
        return min(4000, _ROOM + count * each)

    def values(self, position: int) -> dict[str, Any]:
        frame = self.train.frame
        return dict(zip(frame.columns, frame.iloc[position].tolist(), strict=True))

    def read(self, raw: Any, request: Request) -> tuple[dict[str, Any], str]:
        """One row that came, as values of all its columns; or a code."""
        texts = [s.column.name for s in self.form.slots if s.column.kind == "text"]
        seen = [self.values(i) for i in request.shown]
        known = {found for row in seen for name in texts for found in identifiers_in(str(row[name] or ""))}
        if self.kind != "paraphrase":
            return self.form.read(raw, known=known)
        values, code = self.form.read(raw)  # a paraphrase keeps every fact, addresses included
        if not code and _plain(values[texts[0]]) == _plain(seen[0][texts[0]]):
            code = "unchanged"
        return {**seen[0], **values}, code


def _plain(text: Any) -> str:
    return " ".join(str(text).casefold().split())
