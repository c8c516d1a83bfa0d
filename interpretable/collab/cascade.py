"""Small model, then language model, then a person: one path of nested rules for the two that decide.

Everything that shapes the path is settled on training rows, out of fold: what the small model hands on, how
both answers are fused, how sure each is. A row has then one answer and one sureness, whoever gives them, and
"decide where sureness is at least t" is a path of nested rules, so that one walk (stats/selective.py)
promises the error of both together.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from interpretable.collab.bill import cost_of
from interpretable.evaluate.figure import mean, whole
from interpretable.evaluate.selective import Asked, Walk, ask, exact, grid, level_of, one_of_each
from interpretable.records.cascade import (
    CascadeBill,
    CascadePlan,
    FrontierPoint,
    FusionTold,
    FusionVerdict,
    StageTrial,
)
from interpretable.records.dataset import Dataset
from interpretable.records.exchange import Ledger
from interpretable.records.selective import SelectiveLevel, SelectiveRule
from interpretable.records.task import Task
from interpretable.score.decided import answers_of, sure
from interpretable.stats import selective
from interpretable.stats.fusion import Fusion, fit_fusion
from interpretable.stats.metrics import log_losses
from interpretable.stats.second import Trial, try_second

FEWEST = 20  # rows handed on, before a language model is tried
FRONTIER = (0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2)
PER = 1000


@dataclass(frozen=True, kw_only=True)
class Limit:
    """What is to be promised of the cases decided without a person."""

    level: float
    delta: float = 0.1
    false_omission: float | None = None
    by_answer: bool = False

    def of_answers(self, classes: int) -> list[tuple[float, float]]:
        """(limit, delta) of each answer that has a promise of its own; one pair for all answers otherwise."""
        if not self.by_answer and self.false_omission is None:
            return [(self.level, self.delta)]
        limits = [self.level] * classes
        limits[0] = min(self.level, 1.0 if self.false_omission is None else self.false_omission)
        return [(limit, self.delta / classes) for limit in limits]


@dataclass(frozen=True, eq=False, kw_only=True)
class Answered:
    """Rows as the small model answers them, with its chances f8[n, K]."""

    asked: Asked
    chances: np.ndarray

    def __len__(self) -> int:
        return len(self.asked)

    def take(self, positions: np.ndarray) -> Answered:
        return Answered(asked=self.asked.take(positions), chances=self.chances[positions])

    def ordered(self, confidence: np.ndarray) -> Answered:
        """The same answers in another order of sureness."""
        return replace(self, asked=replace(self.asked, confidence=confidence))


def answered(rows: Dataset, prediction: np.ndarray, inside: np.ndarray, *, seed: int) -> Answered:
    """What the small model answers; of one person's rows one is drawn."""
    if rows.groups is not None:
        own = one_of_each(rows.groups, seed)
        rows, prediction, inside = replace(rows.take(own), groups=None), prediction[own], inside[own]
    wide = np.column_stack([1.0 - prediction, prediction]) if prediction.ndim == 1 else prediction
    return Answered(asked=ask(rows, prediction, inside), chances=wide)


def hand_on(known: Asked, size: int, limit: Limit) -> SelectiveRule:
    """What the small model keeps: the loosest rule that `size` calibration rows are likely to pass.

    Where none is likely to pass, the likeliest one; what is less sure is handed on.
    """
    pairs, share = limit.of_answers(len(known.rows.classes)), size / max(len(known), 1)
    found = []
    for answer, (alpha, delta) in enumerate(pairs):
        chosen = slice(None) if len(pairs) == 1 else known.answer == answer
        thresholds = grid(known, chosen)
        end = selective.likely_end(known.path(thresholds, chosen), share, alpha, delta)
        found.append(float(thresholds[end]))
    thresholds_of = tuple(found) * (len(known.rows.classes) if len(pairs) == 1 else 1)
    return SelectiveRule(level=limit.level, thresholds=thresholds_of)


def handed_on(rows: Asked, keeps: SelectiveRule) -> np.ndarray:
    """bool[n]: inside the domain, and the small model is not sure enough. Outside: always a person."""
    return rows.inside & ~sure(keeps, rows.answer, rows.confidence)


def draw(count: int, most: int, share: float, random: np.random.Generator) -> np.ndarray:
    """Positions, rising: all rows, or so many that about `most` of them are handed on.

    `share` comes from the training part, so that the number of rows does not depend on the rows drawn.
    """
    size = min(count, max(round(most / share), 1)) if most and share > 0 else count
    return np.sort(random.permutation(count)[:size])


def make_plan(
    known: Answered, keeps: SelectiveRule, *, limit: Limit, rows: dict[str, int], calls: dict[str, int]
) -> CascadePlan:
    """What can be said before anything is asked. Of the calibration part no outcome is looked at.

    Parameters
    ----------
    known : training rows, out of fold.
    rows, calls : by part: rows (and calibration_inside), and questions to the language model at most.
    """
    on, wrong, n = handed_on(known.asked, keeps), known.asked.wrong, len(known)
    needed = max(selective.rows_needed(*pair) for pair in limit.of_answers(known.chances.shape[1]))
    return CascadePlan(
        max_error=limit.level,
        delta=limit.delta,
        max_false_omission=limit.false_omission,
        by_answer=limit.by_answer or limit.false_omission is not None,
        rows=rows,
        needed=needed,
        base_error=exact(int(wrong.sum()), n),
        least_left=selective.least_left(float(wrong.mean()), limit.level),
        hand_on_below=keeps.thresholds,
        handed_on=exact(int(on.sum()), n),
        handed_on_error=exact(int(wrong[on].sum()), int(on.sum())),
        possible=rows["calibration_inside"] >= needed,
        most_calls=calls,
    )


def try_stage(small: Answered, large: np.ndarray, *, seed: int) -> tuple[StageTrial, Trial]:
    """The stated test, on training rows that were handed on and asked about; `large` f8[n, K]."""
    rows = small.asked.rows
    trial = try_second(
        small.chances, large, rows.target, answer=lambda p: wide_answers(rows.task, p)[0], seed=seed
    )
    n, read = len(small), ~np.isnan(large[:, 0])
    alone = read & (_likeliest(large) == rows.target)
    told = StageTrial(
        status="used" if trial.outcome == "helps" else "skipped",
        reason=trial.outcome,
        n=n,
        unread=int((~read).sum()),
        small_right=exact(trial.first_right, n),
        both_right=exact(trial.second_right, n),
        alone_right=exact(int(alone.sum()), n),
        gained=trial.gained,
        lost=trial.lost,
        p_right=trial.p_right,
        gain=whole(trial.gain, (trial.low, trial.high), "corrected t", point=True),
        p_loss=trial.p_loss,
    )
    return told, trial


def wide_answers(task: Task, chances: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Answer and sureness of chances f8[n, K], by the task's own line."""
    return answers_of(task, chances[:, 1] if task.kind == "binary" else chances)


def _likeliest(large: np.ndarray) -> np.ndarray:
    return np.where(np.isnan(large), -np.inf, large).argmax(axis=1)


def fuse(small: Answered, large: np.ndarray) -> tuple[Fusion, Fusion]:
    """Fitted on the answered rows: both together, and the small model alone recalibrated on the same rows."""
    read = ~np.isnan(large[:, 0])
    given = small.chances[read], large[read], small.asked.rows.target[read]
    return fit_fusion(*given), fit_fusion(*given, with_large=False)


def chain(first: Answered, on: np.ndarray, second: np.ndarray, sureness: np.ndarray | None = None) -> Asked:
    """One answer and one sureness per row, whoever gives them.

    Parameters
    ----------
    on : bool[n], rows that the small model hands on.
    second : f8[n, K] chances for these; a row that is nan was not answered, and goes to a person.
    sureness : f8[n] of the second answers; None: their own chance.
    """
    rows = first.asked
    known = on & ~np.isnan(second[:, 0])
    answer, own = wide_answers(rows.rows.task, np.where(known[:, None], second, first.chances))
    own = own if sureness is None else sureness
    answer = np.where(known, answer, rows.answer)
    confidence = np.where(on, np.where(known, own, -np.inf), rows.confidence)
    return replace(rows, answer=answer, confidence=confidence, wrong=answer != rows.rows.target)


def stand_for(on: np.ndarray, asked: np.ndarray) -> np.ndarray:
    """Positions of the training rows that order the path: asked rows stand for all that were handed on."""
    return np.concatenate([np.flatnonzero(~on), np.resize(asked, int(on.sum()))])


def promise(known: Asked, proof: Asked, test: Asked, *, limit: Limit) -> SelectiveLevel:
    """The walk: path and start from `known`, the promise from `proof`, what was held on `test`."""
    walk = Walk(known=known, proof=proof, delta=limit.delta)
    return level_of(
        walk, test, limit.level, by_answer=limit.by_answer, false_omission=limit.false_omission
    )  # fmt: skip


def frontier(
    small: tuple[Asked, Asked, Asked], both: tuple[Asked, Asked, Asked] | None, *, limit: Limit
) -> tuple[FrontierPoint, ...]:
    """Share of test rows decided at each level that was shown; each level is a promise by itself."""
    points = []
    for level in sorted({*FRONTIER, limit.level}):
        own = replace(limit, level=level)
        found = [None if parts is None else promise(*parts, limit=own) for parts in (small, both)]
        shown = [f.held if f is not None and f.shown else None for f in found]
        shares = [None if h is None else h.coverage for h in shown]
        errors = [None if h is None or h.error.value is None else h.error for h in shown]
        points.append(
            FrontierPoint(
                level=level, small=shares[0], cascade=shares[1], small_error=errors[0],
                cascade_error=errors[1],
            )
        )  # fmt: skip
    return tuple(points)


def decided(level: SelectiveLevel, rows: Asked) -> np.ndarray:
    """bool[n]: decided without a person."""
    rule = SelectiveRule(level=level.level, thresholds=level.thresholds)
    return rows.inside & sure(rule, rows.answer, rows.confidence)


def fusion_told(
    fitted: tuple[Fusion, Fusion],
    rows: Dataset,
    test: Answered | None = None,
    large: np.ndarray | None = None,
) -> FusionTold:
    """The weights, and what they are worth on test rows that were handed on and answered."""
    both, alone = fitted
    two = len(both.large) == 2
    told = FusionTold(
        small=both.small,
        large=tuple(float(w) for w in (both.large[1:] if two else both.large)),
        intercept=float(both.intercept[-1]) if two else 0.0,
        classes=rows.classes,
        rows=len(rows),
    )
    read = np.zeros(0, bool) if large is None else ~np.isnan(large[:, 0])
    if test is None or large is None or read.sum() < 2:
        return told
    target, given = test.asked.rows.target[read], (test.chances[read], large[read])
    losses = [log_losses(target, one.predict(*given)) for one in (alone, both)]
    gain = mean(losses[0] - losses[1], None)
    shown = gain.low is not None and gain.high is not None
    verdict: FusionVerdict = (
        "helps" if shown and gain.low > 0 else "does_not_help" if shown and gain.high < 0 else "cannot_tell"
    )
    return replace(
        told, test_rows=int(read.sum()), loss_small=mean(losses[0], None), loss_both=mean(losses[1], None),
        gain=gain, verdict=verdict,
    )  # fmt: skip


def make_bill(
    who: dict[str, int], asked: int, ledger: Ledger, *, small_alone: float, watts: float | None
) -> CascadeBill:
    """Per 1,000 cases: `who` decided how many test rows, `asked` of them went to the language model.

    `small_alone` : share of the same rows that the small model decides by itself.
    """
    n = max(sum(who.values()), 1)
    cost = cost_of(ledger, decisions=PER * asked / n, watts=watts)
    return CascadeBill(
        small=PER * who["small"] / n,
        large=PER * who["large"] / n,
        person=PER * who["person"] / n,
        calls=cost.decisions,
        tokens=cost.tokens,
        seconds=cost.seconds,
        money=cost.money,
        currency=cost.currency,
        more=PER * ((who["small"] + who["large"]) / n - small_alone),
        watts=watts,
        watt_hours=cost.watt_hours,
    )
