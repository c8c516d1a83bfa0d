"""A study on disk, opened for people: its evidence, and any case explained."""

from __future__ import annotations

import io
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas

from interpretable import data
from interpretable.data.limits import FILE, Limits
from interpretable.errors import BundleError
from interpretable.explain import SimilarCases, explain_case, explain_whole, look_over
from interpretable.explain.context import Context
from interpretable.explain.recourse import Wish, find_recourse
from interpretable.explain.whatif import what_if
from interpretable.records import codec
from interpretable.records.dataset import Dataset, Part
from interpretable.records.evidence import Evidence
from interpretable.records.explanation import CaseExplanation, Outlook, SimilarCase, WholeExplanation
from interpretable.records.recourse import Recourse, WhatIf
from interpretable.records.review import Case
from interpretable.score.loaded import LoadedModel
from interpretable.study import layout
from interpretable.study.evidence import now

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
    def _similar(self) -> SimilarCases:
        return SimilarCases(self.model.scorer(), self.part("train"))

    def read_cases(self, source: Any, *, limits: Limits = FILE) -> Dataset:
        """Cases from a file, a path or a table, by the rules of the task; DataError lists every problem."""
        if isinstance(source, pandas.DataFrame):
            return data.from_frame(source, self.task, require_target=False)
        return data.read(self.task, source, require_target=False, limits=limits)

    def explain(self, row: Dataset, model: str | None = None) -> CaseExplanation:
        """One case, by the selected model or by a named one."""
        return explain_case(
            self.model.scorer(model), row, self._context, background=self._background_for(model)
        )

    def look_over(self, rows: Dataset) -> tuple[Outlook, ...]:
        """What a list of cases shows of each row, by the selected model."""
        return look_over(self.model.scorer(), rows, self._context)

    def _background_for(self, model: str | None) -> dict[str, np.ndarray] | None:
        return None if self.model.scorer(model).glass_box else self._background

    def what_if(self, row: Dataset, changes: Mapping[str, Any], model: str | None = None) -> WhatIf:
        """One case beside itself with some changeable values at others; UserError lists what cannot be."""
        return what_if(self.model.scorer(model), row, self._context, changes=changes)

    def recourse(self, row: Dataset, wish: Wish | None = None, model: str | None = None) -> Recourse:
        """The cheapest allowed changes that put a case on the other side of the line, or the proof of none."""
        return find_recourse(self.model.scorer(model), row, self._context, wish=wish)

    def black_box(self, row: Dataset) -> CaseExplanation | None:
        """The same case by XGBoost, with its SHAP values; None where there is no such model."""
        return self.explain(row, BLACK_BOX) if BLACK_BOX in self.model_names else None

    def whole(self, model: str | None = None) -> WholeExplanation:
        """How a model decides in general."""
        if model is None or model == self.model.index.selected:
            return self.evidence.explanation
        return explain_whole(self.model.scorer(model), self.part("train"))

    def similar(self, row: Dataset, k: int = 5) -> tuple[SimilarCase, ...]:
        """Past cases of the training part that the selected model sees as alike."""
        return self._similar.nearest(row, k)

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
