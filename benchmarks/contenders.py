"""What is compared: interpret, scikit-learn and XGBoost as they come, and ours with and without a search.

Each group fits on the rows it is given and predicts others. Times are CPU seconds of this process.
"""

from __future__ import annotations

import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from interpretable.evaluate import choose
from interpretable.evaluate.choose import METRIC
from interpretable.models.blend import train_blend
from interpretable.models.features import describe
from interpretable.models.matrix import make_blocks
from interpretable.models.train import Trained
from interpretable.records.dataset import Dataset
from interpretable.score.design import encode
from interpretable.score.scorer import make_scorer, predict
from interpretable.study.checkpoint import Workbench, fingerprint
from interpretable.study.fitting import BLENDED, Fits, candidate_of, chosen_families, fit_all
from interpretable.study.options import Options


@dataclass(frozen=True)
class Entry:
    """Predictions of one model for the held-out rows, and what it cost."""

    model: str
    predicted: np.ndarray  # f8[n] or f8[n, K]
    cpu_fit: float  # the one fit that predicts
    cpu_all: float  # with the folds and the search behind it
    note: str = ""  # which model a choice took


@dataclass(frozen=True, kw_only=True)
class Part:
    """One fold: rows to learn from, rows to predict, all rows (for levels and proofs, never targets)."""

    train: Dataset
    test: Dataset
    everything: Dataset
    options: Options  # without a search
    tune: int


def interpret_default(part: Part) -> Iterator[Entry]:
    """`ExplainableBoostingClassifier()` or `...Regressor()` as they come, on one CPU."""
    from interpret.glassbox import ExplainableBoostingClassifier, ExplainableBoostingRegressor

    regression = part.train.task.kind == "regression"
    kind = ExplainableBoostingRegressor if regression else ExplainableBoostingClassifier
    names = [c.name for c in part.train.task.features if c.kind != "text"]
    start = time.process_time()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = kind(n_jobs=1).fit(part.train.frame[names], part.train.target)
        seconds = time.process_time() - start
        found = _predicted(model, part.test.frame[names], part.train)
    yield Entry("EBM, interpret's defaults", found, seconds, seconds)


def plain(part: Part) -> Iterator[Entry]:
    """A scikit-learn pipeline and XGBoost with the defaults of their libraries."""
    features = tuple(f for f in describe(part.train, part.everything) if f.kind != "text")
    for name, model, scaled in (
        ("logistic or ridge, scikit-learn", _linear(part.train), True),
        ("XGBoost, library's defaults", _boosted(part.train), False),
    ):
        start = time.process_time()
        blocks = make_blocks(part.train, features, scaled=scaled)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model.fit(encode(blocks, part.train.frame, len(part.train)), part.train.target)
            seconds = time.process_time() - start
            found = _predicted(model, encode(blocks, part.test.frame, len(part.test)), part.train)
        yield Entry(name, found, seconds, seconds)


def _linear(train: Dataset) -> Any:
    from sklearn.linear_model import LogisticRegression, Ridge

    return Ridge() if train.task.kind == "regression" else LogisticRegression(max_iter=1_000)


def _boosted(train: Dataset) -> Any:
    from xgboost import XGBClassifier, XGBRegressor

    return (XGBRegressor if train.task.kind == "regression" else XGBClassifier)(n_jobs=1)


def _predicted(model: Any, rows: Any, train: Dataset) -> np.ndarray:
    if train.task.kind == "regression":
        return np.asarray(model.predict(rows), dtype=float)
    found = np.asarray(model.predict_proba(rows), dtype=float)
    return found[:, 1] if train.task.kind == "binary" else found


class _Clock:
    """CPU seconds from the start and from the last fit, which announces itself."""

    def __init__(self) -> None:
        self.start = self.final = time.process_time()

    def hear(self, message: str) -> None:
        if message.endswith("final fit"):
            self.final = time.process_time()

    @property
    def seconds(self) -> tuple[float, float]:
        now = time.process_time()
        return now - self.final, now - self.start


class _Ours:
    """Our families fitted one by one, as `interpretable train` fits them, each with its times."""

    def __init__(self, part: Part):
        self.part = part
        self.seconds: dict[str, tuple[float, float]] = {}
        self.folds: np.ndarray = np.array([])

    def fit(self, key: str, **search: Any) -> Trained:
        options = Options(**{**_fields(self.part.options), "models": (key,), **search})
        clock = _Clock()
        with tempfile.TemporaryDirectory() as folder:
            bench = Workbench(Path(folder) / "study", fingerprint(self.part.everything, options))
            found: Fits = fit_all(
                self.part.train, self.part.everything, bench, options=options, progress=clock.hear
            )
        trained, self.folds = found.trained[0], found.folds
        self.seconds[trained.name] = clock.seconds
        return trained

    def blend(self, members: list[Trained]) -> Trained | None:
        members = [m for m in members if m.family in BLENDED]
        if len(members) < 2:
            return None
        start = time.process_time()
        made, _ = train_blend(members, self.part.train, self.part.everything, folds=self.folds)
        if made is not None:
            spent = time.process_time() - start
            before = [self.seconds[m.name] for m in members]
            self.seconds[made.name] = (sum(b[0] for b in before) + spent, sum(b[1] for b in before) + spent)
        return made

    def entry(self, one: Trained, called: str, note: str = "") -> Entry:
        scorer, rows = make_scorer(one.record), self.part.test
        return Entry(called, predict(scorer, rows.frame, len(rows)), *self.seconds[one.name], note)

    def chosen(self, glass: list[Trained], called: str) -> Entry:
        """The glass box that our own rule takes, from out-of-fold figures of these training rows alone."""
        candidates = [candidate_of(self.part.train, one, self.folds) for one in glass]
        taken = choose(self.part.train.task, candidates).selected
        one = next(t for t in glass if t.name == taken)
        entry = self.entry(one, called, note=taken)
        spent = sum(self.seconds[t.name][1] for t in glass if t.family != "blend")
        return Entry(called, entry.predicted, entry.cpu_fit, spent, taken)

    def best(self, glass: list[Trained], called: str) -> Entry:
        """The glass box with the best out-of-fold figure, without our rule's preference for a simpler one."""
        metric = METRIC[self.part.train.task.kind]
        sign = 1.0 if metric == "auroc" else -1.0
        one = max(glass, key=lambda t: sign * candidate_of(self.part.train, t, self.folds).oof[metric])
        return self.entry(one, called, note=one.name)


def _fields(options: Options) -> dict[str, Any]:
    return {name: getattr(options, name) for name in ("seed", "level", "threads")}


def ours(part: Part) -> Iterator[Entry]:
    """Our defaults and our search: single families, blends, and the glass box that `choose` takes."""
    here = _Ours(part)
    plainly = [here.fit(key) for key in chosen_families(part.train, ())]
    glass = [t for t in plainly if t.glass_box]
    yield from (here.entry(t, f"our {t.name}") for t in plainly)
    blend = here.blend(glass)
    best = [*glass, blend] if blend else glass
    yield (
        here.entry(blend, "our blend")
        if blend
        else here.chosen([t for t in glass if t.family in BLENDED], "our blend")
    )
    yield here.chosen(best, "our default glass box")
    yield here.best(best, "our best out of fold")
    if part.tune:
        yield from _tuned(here, plainly)


def _tuned(here: _Ours, plainly: list[Trained]) -> Iterator[Entry]:
    tune = here.part.tune
    searched = {key: here.fit(key, tune=tune, average=key == "ebm") for key in ("ebm", "xgboost")}
    yield from (here.entry(t, f"our {t.name}, tuned") for t in searched.values())
    glass = [searched["ebm"], *(t for t in plainly if t.glass_box and t.family != "ebm")]
    blend = here.blend(glass)
    every = [*glass, blend] if blend else glass
    if blend:
        yield here.entry(blend, "our blend, tuned")
    yield here.chosen(every, "our tuned glass box")
    yield here.best(every, "our tuned best out of fold")


GROUPS: dict[str, Callable[[Part], Iterator[Entry]]] = {
    "interpret": interpret_default,
    "plain": plain,
    "ours": ours,
}
RIVALS = (
    "EBM, interpret's defaults",
    "logistic or ridge, scikit-learn",
    "XGBoost, library's defaults",
    "our xgboost",
    "our xgboost, tuned",
)
