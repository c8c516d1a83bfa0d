"""What any language model here can do: say who it is, give a probability to each label, write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Protocol, Self, runtime_checkable

import numpy as np

from interpretable.llm.purse import Purse
from interpretable.records.exchange import Egress, LLMInfo

# Failures of the line rather than of one answer: several in a row mean the model is gone.
LINE_FAILURES = frozenset({"timeout", "connection", "rate_limited", "server_error"})


@dataclass(frozen=True, kw_only=True)
class Prompt:
    """A question about one row. The row comes last, so that engines reuse the work on what stands before.

    columns : names of the columns whose values are in the text (the target's name where examples show
        answers).
    redactions : kind of identifier -> pieces of text that were masked while the prompt was made.
    """

    system: str
    question: str
    examples: tuple[tuple[str, str], ...] = ()  # (question, answer)
    columns: tuple[str, ...] = ()
    redactions: Mapping[str, int] = field(default_factory=dict)

    def messages(self) -> list[dict[str, str]]:
        """The chat messages: system, then examples, then the question."""
        parts = [{"role": "system", "content": self.system}]
        for question, answer in self.examples:
            parts.append({"role": "user", "content": question})
            parts.append({"role": "assistant", "content": answer})
        return [*parts, {"role": "user", "content": self.question}]

    def text(self) -> str:
        """The messages as one readable text."""
        return "\n\n".join(f"[{m['role']}]\n{m['content']}" for m in self.messages())


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What one answer cost. A remembered one (`cached`) cost this when it was fresh."""

    tokens_in: int = 0
    tokens_out: int = 0
    seconds: float = 0.0
    calls: int = 0
    bytes_sent: int = 0
    cached: bool = False

    def spent(self) -> dict[str, Any]:
        """The amounts, by name."""
        return {name: getattr(self, name) for name in AMOUNTS}


AMOUNTS = ("tokens_in", "tokens_out", "seconds", "calls", "bytes_sent")


@dataclass(frozen=True, eq=False, kw_only=True)
class LabelScores(Cost):
    """The answer to one prompt.

    log_probabilities : f8[K], one per label as asked; empty where `failure` is set. They need not sum to 1.
        A label that the model did not offer at all gets the smallest value that it did offer: an upper bound.
    label_mass : share of the model's probability that fell on the labels (nan where it does not say).
    failure : "" or a code: timeout, connection, rate_limited, server_error, rejected, too_long, unreadable,
        refused, no_logprobs, no_label, budget, not_recorded. Never a default class.
    """

    log_probabilities: np.ndarray
    label_mass: float = float("nan")
    unseen: int = 0  # labels outside what the model offered
    failure: str = ""


@dataclass(frozen=True, kw_only=True)
class Generated(Cost):
    """A text that a model wrote, or the record that was asked for.

    data : what the JSON held, once it fits the schema; None where no schema was asked for.
    failure : "" or a code as in LabelScores; "unreadable" also where the JSON does not fit the schema, "cut"
        where the model ran out of room.
    """

    text: str = ""
    data: Any = None
    failure: str = ""


@dataclass(frozen=True, kw_only=True)
class Ask:
    """How a text is asked for: `draw` numbers the samples of one prompt, at a temperature above 0."""

    schema: dict[str, Any] | None = None
    draw: int = 0
    temperature: float = 0.0
    most_tokens: int = 256


def failed(code: str, **spent: float) -> LabelScores:
    """An answer that cannot be used, and what it cost all the same."""
    return LabelScores(log_probabilities=np.empty(0), failure=code, **spent)  # type: ignore[arg-type]  # counts


@runtime_checkable
class LLMClient(Protocol):
    """A language model, or a double of one (`info().where` tells)."""

    @property
    def columns(self) -> tuple[str, ...] | None:
        """The only columns whose values may be in a prompt; None where nothing leaves the machine."""
        ...

    @property
    def at_once(self) -> int:
        """How many questions it may be asked at the same time."""
        ...

    @property
    def purse(self) -> Purse | None:
        """What may be spent; None where nothing is."""
        ...

    def info(self) -> LLMInfo: ...

    def score_labels(self, prompt: Prompt, labels: tuple[str, ...]) -> LabelScores: ...

    def generate(self, prompt: Prompt, ask: Ask) -> Generated: ...

    def egress(self) -> tuple[Egress, ...]:
        """What left the machine so far."""
        ...

    def close(self) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class Closing:
    """What most clients have alike: `with client:` closes it, one question at a time, nothing to spend."""

    at_once: int = 1
    purse: Purse | None = None

    def close(self) -> None:
        """Nothing to close, unless a client says otherwise."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
