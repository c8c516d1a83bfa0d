"""Differences and ratios between groups, proxies of sensitive columns, near-equal models."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from interpretable.evaluate import alternatives, proxy
from interpretable.evaluate.bands import groups_of
from interpretable.evaluate.disparity import clusters_of, compare_groups
from interpretable.evaluate.groups import FLOOR_ROWS
from interpretable.evaluate.intersections import crossings
from interpretable.explain.treeshap import shap_parts
from interpretable.models.base import families
from interpretable.models.calibrate import recalibrate
from interpretable.models.mix import fit_with_extra
from interpretable.records.dataset import Dataset
from interpretable.records.disparity import Alternative, DisparityEvidence, Rebuilt, ScoreGap, UsedColumn
from interpretable.records.lacking import NotComputed
from interpretable.score.additive import contributions
from interpretable.score.output import to_prediction
from interpretable.score.scorer import AdditiveScorer, BoostedScorer, columns_of, make_scorer, predict
from interpretable.study.material import Material

TAKEN_APART = 5_000  # rows whose scores are taken apart; of a black box 500, against 100
BLACK_ROWS, BACKGROUND = 500, 100
SCORE_GAPS = 12
REFIT_CELLS = {"standard": 200_000, "audit": 2_000_000}  # training rows times columns
TEXT_ROWS = 2_000
DROPPED = 3  # columns left out one at a time
SEARCH_FOLDS = 2  # of the study's folds in which an alternative is tried; all of them in an audit
CONFIRMED = 3


def inspect(material: Material) -> DisparityEvidence | None:
    """None where no column is marked sensitive, or only free text is."""
    columns = material.task.grouping_columns
    if not columns:
        return None
    seed, resamples = material.options.seed, material.options.resamples
    predicted = material.predictions[material.selected]
    gaps = compare_groups(material.test, predicted, seed=seed, resamples=resamples)
    crossed = crossings(material.test, predicted, seed=seed, resamples=resamples)
    used, score_gaps = _taken_apart(material)
    found, lacking, rows = _alternatives(material)
    if predicted.ndim != 1:
        lacking.append(NotComputed(what="disparity_tells", reason="not_defined"))
    if not gaps:
        lacking.append(NotComputed(what="disparity_gaps", reason="disparity_few"))
    return DisparityEvidence(
        gaps=gaps,
        compared=sum(gap.p_adjusted is not None for gap in gaps),
        crossings=crossed,
        crossings_compared=sum(one.p_adjusted is not None for one in crossed),
        used=used,
        rebuilt=_rebuilt(material),
        tells=proxy.score_tells(material.test, predicted),
        score_gaps=score_gaps,
        alternatives=found,
        margin=material.task.plan.margin,
        searched_rows=rows,
        clustered=clusters_of(material.test) is not None,
        not_computed=tuple(lacking),
    )


def _rebuilt(material: Material) -> tuple[Rebuilt, ...]:
    quick = material.options.quick
    found = [
        proxy.rebuilt(
            material.train, column, material.fits.folds, seed=material.options.seed,
            shuffles=39 if quick else 199, boosted=not quick,
        )
        for column in material.task.grouping_columns
    ]  # fmt: skip
    return tuple(one for one in found if one is not None)


def _parts(material: Material) -> tuple[Dataset, np.ndarray, proxy.Named, bool]:
    """Rows of the whole study, f8[n, T, K] parts of their scores, the features of each, whether exact."""
    scorer, seed = material.scorer, material.options.seed
    if isinstance(scorer, AdditiveScorer):
        rows = material.everything.sample(TAKEN_APART, seed=seed)
        names = tuple(tuple(scorer.features[i].name for i in term.features) for term in scorer.model.terms)
        return rows, contributions(scorer.model, columns_of(scorer, rows), len(rows)), names, True
    assert isinstance(scorer, BoostedScorer)  # there are two kinds
    rows = material.everything.sample(BLACK_ROWS, seed=seed)
    behind = material.train.sample(BACKGROUND, seed=seed)
    parts = shap_parts(scorer, columns_of(scorer, rows), columns_of(scorer, behind))[1]
    return rows, parts, tuple((f.name,) for f in scorer.features), False


def _taken_apart(material: Material) -> tuple[tuple[UsedColumn, ...], tuple[ScoreGap, ...]]:
    rows, parts, names, exact = _parts(material)
    if not names:
        return (), ()
    if parts.shape[2] > 1:  # several classes: only differences between their scores mean anything
        parts = parts - parts.mean(axis=2, keepdims=True)
    used = proxy.used_columns(parts, names, material.task.sensitive_columns)
    wanted = sorted(_wanted(rows, parts), key=lambda w: -abs(w[0]))[:SCORE_GAPS]
    found = [
        proxy.score_gap(
            parts[:, :, k], names, groups, labels, rows=rows, exact=exact, seed=material.options.seed,
            output=rows.classes[k] if parts.shape[2] > 1 else "", resamples=material.options.resamples,
        )
        for _, k, groups, labels in wanted
    ]  # fmt: skip
    return used, tuple(found)


Wanted = tuple[float, int, tuple[np.ndarray, np.ndarray], tuple[str, str, str]]


def _wanted(rows: Dataset, parts: np.ndarray) -> Iterator[Wanted]:
    """Each large group against the largest of its column; several classes: the class set furthest apart."""
    score = parts.sum(axis=1)
    for column in rows.task.grouping_columns:
        groups = {
            n: r for n, r in groups_of(rows.frame[column.name].to_numpy(), column) if len(r) >= FLOOR_ROWS
        }
        if len(groups) < 2:
            continue
        base = max(groups, key=lambda name: len(groups[name]))
        for name, place in groups.items():
            if name != base:
                gap = score[place].mean(axis=0) - score[groups[base]].mean(axis=0)
                k = int(np.argmax(np.abs(gap)))
                yield float(gap[k]), k, (place, groups[base]), (column.name, name, base)


def _alternatives(material: Material) -> tuple[tuple[Alternative, ...], list[NotComputed], int]:
    """Every trained model, and (not in quick runs) refits without the columns that carry the leading gap."""
    rows, base, each = _out_of_fold(material)
    watched = alternatives.watch(rows, base, test=material.test) if len(rows) else ()
    if not watched:
        return (), [NotComputed(what="disparity_alternatives", reason="disparity_few")], 0
    found = []
    for name, p in each.items():
        if name != material.selected:
            one = alternatives.searched(rows, watched, p, base, kind="trained", model=name)
            found.append(_confirm(one, material, material.predictions[name]))
    why = _no_refits(material)
    if why:
        return tuple(found), [NotComputed(what="disparity_refits", reason=why)], len(rows)
    return (*found, *_Refits(material, watched).search()), [], len(rows)


def _no_refits(material: Material) -> str:
    if material.options.quick:
        return "disparity_quick"
    if material.trained(material.selected).family not in list(families):
        return "disparity_mixed"
    text = bool(material.task.text_columns) and len(material.train) > TEXT_ROWS
    cells = len(material.train) * len(material.fits.features)
    return "disparity_size" if text or cells > REFIT_CELLS[material.options.level] else ""


def _out_of_fold(material: Material) -> tuple[Dataset, np.ndarray, dict[str, np.ndarray]]:
    known = np.flatnonzero(material.fits.folds >= 0)
    each = {t.name: to_prediction(t.record.link, t.oof, t.record.post)[known] for t in material.fits.trained}
    return material.train.take(known), each[material.selected], each


def _confirm(one: Alternative, material: Material, p: np.ndarray) -> Alternative:
    return alternatives.confirmed(
        one, material.test, p, material.predictions[material.selected], seed=material.options.seed,
        resamples=material.options.resamples,
    )  # fmt: skip


class _Refits:
    """Refits of the family in use: without a column that carries the leading gap, and with another seed.

    All are tried with the same lean effort in the same folds, the model with nothing left out too.
    """

    def __init__(self, material: Material, watched: tuple[alternatives.Watched, ...]):
        self.material, self.watched = material, watched
        self.known = material.trained(material.selected)
        folds = material.fits.folds
        self.folds = [int(f) for f in np.unique(folds[folds >= 0])]
        if not material.options.audit:
            self.folds = self.folds[:SEARCH_FOLDS]
        self.held = np.flatnonzero(np.isin(folds, self.folds))
        self.rows = material.train.take(self.held)

    def search(self) -> list[Alternative]:
        """Top columns one at a time, then the best of them with each other, then another seed."""
        self.base = self._tried((), 0)
        carriers = self._carriers()
        found = [self._searched((name,), 0) for name in carriers]
        held = sorted((one for one in found if one.near), key=_leading)
        while held and len(held[0].without) < len(carriers) and len(found) < (5 if self._lean else 8):
            rest = [name for name in carriers if name not in held[0].without]
            wider = [
                self._searched((*held[0].without, name), 0) for name in rest[: 1 if self._lean else None]
            ]
            found += wider
            better = sorted(
                (one for one in wider if one.near and _leading(one) < _leading(held[0])), key=_leading
            )
            held = better
        found += [self._searched((), seed) for seed in range(1, 2 if self._lean else 4)]
        best = sorted((one for one in found if one.smaller), key=_leading)[:CONFIRMED]
        return [self._confirmed(one, found) if one in best else one for one in found]

    @property
    def _lean(self) -> bool:
        return not self.material.options.audit

    def _fitted(self, rows: Dataset, without: tuple[str, ...], seed: int) -> AdditiveScorer | BoostedScorer:
        effort = replace(self.material.effort(seed=seed), settings=self.known.tuned)
        effort = replace(effort, level="quick") if self._lean else effort
        columns = tuple(replace(c, exclude=c.exclude or c.name in without) for c in rows.task.columns)
        features = tuple(f for f in self.material.fits.features if f.name not in without)
        lean = replace(rows, task=replace(rows.task, columns=columns))
        fitted = fit_with_extra(families[self.known.family], lean, features, effort)
        return make_scorer(recalibrate(fitted.record, **self.known.calibration))  # type: ignore[return-value]  # one of both

    def _tried(self, without: tuple[str, ...], seed: int) -> np.ndarray:
        """Predictions of the held-out rows."""
        train, folds = self.material.train, self.material.fits.folds
        found: list[np.ndarray] = []
        order: list[np.ndarray] = []
        for fold in self.folds:
            scorer = self._fitted(train.take(np.flatnonzero(folds != fold)), without, seed)
            place = np.flatnonzero(folds == fold)
            rows = train.take(place)
            found.append(predict(scorer, columns_of(scorer, rows), len(rows)))
            order.append(place)
        return np.concatenate(found)[np.argsort(np.concatenate(order), kind="stable")]

    def _searched(self, without: tuple[str, ...], seed: int) -> Alternative:
        p = self._tried(without, seed)
        kind = "without" if without else "seed"
        one = alternatives.searched(
            self.rows, self.watched, p, self.base, kind=kind, model=self.known.name, without=without
        )
        return replace(one, seed=seed)

    def _confirmed(self, one: Alternative, found: list[Alternative]) -> Alternative:
        scorer = self._fitted(self.material.train, one.without, one.seed)
        test = self.material.test
        return _confirm(one, self.material, predict(scorer, columns_of(scorer, test), len(test)))

    def _carriers(self) -> list[str]:
        """Columns whose effects pull the mean scores of the leading groups apart, the strongest first."""
        scorer, train, lead = self.material.scorer, self.material.train, self.watched[0]
        rows = train.sample(TAKEN_APART, seed=self.material.options.seed)
        effects = scorer.effects(columns_of(scorer, rows), len(rows))
        sides = [alternatives.place_of(rows, lead.column, g) for g in (lead.group, lead.reference)]
        gap = effects[sides[0]].mean(axis=0) - effects[sides[1]].mean(axis=0)
        strength = gap[:, 0] * np.sign(gap[:, 0].sum()) if gap.shape[1] == 1 else np.abs(gap).sum(axis=1)
        order = np.argsort(-strength, kind="stable")[:DROPPED]
        names = [scorer.features[i].name for i in order if strength[i] > 0]
        usable = len(scorer.features)
        return names if usable > len(names) else names[: max(usable - 1, 0)]


def _leading(one: Alternative) -> float:
    """Size of the gap that leads the search."""
    return abs(one.gaps[0].searched) if one.gaps else np.inf
