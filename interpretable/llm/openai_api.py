"""Any server that speaks the OpenAI chat API: the local engine, Ollama, vLLM, llama.cpp, OpenAI, Azure.

How much a server tells differs, so a ladder is probed once, with a question that holds no data, and its step
is written into the evidence (`LLMInfo.method`): figures from different steps are not comparable one to one.

1. logprobs: probabilities of the first token of the answer;
2. json: the answer and a probability in words of the model itself;
3. votes: the share of several answers drawn at random.
"""

from __future__ import annotations

import os
import threading
import time
from collections import Counter
from dataclasses import dataclass, replace
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np

from interpretable.errors import LLMError
from interpretable.llm import writing
from interpretable.llm.bounds import payload_of
from interpretable.llm.client import (
    AMOUNTS,
    LINE_FAILURES,
    Ask,
    Closing,
    Cost,
    Generated,
    LabelScores,
    Prompt,
    failed,
)
from interpretable.llm.egress import EgressLog, is_loopback
from interpretable.llm.labels import first_word
from interpretable.llm.ladder import LADDER, VOTES, Dialect, make_body, read_json, read_logprobs
from interpretable.llm.purse import Purse
from interpretable.records.exchange import Egress, LLMInfo

if TYPE_CHECKING:
    import openai

PROMPT_LIMIT = 64_000  # bytes of one request: a row is never this long
_PROBE = Prompt(
    system="Answer with one word: yes or no.", question="Is ice colder than steam? Answer yes or no."
)
_PROBE_LABELS = ("yes", "no")
_PROBE_MASS = (
    0.02  # less than this on the labels: the first token is not the answer (a model that thinks aloud)
)


@dataclass(frozen=True, kw_only=True)
class _Answer(Cost):
    """What one request brought: a message, or a failure code."""

    choice: Any = None
    failure: str = ""
    fingerprint: str = ""


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
    """A chat model behind a base URL. Several threads may ask it at the same time.

    Parameters
    ----------
    url : base URL, ending in /v1 as a rule.
    info : what is known of the model; `name` is asked for, `where` names the place.
    key : secret, or "" where the server needs none. Never logged, never part of a message.
    columns : the only columns that prompts may hold; None where nothing leaves the machine.
    dialect : step of the ladder, where it is known; else it is probed.
    top : candidates for the first token to ask for (servers allow 20, as a rule).
    purse : what may be spent; by default there is no cap.
    at_once : questions that may be under way at the same time.
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
        purse: Purse | None = None,
        at_once: int = 1,
        timeout: float = 60.0,
        retries: int = 4,
    ):
        self._columns, self._top = columns, top
        self.at_once, self.purse = at_once, purse or Purse()
        self._log = EgressLog(endpoint=urlsplit(url).hostname or "", model=info.name)
        self.url = url
        self._retries = retries
        self._lock = threading.Lock()
        self._structured = True  # until the server refuses a schema
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
        self._check_columns(prompt)
        return self._score(self._dialect, prompt, labels)

    def _check_columns(self, prompt: Prompt) -> None:
        if self._columns is not None and not set(prompt.columns) <= set(self._columns):
            raise LLMError(
                "A prompt holds columns that [llm] columns does not allow. Nothing was sent.",
                code="column_not_allowed",
            )

    def _score(self, dialect: Dialect, prompt: Prompt, labels: tuple[str, ...]) -> LabelScores:
        if dialect.method == "votes":
            return self._vote(dialect, prompt, labels)
        answer = self._ask(dialect, prompt, labels)
        if answer.failure:
            return failed(answer.failure, **answer.spent())
        read = read_logprobs if dialect.method == "logprobs" else read_json
        scores = read(answer.choice, labels)
        return replace(scores, **answer.spent())

    def _vote(self, dialect: Dialect, prompt: Prompt, labels: tuple[str, ...]) -> LabelScores:
        answers = [self._ask(dialect, prompt, labels, draw=i) for i in range(VOTES)]
        spent = {name: sum(getattr(a, name) for a in answers) for name in AMOUNTS}
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

    def generate(self, prompt: Prompt, ask: Ask) -> Generated:
        """A text, or a record by a schema; failures come back as codes.

        Raises
        ------
        LLMError
            `.code` column_not_allowed, unauthorised, model_not_found.
        """
        self._check_columns(prompt)
        structured = self._structured
        answer = self._written(prompt, ask, structured=structured)
        if answer.failure == "rejected" and ask.schema is not None and structured:
            self._structured = False  # this server knows no schemas: from now on they are told in words
            again = self._written(prompt, ask, structured=False)
            answer = replace(again, calls=answer.calls + again.calls)
        if answer.failure:
            return Generated(failure=answer.failure, **answer.spent())
        cut = getattr(answer.choice, "finish_reason", "") == "length"
        return replace(writing.read(str(answer.choice.message.content or ""), ask, cut=cut), **answer.spent())

    def _written(self, prompt: Prompt, ask: Ask, *, structured: bool) -> _Answer:
        dialect = self._dialect
        body = writing.make_body(
            prompt, ask, model=self._info.name, limit=dialect.limit, plain=dialect.plain,
            structured=structured,
        )  # fmt: skip
        return self._send(body, prompt)

    def _ask(self, dialect: Dialect, prompt: Prompt, labels: tuple[str, ...], *, draw: int = 0) -> _Answer:
        body = make_body(dialect, prompt, labels, model=self._info.name, top=self._top, draw=draw)
        return self._send(body, prompt)

    def _send(self, body: dict[str, Any], prompt: Prompt) -> _Answer:
        payload = payload_of(body)
        if len(payload) > PROMPT_LIMIT:
            return _Answer(failure="too_long")
        most = int(body.get("max_tokens") or body["max_completion_tokens"])
        held = self.purse.hold(len(payload), most, attempts=1 + self._retries)
        if held is None:
            return _Answer(failure="budget")
        sent = self._note(prompt, payload, times=1)  # before the sending: a stop must not lose it
        started = time.perf_counter()
        answer = _Answer(failure="stopped", calls=1)
        try:
            answer = self._post(body)
        finally:
            self.purse.settle(
                held, tokens_in=answer.tokens_in, tokens_out=answer.tokens_out, calls=answer.calls,
                failure=answer.failure,
            )  # fmt: skip
        sent += self._note(prompt, payload, times=answer.calls - 1)
        with self._lock:
            if answer.fingerprint and not self._info.fingerprint:
                self._info = replace(self._info, fingerprint=answer.fingerprint)
        return replace(answer, seconds=time.perf_counter() - started, bytes_sent=sent)

    def _post(self, body: dict[str, Any]) -> _Answer:
        import openai

        try:
            return _unwrap(self._server.chat.completions.with_raw_response.create(**body))
        except openai.OpenAIError as error:
            failure = _code(error, self._info)
            return _Answer(failure=failure, calls=1 + self._retries * (failure in LINE_FAILURES))
        except ValueError:  # not JSON, whatever the server calls it
            return _Answer(failure="unreadable", calls=1)

    def _note(self, prompt: Prompt, payload: bytes, *, times: int) -> int:
        """Bytes that leave, written into the log; none where nothing leaves the machine."""
        if self._columns is None or not times:
            return 0
        return self._log.add(payload, columns=prompt.columns, redactions=prompt.redactions, times=times)


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
