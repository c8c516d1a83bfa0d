"""Means inside and outside of many overlapping subsets of rows, by matrix products."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False, kw_only=True)
class Pairs:
    """All intersections of two conditions; the diagonal holds the single conditions."""

    members: np.ndarray  # f8[n, C] 0/1
    counts: np.ndarray  # f8[C, C]
    valid: np.ndarray  # bool[C, C]: upper triangle, enough rows inside and outside


def make_pairs(members: np.ndarray, owner: np.ndarray, *, floor: int, paired: np.ndarray) -> Pairs:
    """Which intersections are looked at.

    Parameters
    ----------
    members : f8[n, C] 0/1, one column per condition
    owner : i8[C] the feature of each condition; two conditions of one feature are not intersected
    floor : fewest rows inside, and outside
    paired : bool[C] whether a condition may be intersected with others
    """
    counts = members.T @ members
    size = len(owner)
    other = (owner[:, None] != owner[None, :]) & paired[:, None] & paired[None, :]
    valid = np.triu(other | np.eye(size, dtype=bool))
    alone = np.minimum(np.diag(counts)[:, None], np.diag(counts)[None, :])
    smaller = (counts < alone) | np.eye(size, dtype=bool)  # else the pair is one of the two again
    valid &= smaller & (counts >= floor) & (len(members) - counts >= floor)
    return Pairs(members=members, counts=counts, valid=valid)


def sums(pairs: Pairs, values: np.ndarray) -> np.ndarray:
    """Sum of f8[n] values inside each intersection: f8[C, C]."""
    return pairs.members.T @ (values[:, None] * pairs.members)


def studentised(pairs: Pairs, values: np.ndarray) -> np.ndarray:
    """Welch's t of inside against outside, f8[C, C]; -inf where the intersection is not valid.

    t = (mean inside - mean outside) / sqrt(var inside / n inside + var outside / n outside) (Welch, 1947),
    which is t * inf for values without spread: those count as -inf too.
    """
    middle = values - values.mean()
    n_in = np.maximum(pairs.counts, 2.0)
    n_out = np.maximum(len(values) - pairs.counts, 2.0)
    first, second = sums(pairs, middle), sums(pairs, middle**2)
    rest, rest_second = middle.sum() - first, (middle**2).sum() - second
    spread = np.maximum(second - first**2 / n_in, 0.0) / (n_in - 1) / n_in
    spread += np.maximum(rest_second - rest**2 / n_out, 0.0) / (n_out - 1) / n_out
    known = pairs.valid & (spread > 1e-14 * max(float((middle**2).mean()), 1e-300))
    t = np.full(spread.shape, -np.inf)
    t[known] = (first / n_in - rest / n_out)[known] / np.sqrt(spread[known])
    return t


def largest_p(pairs: Pairs, values: np.ndarray, *, resamples: int, seed: int) -> np.ndarray:
    """p of each intersection, adjusted for all: how often the largest t of shuffled values reaches its own.

    Single-step maxT of Westfall and Young (1993): the chance of even one p below 0.05 is at most 5 % where
    the values do not depend on the conditions. f8[C, C], 1 where not valid.
    """
    random = np.random.default_rng(seed)
    own = studentised(pairs, values)
    beyond = np.ones(own.shape)
    for _ in range(resamples):
        beyond += studentised(pairs, random.permutation(values)).max() >= own - 1e-12
    return np.where(np.isfinite(own), np.minimum(beyond / (resamples + 1), 1.0), 1.0)
