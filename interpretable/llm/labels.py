"""From the first tokens a model offers to the probability of each label."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np

_AROUND = " \t\r\n\"'`*_.,:;!?()[]{}<>▁Ġ"


def sum_offers(offers: Iterable[tuple[str, float]], labels: Sequence[str]) -> tuple[np.ndarray, float, int]:
    """Sum the probability of every token that starts exactly one label, whatever its case or leading space.

    Parameters
    ----------
    offers : (token text, natural log probability), the candidates for the first token of the answer.
    labels : what may be answered; no label may be the start of another.

    Returns
    -------
    (log probabilities f8[K], label mass, labels not offered). A label that was not offered has the smallest
    log probability that was: its own cannot be larger. All -inf where no label was offered.
    """
    sums = np.zeros(len(labels))
    smallest = 0.0
    for token, log_probability in offers:
        smallest = min(smallest, log_probability)
        which = find(token, labels)
        if which is not None:
            sums[which] += math.exp(log_probability)
    seen = sums > 0
    if not seen.any():
        return np.full(len(labels), -np.inf), 0.0, len(labels)
    logs = np.full(len(labels), smallest)
    logs[seen] = np.log(sums[seen])
    return logs, float(min(1.0, sums.sum())), int((~seen).sum())


def find(text: str, labels: Sequence[str]) -> int | None:
    """The one label that starts with this text (or is it); None where none or several do."""
    start = text.strip(_AROUND).casefold()
    if not start:
        return None
    hits = [i for i, label in enumerate(labels) if label.casefold().startswith(start)]
    return hits[0] if len(hits) == 1 else None


def first_word(text: str, labels: Sequence[str]) -> int | None:
    """The label that an answer in words begins with: the whole label, not just its start."""
    words = text.strip(_AROUND).split()
    word = words[0].strip(_AROUND).casefold() if words else ""
    hits = [i for i, label in enumerate(labels) if label.casefold() == word]
    return hits[0] if hits else None
