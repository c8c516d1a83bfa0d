"""A double of a language model for tests and rehearsals. It is not one, and says so in `info().where`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from interpretable.llm import writing
from interpretable.llm.client import Ask, Closing, Generated, LabelScores, Prompt, failed
from interpretable.records.exchange import Egress, LLMInfo

WHERE = "scripted"

Script = Callable[[Prompt, tuple[str, ...]], "list[float] | str"]
Writer = Callable[[Prompt, Ask], str]


class ScriptedLLM(Closing):
    """Answers what a function says: probabilities per label, or a failure code; `writer` gives texts.

    Its place is "scripted", which no real model has, and a study refuses to fill a row from it.

    >>> double = ScriptedLLM(lambda prompt, labels: [0.75, 0.25])
    >>> scores = double.score_labels(Prompt(system="", question="?"), ("yes", "no"))
    >>> scores.log_probabilities.round(2).tolist()
    [-0.29, -1.39]
    """

    def __init__(
        self, script: Script, *, columns: tuple[str, ...] | None = None, writer: Writer | None = None
    ):
        self._script, self._columns, self._writer = script, columns, writer
        self.prompts: list[Prompt] = []

    @property
    def columns(self) -> tuple[str, ...] | None:
        return self._columns

    def info(self) -> LLMInfo:
        return LLMInfo(name="scripted double, not a language model", where=WHERE, method="logprobs")

    def egress(self) -> tuple[Egress, ...]:
        return ()

    def score_labels(self, prompt: Prompt, labels: tuple[str, ...]) -> LabelScores:
        self.prompts.append(prompt)
        said = self._script(prompt, labels)
        if isinstance(said, str):
            return failed(said, calls=1)
        with np.errstate(divide="ignore"):
            logs = np.log(np.asarray(said, dtype=float))
        return LabelScores(
            log_probabilities=logs, label_mass=float(sum(said)), tokens_in=1, tokens_out=1, calls=1
        )

    def generate(self, prompt: Prompt, ask: Ask) -> Generated:
        self.prompts.append(prompt)
        if self._writer is None:
            return Generated(failure="refused", calls=1)
        read = writing.read(self._writer(prompt, ask), ask, cut=False)
        return replace(read, tokens_in=1, tokens_out=1, calls=1)
