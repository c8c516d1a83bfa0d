"""Fidelity, use and privacy of generated rows, always against real rows that no prompt showed.

Every distance stands beside what chance alone gives: the same distance between the training rows and the
others. Fidelity is no proof of use, and neither is proof of privacy: each has its own figures.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas

from interpretable.collab.curate import copies
from interpretable.data.wordrule import words_of
from interpretable.errors import BrokenPromise
from interpretable.evaluate.drift import compare_tables
from interpretable.evaluate.figure import absent, whole
from interpretable.evaluate.real import require_real
from interpretable.models.base import LINKS, Effort, families
from interpretable.models.features import describe
from interpretable.models.losses import row_losses
from interpretable.models.mix import as_rows, covers
from interpretable.records.dataset import Dataset
from interpretable.records.evaluation import Figure
from interpretable.records.quality import ColumnLikeness, Quality
from interpretable.records.synthetic import Synthetic
from interpretable.stats import closeness
from interpretable.stats.intervals import clopper_pearson, mean_t

FEWEST = 10  # rows of each kind


def _why_not(train: Dataset) -> str:
    """Why rows were not told apart: a classifier of columns has none where all is text."""
    return "too_few_rows" if any(c.kind != "text" for c in train.task.features) else "texts_alone"


def quality(made: Synthetic, train: Dataset, others: Dataset, *, family: str, seed: int = 0) -> Quality:
    """What the generated rows are like.

    Parameters
    ----------
    made : generated rows, before or after curation; what is measured is what is given
    train : the real rows that prompts could show
    others : real rows that no prompt showed (the calibration or test part)
    family : key of the student for "train on generated, test on real"

    Raises
    ------
    BrokenPromise : generated rows among the real ones, a row in both sets, or fewer than 10 rows of a kind
    """
    _refuse(made, require_real(train), require_real(others))
    names = [c.name for c in train.task.features]
    found = compare_tables(
        {n: others.frame[n].to_numpy() for n in names}, {n: made.frame[n].to_numpy() for n in names},
        describe(train, train), seed=seed,
    )  # fmt: skip
    told = found.tell.auroc if found is not None and found.tell is not None else absent(_why_not(train))
    losses = _losses(made, train, others, family=family, seed=seed)
    near = _Near(made, train, others)
    attack = closeness.attack(near.shown, near.others)
    return Quality(
        made=len(made), shown=len(train), others=len(others), told_apart=told,
        columns=_columns(made, train, others),
        pairs=_pairs(made.frame, others), pairs_real=_pairs(train.frame, others),
        loss_real=None if losses is None else float(losses[0].mean()),
        loss_generated=None if losses is None else float(losses[1].mean()),
        loss_gap=None if losses is None else _gap(losses[1] - losses[0]),
        copies_shown=_share(copies(made, train)), copies_others=_share(copies(made, others)),
        attack_auc=whole(attack.auc[0], attack.auc[1:], "newcombe"),
        attack_tpr=whole(attack.tpr[0], attack.tpr[1:], "exact"),
        attack_rate=attack.rate, resolution=attack.resolution, closest=near.screen(),
    )  # fmt: skip


def _refuse(made: Synthetic, train: Dataset, others: Dataset) -> None:
    problems = []
    for name, rows in (("generated", made), ("training", train), ("other real", others)):
        if len(rows) < FEWEST:
            problems.append(f"{len(rows)} {name} rows, of at least {FEWEST}")
    both = set(train.row_ids.tolist()) & set(others.row_ids.tolist())
    if both:
        problems.append(f"{len(both)} rows are both training rows and rows that no prompt showed")
    if problems:
        raise BrokenPromise("Generated rows cannot be measured: " + "; ".join(problems) + ".")


def _share(hits: np.ndarray) -> Figure:
    low, high = clopper_pearson(np.array([hits.sum()]), np.array([len(hits)]))
    return whole(float(hits.mean()), (float(low[0]), float(high[0])), "exact")


def _gap(differences: np.ndarray) -> Figure:
    return whole(float(differences.mean()), mean_t(differences), "t")


def _columns(made: Synthetic, train: Dataset, others: Dataset) -> tuple[ColumnLikeness, ...]:
    found = []
    for column in train.task.features:
        if column.kind == "text":
            continue
        values = [rows.frame[column.name] for rows in (made, train, others)]
        if column.kind == "number":
            own = [v.dropna().to_numpy() for v in values]
            if not all(len(v) for v in own):
                continue
            kind, distance = "ks", closeness.kolmogorov
        else:
            own = [v.fillna("\0").to_numpy() for v in values]
            kind, distance = "tv", closeness.total_variation
        generated, real = distance(own[0], own[2]), distance(own[1], own[2])
        found.append(ColumnLikeness(column=column.name, kind=kind, generated=generated, real=real))
    return tuple(found)


def _pairs(frame: pandas.DataFrame, others: Dataset) -> float | None:
    """Mean absolute difference of rank correlations, over pairs of numbers that vary."""
    names = [c.name for c in others.task.features if c.kind == "number"]
    one, other = (rows[names].rank().corr().to_numpy() for rows in (frame, others.frame))
    gaps = [abs(one[i, j] - other[i, j]) for i, j in combinations(range(len(names)), 2)]
    known = [gap for gap in gaps if np.isfinite(gap)]
    return float(np.mean(known)) if known else None


def _losses(
    made: Synthetic, train: Dataset, others: Dataset, *, family: str, seed: int
) -> tuple[np.ndarray, np.ndarray] | None:
    """Losses f8[n] on the others, of the student of the training rows and of that of the generated ones."""
    if not covers(train, made):
        return None
    link, effort = LINKS[train.task.kind], Effort(seed=seed, level="quick", refits=0)
    features = describe(train, train)
    # The one fit that takes generated rows for real ones: what it would be to have nothing else.
    alone = replace(as_rows(made), origin=None)
    fits = [families[family].fit(rows, features, effort) for rows in (train, alone)]
    first, second = (row_losses(link, fit.library_scores(others), others.target) for fit in fits)
    return first, second


class _Near:
    """Distances between rows: standardised numbers, levels as 0/1 columns, texts by their words."""

    def __init__(self, made: Synthetic, train: Dataset, others: Dataset):
        frames = [rows.frame for rows in (made, train, others)]
        own, real, rest = _matrices(frames, train)
        self.shown, self.others = closeness.nearest(real, own), closeness.nearest(rest, own)
        self._screen = closeness.nearest(own, real), closeness.nearest(own, rest)

    def screen(self) -> float | None:
        first, second = (float(np.median(one)) for one in self._screen)
        return first / second if second > 0 else None


def _matrices(frames: list[pandas.DataFrame], train: Dataset) -> list[np.ndarray]:
    """f8[n, p] of each frame; scales are those of the training rows."""
    blocks: list[list[np.ndarray]] = [[] for _ in frames]
    for column in train.task.features:
        values = [frame[column.name].to_numpy() for frame in frames]
        if column.kind == "number":
            known = values[1][~np.isnan(values[1])]
            centre, spread = (float(known.mean()), float(known.std())) if len(known) else (0.0, 1.0)
            cells = [np.nan_to_num((v - centre) / (spread or 1.0))[:, None] for v in values]
        elif column.kind == "text":
            cells = _words(values)
        else:
            levels = sorted({v for own in values for v in own if not pandas.isna(v)})
            # Two rows with different levels lie one apart, as far as two numbers a deviation apart.
            cells = [np.column_stack([v == level for level in levels]) / np.sqrt(2) for v in values if levels]
        for block, cell in zip(blocks, cells, strict=False):
            block.append(np.asarray(cell, dtype=float))
    return [
        np.column_stack(block) if block else np.zeros((len(frame), 1))
        for block, frame in zip(blocks, frames, strict=True)
    ]


def _words(values: list[np.ndarray]) -> list[np.ndarray]:
    """Texts as words of length 1, so that distances are those of the angle."""
    told = [[set(words_of(v)) if isinstance(v, str) else set() for v in own] for own in values]
    place = {word: i for i, word in enumerate(sorted(set().union(*(s for own in told for s in own))))}
    found = []
    for own in told:
        matrix = np.zeros((len(own), max(len(place), 1)))
        for row, words in enumerate(own):
            matrix[row, [place[w] for w in words]] = 1.0 / np.sqrt(max(len(words), 1))
        found.append(matrix)
    return found
