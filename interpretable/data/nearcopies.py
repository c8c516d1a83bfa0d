"""Which texts are nearly the same.

Two texts are near-copies when their sets of shingles have a Jaccard index of 0.75 or more. Candidates are
those whose MinHash values agree in one of 20 bands of 5 (Leskovec, Rajaraman, Ullman: Mining of Massive
Datasets, 3.4): a pair at 0.75 is missed in 4 of 1,000 cases, one at 0.8 in 4 of 10,000. Candidates are
measured exactly.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from interpretable.data.minhash import Sets, alike, linked
from interpretable.data.shingles import Cut, shingles
from interpretable.data.textblocks import lengths_in_words, plain_texts

NEAR = 0.75  # Jaccard index of the shingles
FEWEST_WORDS = 5  # shorter texts are common property ("ok", "see you"): alike by chance, not copied
_LONG, _SHORT = 30, 40  # words; texts between are cut in both ways, so that no pair falls between


def near_copies(texts: Sequence[str | None]) -> np.ndarray:
    """Number of the group of each text.

    Parameters
    ----------
    texts : n texts, None where missing

    Returns
    -------
    int64 (n,): equal for texts linked by a chain of near-copies; a text alone, missing or of fewer than 5
    words has a number of its own. Which texts share a group does not depend on their order.

    Examples
    --------
    >>> said = "please call the ward before noon on friday"
    >>> near_copies([said, "Please call the ward before noon on Friday!", "call the ward"]).tolist()
    [0, 0, 1]
    """
    plain = plain_texts(texts)
    enough = lengths_in_words(plain) >= FEWEST_WORDS
    distinct = sorted({plain[i] for i in np.flatnonzero(enough)})  # sorted: the order of rows plays no part
    group = linked(len(distinct), _near_pairs(distinct))
    place = dict(zip(distinct, group.tolist(), strict=True))
    keys = [place[plain[i]] if enough[i] else len(distinct) + i for i in range(len(plain))]
    return pd.factorize(np.array(keys, dtype=np.int64))[0]


def _near_pairs(distinct: list[str]) -> np.ndarray:
    """Pairs int64 (m, 2), enough of them to link all near-copies."""
    words = lengths_in_words(distinct)
    found = [np.zeros((0, 2), dtype=np.int64)]
    cuts: tuple[tuple[Cut, np.ndarray], ...] = (("characters", words < _SHORT), ("words", words >= _LONG))
    for cut, kept in cuts:
        at = np.flatnonzero(kept)
        if len(at) > 1:
            found.append(at[alike(_sets([distinct[i] for i in at], cut), NEAR)])
    return np.concatenate(found)


def _sets(plain: list[str], cut: Cut) -> Sets:
    pieces = list(shingles(plain, cut))
    sizes = sum(np.bincount(row, minlength=len(plain)) for row, _ in pieces)
    return Sets(np.concatenate([shingle for _, shingle in pieces]), np.concatenate(([0], np.cumsum(sizes))))
