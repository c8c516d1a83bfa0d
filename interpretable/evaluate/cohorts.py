"""Error by cohort: every column that is not marked sensitive, also those the model may not use."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from interpretable.evaluate.bands import groups_of
from interpretable.evaluate.groups import FLOOR_EVENTS, FLOOR_ROWS
from interpretable.evaluate.judged import Judged, loss_figure, oe_figure, wrong_figure
from interpretable.records.diagnostics import Cohort, CohortGroup, TimeBlock
from interpretable.stats import permutation

MOST_COLUMNS = 12
MOST_GROUPS = 12
BLOCKS = 4


def find_cohorts(
    test: Judged, names: Sequence[str], *, resamples: int = 999, seed: int = 0
) -> tuple[Cohort, ...]:
    """Loss, wrong answers and observed over expected, group by group of each column.

    Excluded columns come first, then the others in the order of `names`; sensitive ones have a section of
    their own. The p-value asks whether the mean loss is the same in all groups with enough rows (shuffled
    over the rows, adjusted by Holm over the columns).
    """
    task = test.task
    open_to_all = [c for c in task.columns if not c.sensitive and c.kind != "text"]
    place = {name: k for k, name in enumerate(names)}
    open_to_all.sort(key=lambda c: (not c.exclude, place.get(c.name, len(place))))
    found, raw = [], []
    for column in open_to_all[:MOST_COLUMNS]:
        groups = groups_of(test.rows.frame[column.name].to_numpy(), column)
        if not 2 <= len(groups) <= MOST_GROUPS:
            continue
        rows = tuple(_group(test, label, members) for label, members in groups)
        p = _p(test, [m for (_, m), r in zip(groups, rows, strict=True) if not r.too_few], resamples, seed)
        found.append((column, rows))
        raw.append(p)
    adjusted = iter(permutation.holm(np.array([p for p in raw if p is not None])))
    return tuple(
        Cohort(
            column=column.name,
            used=not column.exclude,
            groups=rows,
            p_value=None if p is None else float(next(adjusted)),
        )
        for (column, rows), p in zip(found, raw, strict=True)
    )


def _p(test: Judged, groups: Sequence[np.ndarray], resamples: int, seed: int) -> float | None:
    if len(groups) < 2:
        return None
    rows = np.concatenate(groups)
    code = np.repeat(np.arange(len(groups)), [len(g) for g in groups])
    return permutation.between_groups(test.loss[rows], code, resamples=resamples, seed=seed)


def _group(test: Judged, label: str, rows: np.ndarray) -> CohortGroup:
    mask = np.zeros(len(test), dtype=bool)
    mask[rows] = True
    events = test.events(mask)
    rare = events is not None and min(events, len(rows) - events) < FLOOR_EVENTS
    if len(rows) < FLOOR_ROWS or rare:
        return CohortGroup(group=label, n=len(rows), events=events, too_few=True)
    return CohortGroup(
        group=label, n=len(rows), events=events, too_few=False, loss=loss_figure(test.loss[rows]),
        wrong=wrong_figure(test.task, test.wrong[rows]), oe=oe_figure(test, mask),
    )  # fmt: skip


def over_time(train: Judged, test: Judged) -> tuple[TimeBlock, ...]:
    """Blocks in the order of time: training rows out of fold, then test rows; () without times."""
    found: list[TimeBlock] = []
    for part, judged in (("train", train), ("test", test)):
        times = judged.rows.times
        if times is None or len(judged) < FLOOR_ROWS:
            return ()
        rank = np.unique(times, return_inverse=True)[1]
        order = np.argsort(rank, kind="stable")
        count = int(np.clip(len(judged) // FLOOR_ROWS, 1, BLOCKS))
        block = (np.arange(len(order)) * count) // len(order)
        first = np.unique(rank[order], return_index=True)[1]
        of_time = block[first]  # rows of one time stay in one block
        found += [_block(judged, part, k, of_time[rank] == k) for k in range(count)]
    return tuple(b for b in found if b.n)


def _block(judged: Judged, part: str, number: int, mask: np.ndarray) -> TimeBlock:
    return TimeBlock(
        part=part, block=number + 1, n=int(mask.sum()), events=judged.events(mask),
        loss=loss_figure(judged.loss[mask]), wrong=wrong_figure(judged.task, judged.wrong[mask]),
        oe=oe_figure(judged, mask) if mask.any() else None,
    )  # fmt: skip
