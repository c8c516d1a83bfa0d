"""Additive text: n-grams of words, and of characters where they earn their place, under one linear layer.

Every score is the constant plus a sum over tokens that stand in the text. Characters carry spelling, word
endings and typing errors; they make the model larger and its reasons less like language, so they stay only
where inner folds say that they help.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression, Ridge

from interpretable.models.base import LINKS, Effort, Fitted, families, outputs
from interpretable.models.folds import make_folds
from interpretable.models.losses import row_losses
from interpretable.models.textual import CHARACTERS, WORDS, TextBlock, TextLayout, make_block
from interpretable.models.unfold import weights_of
from interpretable.records.additive import AdditiveModel, Feature
from interpretable.records.dataset import Dataset
from interpretable.records.task import Task, TaskKind

STRENGTHS = (
    3.0,
    10.0,
    30.0,
    100.0,
    300.0,
)  # C of the ridge; rows have length 1, so texts want weak penalties
MOST_ROWS = 20_000  # for the choices
TOLERANCE = 1e-5


@dataclass(frozen=True)
class Recipe:
    """What is chosen on inner folds."""

    characters: bool
    c: float


def fit_layer(kind: TaskKind, matrix: Any, target: np.ndarray, c: float, start: Any = None) -> Any:
    """The linear layer with a ridge; `start` is a fit to begin from."""
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


def inner_cuts(train: Dataset, seed: int, count: int = 3) -> list[tuple[np.ndarray, np.ndarray]]:
    """Row positions (fitted on, held out) of inner folds; none where a class is too small for two."""
    folds = make_folds(train, count, seed=seed)
    pairs = [(np.flatnonzero(folds != k), np.flatnonzero(folds == k)) for k in range(count)]
    whole = len(np.unique(train.target)) if train.task.kind != "regression" else 0
    kept = [(a, b) for a, b in pairs if len(b) and (not whole or len(np.unique(train.target[a])) == whole)]
    return kept if len(kept) == count else []


def _path_losses(
    train: Dataset, matrix: Any, cuts: list[tuple[np.ndarray, np.ndarray]], strengths: tuple[float, ...]
) -> dict[float, np.ndarray]:
    """Losses f8[n] of rows held out of the fit, for every strength; each fit starts from the one before."""
    kind, target, link = train.task.kind, train.target, LINKS[train.task.kind]
    losses = {c: np.zeros(len(target)) for c in strengths}
    for fitted, held in cuts:
        model, own, other = None, matrix[fitted], matrix[held]
        for c in strengths:
            model = fit_layer(kind, own, target[fitted], c, model)
            scores = layer_scores(kind, model, other, len(held))
            losses[c][held] = row_losses(link, scores, target[held])
    return losses


def choose_recipe(
    train: Dataset, words: TextLayout, both: TextLayout, effort: Effort
) -> tuple[Recipe, dict[str, float]]:
    """Strength of the penalty, and whether characters stay, by the losses of inner folds.

    Characters stay where the mean loss with them is less by more than one standard error of the rows'
    differences. Returns the recipe, and the mean losses behind it.
    """
    asked = effort.settings
    sample = train.sample(MOST_ROWS, seed=effort.seed)
    cuts = inner_cuts(sample, effort.seed)
    strengths = (float(asked["C"]),) if "C" in asked else STRENGTHS
    options = (asked["characters"],) if "characters" in asked else (False, True)
    if not cuts or (len(strengths) == 1 and len(options) == 1):
        return Recipe(bool(options[0]), strengths[len(strengths) // 2]), {}
    best: dict[bool, tuple[float, np.ndarray]] = {}
    for characters in options:
        losses = _path_losses(sample, (both if characters else words).matrix(sample), cuts, strengths)
        c = min(losses, key=lambda one: float(losses[one].mean()))
        best[characters] = (c, losses[c])
    kept = _characters_help(best) if len(best) == 2 else options[0]
    told = {("with_characters" if k else "words_only"): float(v[1].mean()) for k, v in best.items()}
    return Recipe(bool(kept), best[kept][0]), told


def _characters_help(best: dict[bool, tuple[float, np.ndarray]]) -> bool:
    gain = best[False][1] - best[True][1]
    return bool(gain.mean() > gain.std(ddof=1) / np.sqrt(len(gain)))


def text_layouts(train: Dataset, names: list[str]) -> tuple[TextLayout, TextLayout]:
    """Words alone, and words with characters."""
    words = [make_block(train, name, WORDS) for name in names]
    blocks: list[TextBlock] = []
    for block in words:
        blocks += [block, make_block(train, block.feature, CHARACTERS)]
    return TextLayout(tuple(words)), TextLayout(tuple(blocks))


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
        words, both = text_layouts(train, names)
        recipe, losses = choose_recipe(train, words, both, effort)
        layout = both if recipe.characters else words
        matrix = layout.matrix(train)
        model = fit_layer(task.kind, matrix, train.target, recipe.c)
        weights, intercept = weights_of(model, outputs(train))
        record = AdditiveModel(
            family="text", link=LINKS[task.kind], classes=train.classes, features=own,
            terms=tuple(layout.terms(names, weights)), intercept=intercept,
        )  # fmt: skip

        def library_scores(dataset: Dataset) -> np.ndarray:
            return layer_scores(task.kind, model, layout.matrix(dataset, library=True), len(dataset))

        settings = {
            "C": recipe.c, "characters": recipe.characters, "penalty": "l2",
            "entries": {f"{b.feature}: {b.rule.units}": len(b.idf) for b in layout.blocks},
        }  # fmt: skip
        return Fitted(
            record=record, library_scores=library_scores, settings=settings, notes={"inner_losses": losses}
        )


families.add("text")(Text())
