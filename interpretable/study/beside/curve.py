"""From how many labelled rows on does the small model beat a language model?"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from interpretable.collab.baseline import FEW, ZERO, Examples, examples_of
from interpretable.collab.curve import Ground, Said, as_it_came, curves, draw_ground, who_leads
from interpretable.collab.refit import family_of
from interpretable.errors import UserError
from interpretable.evaluate.judged import Judged, loss_figure
from interpretable.records.curve import CurveFinding
from interpretable.score.scorer import columns_of, predict
from interpretable.study.beside import Asking
from interpretable.study.beside.desk import Desk, open_desk

NAME = "curve"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a person may choose."""

    rows: int = 40  # test rows the language model is asked about
    pool: int = 40  # training rows it is asked about, to recalibrate it
    shots: int = 8
    repeats: int = 3  # draws of labelled rows at each size
    rehearsal: bool = False  # a scripted double may answer; never kept as a language model's

    def check(self, study: Any) -> None:
        """UserError names every setting that cannot be."""
        wrong = []
        if study.task.kind == "regression":
            wrong.append("The curve compares chances of classes; this task estimates an amount.")
        least = {"rows": 10, "pool": 10, "shots": 0, "repeats": 1}
        for name, low in least.items():
            if getattr(self, name) < low:
                wrong.append(f"{name} is {getattr(self, name)}; it is at least {low}.")
        if wrong:
            raise UserError(wrong)


def run(study: Any, asking: Asking, **options: Any) -> CurveFinding:
    """Ask about test rows and a pool of training rows once, then fit the small model on more and more rows.

    Raises
    ------
    UserError : an amount is estimated, or a setting that cannot be
    LLMError : the language model cannot be had, or was lost; answers so far are kept
    """
    begin, settings = time.perf_counter(), Settings(**options)
    settings.check(study)
    test = study.part("test")
    ground = draw_ground(
        study.part("train"), test, rows=settings.rows, pool=settings.pool,
        shots=settings.shots, seed=asking.seed,
    )  # fmt: skip
    with open_desk(asking, ground.train, rehearsal=settings.rehearsal) as desk:
        said, skipped = _ask_all(desk, ground)
        told = desk.told(study, NAME)
    scorer = study.model.scorer()
    family = family_of(study.model.index.selected, study.task)
    points, crossings = curves(
        ground, said, family=family, repeats=settings.repeats, progress=asking.progress,
        final=predict(scorer, columns_of(scorer, ground.test), len(ground.test)),
    )  # fmt: skip
    verdict, reason = who_leads(list(points[-1].lead.values()))
    return CurveFinding(
        told=replace(told, verdict=verdict, reason=reason, seconds=time.perf_counter() - begin),
        family=family,
        model=study.model.index.selected,
        train_rows=len(ground.train),
        test_rows=len(test),
        asked=len(ground.test),
        pool=len(ground.pool),
        shots=len(ground.shown),
        points=points,
        crossings=crossings,
        as_it_came={name: _raw(ground, one) for name, one in said.items()},
        failures=desk.failures,
        skipped=skipped,
    )


def _raw(ground: Ground, said: Said) -> Any:
    even = np.full(len(ground.train.classes), 1.0 / len(ground.train.classes))
    return loss_figure(Judged(rows=ground.test, predicted=as_it_came(said, even)).loss)


def _ask_all(desk: Desk, ground: Ground) -> tuple[dict[str, Said], dict[str, str]]:
    """What was said in each way of asking, and the ways that were not allowed."""
    said = {ZERO: _ask(desk, ground, [], ZERO)}
    if not len(ground.shown):
        return said, {}
    if not desk.may_show_outcomes:
        return said, {FEW: "target_not_allowed"}
    shown = examples_of(ground.train, ground.shown)
    return said | {FEW: _ask(desk, ground, shown, FEW)}, {}


def _ask(desk: Desk, ground: Ground, examples: Examples, name: str) -> Said:
    pool = desk.ask(ground.train.take(ground.pool), f"{name}, training rows", examples)
    return Said(pool=pool, test=desk.ask(ground.test, f"{name}, test rows", examples), shots=len(examples))
