"""What a change of place costs: leave one value of a column out of the training rows, ask about its rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas

from interpretable.collab.recalibrate import recalibrate
from interpretable.collab.refit import refitted
from interpretable.collab.sample import class_shares, draw
from interpretable.evaluate.judged import Judged, loss_figure
from interpretable.evaluate.learning import usable
from interpretable.records.dataset import Dataset
from interpretable.records.shift import ShiftPlace

FEWEST = 10  # test rows of a place
ARMS = ("known", "unknown", "large")


@dataclass(frozen=True, eq=False, kw_only=True)
class Place:
    """One value: positions of test rows that are asked about, and of training rows of the other places."""

    value: str
    asked: np.ndarray
    others: np.ndarray


def places(
    train: Dataset, test: Dataset, by: str, *, rows: int, seed: int
) -> tuple[list[Place], dict[str, str]]:
    """The values of a column with rows enough, and the others with the code of why not.

    rows : test rows per place at most, a stratified draw
    """
    random = np.random.default_rng(seed)
    learned, held = train.frame[by].to_numpy(dtype=object), test.frame[by].to_numpy(dtype=object)
    found, left = [], {}
    for value in sorted(set(pandas.Series(held).dropna())):
        here, others = np.flatnonzero(held == value), np.flatnonzero(learned != value)
        if len(here) < FEWEST or not usable(train, others):
            left[str(value)] = "too_few_rows"
            continue
        asked = here[draw(test.target[here], rows, random)]
        found.append(Place(value=str(value), asked=asked, others=others))
    return found, left


@dataclass(frozen=True, eq=False, kw_only=True)
class Arms:
    """Log losses f8[n] of the three, on the rows of one place."""

    place: ShiftPlace
    losses: dict[str, np.ndarray]


def judge(
    place: Place, train: Dataset, test: Dataset, *, family: str, seed: int,
    large: tuple[np.ndarray, np.ndarray, np.ndarray], progress: Callable[[str], None],
) -> Arms:  # fmt: skip
    """Both small models and the language model on the rows of one place.

    The small model that knows the place learns from as many rows as the one that does not, drawn from all
    places: so a difference is not one of size.

    Parameters
    ----------
    large : positions of the training rows asked about i8[m], label log probabilities for them f8[m, K] and
        for the rows of the place f8[n, K]
    """
    rows = test.take(place.asked)
    progress(f"small models for {len(rows)} rows of one place")
    mixed = draw(train.target, len(place.others), np.random.default_rng(seed))
    told = {
        name: Judged(rows=rows, predicted=refitted(family, train, learned, rows, seed=seed))
        for name, learned in (("known", mixed), ("unknown", place.others))
    }
    told["large"] = Judged(rows=rows, predicted=_recalibrated(place, train, large))
    areas = {name: one.auroc() for name, one in told.items()}
    found = ShiftPlace(
        value=place.value,
        rows=len(rows),
        learned=len(place.others),
        known=loss_figure(told["known"].loss),
        unknown=loss_figure(told["unknown"].loss),
        large=loss_figure(told["large"].loss),
        auroc={name: area for name, area in areas.items() if area is not None},
    )
    return Arms(place=found, losses={name: one.loss for name, one in told.items()})


def _recalibrated(
    place: Place, train: Dataset, large: tuple[np.ndarray, np.ndarray, np.ndarray]
) -> np.ndarray:
    pool, held, asked = large
    elsewhere = np.isin(pool, place.others)
    target = train.target[place.others]
    shares = class_shares(target, len(train.classes))
    return recalibrate(held[elsewhere], train.target[pool[elsewhere]], asked, shares)[1]
