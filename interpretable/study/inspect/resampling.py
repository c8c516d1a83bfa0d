"""What repeated cross-validation says: differences, equivalence, what could be seen, is n enough."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

import numpy as np

from interpretable import evaluate
from interpretable.evaluate import enough, repeats
from interpretable.evaluate.choose import METRIC, Candidate
from interpretable.evaluate.oof import fold_metrics
from interpretable.models.folds import bootstrap_rows, draw_units, repeat_folds
from interpretable.models.train import Trained
from interpretable.records.dataset import Dataset
from interpretable.records.lacking import NotComputed
from interpretable.records.resampling import Optimism, ResamplingEvidence, TestPower
from interpretable.score.output import to_prediction
from interpretable.stats.delong import Z
from interpretable.stats.repeated import detectable
from interpretable.study.assess import predict_rows
from interpretable.study.material import Material

REPEATS = {"quick": 0, "standard": 1, "audit": 10}  # beyond the folds that chose the model; audit: all
RESAMPLES = {"quick": 0, "standard": 20, "audit": 100}  # refits for the optimism
CELLS = {"quick": 0, "standard": 100_000, "audit": 3_000_000}  # rows x columns of all new repeats together
MOST_ROWS = 20_000  # resampled; more rows are drawn from
MOST_TEXTS = 2_000  # rows with a text column that a standard run refits on
TEXT_COLUMNS = 50  # what a text column weighs in CELLS
TEST_RESAMPLES = 400


def inspect(material: Material) -> ResamplingEvidence | None:
    """None where fewer than two folds could be measured."""
    rounds, why = _rounds(material)
    rows = draw_units(material.train, most=MOST_ROWS, seed=material.options.seed)
    sample = material.train if len(rows) == len(material.train) else material.train.take(rows)
    folds = list(_folds(material, sample, rounds))
    metric, candidates = METRIC[material.task.kind], material.fits.candidates
    folds = repeats.complete(folds, metric)
    if len(folds) < 2:
        return None
    margin, share = _margin(material, folds)
    corrected, lack = _optimism(material)
    verdict, reasons, size = _judged(material, folds, corrected)
    return ResamplingEvidence(
        metric=metric,
        margin=margin,
        relative_margin=share,
        repeats=len({fold.repeat for fold in folds}),
        folds=max(sum(f.repeat == r for f in folds) for r in {f.repeat for f in folds}),
        rows=len(rows) if rounds else len(material.train),
        available=len(material.train),
        scheme="random" if not rounds and _scheme(sample) == "time" else _scheme(sample),
        lean=rounds > 0 and not material.options.audit,
        models=repeats.spread(folds, candidates, material.task),
        leads=repeats.leads(
            folds, candidates, material.task, selected=material.selected, margin=margin
        ),
        test=_test(material),
        size=size,
        optimism=corrected,
        verdict=verdict,
        reasons=reasons,
        not_computed=(*why, *lack),
    )  # fmt: skip


def _scheme(train: Dataset) -> Literal["random", "group", "time"]:
    if train.groups is not None:
        return "group"
    return "random" if train.times is None else "time"


def _columns(material: Material) -> int:
    task = material.task
    return len(task.features) + len(task.text_columns) * (TEXT_COLUMNS - 1)


def _rounds(material: Material) -> tuple[int, tuple[NotComputed, ...]]:
    """How often the models are fitted on folds once more, and why not more often.

    Bounded by counts, never by the clock.
    """
    level, train = material.options.level, material.train
    affordable = CELLS[level] // (min(len(train), MOST_ROWS) * _columns(material))
    why = ""
    if level == "quick":
        why = "resampling_quick"
    elif _too_many_texts(material):
        why = "resampling_texts"
    elif affordable < 1 and level == "standard":
        why = "resampling_large"
    if why:
        return 0, (NotComputed(what="repeats", reason=why),)
    if _scheme(train) == "time":
        return 1, ()
    most = REPEATS[level]
    return (most if level == "standard" else int(np.clip(affordable, 2, most)) - 1), ()


def _too_many_texts(material: Material) -> bool:
    many = len(material.train) > MOST_TEXTS
    return bool(material.task.text_columns) and many and not material.options.audit


def _folds(material: Material, train: Dataset, rounds: int) -> Iterator[repeats.Fold]:
    """Every fold of every repeat. Where they can serve, the folds that chose the model are the first one."""
    in_time = _scheme(train) == "time" and rounds > 0  # these go forward and are no by-product of the choice
    known = not in_time and (len(train) == len(material.train) or rounds == 0)
    if known:
        yield from _chosen_on(material)
    plan = repeat_folds(
        train, material.options.folds, repeats=rounds + int(known), seed=material.options.seed
    )
    lean = material if material.options.audit else _leaner(material)
    for number, pairs in enumerate(plan[1:] if known else plan, start=int(known)):
        for place, (learned, predicted) in enumerate(pairs):
            material.progress(f"repeat {number + 1}, fold {place + 1}")
            part, rows = train.take(learned), train.take(predicted)
            found = _predictions(lean, part, rows, seed=number)
            figures = {n: fold_metrics(train.task, rows.target, p) for n, p in found.items()}
            yield repeats.Fold(repeat=number, learned=len(learned), predicted=len(predicted), figures=figures)


def _leaner(material: Material) -> Material:
    """The same study with the effort of a quick fit."""
    return replace(material, options=replace(material.options, level="quick"))


def _chosen_on(material: Material) -> Iterator[repeats.Fold]:
    """The out-of-fold figures that chose the model, as the first repeat."""
    own = material.fits.folds
    for place, fold in enumerate(np.unique(own[own >= 0])):
        predicted = int((own == fold).sum())
        figures = {one.name: one.oof_folds[place] for one in material.fits.candidates}
        yield repeats.Fold(repeat=0, learned=len(own) - predicted, predicted=predicted, figures=figures)


def _predictions(
    material: Material, part: Dataset, rows: Dataset, *, seed: int
) -> dict[str, np.ndarray]:  # fmt: skip
    """Every model fitted again on `part`, before an output map, as when the model was chosen.

    A sum of models is added up from its members, not fitted twice.
    """
    links: dict[str, np.ndarray] = {}
    found: dict[str, np.ndarray] = {}
    for one in sorted(material.fits.trained, key=lambda t: "members" in t.tuned):
        members = _members(one, material.fits.trained)
        if members and all(name in links for name, _ in members):
            raw = np.sum([weight * links[name] for name, weight in members], axis=0)
            link = raw * one.calibration["slope"] + one.calibration["intercept"]
        else:
            link = material.refit(one.name, part, seed=seed).link_scores(rows.frame, len(rows))
        links[one.name] = link
        found[one.name] = to_prediction(one.record.link, link, one.record.post)
    return found


def _members(one: Trained, trained: tuple[Trained, ...]) -> list[tuple[str, float]]:
    """Names and weights of the models that a sum was made of; empty where one of them is not in the study."""
    found = []
    for member in one.tuned.get("members", ()):
        same = [
            t.name
            for t in trained
            if t.family == member["family"]
            and t.tuned == member["settings"]
            and t.calibration == member["calibration"]
            and not member.get("seed", 0)
        ]
        if not same:
            return []
        found.append((same[0], float(member["weight"])))
    return found


def _margin(material: Material, folds: list[repeats.Fold]) -> tuple[float, float | None]:
    """The margin in units of the metric; of a loss it is a share."""
    metric, share = METRIC[material.task.kind], material.task.plan.margin
    if metric == "auroc":
        return share, None
    loss = float(np.mean([fold.figures[material.selected][metric] for fold in folds]))
    return share * loss, share


def _judged(
    material: Material, folds: list[repeats.Fold], corrected: tuple[Optimism, ...]
) -> tuple[enough.SizeVerdict, tuple[enough.SizeReason, ...], enough.SampleSize | None]:
    mine: Candidate = next(c for c in material.fits.candidates if c.name == material.selected)
    size = enough.needed(material.train, mine.oof)
    guess = repeats.guessing(folds, material.task, selected=material.selected)
    verdict, reasons = enough.judge(
        material.train, material.test, size=size, corrected=corrected, guess=guess
    )  # fmt: skip
    return verdict, reasons, size


def _test(material: Material) -> tuple[TestPower, ...]:
    """The smallest differences that the test part could show, from the paired standard errors on it."""
    test, metric = material.test, METRIC[material.task.kind]
    rows = evaluate.compare(
        material.task, test.target, material.predictions, against=material.selected,
        seed=material.options.seed, resamples=TEST_RESAMPLES, groups=test.groups,
    )  # fmt: skip
    events = int(min(test.target.sum(), len(test) - test.target.sum())) if metric == "auroc" else None
    found = []
    for one in rows:
        low, high = one.difference.low, one.difference.high
        if one.metric == metric and low is not None and high is not None and high > low:
            least = detectable((high - low) / (2.0 * Z))
            found.append(
                TestPower(model=one.model, metric=metric, detectable=least, n=len(test), events=events)
            )
    return tuple(found)


def _optimism(material: Material) -> tuple[tuple[Optimism, ...], tuple[NotComputed, ...]]:
    """The model in use fitted on bootstrap samples, measured on its own rows and on the original ones."""
    count, train = RESAMPLES[material.options.level], material.train
    if reason := _no_optimism(material):
        return (), (NotComputed(what="optimism", reason=reason),)
    lean = material if material.options.audit else _leaner(material)
    apparent_of = lean.refit(material.selected, train) if lean is not material else material.scorer
    apparent = enough.figures(train.task, train.target, predict_rows(apparent_of, train))
    pairs = []
    for number in range(count):
        material.progress(f"bootstrap {number + 1} of {count}")
        rows = bootstrap_rows(train, seed=material.options.seed + number)
        if rows is None:
            continue
        own = train.take(rows)
        fitted = lean.refit(material.selected, own, seed=number)
        mine = enough.figures(train.task, own.target, predict_rows(fitted, own))
        pairs.append((mine, enough.figures(train.task, train.target, predict_rows(fitted, train))))
    return enough.optimism(apparent, pairs), ()


def _no_optimism(material: Material) -> str:
    """Why it is not computed, or nothing."""
    if material.options.quick:
        return "resampling_quick"
    if _too_many_texts(material):
        return "resampling_texts"
    cells = len(material.train) * _columns(material)
    return "resampling_large" if cells > CELLS[material.options.level] else ""
