"""Which row is used for what: 60 % train, 20 % calibration, 20 % test, by row id and seed."""

from __future__ import annotations

import hashlib
import json

import numpy as np

from interpretable.data.units import unit_keys
from interpretable.errors import DataError
from interpretable.records.dataset import Dataset, Part
from interpretable.records.split import Split, SplitMethod

_BOUNDS = (0.6, 0.8)
_TRIES = 100
_NAMES: tuple[Part, ...] = ("train", "calibration", "test")


def split(dataset: Dataset, *, seed: int = 0) -> Split:
    """Divide the rows: by time or by group where the task names such a column, else at random.

    Random and group splits depend only on the row ids and the seed, not on the order of the rows. Classes are
    spread evenly (stratified) and each is in the training part. Rows alike in every feature, and rows whose
    texts are near-copies, stay together in a random split, so that the test part never holds a copy of a
    training row. A group is never divided; where group and time are both named, the group decides.

    Raises
    ------
    DataError
        If there are too few rows, groups or points in time to fill three parts with every class in training.

    Examples
    --------
    >>> split(dataset, seed=0).method  # doctest: +SKIP
    'stratified'
    """
    if len(dataset) < 5:
        raise DataError(f"{len(dataset)} rows cannot be divided into three parts; at least 5 are needed.")
    method: SplitMethod
    if dataset.groups is not None:
        method, part = "group", _by_units(dataset, unit_keys(dataset), seed=seed, unit="groups")
    elif dataset.times is not None:
        method, part = "time", _by_time(dataset)
    else:
        method = "random" if dataset.task.kind == "regression" else "stratified"
        part = _by_units(dataset, unit_keys(dataset), seed=seed, unit="distinct rows")
    return _record(dataset, method, seed=seed, part=part)


def parts(dataset: Dataset, split: Split) -> tuple[Dataset, Dataset, Dataset]:
    """The training, calibration and test part as datasets, rows in the order of `dataset`."""
    at = {row_id: position for position, row_id in enumerate(dataset.row_ids)}
    ids = (split.train, split.calibration, split.test)
    absent = sum(row_id not in at for part in ids for row_id in part)
    if absent:
        raise DataError(f"{absent:,} rows of the split are not in the data: it was made from another table.")
    positions = [np.array(sorted(at[row_id] for row_id in part), dtype=np.int64) for part in ids]
    train, calibration, test = (dataset.take(p, n) for p, n in zip(positions, _NAMES, strict=True))
    return train, calibration, test


def _record(dataset: Dataset, method: SplitMethod, *, seed: int, part: np.ndarray) -> Split:
    ids = [tuple(dataset.row_ids[part == number].tolist()) for number in range(3)]
    text = json.dumps([sorted(rows) for rows in ids], ensure_ascii=False).encode("utf-8", "surrogatepass")
    digest = hashlib.sha256(text).hexdigest()
    return Split(method=method, seed=seed, train=ids[0], calibration=ids[1], test=ids[2], fingerprint=digest)


def _ranks(row_ids: np.ndarray, salt: str) -> np.ndarray:
    """A pseudo-random uint64 per row id."""
    start = hashlib.blake2b(salt.encode(), digest_size=8)

    def draw(row_id: str) -> bytes:
        digest = start.copy()
        digest.update(row_id.encode("utf-8", "surrogatepass"))
        return digest.digest()

    return np.frombuffer(b"".join(map(draw, row_ids)), dtype="<u8")


def _by_units(dataset: Dataset, keys: np.ndarray, *, seed: int, unit: str) -> np.ndarray:
    """Part 0, 1 or 2 of each row; rows with the same key share one."""
    _, rows_unit = np.unique(keys, return_inverse=True)
    units = int(rows_unit.max()) + 1
    if units < 3:
        raise DataError(f"There are {units} {unit}; at least 3 are needed for three parts.")
    weight = np.bincount(rows_unit, minlength=units).astype(np.float64)
    stratum = _strata(dataset, rows_unit, units)
    for attempt in range(_TRIES):
        rank = np.full(units, np.iinfo(np.uint64).max, dtype=np.uint64)
        np.minimum.at(rank, rows_unit, _ranks(dataset.row_ids, f"{seed}.{attempt}|"))
        part = _allocate(stratum, weight, rank)[rows_unit]
        if _whole(dataset, part):
            return part
    raise DataError(
        f"No division of the {units:,} {unit} puts every class into training and leaves rows for "
        f"calibration and test. "
        "There are too few of them, or a class stands in one only."
    )


def _strata(dataset: Dataset, rows_unit: np.ndarray, units: int) -> np.ndarray:
    """The rarest class found in each unit; all zero for regression."""
    stratum = np.zeros(units, dtype=np.int64)
    if dataset.target is None or dataset.task.kind == "regression":
        return stratum
    order = np.argsort(-np.bincount(dataset.target, minlength=len(dataset.classes)), kind="stable")
    rarity = np.argsort(order)
    np.maximum.at(stratum, rows_unit, rarity[dataset.target])
    return stratum


def _allocate(stratum: np.ndarray, weight: np.ndarray, rank: np.ndarray) -> np.ndarray:
    """In each stratum, by rank: the middle of a unit's stretch of the summed weight says where it goes."""
    order = np.lexsort((rank, stratum))
    ends = np.cumsum(weight[order])
    totals = np.bincount(stratum, weights=weight)
    begins = np.concatenate(([0.0], np.cumsum(totals)[:-1]))
    place = stratum[order]
    middle = (ends - weight[order] / 2 - begins[place]) / totals[place]
    part = np.empty(len(order), dtype=np.int64)
    part[order] = np.searchsorted(_BOUNDS, middle, side="right")
    return part


def _whole(dataset: Dataset, part: np.ndarray) -> bool:
    """Whether no part is empty and training holds every class."""
    if len(np.unique(part)) < 3:
        return False
    if dataset.target is None or dataset.task.kind == "regression":
        return True
    return len(np.unique(dataset.target[part == 0])) == len(np.unique(dataset.target))


def _by_time(dataset: Dataset) -> np.ndarray:
    """Oldest rows train, newest test; rows of the same moment share a part."""
    times = np.sort(dataset.times)
    cuts = [times[min(int(len(times) * bound), len(times) - 1)] for bound in _BOUNDS]
    part = np.searchsorted(np.array(cuts), dataset.times, side="right")
    if len(np.unique(part)) < 3:
        raise DataError(
            f"Time column {dataset.task.time!r} has too few different moments to set apart an older 60 %, "
            "a middle 20 % and a newest 20 % of the rows."
        )
    if not _whole(dataset, part):
        raise DataError(f"Some class of {dataset.task.target!r} never occurs in the oldest 60 % of the rows.")
    return part
