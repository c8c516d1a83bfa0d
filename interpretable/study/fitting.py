"""From checked data to trained models and the choice among them. The test part is not touched here."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from interpretable.errors import TaskError
from interpretable.evaluate import Candidate, choose, summarise_oof
from interpretable.models import (  # noqa: F401 - importing a family registers it
    boosting,
    ebm,
    linear,
    mixed,
    scorecard,
    text,
    tree,
)
from interpretable.models.base import families
from interpretable.models.blend import train_blend
from interpretable.models.distil import distil
from interpretable.models.features import describe
from interpretable.models.folds import make_folds
from interpretable.models.mix import Extra
from interpretable.models.train import Trained, train_family
from interpretable.models.tuned import Wish, train_searched
from interpretable.records import codec
from interpretable.records.additive import AdditiveModel, Feature
from interpretable.records.dataset import Dataset
from interpretable.records.evidence import Selection
from interpretable.score.output import to_prediction
from interpretable.study.checkpoint import Workbench
from interpretable.study.options import Options, Progress

BLENDED = ("linear", "ebm", "average", "text", "mixed", "average_mixed")  # families that a blend is made of
WHOLE = frozenset({"mixed", "average_mixed"})  # these hold curves and tokens already, fitted to each other
PARTS = frozenset({"ebm", "average", "text"})


@dataclass(frozen=True, eq=False, kw_only=True)
class Fits:
    """Every trained model, its out-of-fold figures, and the choice."""

    features: tuple[Feature, ...]
    folds: np.ndarray  # of the training rows; -1 where a row was always trained on
    trained: tuple[Trained, ...]
    candidates: tuple[Candidate, ...]
    selection: Selection
    notes: dict[str, Any] = field(default_factory=dict)  # records as plain JSON: "blend", "distillation"
    extra: Extra | None = None  # generated rows that a family learned from too

    def of(self, name: str) -> Trained:
        return next(t for t in self.trained if t.name == name)


def chosen_families(dataset: Dataset, wanted: tuple[str, ...]) -> list[str]:
    """Keys of the families to train: those asked for by family or model name, else all that fit the task.

    "blend" is no family of its own: its members are trained where nothing else is named beside it.
    """
    task = dataset.task
    able = {name: families[name] for name in families if families[name].can_fit(task)}
    if not able:
        raise TaskError("The task has no column that a model may use. Un-exclude at least one in task.toml.")
    named = tuple(name for name in wanted if name != "blend")
    if not named:
        return [key for key in able if not wanted or key in BLENDED]
    known = {key: key for key in able} | {family.name(task): key for key, family in able.items()}
    unknown = [name for name in named if name not in known]
    if unknown:
        possible = ", ".join(sorted({*known, "blend"}))
        raise TaskError(f"Cannot train {', '.join(unknown)} on this task. Possible: {possible}.")
    return list(dict.fromkeys(known[name] for name in named))


def blend_members(done: list[Trained]) -> list[Trained]:
    """The models that a blend adds up; beside a mixed one none of its parts, or words would count twice."""
    able = [one for one in done if one.family in BLENDED]
    if any(one.family in WHOLE for one in able):
        able = [one for one in able if one.family not in PARTS]
    return able


def candidate_of(train: Dataset, trained: Trained, folds: np.ndarray) -> Candidate:
    prediction = to_prediction(trained.record.link, trained.oof)
    oof, per_fold = summarise_oof(train.task, train.target, prediction, folds)
    terms = len(trained.record.terms) if isinstance(trained.record, AdditiveModel) else None
    return Candidate(trained.name, trained.glass_box, oof, per_fold, terms)


def check_teacher(asked: str, names: set[str]) -> None:
    """TaskError where none of these models is the teacher that was asked for, or there is no student."""
    teachers = sorted(names - {"ebm"}) if "ebm" in names else []
    if asked not in teachers:
        lacking = "other model" if "ebm" in names else "EBM"
        possible = ", ".join(teachers) or f"none, as no {lacking} is trained"
        raise TaskError(
            f"distil is {asked!r}, but the student is an EBM and the teacher another model that is trained "
            f"with it. Possible here: {possible}."
        )


@dataclass(frozen=True, eq=False, kw_only=True)
class _Fitting:
    """What every fit of one study shares."""

    train: Dataset
    everything: Dataset
    features: tuple[Feature, ...]
    folds: np.ndarray
    bench: Workbench
    options: Options
    progress: Progress
    extra: Extra | None = None

    def one(self, key: str) -> Trained:
        """A family's model; that of a stopped run of the same study is taken up."""
        name = families[key].name(self.train.task)
        found = self.bench.find(name)
        if found is not None:
            self.progress(f"{name}: taken up from the stopped run")
            return found
        made = self._train(key, lambda note: self.progress(f"{name}: {note}"))
        self.bench.keep(made)
        return made

    def _train(self, key: str, progress: Progress) -> Trained:
        shared: dict[str, Any] = {
            "features": self.features, "folds": self.folds,
            "effort": replace(self.options.effort(), extra=self.extra),
        }  # fmt: skip
        wish = Wish(tune=self.options.tune, average=self.options.average)
        if len(wish.settings(key, self.train.task, self.options.seed)) == 1:
            return train_family(key, self.train, self.everything, progress=progress, **shared)
        return train_searched(
            key, self.train, self.everything, wish=wish, progress=progress,
            keep=lambda name, make: self.bench.kept(f"{key}-{name}", make), **shared,
        )  # fmt: skip

    def blend(self, done: list[Trained]) -> tuple[Trained | None, dict[str, Any]]:
        members = blend_members(done)
        if len(members) < 2 or not (self.folds >= 0).any():
            return None, {}
        self.progress("blend: weighing the glass boxes")
        trained, told = train_blend(members, self.train, self.everything, folds=self.folds)
        return trained, {"blend": codec.to_plain(told)}

    def distil(self, done: list[Trained]) -> tuple[Trained | None, dict[str, Any]]:
        """A student of the named teacher, if the gate lets it in."""
        known = {one.name: one for one in done}
        check_teacher(self.options.distil, set(known))
        trained, told = distil(
            known[self.options.distil], known["ebm"], self.train, self.everything, features=self.features,
            folds=self.folds, effort=self.options.effort(),
            keep=lambda name, make: self.bench.kept(f"distil-{name}", make),
            progress=lambda note: self.progress(f"ebm distilled: {note}"),
        )  # fmt: skip
        return trained, {"distillation": codec.to_plain(told)}


def fit_all(
    train: Dataset, everything: Dataset, bench: Workbench, *, options: Options, progress: Progress,
    extra: Extra | None = None,
) -> Fits:  # fmt: skip
    """Train every family on the training part, blend the glass boxes, and choose.

    `extra` are generated rows that the gate let in, for the families it names.
    """
    features, folds = describe(train, everything), make_folds(train, options.folds, seed=options.seed)
    fitting = _Fitting(
        train=train, everything=everything, features=features, folds=folds, bench=bench, options=options,
        progress=progress, extra=extra,
    )  # fmt: skip
    keys = chosen_families(train, options.models)
    if options.distil:  # before hours of fitting; whether there is a blend to learn from shows only after it
        blend = {"blend"} if sum(key in BLENDED for key in keys) > 1 else set()
        check_teacher(options.distil, {families[key].name(train.task) for key in keys} | blend)
    done = [fitting.one(key) for key in keys]
    notes: dict[str, Any] = {}
    if not options.models or "blend" in options.models:
        blended, notes = fitting.blend(done)
        done = [*done, *([blended] if blended else [])]
    if options.distil:
        student, verdict = fitting.distil(done)
        done, notes = [*done, *([student] if student else [])], {**notes, **verdict}
    candidates = tuple(candidate_of(train, t, folds) for t in done)
    selection = choose(train.task, candidates)
    return Fits(
        features=features, folds=folds, trained=tuple(done), candidates=candidates, selection=selection,
        notes=notes, extra=extra,
    )  # fmt: skip
