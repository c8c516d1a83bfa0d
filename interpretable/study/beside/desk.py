"""Where a mechanism asks for chances of labels: one language model, one wording, one account."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from interpretable.collab import serialise
from interpretable.collab.baseline import Examples, ask_about, refuse_double
from interpretable.collab.bill import ledger_of
from interpretable.llm import LLMClient
from interpretable.records.beside import Told
from interpretable.records.dataset import Dataset
from interpretable.study.beside import Asking
from interpretable.study.evidence import now


@dataclass(eq=False, kw_only=True)
class Desk:
    """Where questions are asked; it keeps the answers for the bill."""

    client: LLMClient
    wording: serialise.Wording
    asking: Asking
    answers: list[Any] = field(default_factory=list)  # LabelScores or Generated

    def ask(self, rows: Dataset, note: str, examples: Examples | None = None) -> np.ndarray:
        """Label log probabilities f8[n, K], nan where an answer failed."""
        tell = self.asking.teller(lambda done: f"{note}: {done} of {len(rows)} asked")
        table, answers = ask_about(rows, self.wording, self.client, tell=tell, note=note, examples=examples)
        self.answers += answers
        return table

    @property
    def may_show_outcomes(self) -> bool:
        """Whether examples with their outcomes may be part of a question."""
        allowed = self.client.columns
        return allowed is None or self.wording.task.target in allowed

    @property
    def failures(self) -> dict[str, int]:
        """Answers that could not be used, by code."""
        return dict(Counter(a.failure for a in self.answers if a.failure))

    def told(self, study: Any, mechanism: str) -> Told:
        """Which model was asked and what it cost so far; the verdict is still to come."""
        return Told(
            mechanism=mechanism, bundle_id=study.bundle_id, created=now(), seed=self.asking.seed,
            verdict="told", info=self.client.info(), ledger=ledger_of(self.answers, self.wording.task),
            egress=self.client.egress(),
        )  # fmt: skip


@contextmanager
def open_desk(asking: Asking, train: Dataset, *, rehearsal: bool) -> Iterator[Desk]:
    """A desk whose wording is learned on the training rows.

    Raises
    ------
    LLMError : the language model cannot be had, or is a double where this is no rehearsal
    """
    with asking.client() as client:
        refuse_double(client, rehearsal=rehearsal)
        wording = serialise.learn(train, allowed=client.columns, brief=client.info().smoke_test_only)
        yield Desk(client=client, wording=wording, asking=asking)
