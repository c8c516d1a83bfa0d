"""Resilience: how the model does on its worst rows, and if the mix of cases shifted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np

from interpretable.evaluate.figure import whole
from interpretable.evaluate.judged import Judged, loss_figure, mean_figure, wrong_figure
from interpretable.evaluate.slices import conditions_of, member, round_quantiles
from interpretable.models.matrix import make_blocks
from interpretable.records.dataset import Dataset
from interpretable.records.diagnostics import Condition, Driver, MissingStress, Resilience, Shift, WorstShare
from interpretable.records.task import Column
from interpretable.score.design import encode
from interpretable.score.domain import DomainCheck
from interpretable.score.scorer import Scorer, predict
from interpretable.stats import permutation, psi

Scenario = Literal["worst", "outer", "cluster"]

SHARES = (0.1, 0.2, 0.3)
WORST = 0.2  # the share whose make-up is looked at
CLUSTERS = 5
CLUSTERED = 5_000  # training rows
FEWEST = 30  # test rows of a shift or a cluster
DRIVES = 1.25  # times as frequent among the worst rows


def find_resilience(
    scorer: Scorer, train: Judged, tests: Mapping[str, Judged], names: Sequence[str], *, check: DomainCheck,
    resamples: int = 999, seed: int = 0,
) -> Resilience | None:  # fmt: skip
    """The worst rows, shifts of single columns, and columns that go missing.

    Parameters
    ----------
    train : training rows with out-of-fold predictions: they choose clusters and shifts
    tests : model name -> the same test rows; the model in use, which is `scorer`, first
    names : columns looked at, most important first
    """
    test = next(iter(tests.values()))
    if len(test) < FEWEST:
        return None
    return Resilience(
        n=len(test), loss=float(test.loss.mean()), worst_share=WORST,
        shares=tuple(_shares(tests, train, check, scorer, seed)),
        drivers=_drivers(test, names),
        shifts=_shifts(train, test, names, resamples=resamples, seed=seed),
        missing=tuple(_missing(scorer, test, check, names)),
    )  # fmt: skip


def _shares(
    tests: Mapping[str, Judged], train: Judged, check: DomainCheck, scorer: Scorer, seed: int
) -> list[WorstShare]:
    rows = next(iter(tests.values())).rows
    told = check.explain(rows.frame, len(rows))  # it may know more columns than the model
    outer = np.array([d.distance_rank for d in told])
    cluster = _worst_cluster(scorer, train, rows, seed)
    found = []
    for name, test in tests.items():
        for share in SHARES:
            found.append(_share(name, "worst", share, test, np.argsort(-test.loss, kind="stable")))
        for share in SHARES if outer.max() > 0.0 else ():
            found.append(_share(name, "outer", share, test, np.argsort(-outer, kind="stable")))
        if cluster is not None:
            found.append(_of_rows(name, "cluster", len(cluster) / len(test), test, cluster))
    return found


def _share(name: str, scenario: Scenario, share: float, test: Judged, order: np.ndarray) -> WorstShare:
    return _of_rows(name, scenario, share, test, order[: max(round(share * len(test)), 1)])


def _of_rows(name: str, scenario: Scenario, share: float, test: Judged, rows: np.ndarray) -> WorstShare:
    return WorstShare(
        model=name, scenario=scenario, share=share, n=len(rows), loss=loss_figure(test.loss[rows]),
        wrong=wrong_figure(test.task, test.wrong[rows]),
    )  # fmt: skip


def _worst_cluster(scorer: Scorer, train: Judged, rows: Dataset, seed: int) -> np.ndarray | None:
    """Test rows of the cluster with the highest out-of-fold loss of its training rows."""
    from sklearn.cluster import KMeans

    features = tuple(f for f in scorer.features if f.kind != "text")
    taken = train.take(np.arange(len(train))[:: max(len(train) // CLUSTERED, 1)])
    blocks = make_blocks(taken.rows, features, scaled=True)
    matrix = encode(blocks, taken.rows.frame, len(taken))
    if len(np.unique(matrix, axis=0)) < 2 * CLUSTERS:
        return None
    rule = KMeans(n_clusters=CLUSTERS, n_init=3, random_state=seed).fit(matrix)
    place = rule.predict(encode(blocks, rows.frame, len(rows)))
    large = [k for k in range(CLUSTERS) if (place == k).sum() >= FEWEST and (rule.labels_ == k).any()]
    if not large:
        return None
    worst = max(large, key=lambda k: float(taken.loss[rule.labels_ == k].mean()))
    return np.flatnonzero(place == worst)


def _drivers(test: Judged, names: Sequence[str]) -> tuple[Driver, ...]:
    worst = np.zeros(len(test), dtype=bool)
    worst[np.argsort(-test.loss, kind="stable")[: max(round(WORST * len(test)), 1)]] = True
    found = []
    for name in names:
        values = test.rows.frame[name].to_numpy()
        space = conditions_of(test.task.column(name), values, halves=False)
        hot = np.column_stack([member(c, values) for c in space]) if space else np.zeros((len(test), 0), bool)
        hot = np.column_stack([hot, ~hot.any(axis=1)])
        inside, outside = hot[worst].sum(axis=0), hot[~worst].sum(axis=0)
        bins = int(((inside + outside) > 0).sum())
        if bins < 2:
            continue
        size = int(worst.sum())
        value, floor = psi.psi(outside, inside), psi.floor(size, len(test) - size, bins)
        more = (inside / size > DRIVES * outside / (len(test) - size)) & (inside >= 5)
        groups = tuple(c.group for c, hit in zip(space, more, strict=False) if hit)
        found.append(Driver(feature=name, psi=value, floor=floor, groups=groups))
    return tuple(sorted(found, key=lambda d: d.floor - d.psi))


def ends_of(column: Column, values: np.ndarray) -> list[Condition]:
    """Lowest and highest tenth of a number, each level of everything else."""
    found = conditions_of(column, values, halves=False)
    if column.kind != "number" or not any(c.kind == "band" for c in found):
        return found
    known = values[~np.isnan(values.astype(float))].astype(float)
    edges = round_quantiles(known, (0.1, 0.9))
    name = column.name
    low = [Condition(feature=name, kind="band", group=f"< {e:.6g}", high=float(e)) for e in edges[:1]]
    high = [Condition(feature=name, kind="band", group=f"≥ {e:.6g}", low=float(e)) for e in edges[1:]]
    return low + high + [c for c in found if c.kind == "missing"]


def _shifts(
    train: Judged, test: Judged, names: Sequence[str], *, resamples: int, seed: int
) -> tuple[Shift, ...]:
    """Per column the group with the highest out-of-fold loss, measured on the test rows."""
    chosen = [c for name in names if (c := _worst_end(train, test, name)) is not None]
    if not chosen:
        return ()
    masks = np.column_stack([member(c, test.rows.frame[c.feature].to_numpy()) for c in chosen])
    p = permutation.holm(permutation.higher_inside(test.loss, masks, resamples=resamples, seed=seed))
    found = []
    for k, condition in enumerate(chosen):
        inside, outside = test.loss[masks[:, k]], test.loss[~masks[:, k]]
        edges = permutation.welch_interval(inside, outside)
        found.append(
            Shift(
                condition=condition,
                n=len(inside),
                loss=loss_figure(inside),
                p_value=float(p[k]),
                gap=whole(float(inside.mean() - outside.mean()), edges, "welch"),
            )
        )
    return tuple(sorted(found, key=lambda s: -s.gap.value))


def _worst_end(train: Judged, test: Judged, name: str) -> Condition | None:
    values = train.rows.frame[name].to_numpy()
    held = test.rows.frame[name].to_numpy()
    known = []
    for condition in ends_of(train.task.column(name), values):
        mask, own = member(condition, held), member(condition, values)
        if min(mask.sum(), (~mask).sum()) >= FEWEST / 2 and own.sum() >= 2 and (~own).sum() >= 2:
            gap, error, _ = permutation.welch(train.loss[own], train.loss[~own])
            known.append((gap / error if error > 0 else 0.0, condition))
    return max(known, key=lambda pair: pair[0])[1] if known else None


def _missing(scorer: Scorer, test: Judged, check: DomainCheck, names: Sequence[str]) -> list[MissingStress]:
    """Each column emptied in all test rows."""
    columns = {name: test.rows.frame[name].to_numpy() for name in test.rows.frame}  # the check may know more
    before = 1.0 - float(check.inside(columns, len(test)).mean())
    found = []
    for feature in scorer.features:
        if feature.name not in names or feature.kind == "text":
            continue
        kind, nothing = (np.float64, np.nan) if feature.kind == "number" else (object, None)
        emptied = {**columns, feature.name: np.full(len(test), nothing, dtype=kind)}
        told = test.with_predicted(predict(scorer, emptied, len(test)))
        flips = None if test.task.kind == "regression" else float((told.side != test.side).mean())
        found.append(
            MissingStress(
                feature=feature.name,
                missing_rate=feature.missing_rate,
                flips=flips,
                flagged_before=before,
                change=mean_figure(told.loss - test.loss),
                flagged=1.0 - float(check.inside(emptied, len(test)).mean()),
            )
        )
    return sorted(found, key=lambda m: -m.change.value)
