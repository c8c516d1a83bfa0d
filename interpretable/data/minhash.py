"""Sets of numbers, of which pairs are alike: MinHash finds candidates, and each is measured exactly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

BANDS, DEPTH = 20, 5
_SURE = 0.15  # the estimate may fall so much below: 3.5 standard errors
_NEIGHBOURS = 16  # sets compared with each set of a band: bounds the work where thousands share one
_ELEMENTS = 4_000_000  # handled at a time


@dataclass(frozen=True, eq=False)
class Sets:
    """n sets one after another: set i is `items[ends[i]:ends[i + 1]]`, each item once."""

    items: np.ndarray  # uint32
    ends: np.ndarray  # int64 (n + 1,), from 0

    def __len__(self) -> int:
        return len(self.ends) - 1

    def sizes(self, at: np.ndarray) -> np.ndarray:
        return self.ends[at + 1] - self.ends[at]


def alike(sets: Sets, least: float) -> np.ndarray:
    """Pairs int64 (m, 2) with a Jaccard index of `least` or more, enough of them to link all that are alike.

    A pair that others have linked already is not looked at again.
    """
    signatures, bits = _signatures(sets), _bits(sets)
    bands = [_band(signatures, at) for at in range(BANDS)]
    group, found = np.arange(len(sets)), [np.zeros((0, 2), dtype=np.int64)]
    for at, band in enumerate(bands):
        # Neighbours in a full band agree in the next band too, where any do.
        order = np.lexsort((bands[(at + 1) % BANDS], band))
        for pairs in _neighbours(order, band):
            fresh = pairs[group[pairs[:, 0]] != group[pairs[:, 1]]]
            near = np.concatenate([c[_near(c, sets, signatures, bits, least)] for c in _chunks(fresh, sets)])
            if len(near):
                found.append(near)
                group = linked(int(group.max()) + 1, group[near])[group]
    return np.concatenate(found)


def linked(count: int, pairs: np.ndarray) -> np.ndarray:
    """Component int (count,) of each of `count` things under the pairs int64 (m, 2)."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    links = coo_array((np.ones(len(pairs), dtype=np.int8), (pairs[:, 0], pairs[:, 1])), shape=(count, count))
    return connected_components(links, directed=False)[1]


def jaccard(sets: Sets, pairs: np.ndarray) -> np.ndarray:
    """f8 (m,): shared items over all items of each pair int64 (m, 2); 0 where both are empty."""
    sizes = sets.sizes(pairs)
    starts, lengths = sets.ends[pairs].ravel(), sizes.ravel()
    inner = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    owner = np.repeat(np.arange(len(pairs), dtype=np.uint64), sizes.sum(axis=1))
    keys = (owner << np.uint64(32)) | sets.items[np.repeat(starts, lengths) + inner]
    keys.sort()
    twice = keys[1:][keys[1:] == keys[:-1]] >> np.uint64(32)
    shared = np.bincount(twice.astype(np.int64), minlength=len(pairs))
    return shared / np.maximum(sizes.sum(axis=1) - shared, 1)


def _near(
    pairs: np.ndarray, sets: Sets, signatures: np.ndarray, bits: np.ndarray, least: float
) -> np.ndarray:  # fmt: skip
    """bool (m,): the exact answer, asked only where two quick ones leave it open."""
    close = _bound(sets, bits, pairs) >= least
    close[close] = _agreement(signatures, pairs[close]) >= least - _SURE
    close[close] = jaccard(sets, pairs[close]) >= least
    return close


def _bits(sets: Sets) -> np.ndarray:
    """uint64 (n, 8): of 512 bits those that an item of the set points at."""
    found = np.zeros((len(sets), 8), dtype=np.uint64)
    for rows, items, starts in _stretches(sets):
        bit = np.uint64(1) << (items & np.uint32(63)).astype(np.uint64)
        for word in range(8):
            here = np.where((items >> np.uint32(6)) & np.uint32(7) == word, bit, np.uint64(0))
            found[rows, word] = np.bitwise_or.reduceat(here, starts)
    return found


def _bound(sets: Sets, bits: np.ndarray, pairs: np.ndarray) -> np.ndarray:
    """No Jaccard index is higher: each bit that differs stands for an item not shared (Sandes, 2020)."""
    apart = np.bitwise_count(bits[pairs[:, 0]] ^ bits[pairs[:, 1]]).sum(axis=1, dtype=np.int64)
    sizes = sets.sizes(pairs)
    shared = np.minimum((sizes.sum(axis=1) - apart) / 2, sizes.min(axis=1))
    return shared / np.maximum(sizes.sum(axis=1) - shared, 1)


def _agreement(signatures: np.ndarray, pairs: np.ndarray) -> np.ndarray:
    """The estimate of the Jaccard index: the share of equal values (Broder, 1997)."""
    return (signatures[pairs[:, 0]] == signatures[pairs[:, 1]]).mean(axis=1)


def _chunks(pairs: np.ndarray, sets: Sets) -> Iterator[np.ndarray]:
    """The pairs, so many at a time that their sets and signatures hold about 4 million items."""
    load = np.cumsum(sets.sizes(pairs).sum(axis=1) + 2 * BANDS * DEPTH) // _ELEMENTS
    yield from np.split(pairs, np.flatnonzero(np.diff(load)) + 1)


def _signatures(sets: Sets) -> np.ndarray:
    """uint32 (n, 100): the least item of each set under a hundred orders."""
    random = np.random.default_rng(5)
    factors = random.integers(0, 2**32, BANDS * DEPTH, dtype=np.uint32) | np.uint32(1)
    turns = random.integers(0, 2**32, BANDS * DEPTH, dtype=np.uint32)
    found = np.empty((len(sets), len(factors)), dtype=np.uint32)
    for rows, items, starts in _stretches(sets):
        for k, (factor, turn) in enumerate(zip(factors, turns, strict=True)):
            found[rows, k] = np.minimum.reduceat((items ^ turn) * factor, starts)
    return found


def _stretches(sets: Sets) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Positions of some sets, their items, and where each set starts: about 4 million items at a time."""
    cuts = np.flatnonzero(np.diff(sets.ends[1:] // _ELEMENTS)) + 1
    for rows in np.split(np.arange(len(sets)), cuts):
        low, high = sets.ends[rows[0]], sets.ends[rows[-1] + 1]
        yield rows, sets.items[low:high], sets.ends[rows] - low


def _band(signatures: np.ndarray, at: int) -> np.ndarray:
    """One number per set for the values of a band: uint64 (n,)."""
    key = np.zeros(len(signatures), dtype=np.uint64)
    for k in range(at * DEPTH, (at + 1) * DEPTH):
        key = key * np.uint64(0x9E3779B97F4A7C15) + signatures[:, k]
        key ^= key >> np.uint64(29)
    return key


def _neighbours(order: np.ndarray, band: np.ndarray) -> Iterator[np.ndarray]:
    """Pairs int64 (m, 2) of one band, the nearest in the order first."""
    for step in range(1, min(_NEIGHBOURS + 1, len(order))):
        pairs = np.stack([order[:-step], order[step:]], axis=1)
        same = band[pairs[:, 0]] == band[pairs[:, 1]]
        if not same.any():
            return
        yield pairs[same]
