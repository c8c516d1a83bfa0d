"""One family with settings that a search chose, or an average of its best settings or of several seeds."""

from __future__ import annotations

import time
from dataclasses import dataclass
from dataclasses import replace as changed
from typing import Any

import numpy as np

from interpretable.models.base import Effort, Fitted, families
from interpretable.models.losses import gain
from interpretable.models.mix import fit_with_extra
from interpretable.models.search import Found, Keep, Progress, Setting, search, searched
from interpretable.models.spaces import DRAWS, draw_settings
from interpretable.models.train import Trained, conclude
from interpretable.records import codec, tuning
from interpretable.records.additive import Feature
from interpretable.records.dataset import Dataset
from interpretable.records.task import Task

AVERAGED = 3  # members of an average
SEED_STEP = 1_000  # between the seeds of an average, so that no refit elsewhere uses the same one
AVERAGE = {"ebm": "average", "mixed": "average_mixed"}  # the family that adds members of this family


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a study asks of the search."""

    tune: int = 0
    average: bool = False

    def settings(self, key: str, task: Task, seed: int) -> tuple[Setting, ...]:
        """What is to be tried. One entry means: nothing to search."""
        if key not in DRAWS:
            return (Setting(),)
        if self.tune:
            return tuple(Setting(s) for s in draw_settings(key, task.kind, count=self.tune, seed=seed))
        return tuple(Setting(seed=SEED_STEP * j) for j in range(self.members(key)))

    def members(self, key: str) -> int:
        """Fits that make up the final model."""
        return AVERAGED if self.average and key in AVERAGE else 1


def train_searched(
    key: str, train: Dataset, everything: Dataset, *, features: tuple[Feature, ...], folds: np.ndarray,
    effort: Effort, wish: Wish, keep: Keep, progress: Progress,
) -> Trained:  # fmt: skip
    """Search, fit what was found on all training rows, prove and calibrate it.

    The out-of-fold scores are of settings chosen without the fold (see models/search.py). `notes` hold the
    records "search" and "averaging" as plain JSON.
    """
    settings = wish.settings(key, train.task, effort.seed)
    start = time.perf_counter()
    found = search(
        families[key], train, features, folds, settings=settings, effort=effort, keep=keep, progress=progress
    )
    members = wish.members(key)
    chosen = [found.settings[trial] for trial in found.ranked()[:members]]
    progress("final fit")
    fit_start = time.perf_counter()
    family, tuned, fitted = _final(key, chosen, train, features, effort)
    fitted.settings["seconds_with_folds"] = time.perf_counter() - start
    trained = conclude(
        family, fitted, found.out_of_fold(members), train=train, everything=everything, folds=folds,
        tuned=tuned, seconds=time.perf_counter() - fit_start,
    )  # fmt: skip
    return changed(trained, notes={**trained.notes, **_notes(found, trained, wish, members=len(chosen))})


def _final(
    key: str, chosen: list[Setting], train: Dataset, features: tuple[Feature, ...], effort: Effort
) -> tuple[str, dict[str, Any], Fitted]:
    """Family key, what a refit needs, and the fit on all rows."""
    if len(chosen) == 1:
        family, tuned = key, chosen[0].settings
    else:
        family, tuned = AVERAGE[key], {"members": [_member(key, one, len(chosen)) for one in chosen]}
    fitted = fit_with_extra(families[family], train, features, changed(effort, settings=tuned))
    return family, dict(tuned), fitted


def _member(key: str, one: Setting, count: int) -> dict[str, Any]:
    plain = {"slope": 1.0, "intercept": 0.0}
    return {
        "family": key,
        "settings": one.settings,
        "seed": one.seed,
        "calibration": plain,
        "weight": 1.0 / count,
    }


def _notes(found: Found, trained: Trained, wish: Wish, *, members: int) -> dict[str, Any]:
    notes: dict[str, Any] = {}
    if wish.tune and len(found.settings) > 1:
        notes["search"] = codec.to_plain(searched(found, trained.name, members))
    if members > 1:
        single, averaged = (found.losses(found.out_of_fold(m)) for m in (1, members))
        notes["averaging"] = codec.to_plain(
            tuning.Averaging(
                model=trained.name,
                of="settings" if wish.tune else "seeds",
                members=members,
                single_loss=float(single.mean()),
                averaged_loss=float(averaged.mean()),
                gain=gain(single, averaged),
                gap=trained.gap,
            )
        )
    return notes
