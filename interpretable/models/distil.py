"""A glass box that learns from a stronger model: kept only where real, unseen rows show that it helps.

The student is an EBM whose rows carry a blend of the teacher's out-of-fold answer and the real outcome (the
real half is kept, because answers alone cost log loss). A row enters once per class, weighted by the blend;
its copies stay together in every bag, so that the rows a bag stops by never look like rows it was fitted on.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import numpy as np

from interpretable.models.base import LINKS, Effort, Fitted, families, refuse_weights
from interpretable.models.bins import make_slots
from interpretable.models.calibrate import fit_calibration
from interpretable.models.ebm import HELD_BACK, compile_native, settings_for
from interpretable.models.folds import make_folds
from interpretable.models.losses import fold_losses, gain
from interpretable.models.merge import merge
from interpretable.models.monotone import check_directions, enforced
from interpretable.models.native_ebm import fit_native
from interpretable.models.pairs import choose_pairs
from interpretable.models.search import Keep, Progress
from interpretable.models.train import Trained, conclude, out_of_fold
from interpretable.records.additive import Feature
from interpretable.records.dataset import Dataset
from interpretable.records.evaluation import Figure
from interpretable.records.task import Task
from interpretable.records.tuning import Distillation, Verdict
from interpretable.score.output import to_prediction

SHARE = 0.5  # of the teacher's answer in the blend
INNER_FOLDS = 3  # of the teacher within the rows of a student
SMALL = 0.01  # a gain below this share of the loss does not matter
LEVEL = 0.90  # two-sided, so that each bound is one-sided 95 %


def teacher_answers(
    teacher: str, train: Dataset, features: tuple[Feature, ...], effort: Effort
) -> tuple[np.ndarray, np.ndarray]:
    """Out-of-fold predictions f8[n] or f8[n, K] of the teacher, calibrated, and which rows have one."""
    folds = make_folds(train, INNER_FOLDS, seed=effort.seed)
    raw = out_of_fold(families[teacher], train, features, folds, effort=effort, progress=_silent)
    link, asked = LINKS[train.task.kind], folds >= 0
    slope, intercept = fit_calibration(link, raw[asked], train.target[asked])
    return to_prediction(link, raw * slope + intercept), asked


def _silent(message: str) -> None:
    pass


def blended(train: Dataset, answers: np.ndarray, asked: np.ndarray, share: float) -> np.ndarray:
    """What the student learns: f8[n] values, or f8[n, K] chances of the classes."""
    part = np.where(asked, share, 0.0)
    if train.task.kind == "regression":
        return part * answers + (1.0 - part) * train.target
    chances = np.column_stack([1.0 - answers, answers]) if answers.ndim == 1 else answers
    hard = np.eye(chances.shape[1])[train.target]
    return part[:, None] * chances + (1.0 - part)[:, None] * hard


def tied_bags(rows: int, copies: int, *, bags: int, seed: int) -> np.ndarray:
    """Bags i1[rows * copies, B]: 1 to fit, -1 to stop by; all copies of a row on the same side."""
    random = np.random.default_rng(seed)
    sides = np.ones((bags, rows), dtype=np.int8)
    held = max(round(HELD_BACK * rows), 1)
    for bag in sides:
        bag[random.permutation(rows)[:held]] = -1
    return np.tile(sides.T, (copies, 1))


def fit_student(train: Dataset, features: tuple[Feature, ...], soft: np.ndarray, effort: Effort) -> Fitted:
    """An EBM of the blended outcomes, with the pairs and settings a plain EBM of these rows would have."""
    usable = tuple(f for f in features if f.kind != "text")
    settings = settings_for(train, len(usable), effort)
    slots = make_slots(train.frame, usable, train.task, most=settings["max_bins"])
    signs = enforced(train.task)
    pairs = choose_pairs(train, slots, effort, signs=signs, wanted=effort.settings.get("interactions")).pairs
    work = {name: value for name, value in settings.items() if name not in ("interactions", "max_bins")}
    rows, weights, copies = _copies(train, soft)
    work["min_samples_leaf"] = work["min_samples_leaf"] * copies
    bags = tied_bags(len(train), copies, bags=settings["outer_bags"], seed=effort.seed)
    native = fit_native(
        rows, slots, settings={**work, "n_jobs": 1}, pairs=pairs, signs=signs, weights=weights, bags=bags
    )
    record = compile_native(native, train, usable)
    check_directions(record, train.task)
    counted = merge([(record, 1.0)], family="ebm", rows=train)  # rows behind each cell, not weights of copies
    return Fitted(
        record=counted,
        library_scores=lambda dataset: native.scores(dataset.frame),
        settings={**settings, "interactions": len(pairs)},
    )


def _copies(train: Dataset, soft: np.ndarray) -> tuple[Dataset, np.ndarray, int]:
    """Rows to fit, their weights, and how often each row is in them."""
    if train.task.kind == "regression":
        return replace(train, target=soft), np.ones(len(train)), 1
    classes = soft.shape[1]
    every = train.take(np.tile(np.arange(len(train)), classes))
    return replace(every, target=np.repeat(np.arange(classes), len(train))), soft.T.ravel(), classes


class Distilled:
    """An EBM that learned from a teacher. `effort.settings`: teacher, share, settings, teacher_settings."""

    glass_box = True

    def can_fit(self, task: Task) -> bool:
        return False  # only a study's gate lets it in

    def name(self, task: Task) -> str:
        return "ebm distilled"

    def fit(self, train: Dataset, features: tuple[Feature, ...], effort: Effort) -> Fitted:
        refuse_weights(train, self.name(train.task))
        asked_for = effort.settings
        teaching = replace(effort, settings=asked_for["teacher_settings"], refits=0)
        answers, asked = teacher_answers(asked_for["teacher"], train, features, teaching)
        soft = blended(train, answers, asked, asked_for["share"])
        fitted = fit_student(train, features, soft, replace(effort, settings=asked_for["settings"]))
        return replace(fitted, settings={**fitted.settings, "teacher": asked_for["teacher"]})


families.add("distilled")(Distilled())


def distil(
    teacher: Trained, plain: Trained, train: Dataset, everything: Dataset, *,
    features: tuple[Feature, ...], folds: np.ndarray, effort: Effort, keep: Keep, progress: Progress,
) -> tuple[Trained | None, Distillation]:  # fmt: skip
    """The student and the verdict; no student unless it is better beyond doubt on rows nobody had seen.

    For every outer fold the teacher answers out of fold *within* the other folds, the student learns there,
    and is measured on the real outcomes of the fold. `plain` and `teacher` were fitted on the same folds.
    """
    recipe = {
        "teacher": teacher.family, "share": SHARE, "settings": _plain_settings(plain),
        "teacher_settings": teacher.tuned,
    }  # fmt: skip
    effort, start = replace(effort, settings=recipe), time.perf_counter()

    def student(fold: int) -> dict[str, np.ndarray]:
        part = train.take(np.flatnonzero(folds != fold))
        fitted = families["distilled"].fit(part, features, replace(effort, refits=0))
        return {"scores": fitted.library_scores(train.take(np.flatnonzero(folds == fold)))}

    raw = np.zeros_like(plain.oof)
    for fold in np.unique(folds[folds >= 0]):
        progress(f"student of fold {fold + 1}")
        raw[folds == fold] = keep(f"student-{fold}", lambda fold=fold: student(fold))["scores"]
    told = judge(teacher, plain, raw, target=train.target, folds=folds)
    if told.verdict != "helps":
        return None, told
    fitted = families["distilled"].fit(train, features, effort)
    trained = conclude(
        "distilled", fitted, raw, train=train, everything=everything, folds=folds, tuned=recipe,
        seconds=time.perf_counter() - start,
    )  # fmt: skip
    return trained, told


def _plain_settings(plain: Trained) -> dict[str, Any]:
    """The settings of the plain EBM; of an average, those of its first member."""
    return dict(plain.tuned["members"][0]["settings"] if "members" in plain.tuned else plain.tuned)


def judge(
    teacher: Trained, plain: Trained, raw: np.ndarray, *, target: np.ndarray, folds: np.ndarray
) -> Distillation:
    """Three verdicts, from losses on the same held-out folds; `raw` are the student's scores f8[n, K]."""
    link, asked = plain.record.link, folds >= 0
    slope, intercept = fit_calibration(link, raw[asked], target[asked])
    losses = {
        "plain": fold_losses(link, plain.oof, target, folds),
        "teacher": fold_losses(link, teacher.oof, target, folds),
        "student": fold_losses(link, raw * slope + intercept, target, folds),
    }
    won, taught = (gain(losses["plain"], losses[one], level=LEVEL) for one in ("student", "teacher"))
    return Distillation(
        teacher=teacher.name, student="ebm distilled", share=SHARE, gain=won, teacher_gain=taught,
        verdict=verdict(won, taught, plain_loss=float(losses["plain"].mean())),
        **{f"{name}_loss": float(values.mean()) for name, values in losses.items()},
    )  # fmt: skip


def verdict(won: Figure, taught: Figure, *, plain_loss: float) -> Verdict:
    """Helps: the gain's lower bound is above 0 and the teacher is ahead of the plain model.

    Does not help: the teacher is not ahead, so there is nothing to learn, or even the upper bound of the gain
    is too small to matter (1 % of the loss). Otherwise these rows cannot tell.
    """
    ahead = taught.value is not None and taught.value > 0
    if ahead and won.low is not None and won.low > 0:
        return "helps"
    if not ahead or (won.high is not None and won.high < SMALL * abs(plain_loss)):
        return "does_not_help"
    return "cannot_tell"
