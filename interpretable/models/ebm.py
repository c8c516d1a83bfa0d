"""Explainable Boosting Machine (Nori et al., 2019): fitted by interpret, compiled to a sum."""

from __future__ import annotations

from typing import Any

import numpy as np

from interpretable.errors import BrokenPromise, TaskError
from interpretable.models.base import LINKS, Effort, Fitted, families
from interpretable.models.bins import FINE, Slot, make_slots
from interpretable.models.cpus import workers
from interpretable.models.monotone import check_directions, enforced
from interpretable.models.native_ebm import NativeEBM, fit_native
from interpretable.models.pairs import choose_pairs
from interpretable.models.prior_curves import start_from
from interpretable.records import codec
from interpretable.records.additive import AdditiveModel, Feature, TableTerm
from interpretable.records.dataset import Dataset
from interpretable.records.task import Task

BAGS = {"quick": 4, "standard": 8, "audit": 25}
TUNABLE = frozenset(
    {
        "interactions", "outer_bags", "learning_rate", "max_rounds", "max_bins", "max_leaves",
        "min_samples_leaf", "smoothing_rounds", "interaction_smoothing_rounds", "early_stopping_rounds",
        "early_stopping_tolerance", "greedy_ratio", "cyclic_progress", "inner_bags", "missing", "min_hessian",
        "reg_alpha", "reg_lambda", "gain_scale", "validation_size",
    }
)  # fmt: skip


def settings_for(train: Dataset, features: int, effort: Effort) -> dict[str, Any]:
    """Few bags and a larger step: a fraction of interpret's default work for the same accuracy.

    What a search gives takes the place of a default.
    """
    foreign = sorted(set(effort.settings) - TUNABLE)
    if foreign:
        raise BrokenPromise(f"ebm: no settings {', '.join(foreign)}. Possible: {', '.join(sorted(TUNABLE))}.")
    # Work per round grows with classes and rows: keep the whole bounded.
    cells = max(len(train.classes) - 1, 1) * len(train) * features
    heavy, large = cells > 2e7, cells > 5e5
    bags = BAGS[effort.level]
    defaults = {
        "outer_bags": min(bags, 4) if heavy or (large and effort.level == "standard") else bags,
        "learning_rate": 0.1 if heavy else 0.05,
        "max_rounds": 1_000 if heavy else 5_000,
        "max_bins": FINE,
        "min_samples_leaf": 4,
        "early_stopping_rounds": 50,
        # interpret smooths a regression for 500 rounds: three times the work, and no better on held-out rows.
        "smoothing_rounds": 75,
        "interaction_smoothing_rounds": 75,
    }
    return {**defaults, **effort.settings, "random_state": effort.seed}


def _with_outputs(scores: np.ndarray, dimensions: int) -> np.ndarray:
    """Binary and regression scores get a last axis of length 1."""
    scores = np.asarray(scores, dtype=np.float64)
    return scores[..., None] if scores.ndim == dimensions else scores


def _terms(native: NativeEBM) -> list[TableTerm]:
    model, terms = native.model, []
    for position, places in enumerate(model.term_features_):
        order = len(places)
        slots = [native.slots[place] for place in places]
        bins = [model.bins_[place][min(len(model.bins_[place]), order) - 1] for place in places]
        terms.append(
            TableTerm(
                features=tuple(slot.feature for slot in slots),
                axes=tuple(slot.axis(own) for slot, own in zip(slots, bins, strict=True)),
                scores=_with_outputs(model.term_scores_[position], order),
                weights=np.asarray(model.bin_weights_[position], dtype=np.float64),
                bags=_with_outputs(model.bagged_scores_[position], order + 1),
            )
        )
    return terms


def compile_native(native: NativeEBM, train: Dataset, features: tuple[Feature, ...]) -> AdditiveModel:
    """The fitted estimator as a record that scores alike."""
    model = native.model
    bags = len(model.bagged_scores_[0])
    return AdditiveModel(
        family="ebm",
        link=LINKS[train.task.kind],
        classes=train.classes,
        features=features,
        terms=tuple(_terms(native)),
        intercept=np.asarray(model.intercept_, dtype=np.float64).reshape(-1),
        bag_intercept=np.asarray(model.bagged_intercept_, dtype=np.float64).reshape(bags, -1),
    )


def _refuse_foreign(slots: tuple[Slot, ...], signs: dict[str, int]) -> None:
    """A column without an order cannot keep a direction."""
    unordered = [slot.source for slot in slots if slot.source in signs and slot.cuts is None]
    if unordered:
        raise TaskError(
            f"{', '.join(map(repr, unordered))} must keep a direction (enforce = true), but some rows "
            "hold a value that is none of the declared levels. List every level in order, or remove enforce."
        )


def _share_alone(train: Dataset, features: tuple[Feature, ...]) -> Fitted:
    """Where no column holds a value: the same link score for every row, of half a row added to each class."""
    if train.task.kind == "regression":
        level = np.array([np.mean(train.target, dtype=np.float64)])
    else:
        logs = np.log(np.bincount(train.target, minlength=len(train.classes)) + 0.5)
        level = logs[1:] - logs[0] if train.task.kind == "binary" else logs - logs.mean()
    record = AdditiveModel(
        family="ebm", link=LINKS[train.task.kind], classes=train.classes, features=features, terms=(),
        intercept=level, bag_intercept=level[None, :],
    )  # fmt: skip
    return Fitted(
        record=record, library_scores=lambda dataset: np.tile(level, (len(dataset), 1)), settings={}
    )


def fit_curves(
    train: Dataset, usable: tuple[Feature, ...], effort: Effort, *, settings: dict[str, Any],
    bags: np.ndarray | None = None,
) -> Fitted:  # fmt: skip
    """Curves and pairs of the columns that are no text, started from a prior as far as folds bear it out.

    `settings` are those of `settings_for`; `bags` i1[n, B] says which rows each bag fits and stops by.
    """
    slots = make_slots(train.frame, usable, train.task, most=settings["max_bins"])
    signs = enforced(train.task)
    if not slots:
        return _share_alone(train, usable)
    _refuse_foreign(slots, signs)
    found = choose_pairs(train, slots, effort, signs=signs, wanted=effort.settings.get("interactions"))
    work = {name: value for name, value in settings.items() if name not in ("interactions", "max_bins")}
    cells = len(train) * len(slots)
    jobs = workers(effort.threads, cells=cells, parts=settings["outer_bags"])
    started, notes = None, {"pairs": codec.to_plain(found.choice)}
    if effort.prior is not None:
        started, told = start_from(effort.prior, train, slots, usable, seed=effort.seed)
        notes["prior"] = codec.to_plain(told)
    native = fit_native(
        train, slots, settings={**work, "n_jobs": jobs}, pairs=found.pairs, signs=signs, bags=bags,
        offset=None if started is None else started.offset(train),
    )  # fmt: skip
    record = compile_native(native, train, usable)
    record = record if started is None else started.folded(record)
    check_directions(record, train.task)
    return Fitted(
        record=record,
        library_scores=lambda dataset: (
            native.scores(dataset.frame) + (0.0 if started is None else started.scores(dataset))
        ),
        settings={**settings, "interactions": found.choice.chosen},
        notes=notes,
    )


class EBM:
    """Boosted shape functions of one and two features. Text columns are left to the text family."""

    glass_box = True

    def can_fit(self, task: Task) -> bool:
        return any(c.kind != "text" for c in task.features)

    def name(self, task: Task) -> str:
        return "ebm"

    def fit(self, train: Dataset, features: tuple[Feature, ...], effort: Effort) -> Fitted:
        usable = tuple(f for f in features if f.kind != "text")
        return fit_curves(train, usable, effort, settings=settings_for(train, len(usable), effort))


families.add("ebm")(EBM())
