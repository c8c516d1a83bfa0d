"""Whether columns, or the estimate itself, give a sensitive column away, and which terms carry a gap."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas

from interpretable.evaluate.bands import SMALL, groups_of
from interpretable.evaluate.disparity import clusters_of
from interpretable.evaluate.figure import absent, area, whole
from interpretable.evaluate.groups import FLOOR_EVENTS, FLOOR_ROWS
from interpretable.records.dataset import Dataset
from interpretable.records.disparity import GapPart, Rebuilt, ScoreGap, ScoreTells, UsedColumn
from interpretable.records.evaluation import Figure
from interpretable.records.task import Column
from interpretable.stats import bootstrap, clustered, delong, metrics, ridge

MOST_ROWS = 2_000  # rows that the guess is learned from
LEVELS = 20  # of a column that enter the guess; the rest share one
GROUPS = 8  # groups of a column that are guessed, the largest first
ROUNDS = 50  # of gradient boosting


def guess_matrix(rows: Dataset, columns: Sequence[Column]) -> np.ndarray:
    """f8[n, d]: standardised numbers with a column for "missing", and a column per frequent level."""
    parts = []
    for column in columns:
        values = rows.frame[column.name].to_numpy()
        if column.kind == "number":
            missing = np.isnan(values)
            known = values[~missing]
            spread = float(known.std()) if len(known) else 0.0
            middle = float(known.mean()) if len(known) else 0.0
            parts += [np.where(missing, 0.0, (values - middle) / (spread or 1.0)), missing.astype(float)]
        elif column.kind != "text":
            text = pandas.Series(values, dtype=object)
            counts = text.value_counts()
            parts += [(text == level).to_numpy(dtype=float) for level in sorted(counts.index[:LEVELS])]
            parts.append(text.isna().to_numpy(dtype=float))
    return np.column_stack([p for p in parts if p.std() > 0] or [np.zeros(len(rows))])


def rebuilt(
    train: Dataset,
    column: Column,
    folds: np.ndarray,
    *,
    seed: int = 0,
    shuffles: int = 99,
    boosted: bool = False,
) -> Rebuilt | None:
    """How well the model's other columns rebuild a sensitive one, out of fold on training rows.

    Ridge regression on up to 2,000 rows, against the same with the column shuffled (`shuffles` times,
    refitted each time): below that floor nothing was found. `boosted` adds gradient boosting, which sees
    curves and interactions. Numbers: R². Groups: mean AUROC of one against the rest. Free text is not read.
    None where the column has one group only or no other column is in use.

    Parameters
    ----------
    folds : i8[n] fold of each training row; rows below 0 are left out
    """
    others = [c for c in train.task.features if c.name != column.name and c.kind != "text"]
    targets, kept, measure = _targets(train, column, folds, seed)
    if not others or targets is None:
        return None
    design, own = guess_matrix(train.take(kept), others), folds[kept]
    quality = _area_of if measure == "auroc" else _r2_of
    value = quality(targets, ridge.out_of_fold(design, targets, own))
    shuffled = _shuffled(design, targets, own, seed=seed, shuffles=shuffles)
    floor = np.array([quality(t, g) for t, g in shuffled])
    guess = ridge.out_of_fold(design, targets, own)
    found = _boosted(design, targets, own, seed=seed, measure=measure) if boosted else None
    return Rebuilt(
        column=column.name,
        used=not column.exclude,
        measure=measure,
        n=len(kept),
        linear=_figure(measure, targets, guess, seed),
        floor=float(np.quantile(floor, 0.95)) if len(floor) else None,
        p_value=(int((floor >= value).sum()) + 1) / (len(floor) + 1),
        boosted=None if found is None else _figure(measure, targets, found, seed),
    )


def _targets(
    train: Dataset, column: Column, folds: np.ndarray, seed: int
) -> tuple[np.ndarray | None, np.ndarray, str]:
    """What is guessed, f8[m, k]: the number itself, or one column per group; and the rows it is known of."""
    usable = np.flatnonzero(folds >= 0)
    if len(usable) > MOST_ROWS:
        usable = np.sort(np.random.default_rng(seed).permutation(usable)[:MOST_ROWS])
    values = train.frame[column.name].to_numpy()[usable]
    groups = [(name, rows) for name, rows in groups_of(values, column) if name != SMALL]
    if column.kind == "number" and len(np.unique(values[~np.isnan(values)])) > GROUPS:
        known = ~np.isnan(values)
        enough = known.sum() >= FLOOR_ROWS
        return (values[known][:, None] if enough else None), usable[known], "r2"
    large = sorted(groups, key=lambda g: -len(g[1]))[:GROUPS]
    large = [g for g in large if FLOOR_EVENTS <= len(g[1]) <= len(usable) - FLOOR_EVENTS]
    if not large:
        return None, usable, "auroc"
    targets = np.zeros((len(usable), len(large)))
    for place, (_, rows) in enumerate(large):
        targets[rows, place] = 1.0
    return targets, usable, "auroc"


def _shuffled(
    design: np.ndarray, targets: np.ndarray, folds: np.ndarray, *, seed: int, shuffles: int
) -> list:
    """Shuffled targets with their guesses: all shuffles in one factorisation per fold."""
    random = np.random.default_rng(seed)
    mixed = [targets[random.permutation(len(targets))] for _ in range(shuffles)]
    if not mixed:
        return []
    guesses = ridge.out_of_fold(design, np.concatenate(mixed, axis=1), folds)
    wide = targets.shape[1]
    return [(one, guesses[:, i * wide : (i + 1) * wide]) for i, one in enumerate(mixed)]


def _area_of(targets: np.ndarray, guess: np.ndarray) -> float:
    return float(np.mean([metrics.auroc(t, g) for t, g in zip(targets.T, guess.T, strict=True)]))


def _r2_of(targets: np.ndarray, guess: np.ndarray) -> float:
    return metrics.r2(targets[:, 0], guess[:, 0])


def _figure(measure: str, targets: np.ndarray, guess: np.ndarray, seed: int) -> Figure:
    """With DeLong's interval of the mean area, or the bootstrap's of R²."""
    if measure == "auroc":
        value = _area_of(targets, guess)
        pairs = zip(targets.T, guess.T, strict=True)
        error = float(np.sqrt((np.mean([delong.contributions(t, g) for t, g in pairs], axis=0) ** 2).sum()))
        return whole(value, delong.logit_interval(value, error) if 0.0 < value < 1.0 else None, "delong")
    value = _r2_of(targets, guess)
    seen, said = targets[:, 0] - targets[:, 0].mean(), guess[:, 0] - targets[:, 0].mean()
    moments = bootstrap.weighted_mean(np.column_stack([(seen - said) ** 2, seen, seen**2]))

    def statistic(w: np.ndarray) -> np.ndarray:
        error, first, second = moments(w).T
        return 1.0 - error / np.maximum(second - first**2, 1e-300)

    draws = bootstrap.distribution(statistic, len(seen), resamples=500, seed=seed)
    return whole(value, bootstrap.percentile(draws), "bootstrap")


def _boosted(
    design: np.ndarray, targets: np.ndarray, folds: np.ndarray, *, seed: int, measure: str
) -> np.ndarray:
    """Out-of-fold guesses of gradient boosting, one model per group."""
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

    kind = HistGradientBoostingRegressor if measure == "r2" else HistGradientBoostingClassifier
    found = np.zeros_like(targets)
    single = targets.shape[1] == 2 and bool((targets.sum(axis=1) == 1.0).all())
    for place in range(1 if single else targets.shape[1]):
        for fold in np.unique(folds):
            held, own = folds == fold, targets[folds != fold, place]
            if not len(own) or own.min() == own.max():
                found[held, place] = float(own.mean()) if len(own) else 0.0
                continue
            model = kind(max_iter=ROUNDS, max_leaf_nodes=8, early_stopping=False, random_state=seed)
            model.fit(design[~held], own)
            guess = (
                model.predict(design[held]) if measure == "r2" else model.predict_proba(design[held])[:, 1]
            )
            found[held, place] = guess
    if single:
        found[:, 1] = -found[:, 0]
    return found


def score_tells(test: Dataset, predicted: np.ndarray) -> tuple[ScoreTells, ...]:
    """How well the estimate alone tells each group from everybody else; two classes: also given the outcome.

    The estimate may tell groups apart only because their outcomes differ. Among those with the outcome, and
    among those without it, that is no longer an answer. Not defined for several classes.
    """
    found, persons = [], clusters_of(test)
    for column in test.task.grouping_columns if predicted.ndim == 1 else ():
        for name, rows in groups_of(test.frame[column.name].to_numpy(), column):
            inside = np.zeros(len(test), dtype=np.int64)
            inside[rows] = 1
            if len(rows) < FLOOR_ROWS or len(test) - len(rows) < FLOOR_ROWS:
                continue
            binary = test.task.kind == "binary"
            event = test.target == 1 if binary else np.zeros(len(test), dtype=bool)
            found.append(
                ScoreTells(
                    column=column.name,
                    group=name,
                    n=len(rows),
                    overall=area(inside, predicted, persons),
                    with_event=_among(inside, predicted, event, persons) if binary else None,
                    without_event=_among(inside, predicted, ~event, persons) if binary else None,
                )
            )
    return tuple(found)


def _among(inside: np.ndarray, predicted: np.ndarray, kept: np.ndarray, persons: np.ndarray | None) -> Figure:
    some = inside[kept]
    if min(int(some.sum()), len(some) - int(some.sum())) < FLOOR_EVENTS:
        return absent("too_few_rows")
    own = None if persons is None else clustered.codes(persons[kept])
    return area(some, predicted[kept], own)


Named = tuple[tuple[str, ...], ...]  # the features of each term


def score_gap(
    parts: np.ndarray, names: Named, groups: tuple[np.ndarray, np.ndarray], labels: tuple[str, str, str], *,
    rows: Dataset, exact: bool, output: str = "", seed: int = 0, resamples: int = 2000,
) -> ScoreGap:  # fmt: skip
    """The difference of mean scores between two groups, as the sum of the differences of mean contributions.

    For an additive model this is an identity, not an estimate of what matters: score = constant + sum of
    contributions in every row, so the means and their differences add up as well. Intervals are percentile
    intervals of resampled rows (persons, where they have several).

    Parameters
    ----------
    parts : f8[n, T] contributions on the link scale
    groups : row positions of the group and of the reference; `labels`: column, group, reference
    """
    ours, others = groups
    values = np.column_stack([parts, parts.sum(axis=1)])
    both = np.concatenate([ours, others])
    member = np.r_[np.ones(len(ours)), np.zeros(len(others))]
    gap = values[ours].mean(axis=0) - values[others].mean(axis=0)
    draws = _gap_draws(values, groups, rows, seed=seed, resamples=resamples)
    figures = [
        whole(float(g), bootstrap.percentile(d), "bootstrap", point=True)
        for g, d in zip(gap, draws.T, strict=True)
    ]
    turned = parts[both] * np.where(gap[:-1] < 0, -1.0, 1.0)
    found = [
        GapPart(features=names[i], part=figures[i], separates=area(member, turned[:, i]))
        for i in np.argsort(-np.abs(gap[:-1]), kind="stable")
    ]
    return ScoreGap(
        column=labels[0], group=labels[1], reference=labels[2], output=output, n=len(ours),
        n_reference=len(others), whole=figures[-1], parts=tuple(found), exact=exact,
    )  # fmt: skip


def _gap_draws(
    values: np.ndarray, groups: tuple[np.ndarray, np.ndarray], rows: Dataset, *, seed: int, resamples: int
) -> np.ndarray:
    """f8[b, T]: differences of weighted means."""
    persons = clusters_of(rows)
    codes = np.arange(len(rows)) if persons is None else persons
    found = []
    for w in bootstrap.weights(int(codes.max()) + 1, resamples=resamples, seed=seed):
        sides = []
        for place in groups:
            own = w[:, codes[place]]
            total = own.sum(axis=1, keepdims=True)
            sides.append((own @ values[place]) / np.where(total > 0, total, np.nan))
        found.append(sides[0] - sides[1])
    return np.concatenate(found)


def used_columns(parts: np.ndarray, names: Named, columns: Sequence[Column]) -> tuple[UsedColumn, ...]:
    """Each sensitive column that a term reads, with its share of the movement of the score.

    Movement of a term: mean distance of its contribution from its own mean. The shares of all terms sum to 1.
    `parts` f8[n, T] or f8[n, T, K].
    """
    moved = np.abs(parts - parts.mean(axis=0)).mean(axis=0)
    moved = moved if moved.ndim == 1 else moved.sum(axis=1)
    total = float(moved.sum())
    found = []
    for column in columns:
        alone = sum(m for m, held in zip(moved, names, strict=True) if held == (column.name,))
        joint = sum(m for m, held in zip(moved, names, strict=True) if column.name in held and len(held) > 1)
        if any(column.name in held for held in names):
            shares = (float(alone / total), float(joint / total)) if total > 0 else (0.0, 0.0)
            found.append(UsedColumn(column=column.name, alone=shares[0], with_others=shares[1]))
    return tuple(found)
