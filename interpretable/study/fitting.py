"""From checked data to trained models and the choice among them. The test part is not touched here."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from interpretable.errors import TaskError
from interpretable.evaluate import Candidate, choose, summarise_oof
from interpretable.models import boosting, ebm, linear  # noqa: F401 - importing a family registers it
from interpretable.models.base import families
from interpretable.models.features import describe
from interpretable.models.folds import make_folds
from interpretable.models.train import Trained, train_family
from interpretable.records.additive import AdditiveModel, Feature
from interpretable.records.dataset import Dataset
from interpretable.records.evidence import Selection
from interpretable.score.output import to_prediction
from interpretable.study.checkpoint import Workbench
from interpretable.study.options import Options, Progress


@dataclass(frozen=True, eq=False, kw_only=True)
class Fits:
    """Every trained model, its out-of-fold figures, and the choice."""

    features: tuple[Feature, ...]
    folds: np.ndarray  # of the training rows; -1 where a row was always trained on
    trained: tuple[Trained, ...]
    candidates: tuple[Candidate, ...]
    selection: Selection

    def of(self, name: str) -> Trained:
        return next(t for t in self.trained if t.name == name)


def chosen_families(dataset: Dataset, wanted: tuple[str, ...]) -> list[str]:
    """Keys of the families to train: those asked for by family or model name, else all that fit the task."""
    task = dataset.task
    able = {name: families[name] for name in families if families[name].can_fit(task)}
    if not able:
        raise TaskError("The task has no column that a model may use. Un-exclude at least one in task.toml.")
    if not wanted:
        return list(able)
    known = {key: key for key in able} | {family.name(task): key for key, family in able.items()}
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise TaskError(
            f"Cannot train {', '.join(unknown)} on this task. Possible: {', '.join(sorted(known))}."
        )
    return list(dict.fromkeys(known[name] for name in wanted))


def _candidate(train: Dataset, trained: Trained, folds: np.ndarray) -> Candidate:
    prediction = to_prediction(trained.record.link, trained.oof)
    oof, per_fold = summarise_oof(train.task, train.target, prediction, folds)
    terms = len(trained.record.terms) if isinstance(trained.record, AdditiveModel) else None
    return Candidate(trained.name, trained.glass_box, oof, per_fold, terms)


def fit_all(
    train: Dataset, everything: Dataset, bench: Workbench, *, options: Options, progress: Progress
) -> Fits:
    """Train every family on the training part; fits of a stopped run of the same study are taken up."""
    features = describe(train, everything)
    folds = make_folds(train, options.folds, seed=options.seed)
    effort = options.effort()
    done = []
    for key in chosen_families(train, options.models):
        name = families[key].name(train.task)
        trained = bench.find(name)
        if trained is None:
            trained = train_family(
                key,
                train,
                everything,
                features=features,
                folds=folds,
                effort=effort,
                progress=lambda note, name=name: progress(f"{name}: {note}"),
            )
            bench.keep(trained)
        else:
            progress(f"{name}: taken up from the stopped run")
        done.append(trained)
    candidates = tuple(_candidate(train, t, folds) for t in done)
    selection = choose(train.task, candidates)
    return Fits(
        features=features, folds=folds, trained=tuple(done), candidates=candidates, selection=selection
    )
