"""Small model, then language model, then a person: what may be decided without one, at a promised error."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from interpretable.collab import cascade
from interpretable.collab.bill import ledger_of
from interpretable.collab.cascade import Answered
from interpretable.collab.router import Router, fit_router
from interpretable.evaluate.selective import Asked
from interpretable.records.beside import Told, Verdict
from interpretable.records.cascade import CascadeFinding, CascadePlan, StageTrial
from interpretable.records.selective import SelectiveLevel
from interpretable.score.output import softmax
from interpretable.stats.discordant import discordant_p
from interpretable.stats.fusion import Fusion
from interpretable.study.beside import Asking
from interpretable.study.beside.cascade_ready import Ready, Settings, prepare
from interpretable.study.beside.desk import Desk, open_desk
from interpretable.study.evidence import now

NAME = "cascade"
LEVEL = 0.05  # of the test that the cascade decides more


def plan(study: Any, *, seed: int = 0, **options: Any) -> CascadePlan:
    """What can be promised at best, and what it would cost at most, before anything is asked or spent."""
    return prepare(study, Settings(**options), seed=seed).plan


def _ask(desk: Desk, part: Answered, positions: np.ndarray, note: str) -> np.ndarray:
    """f8[n, K] label log probabilities, nan where a row was not asked about or the answer failed."""
    found = np.full(part.chances.shape, np.nan)
    found[positions] = desk.ask(part.asked.rows.take(positions), note)
    return found


def run(study: Any, asking: Asking, **options: Any) -> CascadeFinding:
    """Try the language model on training rows; only if it helps, ask it on calibration and test rows.

    Parameters
    ----------
    options : fields of Settings

    Raises
    ------
    UserError : an amount is estimated, or a setting that cannot be
    LLMError : the language model cannot be had, or was lost; answers so far are kept
    """
    begin, settings = time.perf_counter(), Settings(**options)
    asking.progress("the small model on all parts")
    ready = prepare(study, settings, seed=asking.seed)
    small = cascade.promise(*ready.plain, limit=ready.limit)
    found = CascadeFinding(
        told=Told(mechanism=NAME, bundle_id=study.bundle_id, created=now(), seed=asking.seed, verdict="told"),
        plan=ready.plan,
        stage=_unasked(asking, ready),
        small=small,
        routers=(ready.router.told,),
    )
    if found.stage.reason:
        found = _alone(found, ready)
    else:
        with open_desk(asking, study.part("train"), rehearsal=settings.rehearsal) as desk:
            found = _with_model(found, ready, desk, settings)
    verdict, reason = _verdict(found)
    seconds = time.perf_counter() - begin
    return replace(found, told=replace(found.told, verdict=verdict, reason=reason, seconds=seconds))


def _unasked(asking: Asking, ready: Ready) -> StageTrial:
    """Why no language model is asked at all; reason "" where one is."""
    if asking.mode == "off":
        return StageTrial(status="not_asked", reason="off")
    if not ready.plan.possible:
        return StageTrial(status="not_asked", reason="too_few_calibration")
    if int(ready.on.sum()) < cascade.FEWEST:
        return StageTrial(status="not_asked", reason="nothing_left", n=int(ready.on.sum()))
    return StageTrial(status="skipped", reason="")


def _alone(found: CascadeFinding, ready: Ready) -> CascadeFinding:
    """The small model decides what it can, in the order of its router if used; a person decides the rest."""
    ordered = cascade.promise(*ready.parts, limit=ready.limit) if ready.router.used else None
    level = ordered or found.small
    decided = int(cascade.decided(level, ready.test.asked).sum())
    return replace(
        found,
        cascade=ordered,
        decided={"small": decided, "large": 0, "person": len(ready.test) - decided},
        rows_used={"calibration": len(ready.proof), "test": len(ready.test)},
        more_p=_more(found.small, ready.plain[2], level, ready.test.asked),
        frontier=cascade.frontier(ready.plain, ready.parts if ready.router.used else None, limit=ready.limit),
    )


def _more(small: SelectiveLevel, plain: Asked, level: SelectiveLevel, both: Asked) -> float:
    """One-sided exact p of "no more test rows are decided than by the small model alone"."""
    before, after = cascade.decided(small, plain), cascade.decided(level, both)
    return discordant_p(int((after & ~before).sum()), int((before & ~after).sum()))


@dataclass(frozen=True, eq=False, kw_only=True)
class Tried:
    """What was asked of the training part: positions, label scores f8[n, K], fused chances out of fold."""

    drawn: np.ndarray
    large: np.ndarray
    second: np.ndarray


def _with_model(found: CascadeFinding, ready: Ready, desk: Desk, settings: Settings) -> CascadeFinding:
    random = np.random.default_rng(desk.asking.seed)
    drawn = np.sort(random.permutation(np.flatnonzero(ready.on))[: ready.plan.most_calls["train"]])
    large = _ask(desk, ready.known, drawn, "training rows")
    sample, given = ready.known.take(drawn), large[drawn]
    stage, trial = cascade.try_stage(sample, given, seed=desk.asking.seed)
    found = replace(found, stage=stage)
    read = np.isfinite(given[:, 0])
    if read.any():
        rows = sample.asked.rows.take(np.flatnonzero(read))
        found = replace(found, fusion=cascade.fusion_told(cascade.fuse(sample, given), rows))
    if stage.status == "used":
        second = np.full(ready.known.chances.shape, np.nan)
        second[drawn] = trial.chances
        found = _both(found, ready, desk, Tried(drawn=drawn, large=large, second=second), settings)
    else:
        found = _alone(found, ready)
    told = replace(
        found.told,
        info=desk.client.info(),
        ledger=ledger_of(desk.answers, ready.test.asked.rows.task),
        egress=desk.client.egress(),
    )
    return replace(found, told=told)


def _both(
    found: CascadeFinding, ready: Ready, desk: Desk, tried: Tried, settings: Settings
) -> CascadeFinding:
    """The language model on the handed-on calibration and test rows, and the promise for both together."""
    read = tried.drawn[np.isfinite(tried.second[tried.drawn, 0])]
    fitted = cascade.fuse(ready.known.take(read), tried.large[read])
    router = _second_router(ready.known.take(read), tried.second[read], tried.large[read], desk.asking.seed)
    second = _Second(desk=desk, ready=ready, fusion=fitted[0], router=router)
    sureness = np.full(len(ready.known), np.nan)
    if router.known is not None:
        sureness[read] = router.known
    known = cascade.chain(ready.known, ready.on, tried.second, sureness if router.used else None)
    known = known.take(cascade.stand_for(ready.on, read))
    proof, _ = second.ask(ready.proof.take(ready.proof_rows), "calibration rows")
    own_test = ready.test.take(ready.test_rows)
    test, large = second.ask(own_test, "test rows")
    plain, on = ready.plain[2].take(ready.test_rows), cascade.handed_on(own_test.asked, ready.keeps)
    found = replace(
        found,
        cascade=cascade.promise(known, proof, test, limit=ready.limit),
        routers=(*found.routers, router.told),
        fusion=cascade.fusion_told(
            fitted, ready.known.asked.rows.take(read), own_test.take(np.flatnonzero(on)), large[on]
        ),
        rows_used={"calibration": len(proof), "test": len(test)},
        frontier=cascade.frontier(
            (ready.plain[0], ready.plain[1], plain), (known, proof, test), limit=ready.limit
        ),
    )
    return _billed(found, desk, on=on, plain=plain, test=test, watts=settings.watts)


def _billed(
    found: CascadeFinding, desk: Desk, *, on: np.ndarray, plain: Asked, test: Asked, watts: float
) -> CascadeFinding:
    """Who decides how many test rows, and what that costs; the small model's rule where both have none."""
    level = found.cascade
    alone = cascade.decided(found.small, plain)
    if level is None or not level.shown:
        kept = int(alone.sum())
        return replace(found, decided={"small": kept, "large": 0, "person": len(alone) - kept})
    taken = cascade.decided(level, test)
    who = {"small": int((taken & ~on).sum()), "large": int((taken & on).sum()), "person": int((~taken).sum())}
    local = desk.client.info().where == "local"
    bill = cascade.make_bill(
        who, int(on.sum()), ledger_of(desk.answers, test.rows.task), small_alone=float(alone.mean()),
        watts=watts if local else None,
    )  # fmt: skip
    return replace(found, decided=who, bill=bill, more_p=_more(found.small, plain, level, test))


def _second_router(known: Answered, chances: np.ndarray, large: np.ndarray, seed: int) -> Router:
    """Where is the answer after the language model right?"""
    rows = known.asked.rows
    answer, own = cascade.wide_answers(rows.task, chances)
    return fit_router("large", rows, _sureness(own, large), right=answer == rows.target, seed=seed)


def _sureness(own: np.ndarray, large: np.ndarray) -> dict[str, np.ndarray]:
    """How sure the answer is, and the language model's own share for its likeliest label."""
    return {"sureness": own, "large_sureness": softmax(large).max(axis=1)}


@dataclass(frozen=True, eq=False, kw_only=True)
class _Second:
    """The answer after the language model, for a part of the rows."""

    desk: Desk
    ready: Ready
    fusion: Fusion
    router: Router

    def ask(self, part: Answered, note: str) -> tuple[Asked, np.ndarray]:
        """The part as both models answer it, and the label log probabilities f8[n, K]."""
        on = cascade.handed_on(part.asked, self.ready.keeps)
        large = _ask(self.desk, part, np.flatnonzero(on), note)
        second = self.fusion.predict(part.chances, large)
        return cascade.chain(part, on, second, self._sureness(part, second, large)), large

    def _sureness(self, own: Answered, second: np.ndarray, large: np.ndarray) -> np.ndarray | None:
        if not self.router.used:
            return None
        found, read = np.full(len(own), np.nan), np.isfinite(second[:, 0])
        if read.any():
            rows = own.asked.rows.take(np.flatnonzero(read))
            told = _sureness(cascade.wide_answers(rows.task, second[read])[1], large[read])
            found[read] = self.router.score(rows, told)
        return found


def _verdict(found: CascadeFinding) -> tuple[Verdict, str]:
    """Whether the language model earned its place, and why; with none asked there is no such question."""
    stage, level = found.stage, found.cascade
    if stage.reason == "off":
        return "told", "off"
    if stage.status != "used":
        return (
            "cannot_tell" if stage.reason in ("open", "too_few_calibration") else "does_not_help"
        ), stage.reason
    if level is None or not level.shown:
        return "cannot_tell", "not_shown"
    if level.held.error.low is not None and level.held.error.low > level.level:
        return "cannot_tell", "contradicted"
    if found.more_p <= LEVEL:
        return "helps", "decides_more"
    more = found.bill is not None and found.bill.more > 0
    return ("cannot_tell", "more_open") if more else ("does_not_help", "no_more")
