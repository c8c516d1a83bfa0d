"""Additive text: n-grams of words, and what earns its place beside them, under one linear layer.

Every score is the constant plus a sum over tokens that stand in the text. Characters carry spelling, word
endings and typing errors; static vectors carry what a word means elsewhere. Both make the model larger and
its reasons less like language, so they stay only where inner folds say that they help.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression, Ridge

from interpretable.models.base import LINKS, Effort, Fitted, families, outputs
from interpretable.models.folds import make_folds
from interpretable.models.losses import row_losses
from interpretable.models.penalised import Penalty, fit_penalised
from interpretable.models.prior import WORD_GRID, choose, none_taken, standardised
from interpretable.models.prior_words import with_words, word_weights
from interpretable.models.textual import TextBlock, TextLayout, make_block, rules_of
from interpretable.models.unfold import weights_of
from interpretable.records import codec
from interpretable.records.additive import AdditiveModel, Feature
from interpretable.records.dataset import Dataset
from interpretable.records.prior import Prior, PriorWeight
from interpretable.records.task import Task, TaskKind

# C of the ridge; rows have length 1, so texts that tell much want weak penalties, and those that tell little
# strong ones.
STRENGTHS = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0)
WORSE = 2  # strengths in a row that are worse than the best: weaker penalties are not tried any more
ONE_MORE, TO_ENTER = (
    1.0,
    2.0,
)  # standard errors that units must gain: beside other units, beside a table alone
MOST_ROWS = 20_000  # for the choices
TOLERANCE = 1e-5
STEPS = 4  # strengths that are tried with a prior


@dataclass(frozen=True)
class Recipe:
    """What is chosen on inner folds: the strength of the penalty, and the units of the tokens."""

    c: float
    parts: tuple[str, ...] = ("word",)


class TextDesign:
    """All blocks of a training part's text columns; each is learned when it is first asked for."""

    def __init__(self, train: Dataset, names: list[str]):
        self._train, self._names = train, names
        self._rules = {name: rules_of(train.task.column(name)) for name in names}
        self._blocks: dict[tuple[str, str], TextBlock] = {}

    @property
    def parts(self) -> tuple[str, ...]:
        """Units that any column can be read by, words first."""
        return tuple(dict.fromkeys(part for rules in self._rules.values() for part in rules))

    def layout(self, parts: tuple[str, ...]) -> TextLayout:
        """The blocks of these units, column by column."""
        wanted = [(name, part) for name in self._names for part in parts if part in self._rules[name]]
        for name, part in wanted:
            if (name, part) not in self._blocks:
                source = self._train.task.column(name).embedding
                made = make_block(self._train, name, self._rules[name][part], embedding=source)
                self._blocks[name, part] = made
        return TextLayout(tuple(self._blocks[key] for key in wanted))


class Layer(Protocol):
    """A linear layer with a ridge, on some rows of the training part."""

    @property
    def kind(self) -> TaskKind: ...

    @property
    def target(self) -> np.ndarray: ...

    def fit(self, matrix: Any, rows: np.ndarray, c: float, start: Any = None) -> Any:
        """`matrix` holds these rows; `start` is a fit nearby, to begin from."""

    def scores(self, model: Any, matrix: Any, rows: np.ndarray) -> np.ndarray:
        """Link scores f8[n, K] of these rows."""


@dataclass(frozen=True, eq=False)
class Alone:
    """The layer is the whole model."""

    kind: TaskKind
    target: np.ndarray

    def fit(self, matrix: Any, rows: np.ndarray, c: float, start: Any = None) -> Any:
        return fit_layer(self.kind, matrix, self.target[rows], c, start)

    def scores(self, model: Any, matrix: Any, rows: np.ndarray) -> np.ndarray:
        return layer_scores(self.kind, model, matrix, len(rows))


@dataclass(frozen=True, eq=False)
class Drawn(Alone):
    """The layer with its weights drawn towards these f8[p, K] instead of to 0."""

    toward: np.ndarray

    def fit(self, matrix: Any, rows: np.ndarray, c: float, start: Any = None) -> Any:
        penalty = Penalty(strength=c, toward=self.toward)
        return fit_penalised(self.kind, matrix, self.target[rows], penalty, start=start, tolerance=TOLERANCE)


def fit_layer(kind: TaskKind, matrix: Any, target: np.ndarray, c: float, start: Any = None) -> Any:
    if kind == "regression":
        return Ridge(alpha=1.0 / c).fit(matrix, target)
    model = start or LogisticRegression(solver="newton-cg", max_iter=100, tol=TOLERANCE, warm_start=True)
    model.C = c
    with warnings.catch_warnings():
        # A penalised fit that stops at its last step is a little more penalised, not wrong.
        warnings.simplefilter("ignore", ConvergenceWarning)
        return model.fit(matrix, target)


def layer_scores(kind: TaskKind, model: Any, matrix: Any, rows: int) -> np.ndarray:
    """Link scores f8[n, K]."""
    raw = model.predict(matrix) if kind == "regression" else model.decision_function(matrix)
    return np.asarray(raw, dtype=np.float64).reshape(rows, -1)


@dataclass(frozen=True, eq=False)
class Sample:
    """The rows that choices are made on, and inner folds: (fitted on, held out) as places in `rows`."""

    rows: np.ndarray
    cuts: list[tuple[np.ndarray, np.ndarray]]
    part: Dataset


def draw_sample(train: Dataset, seed: int) -> Sample:
    rows = np.arange(len(train))
    if len(train) > MOST_ROWS:
        rows = np.sort(np.random.default_rng(seed).permutation(len(train))[:MOST_ROWS])
    part = train.take(rows)
    return Sample(rows, inner_cuts(part, seed), part)


def inner_cuts(train: Dataset, seed: int, count: int = 3) -> list[tuple[np.ndarray, np.ndarray]]:
    """Row positions (fitted on, held out) of inner folds; none where a class is too small for two."""
    folds = make_folds(train, count, seed=seed)
    pairs = [(np.flatnonzero(folds != k), np.flatnonzero(folds == k)) for k in range(count)]
    whole = len(np.unique(train.target)) if train.task.kind != "regression" else 0
    kept = [(a, b) for a, b in pairs if len(b) and (not whole or len(np.unique(train.target[a])) == whole)]
    return kept if len(kept) == count else []


def path_losses(
    layer: Layer, matrix: Any, sample: Sample, strengths: tuple[float, ...]
) -> dict[float, np.ndarray]:  # fmt: skip
    """Losses f8[n] of rows held out of the fit, from the strongest penalty on; each fit starts from the last.

    Weaker penalties are left out once they only make it worse: they take longest.
    """
    link, found, worse = LINKS[layer.kind], {}, 0
    folds = [(matrix[a], matrix[b], sample.rows[a], sample.rows[b], b) for a, b in sample.cuts]
    models: list[Any] = [None] * len(folds)
    for c in strengths:
        losses = np.zeros(len(sample.rows))
        for k, (own, other, inside, outside, held) in enumerate(folds):
            models[k] = layer.fit(own, inside, c, models[k])
            losses[held] = row_losses(link, layer.scores(models[k], other, outside), layer.target[outside])
        worse = worse + 1 if found and losses.mean() >= min(one.mean() for one in found.values()) else 0
        found[c] = losses
        if worse == WORSE:
            break
    return found


@dataclass(frozen=True, eq=False)
class _Step:
    """Units of tokens with their best strength, and the losses f8[n] of rows held out."""

    recipe: Recipe
    losses: np.ndarray

    def beaten_by(self, other: _Step) -> bool:
        """By more than a standard error of the rows' differences; a text that is to enter at all, by two."""
        gain = self.losses - other.losses
        errors = ONE_MORE if self.recipe.parts else TO_ENTER
        return bool(gain.mean() > errors * gain.std(ddof=1) / np.sqrt(len(gain)))


def choose_recipe(
    train: Dataset, design: TextDesign, effort: Effort, *, layer: Layer, first: int = 1
) -> tuple[Recipe, dict[str, float]]:
    """Strength of the penalty, and what stays, by the losses of inner folds.

    The `first` units of the design (words) stand at the start; with 0 the layer stands there without a text.
    The others are added one after the other; each stays where the mean loss with it is less by more than one
    standard error of the rows' differences (two where no text stands yet). Returns the recipe, and each
    step's mean loss.
    """
    asked = effort.settings
    strengths = (float(asked["C"]),) if "C" in asked else STRENGTHS
    start = tuple(asked.get("parts", design.parts[:first]))
    extra = () if "parts" in asked else design.parts[first:]
    sample = draw_sample(train, effort.seed)
    if not sample.cuts or (len(strengths) == 1 and not extra):
        return Recipe(strengths[len(strengths) // 2], start), {}
    told: dict[str, float] = {}

    def tried(parts: tuple[str, ...]) -> _Step:
        matrix = design.layout(parts).matrix(sample.part)
        losses = path_losses(layer, matrix, sample, strengths if parts else strengths[:1])
        c = min(losses, key=lambda one: float(losses[one].mean()))
        told[" + ".join(parts) or "table"] = float(losses[c].mean())
        return _Step(Recipe(c, parts), losses[c])

    best = tried(start)
    for part in extra:
        step = tried((*best.recipe.parts, part))
        best = step if best.beaten_by(step) else best
    return best.recipe, told


@dataclass(frozen=True, eq=False)
class _Taken:
    """A prior as far as inner folds bear it out: what the layer reads, what it is drawn to, how hard."""

    layout: TextLayout
    c: float
    toward: np.ndarray | None
    told: PriorWeight


def _take_up(prior: Prior, train: Dataset, layout: TextLayout, recipe: Recipe, effort: Effort) -> _Taken:
    """Weight and penalty by the losses of inner folds. Words that were said enter the layout even if rare."""
    wider = with_words(layout, train, prior)
    own = wider.matrix(train)
    drawn = standardised(word_weights(prior, wider, outputs(train)), own, train)
    sample = draw_sample(train, effort.seed)
    if drawn is None or not sample.cuts:
        return _Taken(layout, recipe.c, None, none_taken("nothing_said" if drawn is None else "too_few"))
    kind, target = train.task.kind, train.target
    plain = path_losses(Alone(kind, target), layout.matrix(sample.part), sample, (recipe.c,))[recipe.c]
    # What is known beforehand is no reason for weaker penalties: only stronger ones are tried.
    strengths = (
        (recipe.c,) if "C" in effort.settings else tuple(c for c in STRENGTHS if c <= recipe.c)[-STEPS:]
    )
    few = own[sample.rows]
    tried = {
        (weight, c): losses
        for weight in WORD_GRID
        for c, losses in path_losses(Drawn(kind, target, weight * drawn), few, sample, strengths).items()
    }
    best, told = choose(plain, tried)
    if best is None:
        return _Taken(layout, recipe.c, None, told)
    return _Taken(wider, best[1], best[0] * drawn, told)


class Text:
    """Logistic or linear regression with a ridge on the text columns alone."""

    glass_box = True

    def can_fit(self, task: Task) -> bool:
        return bool(task.text_columns)

    def name(self, task: Task) -> str:
        return "text"

    def fit(self, train: Dataset, features: tuple[Feature, ...], effort: Effort) -> Fitted:
        task, own = train.task, tuple(f for f in features if f.kind == "text")
        names = [f.name for f in own]
        design = TextDesign(train, names)
        recipe, losses = choose_recipe(train, design, effort, layer=Alone(task.kind, train.target))
        layout, notes = design.layout(recipe.parts), {"inner_losses": losses}
        layer, c = Alone(task.kind, train.target), recipe.c
        if effort.prior is not None:
            taken = _take_up(effort.prior, train, layout, recipe, effort)
            layout, c, notes["prior"] = taken.layout, taken.c, codec.to_plain(taken.told)
            if taken.toward is not None:
                layer = Drawn(task.kind, train.target, taken.toward)
        model = layer.fit(layout.matrix(train), np.arange(len(train)), c)
        weights, intercept = weights_of(model, outputs(train))
        record = AdditiveModel(
            family="text", link=LINKS[task.kind], classes=train.classes, features=own,
            terms=tuple(layout.terms(names, weights)), intercept=intercept,
        )  # fmt: skip

        def library_scores(dataset: Dataset) -> np.ndarray:
            return layer_scores(task.kind, model, layout.matrix(dataset, library=True), len(dataset))

        settings = {
            "C": c, "parts": list(recipe.parts), "penalty": "l2", "entries": layout.sizes(),
        }  # fmt: skip
        return Fitted(record=record, library_scores=library_scores, settings=settings, notes=notes)


families.add("text")(Text())
