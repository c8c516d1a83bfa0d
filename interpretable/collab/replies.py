"""How an answer is got for each prompt: label scores, a probability in the model's own words, or an amount.

Where a server gives no log-probabilities, a single claimed probability is coarse and moves from draw to draw;
so several are drawn at a temperature and their mean is taken (Tian et al., 2023, for the question;
Xiong et al., 2024, for the mean of several draws). An amount is the median of its draws.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from interpretable.collab import serialise
from interpretable.collab.serialise import Wording
from interpretable.llm import Ask, Generated, LabelScores, LLMClient, Prompt
from interpretable.llm.many import Tell, score_all, write_all
from interpretable.records.task import Task

SURE = 0.995  # claimed probabilities are kept within 1 - SURE .. SURE
TEMPERATURE = 0.7
ROOM = 64  # tokens of one record


@dataclass(frozen=True, kw_only=True)
class Way:
    """`kind`: "scores" (of the labels), "verbal" (a claimed probability) or "numbers" (an amount)."""

    kind: str
    draws: int = 1

    @property
    def asks(self) -> int:
        """Questions to a row."""
        return 1 if self.kind == "scores" else self.draws


@dataclass(frozen=True, eq=False, kw_only=True)
class Replies:
    """What came back.

    table : f8[n, K] log probabilities of the labels, or f8[n, 1] amounts; nan where it could not be read.
    answers : every single answer, for the bill.
    """

    table: np.ndarray
    answers: list[LabelScores] | list[Generated] = field(default_factory=list)
    label_mass: float | None = None

    @property
    def read(self) -> np.ndarray:
        """bool[n]"""
        return ~np.isnan(self.table[:, 0])

    @property
    def failures(self) -> dict[str, int]:
        return dict(Counter(a.failure for a in self.answers if a.failure))


def way_of(task: Task, method: str, *, verbal: bool, draws: int) -> Way:
    """What this model can give: label scores where it has log-probabilities and nobody asks for words."""
    if task.kind == "regression":
        return Way(kind="numbers", draws=draws)
    return Way(kind="verbal", draws=draws) if verbal or method != "logprobs" else Way(kind="scores")


def ask_all(
    client: LLMClient, prompts: Sequence[Prompt], wording: Wording, way: Way, *, tell: Tell
) -> Replies:
    """One reply per prompt, in their order.

    A row of drawn answers is read where at least half of them are; each that is not counts as a failure.
    """
    if way.kind == "scores":
        scores = score_all(client, prompts, wording.codes, tell=tell)
        mass = [a.label_mass for a in scores if not a.failure and not np.isnan(a.label_mass)]
        rows = [a.log_probabilities if not a.failure else None for a in scores]
        return Replies(
            table=_table(rows, len(wording.codes)),
            answers=scores,
            label_mass=float(np.mean(mass)) if mass else None,
        )
    schema = _schema(wording, way)
    drawn = [
        (_asking(prompt, wording, way), Ask(schema=schema, draw=i, temperature=TEMPERATURE, most_tokens=ROOM))
        for prompt in prompts
        for i in range(way.draws)
    ]
    written = write_all(client, drawn, tell=tell)
    own = (written[i : i + way.draws] for i in range(0, len(written), way.draws))
    found = [_one(draws, wording, way) for draws in own]
    return Replies(table=_table(found, max(len(wording.codes), 1)), answers=written)


def _table(rows: Sequence[np.ndarray | None], width: int) -> np.ndarray:
    table = np.full((len(rows), width), np.nan)
    for i, row in enumerate(rows):
        if row is not None:
            table[i] = row
    return table


def _schema(wording: Wording, way: Way) -> dict[str, Any]:
    """Ranges are checked on reading: servers ignore them."""
    if way.kind == "numbers":
        parts: dict[str, Any] = {"value": {"type": "number"}}
    else:
        likely = {"type": "number", "minimum": 0, "maximum": 1}
        parts = {"answer": {"type": "string", "enum": list(wording.codes)}, "probability": likely}
    return {
        "type": "object", "properties": parts, "required": list(parts), "additionalProperties": False,
    }  # fmt: skip


def _asking(prompt: Prompt, wording: Wording, way: Way) -> Prompt:
    """The prompt with another rule for the answer; examples show answers of that form."""
    if way.kind == "numbers":
        unit = f" in {wording.task.target_unit}" if wording.task.target_unit else ""
        how = f' Answer with JSON: {{"value": a number{unit}}}.'
        examples = prompt.examples
    else:
        codes = " or ".join((", ".join(wording.codes[:-1]), wording.codes[-1]))
        how = (
            f' Answer with JSON: {{"answer": {codes}, "probability": how likely it is that this answer is '
            "right, from 0 to 1}."
        )
        examples = tuple((text, f'{{"answer": "{code}"}}') for text, code in prompt.examples)
    system = prompt.system.replace(wording.system, serialise.asked(wording.asks + how, fenced=wording.fenced))
    return replace(prompt, system=system, examples=examples)


def _one(draws: list[Generated], wording: Wording, way: Way) -> np.ndarray | None:
    """The draws of one prompt as one row; None where fewer than half can be read."""
    known = [d.data for d in draws if not d.failure]
    if 2 * len(known) < len(draws) or not known:
        return None
    if way.kind == "numbers":
        values = np.array([float(d["value"]) for d in known])
        return np.array([np.median(values)]) if np.isfinite(values).all() else None
    return np.asarray(np.log(np.mean([_chances(d, wording.codes) for d in known], axis=0)))


def _chances(found: dict[str, Any], codes: tuple[str, ...]) -> np.ndarray:
    """f8[K]: what is claimed for one label, the rest shared by the others."""
    claimed = min(SURE, max(1.0 - SURE, float(found["probability"])))
    chances = np.full(len(codes), (1.0 - claimed) / max(1, len(codes) - 1))
    chances[codes.index(found["answer"])] = claimed
    return chances
