"""A study on disk, opened for people: its evidence, and any case explained."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas

from interpretable import data
from interpretable.collab.narrative import Narrative, narrate
from interpretable.data.limits import FILE, Limits
from interpretable.errors import BundleError
from interpretable.explain import SimilarCases, explain_case, explain_whole, look_over
from interpretable.explain.adverse import AdverseReasons
from interpretable.explain.context import Context
from interpretable.explain.label_queue import label_queue
from interpretable.explain.ranges import range_of
from interpretable.explain.recourse import Wish, find_recourse
from interpretable.explain.reference import Reference, Side, refer
from interpretable.explain.snippets import Units, find_snippets
from interpretable.explain.whatif import what_if
from interpretable.llm import connect
from interpretable.records import codec
from interpretable.records.calibrators import PredictionRange
from interpretable.records.dataset import Dataset, Part
from interpretable.records.evidence import Evidence
from interpretable.records.exchange import LLMMode
from interpretable.records.explanation import (
    AdverseNotice,
    CaseExplanation,
    OutcomeMix,
    Outlook,
    SimilarCase,
    Snippet,
    Value,
    WholeExplanation,
)
from interpretable.records.labels import LabelDoubts, LabelPick
from interpretable.records.recourse import Recourse, WhatIf
from interpretable.records.review import Case
from interpretable.score.decided import decide_case
from interpretable.score.loaded import LoadedModel
from interpretable.score.scorer import columns_of, predict
from interpretable.study import beside, layout
from interpretable.study.evidence import now
from interpretable.study.label_doubts import study_doubts
from interpretable.study.label_files import find_unlabelled

BLACK_BOX = "xgboost"


class OpenStudy:
    """Everything the app, the report and the command line read from a study.

    The bundle and the evidence are proved against their seals when they are opened.
    """

    def __init__(self, path: str | Path):
        self.path = Path(path)
        if not (self.path / layout.SEAL).is_file():
            raise BundleError(
                f"{str(path)!r} holds no study. Make one with: interpretable train TASK -o {path}"
            )
        self.model = LoadedModel(self.path)
        self.task = self.model.task
        self.bundle_id = self.model.bundle_id
        self.model_version = self.model.version

    @cached_property
    def evidence(self) -> Evidence:
        return codec.from_json(layout.read_sealed_file(self.path, layout.EVIDENCE), Evidence)

    @cached_property
    def beside(self) -> dict[str, Any]:
        """What small models and language models do for each other here, by mechanism; proved when read."""
        return beside.read(self.path, self.bundle_id)

    def ask_beside(self, mechanism: str, *, llm: LLMMode = "local", seed: int = 0, **options: Any) -> Any:
        """Ask one mechanism beside this study; its finding is kept in the study's folder and returned.

        Parameters
        ----------
        mechanism : a name of `interpretable llm --help`: "baseline", "augment", "cascade", ...
        llm : "local" or "endpoint"; mechanisms that need no language model take "off"
        options : those of the mechanism, and `progress`, called with one sentence per step
        """
        self.__dict__.pop("beside", None)
        return beside.ask(self, mechanism, mode=llm, seed=seed, **options)

    def narrate(self, row: Dataset, *, llm: LLMMode = "off", lang: str = "en") -> Narrative:
        """One case as a short text (one row): made by rule, or put freshly by a language model and verified.

        A text with any wrong claim is replaced by the one made by rule; `origin` and `failures` say so.

        Raises
        ------
        LLMError : the language model cannot be had
        """
        case = self.explain(row)
        if llm == "off":
            return narrate(case, self.task, lang=lang)
        with connect(llm, self.task) as client:
            return narrate(case, self.task, client, lang=lang)

    @property
    def model_names(self) -> tuple[str, ...]:
        return self.model.index.models

    @property
    def average(self) -> float | None:
        """Rate of the positive outcome, or mean of the target, in the training part; None for classes."""
        averages = self.model.index.averages
        return averages[0] if len(averages) == 1 else None

    @cached_property
    def _context(self) -> Context:
        return Context(
            task=self.task,
            bundle_id=self.bundle_id,
            averages=self.model.index.averages,
            domain=self.model.domain_model,
        )

    def _private(self, name: str) -> pandas.DataFrame:
        raw = layout.read_sealed_file(self.path, f"{layout.PRIVATE}/{name}.parquet")
        return pandas.read_parquet(io.BytesIO(raw))

    def part(self, name: Part) -> Dataset:
        """The training, calibration or test rows, as the models saw them."""
        table = self._private(name)
        ids, target = table.iloc[:, 0].to_numpy(dtype=object), table.iloc[:, -1].to_numpy()
        frame = _as_objects(table.iloc[:, 1:-1])
        classes = self.model.scorer().classes
        return Dataset(task=self.task, frame=frame, row_ids=ids, target=target, classes=classes, part=name)

    @cached_property
    def _background(self) -> dict[str, np.ndarray]:
        frame = _as_objects(self._private("background"))
        return {name: frame[name].to_numpy() for name in frame}

    @cached_property
    def _references(self) -> dict[tuple[str, str, str], Reference]:
        return {}

    @cached_property
    def _train(self) -> Dataset:
        return self.part("train")

    @cached_property
    def _similar(self) -> SimilarCases:
        return SimilarCases(self.model.scorer(), self.grouped(self._train))

    def read_cases(self, source: Any, *, limits: Limits = FILE) -> Dataset:
        """Cases from a file, a path or a table, by the rules of the task; DataError lists every problem."""
        if isinstance(source, pandas.DataFrame):
            return data.from_frame(source, self.task, require_target=False)
        return data.read(self.task, source, require_target=False, limits=limits)

    def explain(
        self,
        row: Dataset,
        model: str | None = None,
        *,
        reference: str | Mapping[str, Value] = "typical",
        side: Side = "above",
    ) -> CaseExplanation:
        """One case, by the selected model or by a named one.

        Parameters
        ----------
        row : a dataset of one row; `read_cases` makes one
        reference : what reasons are measured from: "typical", "average", "approved" (the typical training
            case on the favourable side of the line), or the values of a reference case
        side : which side of the line is adverse

        Raises
        ------
        UserError, TaskError : a reference that is not known, lacks columns or needs a line
        """
        found = explain_case(
            self.model.scorer(model),
            row,
            self._context,
            background=self._background_for(model),
            reference=self.reference(reference, model, side=side),
        )
        rules = self.model.selective
        if rules is None or model not in (None, self.model.index.selected):
            return found  # the rules are those of the model in use
        who, why = decide_case(rules, self.task, found.probabilities, inside=found.domain.inside)
        return replace(found, decided_by=who, left_because=why)

    def reference(
        self, reference: str | Mapping[str, Value], model: str | None = None, *, side: Side = "above"
    ) -> Reference | None:
        """The point that effects are measured from; None for the typical case, which every model knows."""
        if reference == "typical":
            return None
        if not isinstance(reference, str):
            return self._refer(reference, model, side)
        key = (reference, model or self.model.index.selected, side)
        if key not in self._references:
            self._references[key] = self._refer(reference, model, side)
        return self._references[key]

    def _refer(self, reference: str | Mapping[str, Value], model: str | None, side: Side) -> Reference:
        scorer = self.model.scorer(model)
        return refer(scorer, reference, self.part("train"), cut=self.task.cut, side=side)

    def adverse(
        self,
        *,
        reference: str | Mapping[str, Value] = "typical",
        side: Side = "above",
        lang: str = "en",
        model: str | None = None,
    ) -> AdverseReasons:
        """What makes notices of adverse reasons for rows; TaskError lists every column without wording."""
        scorer = self.model.scorer(model)
        point = self.reference(reference, model, side=side) or self._refer("typical", model, side)
        return AdverseReasons(scorer, self.task, point, bundle_id=self.bundle_id, side=side, lang=lang)

    def adverse_reasons(self, row: Dataset, **options: Any) -> AdverseNotice:
        """The principal reasons against one case; options as in `adverse`."""
        return self.adverse(**options).of(row)[0]

    def prediction_range(self, row: Dataset, level: float = 0.9) -> PredictionRange | None:
        """Where the truth lies in `level` of cases like those the selected model was checked on (one row).

        A range of values, or the answers that are left; None where the study has none at this level (0.8, 0.9
        and 0.95 are kept). A promise about all cases together, not about this one.
        """
        found = self.evidence.calibrators
        if found is None:
            return None
        said = predict(self.model.scorer(), columns_of(self.model.scorer(), row), 1)[0]
        classes = self.model.scorer().classes
        chances = np.array([1 - said, said]) if len(classes) == 2 and np.ndim(said) == 0 else said
        return range_of(found, chances, classes, level=level)

    def look_over(self, rows: Dataset) -> tuple[Outlook, ...]:
        """What a list of cases shows of each row, by the selected model."""
        return look_over(self.model.scorer(), rows, self._context)

    def label_next(self, rows: Dataset, n: int = 50, *, seed: int = 0) -> tuple[LabelPick, ...]:
        """Which n of these rows a person should label next, in order, each with why.

        Some are drawn by chance and marked so: only they show an error rate without bias. `unlabelled` gives
        rows that have no label yet.
        """
        return label_queue(self.model.scorer(), rows, self._context, n=n, seed=seed)

    def unlabelled(self, source: str | Path | pandas.DataFrame) -> Dataset:
        """The rows of a table that have no label in it and are not in the study yet."""
        return find_unlabelled(self, source)[0]

    def label_doubts(self) -> LabelDoubts:
        """Training rows whose recorded label deserves a second look, the strongest doubts first.

        From the stored out-of-fold predictions of the model in use: nothing is refitted, no label changed.
        """
        return study_doubts(self)

    def out_of_fold(self) -> tuple[Dataset, np.ndarray]:
        """Training rows, and the model's predictions f8[n] or f8[n, K] by fits that did not see them."""
        train, table, name = self.part("train"), self._private("out_of_fold"), self.model.index.selected
        asked = np.flatnonzero(table["fold"].to_numpy() >= 0)
        wide = self.task.kind == "multiclass"
        names = [f"{name}: {label}" for label in train.classes] if wide else [name]
        found = table[names].to_numpy(dtype=np.float64)[asked]
        return train.take(asked), found if wide else found[:, 0]

    def _background_for(self, model: str | None) -> dict[str, np.ndarray] | None:
        return None if self.model.scorer(model).glass_box else self._background

    def what_if(self, row: Dataset, changes: Mapping[str, Any], model: str | None = None) -> WhatIf:
        """One case beside itself with some changeable values at others; UserError lists what cannot be."""
        return what_if(self.model.scorer(model), row, self._context, changes=changes)

    def recourse(self, row: Dataset, wish: Wish | None = None, model: str | None = None) -> Recourse:
        """The cheapest allowed changes to the other side of the line, or the proof that there are none."""
        return find_recourse(self.model.scorer(model), row, self._context, wish=wish)

    def black_box(self, row: Dataset) -> CaseExplanation | None:
        """The same case by XGBoost, with its SHAP values; None where there is no such model."""
        return self.explain(row, BLACK_BOX) if BLACK_BOX in self.model_names else None

    def whole(self, model: str | None = None) -> WholeExplanation:
        """How a model decides in general."""
        if model is None or model == self.model.index.selected:
            return self.evidence.explanation
        return explain_whole(self.model.scorer(model), self.part("train"))

    def snippets(
        self, feature: str, token: str, units: Units = "word", *, most: int = 3
    ) -> tuple[Snippet, ...]:
        """Past texts that hold a token of the selected model, cut to a few words around it.

        They are words of people: for those who may see rows, on screen; never for a report.
        """
        return find_snippets(self.model.scorer(), self._train, feature, token, units=units, most=most)

    def similar(self, row: Dataset, k: int = 5) -> tuple[SimilarCase, ...]:
        """Past cases of the training part that the selected model sees as alike."""
        return self._similar.nearest(self.grouped(row), k)

    def outcome_mix(self, row: Dataset, k: int = 25) -> OutcomeMix:
        """What happened in the k past cases that the selected model sees as most alike."""
        return self._similar.mix(self.grouped(row), k)

    @cached_property
    def _groups(self) -> dict[str, str]:
        """Group of each row of the study, by row id; empty where the task has no groups."""
        if not (self.path / layout.PRIVATE / "groups.parquet").is_file():
            return {}
        known = _as_objects(self._private("groups"))
        return dict(zip(known["row_id"], known["group"], strict=True))

    def grouped(self, rows: Dataset) -> Dataset:
        """The rows with their groups, so far as the study knows them by row id."""
        if rows.groups is not None or not self._groups:
            return rows
        return replace(rows, groups=np.array([self._groups.get(str(i)) for i in rows.row_ids], dtype=object))

    def sample_cases(self, n: int = 25, seed: int = 0) -> tuple[Case, ...]:
        """Cases of the test part, with what happened: for practice and for review of the model."""
        test = self.part("test")
        chosen = np.sort(np.random.default_rng(seed).permutation(len(test))[:n])
        return tuple(self._case(test, int(i)) for i in chosen)

    def _case(self, test: Dataset, position: int) -> Case:
        target = test.target[position]
        outcome = test.classes[int(target)] if test.classes else f"{target:g}"
        values = {name: _plain(test.frame[name].iloc[position]) for name in test.frame}
        return Case(
            case_id=str(test.row_ids[position]),
            values=values,
            source="test part",
            added=now(),
            outcome=outcome,
        )


def _plain(value: Any) -> Any:
    if isinstance(value, float | np.floating):
        return None if np.isnan(value) else float(value)
    return value


def _as_objects(table: pandas.DataFrame) -> pandas.DataFrame:
    """Parquet's text columns back to objects with None, as the door makes them."""
    frame = table.copy()
    for name in frame:
        if frame[name].dtype.kind != "f":
            frame[name] = frame[name].astype(object).where(frame[name].notna(), None)
    return frame
