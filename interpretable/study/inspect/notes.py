"""What the texts add: table, texts and both on the same folds and the same test rows."""

from __future__ import annotations

from typing import Literal

import numpy as np

from interpretable import evaluate
from interpretable.models.losses import METRIC, fold_losses, gain
from interpretable.models.train import Trained
from interpretable.records.evaluation import Comparison, Figure
from interpretable.records.lacking import NotComputed
from interpretable.records.notes import (
    NotesCrossing,
    NotesEvidence,
    NotesGain,
    NotesReading,
    NotesVerdict,
)
from interpretable.stats.intervals import wilson
from interpretable.study.material import Material

SHARE = 0.02  # of the loss of the one alone: a smaller saving does not matter, as in the choice of a model
HEADLINE = {"binary": "auroc", "multiclass": "auroc", "regression": "rmse"}
SHOWN = {
    "binary": ("auroc", "log_loss"),
    "multiclass": ("auroc", "log_loss"),
    "regression": ("rmse", "r2"),
}
LOSS = ("log_loss", "rmse")
Name = Literal["table", "text", "both"]


def inspect(material: Material) -> NotesEvidence | None:
    """None where no text was read, or nothing was left to choose about it."""
    task = material.task
    if not task.text_columns:
        return None
    names = {trained.name for trained in material.fits.trained}
    reader = "mixed" if "mixed" in names else "text"
    if len(task.text_columns) == len(task.features):
        return _text_alone(material) if "text" in names else None
    if not {"mixed", "ebm"} <= names:
        return NotesEvidence(not_computed=(NotComputed(what="notes", reason="notes_not_trained"),))
    known: dict[Name, Trained] = {"table": material.trained("ebm"), "both": material.trained(reader)}
    if "text" in names:
        known = {"table": known["table"], "text": material.trained("text"), "both": known["both"]}
    return _mixed(material, known)


def _text_alone(material: Material) -> NotesEvidence | None:
    trained = material.trained("text")
    steps = trained.notes.get("inner_losses", {})
    if len(steps) < 2:
        return None
    return NotesEvidence(
        kind="text", metric=METRIC[trained.record.link], headline=HEADLINE[material.task.kind],
        kept=tuple(trained.settings["parts"]), steps=steps,
    )  # fmt: skip


def _mixed(material: Material, known: dict[Name, Trained]) -> NotesEvidence:
    both = known["both"]
    readings = {name: _reading(material, name, trained) for name, trained in known.items()}
    gains = tuple(
        _gain(material, name, readings) for name in ("table", "text") if name in readings
    )  # fmt: skip
    crossing = _crossing(material, known)
    lacking = []
    if crossing is None and material.task.kind == "binary":
        lacking.append(NotComputed(what="notes_crossing", reason="no_threshold"))
    return NotesEvidence(
        share=SHARE, metric=METRIC[both.record.link], headline=HEADLINE[material.task.kind],
        readings=tuple(readings.values()), gains=gains, crossing=crossing, kept=_kept(both),
        steps=both.notes.get("inner_losses", {}), not_computed=tuple(lacking),
    )  # fmt: skip


def _kept(both: Trained) -> tuple[str, ...]:
    """An average of several fits has no one list: what its terms hold."""
    told = both.settings.get("text")
    if isinstance(told, dict):
        return tuple(told["parts"])
    if told is False:
        return ()
    terms = getattr(both.record, "terms", ())
    return tuple(dict.fromkeys(t.rule.units for t in terms if hasattr(t, "rule")))


def _reading(material: Material, name: Name, trained: Trained) -> NotesReading:
    fits, link = material.fits, trained.record.link
    headline = HEADLINE[material.task.kind]
    candidate = next(c for c in fits.candidates if c.name == trained.name)
    values = [fold[headline] for fold in candidate.oof_folds if headline in fold]
    measured = evaluate.measure(
        material.task, material.test.target, material.predictions[trained.name], seed=material.options.seed,
        resamples=material.options.resamples, classes=material.test.classes, groups=material.test.groups,
    )  # fmt: skip
    return NotesReading(
        name=name, model=trained.name,
        losses=tuple(fold_losses(link, trained.oof, material.train.target, fits.folds).tolist()),
        headline=tuple(values) if len(values) == len(candidate.oof_folds) else (),
        test=measured.metrics.get(headline),
    )  # fmt: skip


def _gain(
    material: Material, over: Literal["table", "text"], readings: dict[Name, NotesReading]
) -> NotesGain:
    alone, both = readings[over], readings["both"]
    margin = SHARE * float(np.mean(alone.losses)) if alone.losses else 0.0
    saved = gain(np.array(alone.losses), np.array(both.losses))
    headline = None
    if alone.headline and both.headline:
        sign = 1.0 if HEADLINE[material.task.kind] == "auroc" else -1.0
        headline = gain(-sign * np.array(alone.headline), -sign * np.array(both.headline))
    compared = _compared(material, alone.model, both.model)
    tested = next(c.difference for c in compared if c.metric in LOSS)
    return NotesGain(
        over=over, verdict=verdict(saved, tested, margin), margin=margin, loss=saved, headline=headline,
        comparisons=compared,
    )  # fmt: skip


def verdict(saved: Figure, tested: Figure, margin: float) -> NotesVerdict:
    """From the loss saved over folds, and the loss saved on the test part.

    "adds" needs both to be above 0, one of them by its whole range. "does_not_add" needs the range over the
    folds to lie below the margin, and no gain on the test part that its range would bear out.
    """
    values, lows = (saved.value, tested.value), (saved.low, tested.low)
    if all((v or 0.0) > 0.0 for v in values) and any(low is not None and low > 0.0 for low in lows):
        return "adds"
    small = saved.high is not None and saved.high < margin
    return "does_not_add" if small and not (tested.low or 0.0) > 0.0 else "cannot_tell"


def _compared(material: Material, alone: str, both: str) -> tuple[Comparison, ...]:
    found = evaluate.compare(
        material.task, material.test.target, {n: material.predictions[n] for n in (alone, both)},
        against=both, seed=material.options.seed, resamples=material.options.resamples,
        groups=material.test.groups,
    )  # fmt: skip
    return tuple(c for c in found if c.metric in SHOWN[material.task.kind])


def _crossing(material: Material, known: dict[Name, Trained]) -> NotesCrossing | None:
    """None for values, and for two classes without a line."""
    task = material.task
    if task.kind == "regression" or (task.kind == "binary" and task.cut is None):
        return None
    before, after = (_said(material, known[name].name) for name in ("table", "both"))
    happened, n = material.test.target, len(material.test)
    moved = before != after
    low, high = wilson(int(moved.sum()), n) if n else (None, None)
    share = Figure(value=float(moved.mean()) if n else None, low=low, high=high, method="wilson")
    return NotesCrossing(
        n=n, moved=share, right=int((moved & (after == happened)).sum()),
        wrong=int((moved & (before == happened)).sum()),
    )  # fmt: skip


def _said(material: Material, name: str) -> np.ndarray:
    """Class i8[n] that a model says of each test case: by the line, or the likeliest."""
    told = material.predictions[name]
    return np.asarray(told.argmax(axis=1) if told.ndim == 2 else (told >= material.task.cut).astype(np.int64))
