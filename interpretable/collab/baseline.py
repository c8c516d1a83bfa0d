"""What a language model makes of the same rows: asked with no example, and with a few.

A fair comparison: the same test rows, the same measures, recalibrated on training rows as the other models
are, its failures counted. It runs on a stated, seeded subsample, because an answer costs a second, not a
microsecond.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from interpretable.collab import serialise
from interpretable.collab.bill import ledger_of
from interpretable.collab.recalibrate import recalibrate
from interpretable.collab.sample import balanced, class_shares, draw
from interpretable.errors import LLMError
from interpretable.llm import Cached, LabelScores, LLMClient, Prompt
from interpretable.llm.many import score_all
from interpretable.llm.scripted import WHERE as SCRIPTED
from interpretable.records.dataset import Dataset
from interpretable.records.exchange import Egress, Ledger, LLMInfo
from interpretable.records.task import Task

ZERO, FEW = "llm zero-shot", "llm few-shot"

Progress = Callable[[int, int, str], None]
Examples = list[tuple[dict[str, Any], int]]


@dataclass(frozen=True, eq=False, kw_only=True)
class Baseline:
    """Predictions of a language model on a subsample of the test rows, and what they cost.

    positions : rows of the test part that were asked about, rising.
    predictions : name ("llm zero-shot", "llm few-shot") -> recalibrated f8[n] probability of the positive
        class, or f8[n, K]; rows whose answer failed hold the class shares of the training part.
    links : name -> what the model said before recalibration: f8[n] log-odds or f8[n, K] log probabilities,
        with nan where it failed.
    calibration : name -> slope, intercept (binary) or slope (multiclass), rows, and signal: 0 where the
        answers did not go along with the outcome in the calibration rows. The ranking is never turned round.
    skipped : name -> code, where a row of the table did not run.
    rehearsal : answers came from a double, not from a language model: never to be shown as one.
    """

    positions: np.ndarray
    predictions: dict[str, np.ndarray]
    links: dict[str, np.ndarray]
    ledgers: dict[str, Ledger]
    calibration: dict[str, dict[str, float]]
    label_mass: dict[str, float]
    failures: dict[str, dict[str, int]]
    info: LLMInfo
    prompt_example: str
    columns: tuple[str, ...]
    rows_test: int
    seed: int
    shots: int
    egress: tuple[Egress, ...] = ()
    skipped: dict[str, str] = field(default_factory=dict)
    rehearsal: bool = False


@dataclass(frozen=True, eq=False, kw_only=True)
class Questions:
    """All that a baseline will ask, before it asks.

    positions : rows of the test part, rising
    held, rows : training rows to recalibrate on, and the test rows
    modes : name -> the examples shown with every question
    """

    wording: serialise.Wording
    positions: np.ndarray
    held: Dataset
    rows: Dataset
    modes: dict[str, Examples]
    skipped: dict[str, str]

    def prompts(self, name: str, rows: Dataset) -> list[Prompt]:
        """The questions of one mode about these rows."""
        return prompts_of(rows, self.wording, self.modes[name])


def plan(
    train: Dataset, test: Dataset, *, allowed: tuple[str, ...] | None, brief: bool, rows: int = 40,
    calibration_rows: int = 40, shots: int = 8, seed: int = 0,
) -> Questions:  # fmt: skip
    """Which rows are asked about, and with which examples. See `run_baseline`."""
    random = np.random.default_rng(seed)
    positions = draw(test.target, rows, random)
    shown, held = _shown_and_held(train.target, shots, calibration_rows, random)
    modes, skipped = _modes(train, shown, allowed)
    return Questions(
        wording=serialise.learn(train, allowed=allowed, brief=brief), positions=positions,
        held=train.take(held), rows=test.take(positions), modes=modes, skipped=skipped,
    )  # fmt: skip


def prompts_of(rows: Dataset, wording: serialise.Wording, examples: Examples) -> list[Prompt]:
    """One question about each row."""
    each = (serialise.values_of(rows, i) for i in range(len(rows)))
    return [serialise.make_prompt(wording, values, examples) for values in each]


def run_baseline(
    task: Task,
    train: Dataset,
    test: Dataset,
    client: LLMClient,
    *,
    rows: int = 40,
    calibration_rows: int = 40,
    shots: int = 8,
    seed: int = 0,
    cache: Path,
    progress: Progress | None = None,
    rehearsal: bool = False,
) -> Baseline:
    """Ask a language model about a subsample of the test rows.

    The probability of each label is read from the model and recalibrated (binary: Platt; multiclass: the
    mean log probability per label over the calibration rows is taken off, as in batch calibration (Zhou et
    al., 2024), then temperature, then the class shares of the training part are put on). Calibration rows
    and examples are two disjoint draws from the training part; the target of a test row is used for the
    stratified draw only.

    An answer that cannot be read is an error: the row is predicted by the class shares of the training
    part (it knows nothing of the row, so it can earn no discrimination), and it is counted in
    `ledger.failures`. It is not dropped, which would compare the model on the rows it likes, and it is never
    a default class.

    Parameters
    ----------
    client : connected; what it answers is kept under `cache`, so that a stopped run resumes without asking
        again.
    progress : called with (done, total, note).
    rehearsal : must be true for a scripted double.

    Raises
    ------
    LLMError
        `.code`: not_defined (regression), scripted, too_few_rows, line_down, or what the client raises.
    """
    _check(task, train, client, rehearsal=rehearsal)
    kept = Cached(client, cache)
    asked = plan(
        train, test, allowed=kept.columns, brief=kept.info().smoke_test_only, rows=rows,
        calibration_rows=calibration_rows, shots=shots, seed=seed,
    )  # fmt: skip
    wording, modes = asked.wording, asked.modes
    tell = _counter(progress, len(modes) * (len(asked.held) + len(asked.rows)))
    prior = class_shares(train.target, len(train.classes))
    asker = _Asker(wording=wording, client=kept, tell=tell, prior=prior)
    parts = asked.held, asked.rows
    runs = {name: _run(asker, *parts, examples=pairs, name=name) for name, pairs in modes.items()}
    invented = serialise.invented(wording, train.frame)
    return Baseline(
        **_columns_of(runs),
        positions=asked.positions,
        info=kept.info(),
        prompt_example=serialise.make_prompt(wording, invented).text(),
        columns=tuple(c.name for c in wording.columns),
        rows_test=len(test),
        seed=seed,
        shots=len(modes.get(FEW, ())),
        egress=kept.egress(),
        skipped=asked.skipped,
        rehearsal=client.info().where == SCRIPTED,
    )


def ask_about(
    rows: Dataset, wording: serialise.Wording, client: LLMClient, *, tell: Callable[[str], None], note: str,
    examples: Examples | None = None,
) -> tuple[np.ndarray, list[LabelScores]]:  # fmt: skip
    """Ask about rows: f8[n, K] label log probabilities, nan where it failed; and the answers."""
    asker = _Asker(wording=wording, client=client, tell=tell, prior=np.empty(0))
    answers = asker.ask(rows, examples or [], note)
    return _table(answers, wording), answers


def refuse_double(client: LLMClient, *, rehearsal: bool) -> None:
    """LLMError where a scripted double would stand in for a language model."""
    if client.info().where == SCRIPTED and not rehearsal:
        raise LLMError(
            "This client is a scripted double, not a language model: its answers must not fill a "
            "row of the table.",
            code="scripted",
        )


def _columns_of(runs: dict[str, _Run]) -> dict[str, dict[str, Any]]:
    """The runs, field by field: name of the mode -> value."""
    fields = {"predictions": "predicted", "links": "links", "ledgers": "ledger"}
    fields |= {name: name for name in ("calibration", "label_mass", "failures")}
    return {out: {name: getattr(run, held) for name, run in runs.items()} for out, held in fields.items()}


def _shown_and_held(
    target: np.ndarray, shots: int, calibration_rows: int, random: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Training rows to show as examples, and others to recalibrate on."""
    shown = balanced(target, shots, random)
    others = np.setdiff1d(np.arange(len(target)), shown)
    return shown, others[draw(target[others], calibration_rows, random)]


def _modes(
    train: Dataset, shown: np.ndarray, allowed: tuple[str, ...] | None
) -> tuple[dict[str, Examples], dict[str, str]]:
    """Examples of each mode, and the modes that do not run: examples show outcomes of training rows."""
    if allowed is not None and train.task.target not in allowed:
        return {ZERO: []}, {FEW: "target_not_allowed"}
    return {ZERO: [], FEW: examples_of(train, shown)}, {}


def examples_of(train: Dataset, shown: np.ndarray) -> Examples:
    """Training rows with their outcomes, to be shown before a question."""
    return [(serialise.values_of(train, i), int(train.target[i])) for i in shown]


def _check(task: Task, train: Dataset, client: LLMClient, *, rehearsal: bool) -> None:
    if task.kind == "regression":
        raise LLMError("The language-model baseline is not defined for regression.", code="not_defined")
    refuse_double(client, rehearsal=rehearsal)
    if train.target is None or len(train) < 8:
        raise LLMError(
            "The training part has too few rows for a language-model baseline.", code="too_few_rows"
        )


def _counter(progress: Progress | None, total: int) -> Callable[[str], None]:
    done = 0

    def tell(note: str) -> None:
        nonlocal done
        done += 1
        if progress is not None:
            progress(done, total, note)

    return tell


@dataclass(frozen=True, eq=False, kw_only=True)
class _Run:
    predicted: np.ndarray
    links: np.ndarray
    ledger: Ledger
    calibration: dict[str, float]
    label_mass: float
    failures: dict[str, int]


@dataclass(frozen=True, eq=False, kw_only=True)
class _Asker:
    wording: serialise.Wording
    client: LLMClient
    tell: Callable[[str], None]
    prior: np.ndarray  # f8[K]: class shares of the training part

    def ask(self, dataset: Dataset, examples: Examples, note: str) -> list[LabelScores]:
        prompts = prompts_of(dataset, self.wording, examples)
        return score_all(self.client, prompts, self.wording.codes, tell=partial(self.tell, note))


def _run(asker: _Asker, train: Dataset, test: Dataset, *, examples: Examples, name: str) -> _Run:
    """One mode: calibration rows first, then test rows."""
    held, asked = asker.ask(train, examples, name), asker.ask(test, examples, name)
    wording = asker.wording
    links, predicted, calibration = recalibrate(
        _table(held, wording), train.target, _table(asked, wording), asker.prior
    )
    mass = [a.label_mass for a in asked if not a.failure]
    return _Run(
        predicted=predicted,
        links=links,
        ledger=ledger_of(asked, wording.task, besides=held),
        calibration=calibration,
        label_mass=float(np.mean(mass)) if mass else float("nan"),
        failures=dict(Counter(a.failure for a in asked if a.failure)),
    )


def _table(answers: list[LabelScores], wording: serialise.Wording) -> np.ndarray:
    """f8[n, K] log probabilities, nan where the answer failed."""
    table = np.full((len(answers), len(wording.codes)), np.nan)
    for i, answer in enumerate(answers):
        if not answer.failure:
            table[i] = answer.log_probabilities
    return table
