"""The whole run: check, split, fit, choose, open the test part, explain, prove, write."""

from __future__ import annotations

import shutil
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas

from interpretable import data, words
from interpretable.bundle import plain, seal
from interpretable.collab.baseline import Baseline
from interpretable.errors import DataError
from interpretable.explain import explain_case, explain_whole
from interpretable.explain.context import Context
from interpretable.models.mix import Extra
from interpretable.records import codec
from interpretable.records.bundle import BundleIndex
from interpretable.records.dataset import Dataset
from interpretable.records.domain import DomainModel
from interpretable.records.evidence import SCHEMA_VERSION, Evidence
from interpretable.records.exchange import LLMEvidence
from interpretable.records.finding import Finding
from interpretable.records.gate import Augmentation
from interpretable.records.split import Split
from interpretable.records.synthetic import Generator
from interpretable.score.domain import DomainCheck, fit_domain
from interpretable.score.golden import make_golden
from interpretable.score.scorer import Scorer, make_scorer
from interpretable.study import evidence as compose
from interpretable.study import language, layout, private
from interpretable.study.assess import Assessment
from interpretable.study.augment import augment, student_of
from interpretable.study.checkpoint import Workbench, fingerprint
from interpretable.study.examples import make_examples
from interpretable.study.fitting import Fits, chosen_families, fit_all
from interpretable.study.inspect import inspect_all
from interpretable.study.inspect.selective import rules_of
from interpretable.study.material import Material
from interpretable.study.options import Options, Progress
from interpretable.study.proofs import prove
from interpretable.version import VERSION


def check_or_refuse(dataset: Dataset) -> tuple[Finding, ...]:
    """All findings; DataError where one must be fixed before any model is worth fitting."""
    findings = data.check(dataset)
    blocking = [f for f in findings if f.severity == "must_fix"]
    if blocking:
        raise DataError([words.finding(f) for f in blocking])
    return findings


class Run:
    """One training run. Each step keeps what later steps need; `write` puts it all on disk at once."""

    def __init__(
        self, dataset: Dataset, task_text: str, *, out: Path, options: Options, progress: Progress,
        outsiders: Dataset | None = None, generator: Generator | None = None,
    ):  # fmt: skip
        self.dataset, self.task_text, self.out = dataset, task_text, out
        self.options, self.progress, self.outsiders = options, progress, outsiders
        self.generator = generator
        self.started = time.perf_counter()
        self.events: list[dict[str, Any]] = []
        self.augmentation: Augmentation | None = None
        self.bench = Workbench(out, fingerprint(dataset, options, outsiders))

    def fit(self) -> None:
        """Findings, split, models, choice."""
        self.progress("checking the data")
        self.findings = check_or_refuse(self.dataset)
        self.split: Split = data.split(self.dataset, seed=self.options.seed)
        self.findings += data.check_split(self.dataset, self.split)
        self.train, self.calibration, self.test = data.parts(self.dataset, self.split)
        extra = self._augment() if self.options.augment else None
        self.fits: Fits = fit_all(
            self.train, self.dataset, self.bench, options=self.options, progress=self.progress, extra=extra
        )
        self.scorers: dict[str, Scorer] = {t.name: make_scorer(t.record) for t in self.fits.trained}
        self.selected = self.scorers[self.fits.selection.selected]
        if self.dataset.task.cut is not None:
            self._note("line_fixed", cut=self.dataset.task.cut, harm_ratio=self.dataset.task.harm_ratio)
        self._note("model_selected", model=self.fits.selection.selected)

    def _augment(self) -> Extra | None:
        """Judge generated rows on the training part; what is let in is learned from, never measured on."""
        student = student_of(chosen_families(self.train, self.options.models))
        self.augmentation, extra = augment(
            self.train, self.generator, student=student, folder=self.bench.folder / "augment",
            options=self.options, progress=self.progress,
        )  # fmt: skip
        self._note("generated_rows_judged", verdict=self.augmentation.gate.verdict)
        return extra

    def ask(self) -> None:
        """The language model's rows."""
        before = self.out / layout.EXCHANGES
        if before.is_dir() and not self.bench.exchanges.exists():
            shutil.copytree(before, self.bench.exchanges)
        self.bench.exchanges.mkdir(parents=True, exist_ok=True)
        self.answer: LLMEvidence
        self.baseline: Baseline | None
        self.answer, self.baseline = language.ask(
            self.train, self.test, self.bench.exchanges, options=self.options, progress=self.progress
        )

    def assess(self) -> None:
        """Open the test part, and prove the explanations on it."""
        self.progress("measuring on the test part")
        self._note("test_part_opened", rows=len(self.test), fingerprint=self.split.fingerprint)
        self.assessment = Assessment(self.fits, self.test, self.scorers, options=self.options)
        # Only what the model in use reads can make a row unlike those it learned from.
        self.domain: DomainModel = fit_domain(
            self.selected.features, _columns(self.train.features), len(self.train), seed=self.options.seed
        )
        self.progress("proving the explanations")
        self.checks = prove(self.selected, self.test, DomainCheck(self.domain), seed=self.options.seed)

    def inspect(self) -> None:
        """What is asked beyond the measures."""
        material = Material(
            options=self.options, everything=self.dataset, train=self.train, calibration=self.calibration,
            test=self.test, fits=self.fits, scorers=self.scorers, predictions=self.assessment.predictions,
            domain=self.domain, bench=self.bench, progress=self.progress, outsiders=self.outsiders,
        )  # fmt: skip
        self.inspected = inspect_all(material)

    def _note(self, action: str, **facts: Any) -> None:
        self.events.append({"action": action, "time": compose.now(), **facts})

    def bundle_members(self) -> dict[str, bytes]:
        """The sealed members: models, task, domain, golden rows."""
        members = {
            f"models/{trained.name}.{kind}": data
            for trained in self.fits.trained
            for kind, data in plain.members_of(trained.record).items()
        }
        index = BundleIndex(
            format=1,
            version=VERSION,
            created=compose.now(),
            selected=self.fits.selection.selected,
            models=tuple(self.scorers),
            averages=compose.averages(self.train),
        )
        golden = make_golden(self.scorers, self.fits.features, seed=self.options.seed)
        records: dict[str, Any] = {
            "index": index,
            "task": self.dataset.task,
            "domain": self.domain,
            "golden": golden,
        }
        if self.inspected["selective"] is not None:
            records["selective"] = rules_of(self.inspected["selective"])
        return members | {f"{name}.json": codec.to_json(record) for name, record in records.items()}

    def evidence(self, bundle_id: str, sizes: Mapping[str, int]) -> Evidence:
        """Every figure."""
        self.progress("writing the evidence")
        whole = explain_whole(self.selected, self.train)
        context = Context(
            task=self.dataset.task,
            bundle_id=bundle_id,
            averages=compose.averages(self.train),
            domain=self.domain,
        )
        rows = make_examples(self.selected, self.train, [i.feature for i in whole.importances])
        background = _columns(self.background())
        cases = tuple(
            explain_case(self.selected, rows.take(np.array([i])), context, background=background)
            for i in range(len(rows))
        )
        models = self.assessment.models(dict(sizes), self.baseline)
        return Evidence(
            schema_version=SCHEMA_VERSION,
            task=self.dataset.task,
            data=compose.data_evidence(self.dataset),
            findings=self.findings,
            split=compose.split_evidence(self.split, (self.train, self.calibration, self.test)),
            models=models,
            selected=self.fits.selection.selected,
            selection=self.fits.selection,
            comparisons=self.assessment.comparisons(),
            comparisons_subsample=self.assessment.comparisons_subsample(self.baseline),
            groups=self.assessment.groups(),
            explanation=compose.trimmed(whole, len(context.averages)),
            examples=cases,
            checks=self.checks
            | {"compile_gap": {m.name: m.compile_gap for m in models if m.family != "llm"}},
            llm=self.answer,
            not_computed=compose.lacking(self.dataset.task, self.answer, cases[0].spread is not None)
            + tuple(lack for found in self.inspected.values() if found for lack in found.not_computed),
            events=tuple(self.events),
            provenance=compose.provenance(
                self.dataset, self.split, options=self.options, bundle_id=bundle_id, started=self.started
            ),
            augmentation=self.augmentation,
            **self.inspected,
        )

    def background(self) -> pandas.DataFrame:
        """The stored rows that SHAP values are taken against."""
        return self.train.features.iloc[private.background_rows(len(self.train), self.options.seed)]

    def write(self) -> None:
        """Everything at once: a study is complete or not there."""
        new = self.out.with_name(f".{self.out.name}.new")
        shutil.rmtree(new, ignore_errors=True)
        members = self.bundle_members()
        bundle_id = seal.write_sealed(new / layout.BUNDLE, members)
        sizes = {
            name: sum(len(data) for path, data in members.items() if path.startswith(f"models/{name}."))
            for name in self.scorers
        }
        found = self.evidence(bundle_id, sizes)
        seal.write_bytes(new / layout.EVIDENCE, codec.to_json(found, indent=1))
        seal.write_bytes(new / layout.TASK, self.task_text.encode())
        self._write_private(new / layout.PRIVATE)
        shutil.copytree(self.bench.exchanges, new / layout.EXCHANGES)
        layout.write_seal(new, bundle_id)
        layout.swap(new, self.out)
        self.bench.clear()

    def _write_private(self, folder: Path) -> None:
        for part in (self.train, self.calibration, self.test):
            private.write_part(folder, part)
        private.write_groups(folder, (self.train, self.calibration, self.test))
        layout.write_table(folder / "background.parquet", self.background())
        predictions = private.prediction_table(self.test, self.assessment.predictions)
        layout.write_table(folder / "predictions.parquet", predictions)
        private.write_out_of_fold(folder, self.train, self.fits)
        private.write_language(folder, self.test, self.baseline)


def _columns(frame: pandas.DataFrame) -> dict[str, np.ndarray]:
    return {name: frame[name].to_numpy() for name in frame}


def run(
    dataset: Dataset, task_text: str, *, out: Path, options: Options, progress: Progress,
    outsiders: Dataset | None = None, generator: Generator | None = None,
) -> None:  # fmt: skip
    """Train, measure and write one study at `out`; `outsiders` are rows that do not belong.

    `generator` makes the rows where the options name one other than the language model.
    """
    layout.check_target(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    going = Run(
        dataset, task_text, out=out, options=options, progress=progress, outsiders=outsiders,
        generator=generator,
    )  # fmt: skip
    going.fit()
    going.ask()
    going.assess()
    going.inspect()
    going.write()
