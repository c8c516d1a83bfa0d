"""What was asked of a language model, what it cost, what left the machine."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

LLMMode = Literal["off", "local", "endpoint"]
LLMStatus = Literal["ran", "off", "not_defined", "unavailable", "refused", "failed"]


@dataclass(frozen=True, kw_only=True)
class LLMInfo:
    """Which language model: as much as it says of itself."""

    name: str
    where: str  # "local" or the endpoint's host
    parameters: str = ""  # "135M"
    quantisation: str = ""
    size_bytes: int | None = None
    licence: str = ""
    sha256: str = ""
    smoke_test_only: bool = False  # too small to be a fair ceiling
    method: str = ""  # "logprobs", "json" or "votes": the level of the capability ladder that was used
    fingerprint: str = ""


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """The bill of one model over `rows` decisions."""

    rows: int
    calls: int = 0
    failures: int = 0  # answers that could not be read: counted as errors
    cached: int = 0  # answered from the cache, at no cost
    seconds: float = 0.0
    tokens_in: int = 0
    tokens_out: int = 0
    money: float = 0.0
    currency: str = "USD"
    bytes_sent: int = 0  # to another machine; 0 for a local engine


@dataclass(frozen=True, kw_only=True)
class Bound:
    """What questions cost at most, where the endpoint answers in one of the ways it can (`LLMInfo.method`).

    thinks : the model may think before it answers, and is given room to
    tokens_in : bytes of the requests, because no token is shorter than a byte; about four times the tokens of
        a text in English
    money : without repeats after a failure of the line
    """

    method: str
    thinks: bool
    calls: int
    tokens_in: int
    tokens_out: int
    money: float


@dataclass(frozen=True, kw_only=True)
class DecisionCost:
    """What a number of decisions costs. The energy is an estimate from `watts`, not a measurement."""

    decisions: float
    seconds: float
    tokens: float = 0.0
    bytes_sent: float = 0.0
    money: float = 0.0
    currency: str = "USD"
    watts: float | None = None  # assumed per busy second; None: the model runs elsewhere
    watt_hours: float | None = None


@dataclass(frozen=True, kw_only=True)
class Egress:
    """One sending of rows to an endpoint: never the payload itself."""

    time: str
    endpoint: str
    model: str
    columns: tuple[str, ...]
    calls: int
    bytes: int
    payload_sha256: str
    redactions: int = 0
    masked: dict[str, int] = field(default_factory=dict)  # the same, by kind of identifier


@dataclass(frozen=True, kw_only=True)
class LLMEvidence:
    """The language-model part of a study: what ran, or why not."""

    mode: LLMMode
    status: LLMStatus
    reason: str = ""  # code, when it did not run
    detail: str = ""
    info: LLMInfo | None = None
    rows_asked: int = 0
    rows_test: int = 0
    seed: int = 0
    shots: int = 0
    egress: tuple[Egress, ...] = ()
    prompt_example: str = ""  # the exact text of one prompt built from an invented row, never a person's
