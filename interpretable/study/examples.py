"""Made-up cases for the report: never a person's row."""

from __future__ import annotations

import numpy as np
import pandas

from interpretable.data.wordrule import is_ideograph
from interpretable.explain.text import centred
from interpretable.records.additive import TokenTerm
from interpretable.records.dataset import Dataset
from interpretable.score.additive import typical_values
from interpretable.score.reasons import estimate_of
from interpretable.score.scorer import AdditiveScorer, Scorer, predict

NAMES = ("example: typical", "example: high", "example: low")
MOVED = 4  # features changed in the high and the low example
COMMON = 5  # a level must have this many training rows
COMMON_WORDS = 20  # a word of a made-up text must stand in this many training texts
TEXT_WORDS = 4  # words of a made-up text


def _choices(values: np.ndarray, kind: str) -> list:
    """Values a feature may take in an example: deciles of a number, common levels."""
    if kind == "number":
        seen = np.asarray(values, dtype=float)
        seen = seen[~np.isnan(seen)]
        return [float(np.quantile(seen, q, method="nearest")) for q in (0.1, 0.5, 0.9)] if len(seen) else []
    counts = pandas.Series(values, dtype=object).value_counts()
    return sorted(counts.index[counts >= COMMON])


def _texts(scorer: Scorer, name: str) -> list[str]:
    """Made-up texts of a text column: frequent words of the model side by side, one high, one low."""
    if not isinstance(scorer, AdditiveScorer):
        return []
    terms = [t for t in scorer.model.terms if isinstance(t, TokenTerm) and t.rule.units == "word"]
    term = next((t for t in terms if scorer.model.features[t.feature].name == name), None)
    if term is None or term.counts is None:
        return []
    common = [
        i for i, token in enumerate(term.vocabulary) if term.counts[i] >= COMMON_WORDS and _written(token)
    ]
    strength = centred(term.weights, _output(scorer)) * term.idf
    ranked = sorted(common, key=lambda i: float(strength[i]))
    if len(ranked) < 2 * TEXT_WORDS:
        return []
    return [_made_up(term, ranked[::-1], strength), _made_up(term, ranked, strength)]


def _written(token: str) -> str:
    """A token as it stands in a made-up text; '' where it is no word by itself.

    A pair of words is a piece of somebody's sentence; but where a character counts as a word, two make one.
    """
    parts = token.split(" ")
    single = [len(part) == 1 and is_ideograph(part) for part in parts]
    if len(parts) == 1:
        return token if token.isalpha() and not single[0] else ""
    return "".join(parts) if all(single) else ""


def _made_up(term: TokenTerm, ranked: list[int], strength: np.ndarray) -> str:
    """The first words of a list and, among them, a weaker one against them: a reader sees both directions."""
    first, *others = ranked[: TEXT_WORDS - 1]
    against = -strength[first] / 2
    weaker = min(ranked[TEXT_WORDS - 1 :], key=lambda i: abs(strength[i] - against))
    return " ".join(_written(term.vocabulary[i]) for i in (first, weaker, *others))


def _output(scorer: Scorer) -> int:
    """Of several classes the second one is raised and lowered, as of two."""
    return 1 if scorer.link == "softmax" else 0


def _extreme(scorer: Scorer, row: dict, choices: dict[str, list], sign: float) -> dict:
    """Greedily set the features with most effect to the value that moves the estimate furthest one way."""
    row = dict(row)
    for name in choices:
        if not choices[name]:
            continue
        trial = {key: np.repeat(value, len(choices[name])) for key, value in row.items()}
        trial[name] = np.array(choices[name], dtype=row[name].dtype)
        estimates = estimate_of(predict(scorer, trial, len(choices[name])), _output(scorer))
        row[name] = trial[name][[int(np.argmax(sign * estimates))]]
    return row


def make_examples(scorer: Scorer, train: Dataset, important: list[str]) -> Dataset:
    """A typical case, and one with high and one with low estimate, as a dataset of three rows."""
    row = {f.name: typical_values(f.kind, f.typical, 1) for f in scorer.features}
    kinds = {f.name: f.kind for f in scorer.features}
    moved = [name for name in important if kinds[name] != "text"][:MOVED]
    choices = {name: _choices(train.frame[name].to_numpy(), kinds[name]) for name in moved}
    choices |= {name: _texts(scorer, name) for name in kinds if kinds[name] == "text"}
    rows = [row, _extreme(scorer, row, choices, 1.0), _extreme(scorer, row, choices, -1.0)]
    frame = train.frame.iloc[:3].copy().reset_index(drop=True)
    for name in frame:
        missing = np.nan if frame[name].dtype.kind == "f" else None
        cells = [r[name][0] if name in r else missing for r in rows]
        frame[name] = pandas.Series(cells, dtype=frame[name].dtype)
    return Dataset(task=train.task, frame=frame, row_ids=np.array(NAMES, dtype=object), target=None)
