"""What a language model makes of the test rows of the small models: asked in several ways, and probed."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from interpretable.collab import kinds, probe, readings, serialise
from interpretable.collab.bill import cost_of, ledger_of
from interpretable.collab.context_card import Card, make_card
from interpretable.collab.guidelines import Guidelines, find_folder, read_guidelines
from interpretable.collab.modes import Part, Prompter
from interpretable.collab.replies import Replies, Way, ask_all, way_of
from interpretable.collab.steady import steadiness
from interpretable.llm import Cached, LLMClient, Prompt
from interpretable.records.dataset import Dataset
from interpretable.records.exchange import Ledger
from interpretable.records.llm_baseline import BaselineFinding, Kinds, ModeName, ModeResult, Renamed
from interpretable.records.task import Task
from interpretable.score.decided import answers_of
from interpretable.study.beside import Asking
from interpretable.study.beside.baseline_ready import PER, Ready, Settings, prepare
from interpretable.study.beside.desk import Desk, open_desk

NAME = "baseline"


@dataclass(frozen=True, eq=False, kw_only=True)
class Counter:
    """A desk that takes prompts of any kind, and gets their replies in one way."""

    desk: Desk
    way: Way

    @property
    def client(self) -> LLMClient:
        return self.desk.client

    @property
    def method(self) -> str:
        """How an answer is got, as the finding says it."""
        return self.client.info().method if self.way.kind == "scores" else self.way.kind

    def ask(self, prompts: Sequence[Prompt], note: str, *, client: LLMClient | None = None) -> Replies:
        """The replies, in order; `client`: another than the desk's own."""
        tell = self.teller(note, len(prompts) * self.way.asks)
        found = ask_all(client or self.client, prompts, self.desk.wording, self.way, tell=tell)
        self.desk.answers += found.answers
        return found

    def teller(self, note: str, total: int) -> Callable[[], None]:
        """Counts answers for the progress."""
        return self.desk.asking.teller(lambda done: f"{note}: {done} of {total} answers")

    def bill(self, asked: Replies, held: Replies, rows: int, task: Task) -> Ledger:
        """Of the test rows of one mode; a row is one decision, however many answers are drawn for it."""
        return replace(ledger_of(asked.answers, task, besides=held.answers), rows=rows)


def run(study: Any, asking: Asking, **options: Any) -> BaselineFinding:
    """Ask a language model about a stated, seeded sample of the test rows in every mode, then probe it.

    Parameters
    ----------
    options : fields of Settings

    Raises
    ------
    UserError : settings that cannot be
    LLMError : the language model cannot be had, or was lost; answers so far are kept
    """
    begin, settings = time.perf_counter(), Settings(**options)
    settings.check()
    asking.progress("the small models on the same rows")
    ready = prepare(study, settings, seed=asking.seed)
    with open_desk(asking, ready.train, rehearsal=settings.rehearsal) as desk:
        method = desk.client.info().method
        way = way_of(study.task, method, verbal=settings.verbal, draws=settings.draws)
        prompter = Prompter(
            wording=desk.wording, train=ready.train, scorer=study.model.scorer(), shots=settings.shots,
            card=_card(study, ready.train, desk.wording), seed=asking.seed,
            guidelines=_guidelines(study) if "guide" in settings.modes else None,
        )  # fmt: skip
        found = _Run(
            counter=Counter(desk=desk, way=way), ready=ready, settings=settings, prompter=prompter,
            seed=asking.seed,
        ).finding(study)  # fmt: skip
    return replace(found, told=replace(found.told, seconds=time.perf_counter() - begin))


def _guidelines(study: Any) -> Guidelines | None:
    folder = find_folder(study.task, study.path)
    return None if folder is None else read_guidelines(folder)


def _card(study: Any, train: Dataset, wording: serialise.Wording) -> Card:
    shown = [c.name for c in wording.columns]
    return make_card(study.evidence.explanation, train, wording.codes, columns=shown)


@dataclass(frozen=True, eq=False, kw_only=True)
class _Run:
    counter: Counter
    ready: Ready
    prompter: Prompter
    settings: Settings
    seed: int

    @property
    def task(self) -> Task:
        return self.ready.test.rows.task

    @property
    def _fresh(self) -> LLMClient | None:
        """The model past the memory of its answers."""
        return self.counter.client.fresh if isinstance(self.counter.client, Cached) else None

    def finding(self, study: Any) -> BaselineFinding:
        """Every mode, then the probes; the verdict over the modes that ran."""
        client, settings = self.counter.client, self.settings
        why = {mode: self.prompter.why_not(mode, client.columns) for mode in settings.modes}
        ran = [mode for mode in why if not why[mode]]
        found = {mode: self._mode(mode, len(ran)) for mode in ran}
        modes = tuple(found[m][0] if m in found else ModeResult(mode=m, skipped=why[m]) for m in why)
        verdict, reason = readings.verdict_of([m.gain for m in modes if m.gain is not None])
        parts = self._probes(found)
        told = self.counter.desk.told(study, NAME)
        return BaselineFinding(
            told=replace(told, verdict=verdict, reason=reason),  # type: ignore[arg-type]  # of verdict_of
            rows=len(self.ready.test),
            rows_test=self.ready.rows_test,
            calibration_rows=len(self.ready.held),
            shots=settings.shots,
            draws=self.counter.way.asks,
            columns=tuple(c.name for c in self.counter.desk.wording.columns),
            small=self.ready.small,
            modes=modes,
            card=self.prompter.card.text if "card" in ran else "",
            prompt_example=self._example(),
            **parts,
        )

    def _example(self) -> str:
        row = serialise.invented(self.counter.desk.wording, self.ready.train.frame)
        return serialise.make_prompt(self.counter.desk.wording, row).text()

    def _mode(self, mode: ModeName, modes: int) -> tuple[ModeResult, Replies, Replies, np.ndarray]:
        """One mode: calibration rows first, then test rows, each read in every way."""
        counter, ready, prompter = self.counter, self.ready, self.prompter
        held = counter.ask(prompter.prompts(mode, ready.held), f"{mode}, calibration rows")
        free = None
        if self.task.kind != "regression":
            empty = counter.ask(prompter.contentless(mode, ready.held), f"{mode}, rows without content")
            free = empty.table[empty.read].mean(axis=0) if empty.read.any() else None
        asked = counter.ask(prompter.prompts(mode, ready.test), f"{mode}, test rows")
        said, fit = readings.read_all(
            self.task, held.table, ready.held.rows.target, asked.table, free=free, shares=ready.shares
        )
        told = self._told(mode, held, asked, said, modes)
        return replace(told, fit=fit), held, asked, said["fitted"]

    def _told(
        self, mode: ModeName, held: Replies, asked: Replies, said: dict[Any, np.ndarray], modes: int
    ) -> ModeResult:
        rows, local = self.ready.test.rows, self.counter.client.info().where in ("local", "scripted")
        ledger = self.counter.bill(asked, held, len(rows), self.task)
        cost = cost_of(ledger, decisions=PER, watts=self.settings.watts if local else None)
        read = readings.compare_readings(rows, said, self.ready.said, seed=self.seed)
        used = next(s for s in self.ready.small if s.used)
        overrides = None
        if mode == "hint" and self.task.kind != "regression":
            likeliest = np.where(asked.read[:, None], asked.table, 0.0).argmax(axis=1)
            told = self.ready.test.small.argmax(axis=1)
            overrides = readings.overrides_of(rows, likeliest, told, asked.read)
        return ModeResult(
            mode=mode,
            way=self.counter.method,
            unread=int((~asked.read).sum()),
            failures=asked.failures,
            label_mass=asked.label_mass,
            readings=read,
            gain=readings.gain_of(rows, said["fitted"], self.ready.said, modes=modes),
            ledger=ledger,
            cost=cost,
            overrides=overrides,
            more=readings.more_correct(read[-1], cost, used.cost),
        )

    def _probes(
        self, found: dict[ModeName, tuple[ModeResult, Replies, Replies, np.ndarray]]
    ) -> dict[str, Any]:
        """What is asked beyond the modes; a probe of 0 rows is left out."""
        parts: dict[str, Any] = {}
        if self.settings.probe_rows:
            parts["renamed"] = self._renamed()
            # Past the memory of answers: a continued row could be a person's, and is not to be kept.
            done = probe.complete_rows(
                self.ready.train,
                self._fresh or self.counter.client,
                rows=self.settings.probe_rows,
                seed=self.seed,
                tell=self.counter.teller("rows to be continued", self.settings.probe_rows),
            )
            self.counter.desk.answers += done.answers
            parts["completion"] = done.told
        if self.settings.steady_rows:
            few = self.ready.test.take(np.arange(len(self.ready.test))[: self.settings.steady_rows])
            fresh = self._fresh
            parts["steadiness"] = tuple(
                steadiness(
                    self.prompter, few, self.counter.ask,
                    again=None if fresh is None else partial(self.counter.ask, client=fresh),
                    allowed=self.counter.client.columns,
                )
            )  # fmt: skip
        if found and self.task.kind != "regression":
            mode = next(iter(found))
            parts["kinds"] = self._kinds(mode, *found[mode][1:])
        return parts

    def _renamed(self) -> Renamed:
        """Zero-shot with and without the names of the columns, the answers as they came."""
        wording = self.counter.desk.wording
        if len(wording.columns) == 1:
            return Renamed(skipped="one_column")
        bare = replace(self.prompter, wording=probe.without_names(wording))
        rows, shares = self.ready.test.rows, self.ready.shares
        tables = [
            self.counter.ask(one.prompts("zero", self.ready.test), note).table
            for one, note in ((self.prompter, "names"), (bare, "names taken away"))
        ]
        said = [
            readings.read_all(self.task, t[:0], rows.target[:0], t, free=None, shares=shares)[0]["raw"]
            for t in tables
        ]
        gain = readings.gain_of(rows, said[0], said[1], modes=1)
        named, other = (readings.metrics(rows, p, seed=self.seed)[gain.metric] for p in said)
        return Renamed(n=len(rows), metric=gain.metric, named=named, bare=other, difference=gain.figure)

    def _kinds(self, mode: ModeName, held: Replies, asked: Replies, fitted: np.ndarray) -> Kinds:
        """How sure the fitted reading is, and whether it is right, on both parts."""
        proof, _ = readings.read_all(
            self.task, held.table, self.ready.held.rows.target, held.table, free=None,
            shares=self.ready.shares,
        )  # fmt: skip
        given = (
            (self.ready.held, held.read, proof["fitted"]),
            (self.ready.test, asked.read, fitted),
        )
        return kinds.find_kinds(mode, *(self._sure(*one) for one in given), seed=self.seed)

    def _sure(self, part: Part, read: np.ndarray, said: np.ndarray) -> kinds.Answers:
        rows = part.rows.take(np.flatnonzero(read))
        answer, sureness = answers_of(self.task, said[read])
        return kinds.Answers(rows=rows, sureness=sureness, right=answer == rows.target)
