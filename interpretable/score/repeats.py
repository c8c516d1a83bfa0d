"""Would a reason come out again: the first reasons of a model in simulated repeated trainings.

A model that is the mean of its refits (an EBM and its outer bags) would, trained with another seed, be the
mean of other refits. What is known of those are its own refits: the difference of two means of B has twice
the variance of one, which is that of a mean of (B - 1) / 2 refits drawn with replacement. So each draw is
such a mean (basis "seeds"). A model that was fitted once, with refits on resampled rows beside it, is
compared with each of these refits (basis "rows"): a harder question, since other rows are other evidence.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from interpretable.records.additive import RuleTerm, TableTerm, TokenTerm
from interpretable.score.additive import Columns
from interpretable.score.output import log_odds
from interpretable.score.scorer import AdditiveScorer, Scorer

FIRST = 4  # more than four reasons are "not likely to be helpful" (US Regulation B, commentary to 1002.9)
DRAWS = 200
CERTAIN = 0.9
# Measured on the sample sets (docs/explanation/stability.md): above these, first reasons mostly come again.
PROBABLE: dict[str, float] = {"seeds": 0.7, "rows": 0.5}
ALMOST = 0.05  # standard deviations of the refits
BLOCK_CELLS = 2_000_000  # effects of refits held in memory at once

Basis = Literal["seeds", "rows"]


@dataclass(frozen=True, eq=False, kw_only=True)
class Repeated:
    """Shares of simulated trainings, f8[n, F] each."""

    basis: Basis
    refits: int
    again: np.ndarray  # among the first reasons, and moving the estimate the same way
    same_way: np.ndarray
    first: np.ndarray  # bool[n, F]: the first reasons themselves
    ties: np.ndarray  # bool[n, F]: could as well stand on the other side of the border of first reasons
    unknown: tuple[int, ...] = ()  # features of which the refits tell nothing

    @property
    def probable_from(self) -> float:
        return PROBABLE[self.basis]

    @property
    def stable(self) -> np.ndarray:
        """bool[n]: no first reason is unstable."""
        shares = np.where(self.first, self.again, 1.0)
        return np.asarray((shares >= self.probable_from - 1e-12).all(axis=1))

    def word(self, row: int, feature: int) -> Literal["certain", "probable", "unstable"]:
        share = self.again[row, feature] + 1e-12
        return "certain" if share >= CERTAIN else "probable" if share >= self.probable_from else "unstable"


def first_reasons(sizes: np.ndarray, count: int = FIRST) -> np.ndarray:
    """bool[..., F]: the features with the largest effects f8[..., F]; an effect of 0 is no reason."""
    order = np.argsort(-np.abs(sizes), axis=-1, kind="stable")[..., :count]
    found = np.zeros(sizes.shape, dtype=bool)
    np.put_along_axis(found, order, True, axis=-1)
    return found & (sizes != 0)


def sizes_of(link: str, scores: np.ndarray, effects: np.ndarray, outputs: np.ndarray) -> np.ndarray:
    """Sizes f8[n, F] towards each row's explained output, from scores f8[n, K] and effects f8[n, F, K]."""
    if link != "softmax":
        return effects[..., 0]
    return log_odds(scores, outputs)[:, None] - log_odds(scores[:, None, :] - effects, outputs)


def basis_of(scorer: Scorer) -> Basis | None:
    """Whether the model is the mean of its refits; None where it has fewer than 3."""
    if not isinstance(scorer, AdditiveScorer) or scorer.model.bag_intercept is None:
        return None
    bags, model = scorer.model.bag_intercept, scorer.model
    if len(bags) < 3:
        return None
    tables = [t for t in model.terms if isinstance(t, TableTerm | RuleTerm) and t.bags is not None]
    pairs = [(bags, model.intercept), *((t.bags, t.scores) for t in tables)]
    return "seeds" if all(_is_mean(own, refits) for refits, own in pairs) else "rows"


def _is_mean(own: np.ndarray, refits: np.ndarray) -> bool:
    """Nearly the plain mean: bags that fit a row more or less than others weigh a little more or less."""
    away = np.abs(refits.mean(axis=0) - own)
    return bool((away <= ALMOST * refits.std(axis=0) + 1e-6 * np.abs(own) + 1e-8).all())


def _fixed(scorer: Scorer, basis: Basis) -> tuple[int, ...]:
    """Features whose effects are the same in all refits though other rows would change them: texts.

    The weights of tokens do not hang on a seed, but they do on the rows, and tokens have no refits.
    """
    if basis == "seeds" or not isinstance(scorer, AdditiveScorer):
        return ()
    return tuple(dict.fromkeys(t.feature for t in scorer.model.terms if isinstance(t, TokenTerm)))


def _draws(refits: int, basis: Basis) -> np.ndarray:
    """Weights f8[M, B] of the refits in each simulated training."""
    if basis == "rows":
        return np.eye(refits)
    size = max((refits - 1) // 2, 1)
    return np.random.default_rng(0).multinomial(size, np.full(refits, 1 / refits), size=DRAWS) / size


def _ties(sizes: np.ndarray, refits: np.ndarray, first: np.ndarray) -> np.ndarray:
    """bool[n, F]: features whose distance to the border of the first reasons is below its spread.

    `refits` f8[M, n, F]: sizes in simulated trainings; their standard deviation is the spread.
    """
    if sizes.shape[1] <= FIRST:
        return np.zeros(sizes.shape, dtype=bool)
    rows, way = np.arange(len(sizes)), np.sign(sizes)
    towards, weight = refits * way, np.abs(sizes)
    order = np.argsort(-weight, axis=1, kind="stable")
    last, next_one = order[:, FIRST - 1], order[:, FIRST]
    result = np.zeros(sizes.shape, dtype=bool)
    for feature in range(sizes.shape[1]):
        other = np.where(first[:, feature], next_one, last)
        gap = np.abs(weight[rows, other] - weight[:, feature])
        spread = (towards[:, rows, other] - towards[:, :, feature]).std(axis=0)
        result[:, feature] = (gap < spread) & (weight[:, feature] > 0) & (weight[rows, other] > 0)
    return result


def _repeated(scorer: Scorer, columns: Columns, outputs: np.ndarray, basis: Basis) -> Repeated:
    n = len(outputs)
    own = sizes_of(scorer.link, scorer.link_scores(columns, n), scorer.effects(columns, n), outputs)
    effects = scorer.refit_effects(columns, n)
    scores = scorer.refit_scores(columns, n)
    weights = _draws(len(effects), basis)
    drawn = np.tensordot(weights, effects, 1)
    if scorer.link == "softmax":
        pairs = zip(np.tensordot(weights, scores, 1), drawn, strict=True)
        sizes = np.stack([sizes_of(scorer.link, some, moved, outputs) for some, moved in pairs])
    else:
        sizes = drawn[..., 0]
    same, first = np.sign(sizes) == np.sign(own), first_reasons(own)
    return Repeated(
        basis=basis, refits=len(effects), again=(first_reasons(sizes) & same).mean(axis=0),
        same_way=same.mean(axis=0), first=first, ties=_ties(own, sizes, first), unknown=_fixed(scorer, basis),
    )  # fmt: skip


def repeat(scorer: Scorer, columns: Columns, outputs: np.ndarray) -> Repeated | None:
    """Shares of simulated trainings for many rows; None where the model has no refits.

    Parameters
    ----------
    outputs : i8[n], the output each row's explanation is about
    """
    basis = basis_of(scorer)
    if basis is None or not len(outputs):
        return None
    model = scorer.model  # type: ignore[attr-defined]  # basis_of has looked: a glass box
    held = max(len(model.bag_intercept), DRAWS if basis == "seeds" else 0)
    block = max(BLOCK_CELLS // (held * len(scorer.features) * model.outputs), 1)
    parts = []
    for start in range(0, len(outputs), block):
        rows = slice(start, start + block)
        some = {f.name: np.asarray(columns[f.name])[rows] for f in scorer.features}
        parts.append(_repeated(scorer, some, outputs[rows], basis))
    names = ("again", "same_way", "first", "ties")
    joined = {name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
    return Repeated(basis=basis, refits=parts[0].refits, unknown=parts[0].unknown, **joined)
