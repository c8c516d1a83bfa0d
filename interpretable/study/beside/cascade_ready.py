"""What a cascade settles before anything is asked: settings, the small model on all parts, the plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from interpretable.collab import cascade
from interpretable.collab.cascade import Answered, Limit
from interpretable.collab.router import Router, fit_router
from interpretable.errors import UserError
from interpretable.evaluate.selective import Asked
from interpretable.records.cascade import CascadePlan
from interpretable.records.dataset import Dataset
from interpretable.records.selective import SelectiveRule
from interpretable.score.domain import DomainCheck
from interpretable.score.scorer import columns_of, predict

WATTS = 15.0  # assumed per busy CPU second of the local engine


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a person may choose; what is None is taken from the task."""

    max_error: float | None = None
    delta: float | None = None
    max_false_omission: float | None = None
    by_answer: bool | None = None
    rows: int = 60  # handed-on rows asked about at most, in the training and in the test part each
    calibration_rows: int = 0  # the same for the calibration part; 0: all of them
    watts: float = WATTS
    rehearsal: bool = False  # a scripted double may answer; never kept as a language model's

    def limit(self, task: Any) -> Limit:
        """UserError names every setting that cannot be."""
        plan = task.plan
        found = Limit(
            level=_first(self.max_error, plan.max_error, 0.05),
            delta=_first(self.delta, plan.error_delta),
            false_omission=_first(self.max_false_omission, plan.max_false_omission),
            by_answer=bool(_first(self.by_answer, plan.error_by_answer)),
        )
        wrong = []
        if task.kind == "regression":
            wrong.append(
                "An amount has no right and wrong, so no error can be promised: a cascade needs classes."
            )
        for name, value in (
            ("max_error", found.level),
            ("delta", found.delta),
            ("max_false_omission", found.false_omission),
        ):
            if value is not None and not 0 < value <= 0.5:
                wrong.append(f"{name} is {value:g}; it is a share above 0 and at most 0.5, such as 0.05.")
        if found.false_omission is not None and task.kind != "binary":
            wrong.append("max_false_omission needs a yes/no outcome; this task has classes. Leave it out.")
        if self.rows < cascade.FEWEST or self.calibration_rows < 0:
            wrong.append(
                f"rows is {self.rows} and calibration_rows {self.calibration_rows}; rows is at least "
                f"{cascade.FEWEST}, calibration_rows at least 0 (0: all)."
            )
        if not self.watts > 0:
            wrong.append(f"watts is {self.watts:g}; it is above 0.")
        if wrong:
            raise UserError(wrong)
        return found


def _first(*values: Any) -> Any:
    return next((value for value in values if value is not None), None)


@dataclass(frozen=True, eq=False, kw_only=True)
class Ready:
    """All that is settled on training rows before anything is asked."""

    known: Answered  # training rows, out of fold
    proof: Answered
    test: Answered
    plain: tuple[Asked, Asked, Asked]  # the same, ordered by the small model's own sureness
    limit: Limit
    plan: CascadePlan
    keeps: SelectiveRule
    router: Router
    proof_rows: np.ndarray  # positions that a cascade with a language model is shown on
    test_rows: np.ndarray

    @property
    def on(self) -> np.ndarray:
        return cascade.handed_on(self.known.asked, self.keeps)

    @property
    def parts(self) -> tuple[Asked, Asked, Asked]:
        return self.known.asked, self.proof.asked, self.test.asked


def prepare(study: Any, settings: Settings, *, seed: int = 0) -> Ready:
    """The small model on all parts, its router, and the plan. No language model, no calibration outcome."""
    limit = settings.limit(study.task)
    known, proof, test = _answer_all(study, seed)
    plain = (known.asked, proof.asked, test.asked)
    router = fit_router(
        "small", known.asked.rows, {"sureness": known.asked.confidence}, right=~known.asked.wrong, seed=seed
    )
    if router.used:
        known, proof, test = (
            part.ordered(router.score(part.asked.rows, {"sureness": part.asked.confidence}))
            for part in (known, proof, test)
        )
        assert router.known is not None  # there where it is used
        known = known.ordered(router.known)
    keeps = cascade.hand_on(known.asked, int(proof.asked.inside.sum()), limit)
    on, random = cascade.handed_on(known.asked, keeps), np.random.default_rng(seed)
    share = float(on.mean())
    proof_rows = cascade.draw(len(proof), settings.calibration_rows, share, random)
    test_rows = cascade.draw(len(test), settings.rows, share, random)
    waiting = {"calibration": proof.take(proof_rows), "test": test.take(test_rows)}
    calls = {name: int(cascade.handed_on(part.asked, keeps).sum()) for name, part in waiting.items()}
    sizes = {"train": len(known), "calibration": len(proof), "test": len(test)}
    plan = cascade.make_plan(
        known, keeps, limit=limit, calls={"train": min(int(on.sum()), settings.rows), **calls},
        rows={**sizes, "calibration_inside": int(proof.asked.inside.sum())},
    )  # fmt: skip
    return Ready(
        known=known, proof=proof, test=test, plain=plain, limit=limit, plan=plan, keeps=keeps, router=router,
        proof_rows=proof_rows, test_rows=test_rows,
    )  # fmt: skip


def _answer_all(study: Any, seed: int) -> tuple[Answered, Answered, Answered]:
    check, scorer = DomainCheck(study.model.domain_model), study.model.scorer()

    def one(rows: Dataset, prediction: np.ndarray) -> Answered:
        inside = check.inside(rows.frame, len(rows))
        return cascade.answered(study.grouped(rows), prediction, inside, seed=seed)

    parts = (study.part(name) for name in ("calibration", "test"))
    proof, test = (one(p, predict(scorer, columns_of(scorer, p), len(p))) for p in parts)
    return one(*study.out_of_fold()), proof, test
