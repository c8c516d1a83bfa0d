"""Which rows a language model is asked about, and which it is shown."""

from __future__ import annotations

import numpy as np


def class_shares(target: np.ndarray, classes: int) -> np.ndarray:
    """f8[K] shares of the classes with one row more of each, so that none is impossible (Laplace)."""
    return np.asarray((np.bincount(target, minlength=classes) + 1) / (len(target) + classes))


def draw(target: np.ndarray, rows: int, random: np.random.Generator) -> np.ndarray:
    """Positions of a stratified draw, rising: each class by its share, two of each at least if there are."""
    if rows >= len(target):
        return np.arange(len(target))
    classes, counts = np.unique(target, return_counts=True)
    exact = counts * rows / len(target)
    wanted = np.minimum(counts, np.maximum(np.floor(exact), 2 if 2 * len(classes) <= rows else 0)).astype(int)
    for i in np.argsort(wanted - exact, kind="stable"):
        if wanted.sum() < rows and wanted[i] < counts[i]:
            wanted[i] += 1
    while wanted.sum() > rows:
        wanted[np.argmax(wanted)] -= 1
    picks = [
        random.permutation(np.flatnonzero(target == c))[:n] for c, n in zip(classes, wanted, strict=True)
    ]
    return np.sort(np.concatenate(picks))


def balanced(target: np.ndarray, shots: int, random: np.random.Generator) -> np.ndarray:
    """Examples with as equal a number of each class as can be, shuffled."""
    classes = random.permutation(np.unique(target))
    picks: list[int] = []
    pools = {c: list(random.permutation(np.flatnonzero(target == c))) for c in classes}
    while len(picks) < min(shots, len(target) // 2) and any(pools.values()):
        for c in classes:
            if pools[c] and len(picks) < shots:
                picks.append(int(pools[c].pop()))
    return random.permutation(np.array(picks, dtype=int))
