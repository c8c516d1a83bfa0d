"""Any server that speaks the OpenAI chat API: the local engine, Ollama, vLLM, llama.cpp, OpenAI, Azure.

How much a server tells differs, so a ladder is probed once, with a question that holds no data, and its step
is written into the evidence (`LLMInfo.method`): figures from different steps are not comparable one to one.

1. logprobs: probabilities of the first token of the answer;
2. json: the answer and a probability in words of the model itself;
3. votes: the share of several answers drawn at random.
"""

from __future__ import annotations

import json
import math
import os
import time
from collections import Counter
from dataclasses import dataclass, replace
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np

from interpretable.errors import LLMError
from interpretable.llm.client import Closing, LabelScores, Prompt, failed
from interpretable.llm.egress import EgressLog, is_loopback
from interpretable.llm.labels import find, first_word, sum_offers
from interpretable.records.exchange import Egress, LLMInfo

if TYPE_CHECKING:
    import openai

BUDGET = 5000  # calls of one client
VOTES = 5
PROMPT_LIMIT = 64_000  # bytes of one request: a row is never this long
_SURE = 0.995  # verbalised probabilities are kept within 1 - _SURE .. _SURE
_PROBE = Prompt(
    system="Answer with one word: yes or no.", question="Is ice colder than steam? Answer yes or no."
)
_PROBE_LABELS = ("yes", "no")
_PROBE_MASS = (
    0.02  # less than this on the labels: the first token is not the answer (a model that thinks aloud)
)


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


@dataclass(frozen=True, kw_only=True)
class _Answer:
    """What one request brought: a message, or a failure code."""

    choice: Any = None
    tokens_in: int = 0
    tokens_out: int = 0
    seconds: float = 0.0
    calls: int = 1
    bytes_sent: int = 0
    failure: str = ""
    fingerprint: str = ""

    def spent(self) -> dict[str, Any]:
        names = ("tokens_in", "tokens_out", "seconds", "calls", "bytes_sent")
        return {name: getattr(self, name) for name in names}


def key_for(host: str) -> str:
    """The key from the environment: INTERPRETABLE_LLM_KEY for any host, OPENAI_API_KEY for OpenAI's only.

    A task file names the endpoint, and must not be able to make someone's OpenAI key travel elsewhere.
    """
    own = os.environ.get("INTERPRETABLE_LLM_KEY", "")
    if own:
        return own
    if host == "openai.com" or host.endswith((".openai.com", ".openai.azure.com")):
        return os.environ.get("OPENAI_API_KEY", "")
    return ""


class OpenAIClient(Closing):
    """A chat model behind a base URL.

    Parameters
    ----------
    url : base URL, ending in /v1 as a rule.
    info : what is known of the model; `name` is asked for, `where` names the place.
    key : secret, or "" where the server needs none. Never logged, never part of a message.
    columns : the only columns that prompts may hold; None where nothing leaves the machine.
    dialect : step of the ladder, where it is known; else it is probed.
    top : candidates for the first token to ask for (servers allow 20, as a rule).
    """

    def __init__(
        self,
        url: str,
        info: LLMInfo,
        *,
        key: str = "",
        columns: tuple[str, ...] | None = None,
        dialect: Dialect | None = None,
        top: int = 20,
        budget: int = BUDGET,
        timeout: float = 60.0,
        retries: int = 4,
    ):
        self._columns, self._top, self._budget = columns, top, budget
        self._log = EgressLog(endpoint=urlsplit(url).hostname or "", model=info.name)
        self.url = url
        self._counts_bytes = columns is not None
        self._calls = 0
        self._server = _connect(url, key=key, timeout=timeout, retries=retries)
        self._info = info
        self._dialect = dialect or self._probe()
        self._info = replace(self._info, method=self._dialect.method)

    @property
    def columns(self) -> tuple[str, ...] | None:
        return self._columns

    def info(self) -> LLMInfo:
        return self._info

    def egress(self) -> tuple[Egress, ...]:
        return self._log.records()

    def close(self) -> None:
        self._server.close()

    def score_labels(self, prompt: Prompt, labels: tuple[str, ...]) -> LabelScores:
        """Probability of each label as the answer to this prompt; failures come back as codes.

        Raises
        ------
        LLMError
            The key or the model is not accepted, or the prompt holds a column that was not allowed.
        """
        if self._columns is not None and not set(prompt.columns) <= set(self._columns):
            raise LLMError(
                "A prompt holds columns that [llm] columns does not allow. Nothing was sent.",
                code="column_not_allowed",
            )
        return self._score(self._dialect, prompt, labels)

    def _score(self, dialect: Dialect, prompt: Prompt, labels: tuple[str, ...]) -> LabelScores:
        if dialect.method == "votes":
            return self._vote(dialect, prompt, labels)
        answer = self._ask(dialect, prompt, labels)
        if answer.failure:
            return failed(answer.failure, **answer.spent())
        read = _read_logprobs if dialect.method == "logprobs" else _read_json
        scores = read(answer.choice, labels)
        return replace(scores, **answer.spent())

    def _vote(self, dialect: Dialect, prompt: Prompt, labels: tuple[str, ...]) -> LabelScores:
        answers = [self._ask(dialect, prompt, labels, draw=i) for i in range(VOTES)]
        names = ("tokens_in", "tokens_out", "seconds", "calls", "bytes_sent")
        spent = {name: sum(getattr(a, name) for a in answers) for name in names}
        texts = [str(a.choice.message.content or "") for a in answers if not a.failure]
        votes = Counter(v for v in (first_word(t, labels) for t in texts) if v is not None)
        if not votes:
            return failed(next((a.failure for a in answers if a.failure), "no_label"), **spent)
        counts = np.array([votes[i] for i in range(len(labels))], dtype=float) + 0.5
        return LabelScores(log_probabilities=np.log(counts / counts.sum()), **spent)

    def _probe(self) -> Dialect:
        """The highest step that gives a usable answer to a question without data."""
        codes = []
        for dialect in LADDER:
            scores = self._score(dialect, _PROBE, _PROBE_LABELS)
            if not scores.failure and not scores.label_mass < _PROBE_MASS:
                return dialect
            codes.append(scores.failure or "low_label_mass")
            if codes[-1] in ("connection", "timeout", "server_error", "rate_limited"):
                break
        raise LLMError(
            f"The language model at {self._info.where} gave no usable answer to a test question "
            f"({', '.join(dict.fromkeys(codes))}). Check that it runs, and the endpoint and model "
            "in the task file.",
            code="unavailable",
        )

    def _ask(self, dialect: Dialect, prompt: Prompt, labels: tuple[str, ...], *, draw: int = 0) -> _Answer:
        import openai

        body = _body(dialect, prompt, labels, model=self._info.name, top=self._top, draw=draw)
        payload = json.dumps(body).encode()
        if self._calls >= self._budget:
            return _Answer(failure="budget", calls=0)
        if len(payload) > PROMPT_LIMIT:
            return _Answer(failure="too_long", calls=0)
        self._calls += 1
        started = time.perf_counter()
        try:
            raw = self._server.chat.completions.with_raw_response.create(**body)
            answer = _unwrap(raw)
        except openai.OpenAIError as error:
            answer = _Answer(failure=_code(error, self._info))
        except ValueError:  # not JSON, whatever the server calls it
            answer = _Answer(failure="unreadable")
        sent = 0
        if self._counts_bytes:
            sent = self._log.add(
                payload, columns=prompt.columns, redactions=prompt.redactions, times=answer.calls
            )
        if answer.fingerprint and not self._info.fingerprint:
            self._info = replace(self._info, fingerprint=answer.fingerprint)
        return replace(answer, seconds=time.perf_counter() - started, bytes_sent=sent)


def _connect(url: str, *, key: str, timeout: float, retries: int) -> openai.OpenAI:
    if find_spec("openai") is None:
        raise LLMError(
            "The client for language models (openai) is not installed. Run: pip install "
            "'interpretable-toolkit[llm]'",
            code="client_missing",
        )
    import openai

    host = urlsplit(url).hostname or ""
    # A redirect could carry rows to a host nobody agreed to; a proxy has no business with loopback.
    transport = openai.DefaultHttpxClient(
        follow_redirects=False, trust_env=not is_loopback(host), timeout=timeout
    )
    return openai.OpenAI(
        base_url=url, api_key=key or "none", timeout=timeout, max_retries=retries, http_client=transport
    )


def _body(
    dialect: Dialect, prompt: Prompt, labels: tuple[str, ...], *, model: str, top: int, draw: int
) -> dict[str, Any]:
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


def _unwrap(raw: Any) -> _Answer:
    calls = 1 + int(getattr(raw, "retries_taken", 0))
    parsed = raw.parse()
    choices = getattr(parsed, "choices", None)
    if not choices or getattr(choices[0], "message", None) is None:
        return _Answer(failure="unreadable", calls=calls)
    usage = getattr(parsed, "usage", None)
    choice = choices[0]
    refused = (
        getattr(choice.message, "refusal", None) or getattr(choice, "finish_reason", "") == "content_filter"
    )
    return _Answer(
        choice=choice,
        tokens_in=int(getattr(usage, "prompt_tokens", 0) or 0),
        tokens_out=int(getattr(usage, "completion_tokens", 0) or 0),
        calls=calls,
        failure="refused" if refused else "",
        fingerprint=str(getattr(parsed, "system_fingerprint", "") or ""),
    )


def _code(error: openai.OpenAIError, info: LLMInfo) -> str:
    """A failure code; what the server wrote is never repeated, because it may quote the row."""
    import openai

    status = getattr(error, "status_code", None)
    if status in (401, 403):
        raise LLMError(
            f"The language model at {info.where} did not accept the key (HTTP {status}). Set "
            "INTERPRETABLE_LLM_KEY.",
            code="unauthorised",
        ) from None
    if status == 404:
        raise LLMError(
            f"There is no model {info.name!r} at {info.where} (HTTP 404). Check endpoint and model "
            "in the task file.",
            code="model_not_found",
        ) from None
    if isinstance(error, openai.APITimeoutError):
        return "timeout"
    if isinstance(error, openai.APIConnectionError):
        return "connection"
    if status == 429:
        return "rate_limited"
    if status is not None and status >= 500:
        return "server_error"
    if status is not None and status >= 300:
        return "too_long" if "context" in str(getattr(error, "body", "")).casefold() else "rejected"
    return "unreadable"


def _read_logprobs(choice: Any, labels: tuple[str, ...]) -> LabelScores:
    content = getattr(getattr(choice, "logprobs", None), "content", None)
    if not content or not content[0].top_logprobs:
        return failed("no_logprobs")
    offers = [(str(o.token), float(o.logprob)) for o in content[0].top_logprobs]
    logs, mass, unseen = sum_offers(offers, labels)
    if unseen == len(labels):
        return failed("no_label")
    return LabelScores(log_probabilities=logs, label_mass=mass, unseen=unseen)


def _read_json(choice: Any, labels: tuple[str, ...]) -> LabelScores:
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
