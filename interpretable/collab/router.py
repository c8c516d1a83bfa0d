"""A glass box that says on which rows an answer is right: an ordering for the path of a cascade.

It reads the task's own columns that are no text, how many words a text has, and how sure the answer is. It is
fitted on training rows only, and is used only where it orders right before wrong answers better than the
sureness alone does: paired test of the two areas (DeLong et al., 1988) on out-of-fold rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas
from scipy.special import ndtr

from interpretable.evaluate.figure import absent, area, whole
from interpretable.models.base import Effort
from interpretable.models.features import describe
from interpretable.models.folds import make_folds
from interpretable.models.linear import Linear
from interpretable.models.train import out_of_fold
from interpretable.records.cascade import RouterReason, RouterTold, Who
from interpretable.records.dataset import Dataset
from interpretable.records.task import Column, Task
from interpretable.score.scorer import Scorer, columns_of, make_scorer
from interpretable.stats import delong
from interpretable.stats.metrics import auroc, expit, logit

STRENGTH = {"C": 1.0}  # set, not searched: some dozens of rows choose nothing well
FEWEST = 10  # right, and wrong answers
FOLDS = 5
LEVEL = 0.05
SHOWN = 5  # reasons

Sureness = Mapping[str, np.ndarray]  # kind of sureness -> f8[n] in (0, 1)


@dataclass(frozen=True, eq=False, kw_only=True)
class Router:
    """`known` f8[n]: chance that the answer is right, out of fold; only there where it is used."""

    told: RouterTold
    known: np.ndarray | None = None
    scorer: Scorer | None = None

    @property
    def used(self) -> bool:
        return self.told.used

    def score(self, rows: Dataset, sureness: Sureness) -> np.ndarray:
        """Chance f8[n] that the answer to each row is right."""
        assert self.scorer is not None  # asked only where it is used
        given = _reading(rows, sureness, np.zeros(len(rows), dtype=np.int64))
        return expit(self.scorer.link_scores(columns_of(self.scorer, given), len(given))[:, 0])


def fit_router(of: Who, rows: Dataset, sureness: Sureness, *, right: np.ndarray, seed: int) -> Router:
    """Fit on training rows whose answers are known to be right or wrong.

    Parameters
    ----------
    sureness : by kind, "sureness" first: what the router must beat as an ordering.
    right : bool[n].
    """
    wrong = int((~right).sum())
    if min(wrong, len(right) - wrong) < FEWEST:
        return Router(told=RouterTold(of=of, n=len(right), wrong=wrong, used=False, reason="too_few"))
    given = _reading(rows, sureness, right.astype(np.int64))
    family, features = Linear(), describe(given, given)
    # Folds of the rows themselves: what this reading makes alike need not be a copy.
    folds = make_folds(replace(rows, target=given.target), FOLDS, seed=seed)
    effort = Effort(seed=seed, level="quick", refits=0, settings=STRENGTH)
    link = out_of_fold(family, given, features, folds, effort=effort, progress=lambda note: None)[:, 0]
    asked = folds >= 0
    if min(int(right[asked].sum()), int((~right[asked]).sum())) < FEWEST:
        return Router(told=RouterTold(of=of, n=len(right), wrong=wrong, used=False, reason="too_few"))
    told = _compare(of, right[asked], link[asked], next(iter(sureness.values()))[asked])
    scorer = make_scorer(family.fit(given, features, effort).record)
    told = replace(told, reasons=_reasons(scorer, given))
    return Router(told=told, known=expit(link), scorer=scorer) if told.used else Router(told=told)


def _reading(rows: Dataset, sureness: Sureness, right: np.ndarray) -> Dataset:
    """The rows as a task of its own: is the answer right?"""
    columns, values = [], {}
    for column in rows.task.features:
        own = rows.frame[column.name]
        if column.kind == "text":
            column = Column(name=f"words in {column.name}", kind="number")
            own = own.map(lambda text: 0.0 if text is None or text != text else float(len(str(text).split())))
        columns.append(replace(column, enforce=False))
        values[column.name] = own.to_numpy(dtype=float if column.kind == "number" else object)
    for kind, sure in sureness.items():
        columns.append(Column(name=f" {kind}", kind="number"))  # no column of a table begins with a space
        values[f" {kind}"] = logit(np.asarray(sure, dtype=float))
    task = Task(name="router", kind="binary", target=" right", columns=tuple(columns), positive="yes")
    return Dataset(
        task=task, frame=pandas.DataFrame(values), row_ids=rows.row_ids, target=right, classes=("no", "yes"),
        part="train", groups=rows.groups,
    )  # fmt: skip


def _compare(of: Who, right: np.ndarray, link: np.ndarray, sure: np.ndarray) -> RouterTold:
    told = RouterTold(of=of, n=len(right), wrong=int((~right).sum()), used=False)
    observed = right.astype(np.int64)
    areas = [(auroc(observed, s), delong.contributions(observed, s)) for s in (link, sure)]
    gain, error, _ = delong.paired(*areas[0], *areas[1])
    p = float(ndtr(-gain / error)) if error > 0 else 1.0
    edges = (gain - delong.Z * error, gain + delong.Z * error)
    return replace(
        told,
        used=p <= LEVEL,
        auroc=area(observed, link),
        auroc_sureness=area(observed, sure),
        gain=whole(gain, edges, "delong") if np.isfinite(gain) else absent("one_class"),
        p_value=p,
    )


def _reasons(scorer: Scorer, given: Dataset) -> tuple[RouterReason, ...]:
    """What it reads, the most telling first; what has no effect is left out."""
    effects = np.abs(scorer.effects(columns_of(scorer, given), len(given))[:, :, 0]).mean(axis=0)
    order = [k for k in np.argsort(-effects, kind="stable") if effects[k] > 0][:SHOWN]
    return tuple(_reason(scorer.features[k].name, float(effects[k])) for k in order)


def _reason(name: str, effect: float) -> RouterReason:
    if name.startswith(" "):
        return RouterReason(kind=name.strip(), feature="", effect=effect)  # type: ignore[arg-type]  # our own names
    if name.startswith("words in "):
        return RouterReason(kind="words", feature=name.removeprefix("words in "), effect=effect)
    return RouterReason(kind="column", feature=name, effect=effect)
