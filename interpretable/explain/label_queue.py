"""Which of many rows without a label a person should label next, and why.

A part of the batch is drawn by chance, for error rates without bias. Some places go to rows unlike those
the model learned from. The others go to rows on which the model's two likeliest answers are close (margin
sampling; Scheffer, Decomain and Wrobel, 2001). One batch holds no near-copies, except among the rows drawn by
chance.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from interpretable.errors import UserError
from interpretable.explain.context import Context
from interpretable.explain.label_words import word_terms
from interpretable.records.additive import TokenTerm
from interpretable.records.dataset import Dataset
from interpretable.records.labels import LabelPick, PickReason
from interpretable.score.additive import Columns
from interpretable.score.domain import DomainCheck
from interpretable.score.output import all_chances
from interpretable.score.scorer import Scorer, columns_of, predicted
from interpretable.score.texts import factors, reader_of
from interpretable.stats.diverse import without_copies


@dataclass(frozen=True, kw_only=True)
class Rule:
    """How the places of a queue are given away."""

    random: float = 0.1  # share of the places for rows drawn by chance
    novel: float = 0.1  # share of the places for rows unlike those the model learned from, at most
    pool: int = 3  # so many candidates per place compete, the closest decisions first
    alike_texts: float = 0.4  # of the typical distance: nearer texts are near-copies
    alike_tables: float = 0.1  # the same for rows without text


RULE = Rule()


def label_queue(
    scorer: Scorer, rows: Dataset, context: Context, *, n: int = 50, seed: int = 0, rule: Rule = RULE
) -> tuple[LabelPick, ...]:
    """The n rows to label next, in order; all rows where there are fewer.

    Rows drawn by chance stand at even steps in the queue, so that a person who stops half way still has a
    random sample of the rows.

    Raises
    ------
    UserError : n below 1, a share outside 0 to 1, or shares that leave no place
    """
    check_rule(n, rule)
    drawn, n = np.random.default_rng(seed).permutation(len(rows)), min(n, len(rows))
    queue = _Queue(scorer, rows, context, rule=rule)
    cut = math.ceil(rule.random * n)
    by_chance, others = drawn[:cut], drawn[cut:]
    chosen = queue.choose(others, n - cut, by_chance)
    drawn_too: list[tuple[int, PickReason]] = [(int(i), "random") for i in by_chance]
    return tuple(
        queue.pick(i, reason, place) for place, (i, reason) in enumerate(_merged(chosen, drawn_too), start=1)
    )


def check_rule(n: int, rule: Rule) -> None:
    problems = [] if n >= 1 else [f"n is {n}; it can be 1 or more."]
    for name, share in (("random", rule.random), ("novel", rule.novel)):
        if not 0 <= share <= 1:
            problems.append(f"The {name} share is {share:g}; it can be 0 to 1.")
    if not problems and rule.random + rule.novel > 1:
        problems.append(
            f"The random share {rule.random:g} and the novel share {rule.novel:g} are more than 1 together."
        )
    if problems:
        raise UserError(problems)


def _merged(chosen: list, by_chance: list) -> list:
    """The rows drawn by chance at even steps among the others."""
    total = len(chosen) + len(by_chance)
    slots = {int((k + 0.5) * total / len(by_chance)) for k in range(len(by_chance))} if by_chance else set()
    first, second = iter(chosen), iter(by_chance)
    return [next(second) if place in slots else next(first) for place in range(total)]


class _Queue:
    """What the choice needs to know of every row."""

    def __init__(self, scorer: Scorer, rows: Dataset, context: Context, *, rule: Rule):
        self.scorer, self.rows, self.rule = scorer, rows, rule
        self.columns = columns_of(scorer, rows)
        self.domain = DomainCheck(context.domain)
        link = scorer.link_scores(self.columns, len(rows))
        self.said = predicted(scorer, link)
        self.spread = _spread(scorer, self.columns, len(rows)) if scorer.link == "identity" else None
        self.worth = _worth(self.said, self.spread, scorer)
        self.inside = self.domain.inside(rows.frame, len(rows))  # it may know more columns than the model
        self.alike = rule.alike_texts if word_terms(scorer) else rule.alike_tables
        self.novelty = self._novelty()

    def choose(self, free: np.ndarray, n: int, before: np.ndarray) -> list[tuple[int, PickReason]]:
        """n of the free positions with their reasons, without near-copies; ties keep the given order."""
        strange = free[self.novelty[free] > 0]
        strange = strange[np.argsort(-self.novelty[strange], kind="stable")]
        new = self._apart(strange, math.floor(self.rule.novel * (n + len(before))), before)
        free = free[~np.isin(free, new)]
        ordered = free[np.argsort(-self.worth[free], kind="stable")]
        close = self._apart(ordered, n - len(new), np.array([*before, *new], dtype=np.int64))
        # Where everything is a near-copy of something, the places left over go by closeness alone.
        rest = ordered[~np.isin(ordered, close)][: n - len(new) - len(close)].tolist()
        return [(i, "outside") for i in new] + [(i, self._why_close()) for i in (*close, *rest)]

    def _apart(self, ordered: np.ndarray, n: int, before: np.ndarray) -> list[int]:
        if n < 1:
            return []
        candidates = np.concatenate([ordered[: self.rule.pool * n], before])
        points = self._points(candidates)
        taken = without_copies(points, n, before=len(before), alike=self.alike)
        return [int(candidates[k]) for k in taken]

    def _points(self, positions: np.ndarray) -> Any:
        part = {name: np.asarray(values)[positions] for name, values in self.columns.items()}
        return space(self.scorer, part, len(positions))

    def _novelty(self) -> np.ndarray:
        """f8[n]: 0 for rows like those of training; else the larger the stranger."""
        strange = np.zeros(len(self.inside))
        outside = np.flatnonzero(~self.inside)
        told = self.domain.explain(self.rows.frame.iloc[outside], len(outside))
        for i, found in zip(outside, told, strict=True):
            odd = len(found.outside_range) + len(found.unknown_levels) + len(found.rare_pairs)
            odd += found.far + len(found.unfamiliar_texts)
            strange[i] = (
                odd + found.distance_rank + max((u / max(n, 1) for _, u, n in found.unknown_words), default=0)
            )
        return strange

    def _why_close(self) -> PickReason:
        if self.scorer.link != "identity":
            return "close"
        return "spread" if self.spread is not None else "different"

    def pick(self, i: int, reason: PickReason, place: int) -> LabelPick:
        about: dict[str, Any] = {
            "row_id": str(self.rows.row_ids[i]), "place": place, "reason": reason,
            "domain": self.domain.explain(self.rows.frame.iloc[[i]], 1)[0],
        }  # fmt: skip
        if self.scorer.link == "identity":
            spread = None if self.spread is None else float(self.spread[i])
            return LabelPick(**about, output="", estimate=float(self.said[i]), spread=spread)
        chances = all_chances(self.said)[i]
        first, second = (int(k) for k in np.argsort(-chances, kind="stable")[:2])
        names = self.scorer.classes
        return LabelPick(
            **about, output=names[first], estimate=float(chances[first]), second=names[second],
            second_estimate=float(chances[second]),
        )  # fmt: skip


def _worth(said: np.ndarray, spread: np.ndarray | None, scorer: Scorer) -> np.ndarray:
    """Closeness f8[n] of the two likeliest classes, 1 where they are equal; values: spread of the refits."""
    if scorer.link == "identity":
        return np.ones(len(said)) if spread is None else spread
    ordered = np.sort(all_chances(said), axis=1)
    return 1.0 - (ordered[:, -1] - ordered[:, -2])


def _spread(scorer: Scorer, columns: Columns, rows: int) -> np.ndarray | None:
    found = scorer.refit_scores(columns, rows)
    return None if found is None else predicted(scorer, found).std(axis=0)


def space(scorer: Scorer, columns: Columns, rows: int) -> Any:
    """Points of rows as the model sees them, f8[n, d], sparse where it reads text.

    The weighted words of its texts (each text of length 1) beside the effects of its other features, scaled
    to the same mean square.
    """
    from scipy import sparse

    terms = word_terms(scorer)
    texts = {term.feature for term in terms}
    others = [j for j in range(len(scorer.features)) if j not in texts]
    effects = scorer.effects(columns, rows)[:, others].reshape(rows, -1)
    if not terms:
        return effects
    length = math.sqrt(float((effects**2).sum(axis=1).mean())) if effects.size else 0.0
    parts = [sparse.csr_matrix(effects / length)] if length > 0 else []
    for term in terms:
        parts.append(_words(term, np.asarray(columns[scorer.features[term.feature].name])))
    return sparse.csr_matrix(sparse.hstack(parts))


def _words(term: TokenTerm, texts: np.ndarray) -> Any:
    from scipy import sparse

    counted = reader_of(term).count(texts)
    own = factors(counted, term.idf, term.rule)
    return sparse.csr_matrix(
        (own, (counted.rows, counted.positions)), shape=(len(texts), len(term.vocabulary))
    )
