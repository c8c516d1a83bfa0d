"""The language model's row in the table of models, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from interpretable import llm
from interpretable.collab.baseline import Baseline, run_baseline
from interpretable.errors import BrokenPromise, LLMError
from interpretable.records.dataset import Dataset
from interpretable.records.exchange import LLMEvidence, LLMMode, LLMStatus
from interpretable.study.options import Options, Progress

REFUSED = {"no_consent", "bad_endpoint", "plain_http", "scripted", "bad_cap"}

Answer = tuple[LLMEvidence, Baseline | None]


def _status(code: str) -> LLMStatus:
    if code == "not_defined":
        return "not_defined"
    if code in REFUSED:
        return "refused"
    return "unavailable" if code.endswith(("missing", "damaged")) or code == "unavailable" else "failed"


def _counter(progress: Progress) -> Callable[[int, int, str], None]:
    def tell(done: int, total: int, note: str) -> None:
        progress(f"{note}: {done} of {total} answers")

    return tell


def ask(train: Dataset, test: Dataset, exchanges: Path, *, options: Options, progress: Progress) -> Answer:
    """Ask the language model the options name about a subsample of the test rows.

    A model that cannot be used is a status in the evidence, not an error: everything else still runs. Only an
    explicit choice that breaks a rule of the task (an endpoint without consent) is raised.
    """
    if options.llm == "off":
        return LLMEvidence(mode="off", status="off", reason="off"), None
    if train.task.kind == "regression":
        return LLMEvidence(mode=options.llm, status="not_defined", reason="not_defined"), None
    try:
        with llm.connect(options.llm, train.task) as client:
            found = run_baseline(
                train.task, train, test, client, rows=options.llm_rows, calibration_rows=options.llm_rows,
                seed=options.seed, cache=exchanges, progress=_counter(progress),
            )  # fmt: skip
    except LLMError as error:
        if error.code in REFUSED:
            raise
        return _absent(options.llm, error), None
    return _evidence(found, options.llm), found


def _absent(mode: LLMMode, error: LLMError) -> LLMEvidence:
    return LLMEvidence(
        mode=mode, status=_status(error.code), reason=error.code, detail=" ".join(error.problems)
    )


def _evidence(found: Baseline, mode: LLMMode) -> LLMEvidence:
    if found.rehearsal or found.info.where == "scripted":
        raise BrokenPromise("A scripted double must never fill a language model's row.")
    return LLMEvidence(
        mode=mode,
        status="ran",
        info=found.info,
        rows_asked=len(found.positions),
        rows_test=found.rows_test,
        seed=found.seed,
        shots=found.shots,
        egress=found.egress,
        prompt_example=found.prompt_example,
    )
