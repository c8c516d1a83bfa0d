"""Language models: who may be asked, what may leave the machine, and the asking. The one room with a network.

Nothing here imports the client library or the engine before a model is connected.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec

from interpretable.errors import LLMError
from interpretable.llm import egress, local, weights
from interpretable.llm.cache import Cached
from interpretable.llm.client import Ask, Generated, LabelScores, LLMClient, Prompt
from interpretable.llm.ladder import Dialect
from interpretable.llm.openai_api import OpenAIClient, key_for
from interpretable.llm.scripted import ScriptedLLM
from interpretable.llm.weights import pull
from interpretable.records.exchange import LLMInfo, LLMMode
from interpretable.records.task import Task

__all__ = [
    "Ask",
    "Cached",
    "Generated",
    "LLMClient",
    "LLMPlan",
    "LabelScores",
    "Prompt",
    "ScriptedLLM",
    "connect",
    "describe",
    "pull",
]

LOCAL = LLMInfo(
    name="SmolLM2-135M-Instruct",
    where="local",
    parameters="135M",
    quantisation="Q4_1",
    size_bytes=98_362_432,
    licence="Apache-2.0",
    sha256=weights.SHA256,
    smoke_test_only=True,
    method="logprobs",
)
_LOCAL_TOP = 200  # the engine offers as many first tokens as it is asked for


@dataclass(frozen=True, kw_only=True)
class LLMPlan:
    """Which language model would be used, whether it can be, and what would leave the machine.

    problems : sentences; empty means ready. Nothing was sent and nothing was started to find out.
    """

    mode: LLMMode
    model: str = ""
    where: str = ""
    ready: bool = False
    weights: str = ""  # local: "missing", "present" or "damaged"
    weights_path: str = ""
    engine: bool = False  # local: installed
    key: bool = False  # endpoint: a key is in the environment
    purpose: str = ""
    leaves_machine: bool = False
    columns: tuple[str, ...] = ()  # whose values would be sent
    examples: bool = False  # whether training rows with their outcomes would be sent as examples
    problems: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()


def describe(mode: LLMMode, task: Task | None = None) -> LLMPlan:
    """What `connect` would do, found out without sending or starting anything."""
    if mode == "local":
        return _describe_local()
    if mode == "endpoint":
        return _describe_endpoint(task)
    return LLMPlan(mode="off")


def _describe_local() -> LLMPlan:
    state, engine = weights.state(), local.is_installed()
    problems, codes = [], []
    if not engine or find_spec("openai") is None:
        problems.append("Not installed. Run: pip install 'interpretable-toolkit[llm-local]'")
        codes.append("engine_missing")
    if state != "present":
        problems.append(f"The weights are {state}. Run: interpretable llm pull")
        codes.append(f"weights_{state}")
    return LLMPlan(
        mode="local",
        model=LOCAL.name,
        where="local",
        ready=not problems,
        weights=state,
        weights_path=str(weights.path()),
        engine=engine,
        problems=tuple(problems),
        codes=tuple(codes),
    )


def _describe_endpoint(task: Task | None) -> LLMPlan:
    if task is None:
        return LLMPlan(
            mode="endpoint", problems=("An endpoint is named in a task file: name one.",), codes=("no_task",)
        )
    try:
        egress.check_consent(task)
    except LLMError as error:
        return LLMPlan(mode="endpoint", problems=error.problems, codes=(error.code,))
    assert task.llm is not None  # checked by consent
    host = egress.check_url(task.llm.endpoint)
    installed = find_spec("openai") is not None
    return LLMPlan(
        mode="endpoint",
        model=task.llm.model,
        where=host,
        ready=installed,
        key=bool(key_for(host)),
        purpose=task.llm.purpose,
        leaves_machine=not egress.is_loopback(host),
        columns=task.llm.columns,
        examples=task.target in task.llm.columns,
        problems=() if installed else ("Not installed. Run: pip install 'interpretable-toolkit[llm]'",),
        codes=() if installed else ("client_missing",),
    )


def connect(mode: LLMMode, task: Task) -> LLMClient:
    """Start or reach the language model; use it in a `with` block.

    Raises
    ------
    LLMError
        `.code` says why not: off, engine_missing, client_missing, weights_missing, weights_damaged,
        no_consent, bad_endpoint, plain_http, unauthorised, model_not_found, unavailable.
    """
    if mode == "local":
        return _Local()
    if mode == "endpoint":
        egress.check_consent(task)
        assert task.llm is not None  # checked by consent
        host = egress.check_url(task.llm.endpoint)
        return OpenAIClient(
            task.llm.endpoint,
            LLMInfo(name=task.llm.model, where=host),
            key=key_for(host),
            columns=task.llm.columns,
            purse=egress.open_purse(task.llm),
            at_once=task.llm.concurrency,
        )
    raise LLMError("No language model was asked for (--llm off).", code="off")


class _Local(OpenAIClient):
    """The local engine and its client, closed together."""

    def __init__(self) -> None:
        if find_spec("openai") is None:
            raise LLMError(
                "The client for language models (openai) is not installed. Run: "
                "pip install 'interpretable-toolkit[llm-local]'",
                code="client_missing",
            )
        self._engine = local.Engine(weights.ready())
        logprobs = Dialect(method="logprobs")
        super().__init__(
            self._engine.url, LOCAL, key=self._engine.key, dialect=logprobs, top=_LOCAL_TOP, timeout=120.0
        )

    def close(self) -> None:
        super().close()
        self._engine.close()
