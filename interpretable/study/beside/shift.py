"""Where the small model has never been, another hospital or exam: does a language model do better there?"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from interpretable.collab.curve import who_leads
from interpretable.collab.refit import family_of
from interpretable.collab.sample import draw
from interpretable.collab.shift import ARMS, judge, places
from interpretable.errors import UserError
from interpretable.evaluate.judged import loss_figure, mean_figure
from interpretable.records.shift import ShiftFinding
from interpretable.study.beside import Asking
from interpretable.study.beside.desk import open_desk

NAME = "shift"
MOST_VALUES = 12


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a person may choose."""

    by: str = ""
    rows: int = 20  # test rows of each place
    pool: int = 40  # training rows the language model is asked about, to recalibrate it
    rehearsal: bool = False  # a scripted double may answer; never kept as a language model's

    def check(self, study: Any) -> None:
        """UserError names every setting that cannot be."""
        wrong = []
        if study.task.kind == "regression":
            wrong.append("The comparison needs chances of classes; this task estimates an amount.")
        if self.by not in (able := _able(study)):
            said = f"{self.by!r} is not such a column. " if self.by else ""
            wrong.append(
                f"{said}Name the column that tells the places apart with --by. It has 2 to {MOST_VALUES} "
                f"values. Columns that would do: {', '.join(able) or 'none'}."
            )
        for name, least in (("rows", 10), ("pool", 10)):
            if getattr(self, name) < least:
                wrong.append(f"{name} is {getattr(self, name)}; it is at least {least}.")
        if wrong:
            raise UserError(wrong)


def _able(study: Any) -> list[str]:
    """Columns that tell places apart, those the model does not read first."""
    frame = study.part("train").frame
    kinds = ("category", "ordinal", "boolean")
    able = [c for c in study.task.columns if c.kind in kinds and 2 <= frame[c.name].nunique() <= MOST_VALUES]
    return [c.name for c in sorted(able, key=lambda c: not c.exclude)]


def run(study: Any, asking: Asking, **options: Any) -> ShiftFinding:
    """Leave each place out in turn, and compare with a language model on the rows of that place.

    Raises
    ------
    UserError : an amount is estimated, or a setting that cannot be
    LLMError : the language model cannot be had, or was lost; answers so far are kept
    """
    begin, settings = time.perf_counter(), Settings(**options)
    settings.check(study)
    train, test = study.part("train"), study.part("test")
    found, left = places(train, test, settings.by, rows=settings.rows, seed=asking.seed)
    if not found:
        raise UserError(f"No value of {settings.by!r} has 10 test rows, with rows of every class elsewhere.")
    pool = draw(train.target, settings.pool, np.random.default_rng(asking.seed))
    with open_desk(asking, train, rehearsal=settings.rehearsal) as desk:
        held = desk.ask(train.take(pool), "training rows")
        said = [desk.ask(test.take(place.asked), "rows elsewhere") for place in found]
        told = desk.told(study, NAME)
    family = family_of(study.model.index.selected, study.task)
    arms = [
        judge(
            place, train, test, family=family, seed=asking.seed, large=(pool, held, asked),
            progress=asking.progress,
        )
        for place, asked in zip(found, said, strict=True)
    ]  # fmt: skip
    losses = {name: np.concatenate([one.losses[name] for one in arms]) for name in ARMS}
    lead = mean_figure(losses["large"] - losses["unknown"])
    verdict, reason = who_leads([lead])
    return ShiftFinding(
        told=replace(told, verdict=verdict, reason=reason, seconds=time.perf_counter() - begin),
        by=settings.by,
        family=family,
        places=tuple(one.place for one in arms),
        left_out=left,
        rows=len(losses["large"]),
        pool=len(pool),
        **{name: loss_figure(values) for name, values in losses.items()},
        fall=mean_figure(losses["unknown"] - losses["known"]),
        lead=lead,
        failures=desk.failures,
    )
