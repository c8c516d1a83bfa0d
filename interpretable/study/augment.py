"""A training run may learn from generated rows too: judged first, on real training rows alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from interpretable import llm
from interpretable.collab.bill import ledger_of
from interpretable.collab.gate import judge, make_extra
from interpretable.collab.synthesise import Maker, make_maker
from interpretable.errors import LLMError, TaskError
from interpretable.llm import Cached, LLMClient
from interpretable.models.base import takes_weights
from interpretable.models.mix import Extra
from interpretable.records.dataset import Dataset
from interpretable.records.gate import Augmentation, GateFinding
from interpretable.records.synthetic import Generator
from interpretable.study.options import Options, Progress

LANGUAGE_MODEL = "llm"
STUDENTS = ("linear", "text", "ebm", "xgboost")  # the first of these that is trained learns: the quickest


def student_of(keys: Sequence[str]) -> str:
    """The family that is judged and may learn from generated rows.

    Raises
    ------
    TaskError : none of the families to be trained can learn from weighted rows
    """
    able = [key for key in STUDENTS if key in keys and takes_weights(key)]
    if not able:
        raise TaskError(
            f"None of the models to be trained ({', '.join(keys)}) can learn from generated rows. "
            f"Name one of these too, or leave augment out: {', '.join(STUDENTS)}."
        )
    return able[0]


def augment(
    train: Dataset, generator: Generator | None, *, student: str, folder: Path, options: Options,
    progress: Progress,
) -> tuple[Augmentation, Extra | None]:  # fmt: skip
    """The finding, and the rows that the student may learn from; none unless the verdict is "helps".

    Parameters
    ----------
    train : real rows of the training part
    generator : None takes the language model that the options name
    folder : where its answers are kept while the run goes on

    Raises
    ------
    LLMError : the language model cannot be had, or is no maker of rows
    """
    if generator is not None:
        finding, extra = _judged(train, generator, student=student, options=options, progress=progress)
        return Augmentation(gate=finding), extra
    with _language_model(train, folder, options) as (client, maker):
        finding, extra = _judged(train, maker, student=student, options=options, progress=progress)
        ledger = ledger_of(maker.answers, train.task)
        return Augmentation(gate=finding, info=client.info(), ledger=ledger, egress=client.egress()), extra


def _judged(
    train: Dataset, generator: Generator, *, student: str, options: Options, progress: Progress
) -> tuple[GateFinding, Extra | None]:
    gated = judge(
        train, generator, family=student, seed=options.seed, threads=options.threads,
        repeats=1 if options.quick else 2, progress=lambda note: progress(f"generated rows: {note}"),
    )  # fmt: skip
    extra = make_extra(train, gated, generator, family=student, seed=options.seed)
    if gated.finding.verdict == "helps" and extra is None:  # the last set of rows lacks a class
        lacking: dict[str, Any] = {"verdict": "cannot_tell", "reason": "nothing_usable", "weight": 0.0}
        return replace(gated.finding, **lacking), None
    return gated.finding, extra


@contextmanager
def _language_model(train: Dataset, folder: Path, options: Options) -> Iterator[tuple[LLMClient, Maker]]:
    if options.llm == "off":
        raise LLMError(
            "Generated rows need a language model, and it is off. Choose local or endpoint, or leave "
            "augment out.",
            code="off",
        )
    with llm.connect(options.llm, train.task) as client:
        kept = Cached(client, folder)
        yield kept, make_maker(kept, train.task)
