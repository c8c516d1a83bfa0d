"""Where columns are cut into cells: once per study, shared by folds, bags, trials and pairs.

Cuts depend on the values of one column alone, never on the outcome. They are taken from the whole training
part when its columns are described, so a fold is cut where its held-out rows are cut too; what is learned for
a cell comes from the fold's own rows.
"""

from __future__ import annotations

import weakref
from dataclasses import dataclass

import numpy as np
import pandas

from interpretable.records.additive import Axis, Feature
from interpretable.records.task import Column, Task

FINE = 254  # bins of a curve, at most
COARSE = 32  # bins of a column in a pair, at most

_KNOWN: weakref.WeakKeyDictionary[Feature, np.ndarray] = weakref.WeakKeyDictionary()


def quantile_cuts(values: np.ndarray, most: int = FINE) -> np.ndarray:
    """Cuts f8[c], c < most, with about as many rows in every bin.

    Parameters
    ----------
    values : f8[n]; NaN and infinities are passed over
    most : bins, at most; a column with fewer distinct values has one bin for each

    Returns
    -------
    f8[c], strictly rising, each halfway between two neighbouring values that occur. x >= cut goes up.

    Examples
    --------
    >>> quantile_cuts(np.array([3.0, 1.0, 2.0, 2.0, float("nan")])).tolist()
    [1.5, 2.5]
    """
    seen = np.sort(values[np.isfinite(values)])
    first = np.flatnonzero(np.diff(seen) > 0) + 1  # positions where a new value begins
    if len(first) >= most:
        wanted = np.arange(1, most) * len(seen) / most
        first = np.unique(first[np.minimum(np.searchsorted(first, wanted), len(first) - 1)])
    below, above = seen[first - 1], seen[first]
    middle = below + (above - below) / 2
    return np.unique(np.where((middle > below) & np.isfinite(middle), middle, above))


def thinned(cuts: np.ndarray, values: np.ndarray, most: int) -> np.ndarray:
    """Those of the cuts that leave about as many rows in each of at most `most` bins."""
    if len(cuts) < most:
        return cuts
    seen = values[~np.isnan(values)]
    below = np.searchsorted(np.sort(seen), cuts, side="left")  # rows under each cut
    wanted = np.arange(1, most) * len(seen) / most
    return cuts[np.unique(np.minimum(np.searchsorted(below, wanted), len(cuts) - 1))]


def note_cuts(feature: Feature, values: np.ndarray) -> None:
    """Cut a number column once, for every later fit that is given this description of it."""
    _KNOWN[feature] = quantile_cuts(values)


def cuts_of(feature: Feature, values: np.ndarray) -> np.ndarray:
    """The study's cuts of a column; its own rows' where the column was described elsewhere."""
    known = _KNOWN.get(feature)
    return quantile_cuts(values) if known is None else known


def is_ordered(column: Column) -> bool:
    """Whether the levels have an order that somebody declared."""
    return column.kind == "ordinal" and len(column.levels) > 1


def ranks(levels: tuple[str, ...], values: np.ndarray) -> np.ndarray:
    """Place f8[n] of each value among the levels; NaN where missing, -1 where it is none of them."""
    places = pandas.Index(levels, dtype=object).get_indexer(pandas.Index(values, dtype=object)).astype(float)
    places[pandas.isna(values)] = np.nan
    return places


@dataclass(frozen=True, eq=False, kw_only=True)
class Slot:
    """One column as it is handed to interpret: which feature, and how it is cut."""

    feature: int
    name: str  # in interpret's table
    source: str  # in ours
    levels: tuple[str, ...] = ()  # of an ordered column: it is a number from 0 on
    cuts: np.ndarray | None = None  # None: levels without an order

    @property
    def type(self) -> str | list[float]:
        """What interpret is told about the column. It reads an empty list as no levels at all."""
        if self.cuts is None:
            return "nominal"
        return self.cuts.tolist() if len(self.cuts) else "continuous"

    def values(self, frame: pandas.DataFrame, *, fitting: bool) -> pandas.Series:
        column = frame[self.source]
        if self.levels:
            places = pandas.Series(ranks(self.levels, column.to_numpy()))
            foreign = places == -1
            # A text among the numbers is what interpret calls unknown.
            return places.astype(object).mask(foreign, "?") if foreign.any() else places
        if self.cuts is None and fitting:
            codes, known = pandas.factorize(column, sort=True)  # a table of levels is read much faster
            return pandas.Series(pandas.Categorical.from_codes(codes, categories=known))
        return column

    def axis(self, bins: dict[str, int] | np.ndarray) -> Axis:
        """The record's axis for the bins that interpret reports."""
        if isinstance(bins, dict):
            return Axis(labels=tuple(bins), codes=tuple(int(code) for code in bins.values()))
        cuts = np.asarray(bins, dtype=np.float64)
        if not self.levels:
            return Axis(cuts=cuts)
        codes = np.searchsorted(cuts, np.arange(len(self.levels)), side="right") + 1
        return Axis(labels=self.levels, codes=tuple(int(code) for code in codes))


def make_slots(
    frame: pandas.DataFrame, features: tuple[Feature, ...], task: Task, *, most: int = FINE
) -> tuple[Slot, ...]:
    """One slot per feature that has a value in these rows, for curves."""
    slots = []
    for position, feature in enumerate(features):
        values = frame[feature.name].to_numpy()
        if pandas.isna(values).all():
            continue
        column, name = task.column(feature.name), str(position)
        if feature.kind == "number":
            cuts = thinned(cuts_of(feature, values), values, most)
            slots.append(Slot(feature=position, name=name, source=feature.name, cuts=cuts))
        elif is_ordered(column) and not np.any(ranks(column.levels, values) == -1):
            cuts = np.arange(len(column.levels) - 1) + 0.5
            slots.append(
                Slot(feature=position, name=name, source=feature.name, levels=column.levels, cuts=cuts)
            )
        else:
            slots.append(Slot(feature=position, name=name, source=feature.name))
    return tuple(slots)


def coarsened(slot: Slot, frame: pandas.DataFrame) -> Slot:
    """The slot as it is cut in a pair; the same one where it is coarse already."""
    if slot.cuts is None or len(slot.cuts) < COARSE:
        return slot
    values = slot.values(frame, fitting=True).to_numpy(dtype=np.float64)
    cuts = thinned(slot.cuts, values, COARSE)
    return Slot(
        feature=slot.feature, name=f"{slot.name} in pairs", source=slot.source, levels=slot.levels, cuts=cuts
    )


def table(frame: pandas.DataFrame, slots: tuple[Slot, ...], *, fitting: bool = False) -> pandas.DataFrame:
    """The columns as interpret reads them."""
    columns = {slot.name: slot.values(frame, fitting=fitting).reset_index(drop=True) for slot in slots}
    return pandas.DataFrame(columns)
