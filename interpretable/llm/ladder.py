"""The steps of the ladder: what a request asks for at each, and how its answer is read."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from interpretable.llm.client import LabelScores, Prompt, failed
from interpretable.llm.labels import find, sum_offers

VOTES = 5  # answers drawn per question at the last step
_SURE = 0.995  # verbalised probabilities are kept within 1 - _SURE .. _SURE


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """One step of the ladder, in one spelling of its parameters."""

    method: str  # "logprobs", "json" or "votes"
    limit: str = "max_tokens"
    plain: bool = True  # temperature and seed are accepted


LADDER = (
    Dialect(method="logprobs"),
    Dialect(method="logprobs", limit="max_completion_tokens"),
    Dialect(method="json"),
    Dialect(method="json", limit="max_completion_tokens", plain=False),
    Dialect(method="votes"),
    Dialect(method="votes", limit="max_completion_tokens", plain=False),
)


def make_body(
    dialect: Dialect, prompt: Prompt, labels: tuple[str, ...], *, model: str, top: int, draw: int
) -> dict[str, Any]:
    """The request for one prompt in one dialect."""
    body: dict[str, Any] = {"model": model, "messages": prompt.messages()}
    room = {"logprobs": 1, "json": 64, "votes": 8}[dialect.method]
    body[dialect.limit] = room if dialect.plain else 2048  # a model that thinks aloud needs room to
    if dialect.plain:
        body |= {"temperature": 1.0 if dialect.method == "votes" else 0.0, "seed": draw}
    if dialect.method == "logprobs":
        body |= {"logprobs": True, "top_logprobs": top}
    if dialect.method == "json":
        body["response_format"] = {"type": "json_schema", "json_schema": _schema(labels)}
    return body


def _schema(labels: tuple[str, ...]) -> dict[str, Any]:
    """Ranges are checked here on reading: servers ignore them."""
    properties = {"answer": {"type": "string", "enum": list(labels)}, "probability": {"type": "number"}}
    schema = {
        "type": "object",
        "properties": properties,
        "required": ["answer", "probability"],
        "additionalProperties": False,
    }
    return {"name": "answer", "strict": True, "schema": schema}


def read_logprobs(choice: Any, labels: tuple[str, ...]) -> LabelScores:
    """Label scores from the candidates for the first token."""
    content = getattr(getattr(choice, "logprobs", None), "content", None)
    if not content or not content[0].top_logprobs:
        return failed("no_logprobs")
    offers = [(str(o.token), float(o.logprob)) for o in content[0].top_logprobs]
    logs, mass, unseen = sum_offers(offers, labels)
    if unseen == len(labels):
        return failed("no_label")
    return LabelScores(log_probabilities=logs, label_mass=mass, unseen=unseen)


def read_json(choice: Any, labels: tuple[str, ...]) -> LabelScores:
    """Label scores from an answer and the probability the model claims for it."""
    try:
        answer = json.loads(choice.message.content or "")
        which = find(str(answer["answer"]), labels)
        probability = float(answer["probability"])
    except (ValueError, TypeError, KeyError):
        return failed("unreadable")
    if which is None:
        return failed("no_label")
    if not 0.0 <= probability <= 1.0:
        return failed("unreadable")
    probability = min(_SURE, max(1.0 - _SURE, probability))
    logs = np.full(len(labels), math.log((1.0 - probability) / max(1, len(labels) - 1)))
    logs[which] = math.log(probability)
    return LabelScores(log_probabilities=logs)
