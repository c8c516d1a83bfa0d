"""Which cases the model may decide alone, with a promise on its errors, and which are left to a person."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from interpretable.evaluate import selective
from interpretable.evaluate.figure import area
from interpretable.records.dataset import Dataset
from interpretable.records.evaluation import Figure
from interpretable.records.lacking import NotComputed
from interpretable.records.selective import (
    ScopeLevel,
    ScopeTrial,
    SelectiveEvidence,
    SelectiveLevel,
    SelectiveRule,
    SelectiveRules,
)
from interpretable.score.decided import answers_of, sure
from interpretable.score.domain import DomainCheck, fit_domain
from interpretable.score.scorer import Scorer, columns_of, predict, predicted
from interpretable.study.material import Material

LEVELS = (0.01, 0.02, 0.05, 0.1)
LEFT_OUT = {"quick": 1, "standard": 3}  # classes that a refit does without; audit: all
FEWEST = 10  # test rows of a class, to be left out


def inspect(material: Material) -> SelectiveEvidence | None:
    """None where an amount is estimated: it has no right and wrong."""
    task, plan = material.task, material.task.plan
    if task.kind == "regression":
        return None
    known = _out_of_fold(material)
    if not len(known):
        lacking = NotComputed(what="selective", reason="no_rows")
        return SelectiveEvidence(model=material.selected, delta=plan.error_delta, not_computed=(lacking,))
    proof = _ask(material, material.calibration, material.scorer)
    test = _ask(material, material.test, material.scorer)
    walk = selective.Walk(known=known, proof=proof, delta=plan.error_delta)
    levels = tuple(
        selective.level_of(
            walk, test, level, by_answer=plan.error_by_answer, false_omission=plan.max_false_omission
        )
        for level in sorted({*LEVELS, *([plan.max_error] if plan.max_error else [])})
    )
    scope = (*_file(material, levels), *_classes(material, levels))
    return SelectiveEvidence(
        model=material.selected,
        delta=plan.error_delta,
        declared=plan.max_error,
        false_omission=plan.max_false_omission,
        by_answer=plan.error_by_answer or plan.max_false_omission is not None,
        rows={
            name: n
            for part, asked in (("calibration", proof), ("test", test))
            for name, n in ((part, len(asked)), (f"{part}_inside", int(asked.inside.sum())))
        },
        one_per_group=material.test.groups is not None,
        by_time=material.test.groups is None and material.test.times is not None,
        base_error=selective.exact(int(known.wrong.sum()), len(known)),
        levels=levels,
        curve=selective.curve_of(walk, test),
        scope=scope,
        not_computed=()
        if scope
        else (NotComputed(what="selective_scope", reason=f"selective_scope_{task.kind}"),),
    )


def rules_of(found: SelectiveEvidence) -> SelectiveRules:
    """What the bundle keeps for scoring."""
    return SelectiveRules(
        delta=found.delta,
        declared=found.declared,
        tried=tuple(one.level for one in found.levels),
        rules=tuple(
            SelectiveRule(level=one.level, thresholds=one.thresholds) for one in found.levels if one.shown
        ),
    )


def _out_of_fold(material: Material) -> selective.Asked:
    """Training rows as answered by models that did not see them: they order the path, they prove nothing."""
    trained, seen = material.trained(material.selected), np.flatnonzero(material.fits.folds >= 0)
    rows = material.train.take(seen)
    inside = DomainCheck(material.domain).inside(rows.frame, len(rows))
    return selective.ask(
        rows, predicted(material.scorer, trained.oof[seen]), inside, seed=material.options.seed
    )


def _ask(material: Material, rows: Dataset, scorer: Scorer) -> selective.Asked:
    columns = columns_of(scorer, rows)
    inside = DomainCheck(material.domain).inside(rows.frame, len(rows))
    return selective.ask(rows, predict(scorer, columns, len(rows)), inside, seed=material.options.seed)


def _trial(
    kind: str, name: str, levels: tuple[SelectiveLevel, ...], inside: np.ndarray,
    said: tuple[np.ndarray, np.ndarray],
) -> ScopeTrial:  # fmt: skip
    """How many of these rows would have been decided; `said`: their answers and confidences."""
    n = len(inside)
    shares = []
    for one in levels:
        if one.shown:
            rule = SelectiveRule(level=one.level, thresholds=one.thresholds)
            decided = int((inside & sure(rule, *said)).sum())
            shares.append(ScopeLevel(level=one.level, decided=selective.exact(decided, n)))
    return ScopeTrial(
        kind=kind,  # type: ignore[arg-type]  # one of two words
        name=name,
        n=n,
        caught=selective.exact(int((~inside).sum()), n),
        levels=tuple(shares),
    )


def _file(material: Material, levels: tuple[SelectiveLevel, ...]) -> list[ScopeTrial]:
    """Rows of the task's own file that do not belong."""
    rows = material.outsiders
    if rows is None:
        return []
    columns = columns_of(material.scorer, rows)
    inside = DomainCheck(material.domain).inside(rows.frame, len(rows))
    said = answers_of(material.task, predict(material.scorer, columns, len(rows)))
    return [
        replace(_trial("file", "", levels, inside, said), auroc=_auroc(material, material.scorer, said[1]))
    ]


def _auroc(material: Material, scorer: Scorer, outside: np.ndarray, test: Dataset | None = None) -> Figure:
    """How well the confidence tells test rows in scope from rows out of scope."""
    rows = material.test if test is None else test
    told = answers_of(rows.task, predict(scorer, columns_of(scorer, rows), len(rows)))[1]
    belongs = np.concatenate([np.ones(len(told)), np.zeros(len(outside))])
    return area(belongs, np.concatenate([told, outside]))


def _classes(material: Material, levels: tuple[SelectiveLevel, ...]) -> list[ScopeTrial]:
    """Each of the largest classes, held against a model that never saw one of its rows."""
    if material.task.kind != "multiclass":
        return []
    counts = np.bincount(material.test.target, minlength=len(material.test.classes))
    order = [k for k in np.argsort(-counts, kind="stable") if counts[k] >= FEWEST]
    return [_without(material, int(k), levels) for k in order[: LEFT_OUT.get(material.options.level)]]


def _without(material: Material, left_out: int, levels: tuple[SelectiveLevel, ...]) -> ScopeTrial:
    name = material.test.classes[left_out]
    material.progress(f"looking deeper: selective, fitted without {name!r}")
    train, test = (_drop(part, left_out) for part in (material.train, material.test))
    scorer = material.refit(material.selected, train)
    domain = fit_domain(material.fits.features, train.frame, len(train), seed=material.options.seed)
    rows = material.test.take(np.flatnonzero(material.test.target == left_out))
    columns = columns_of(scorer, rows)
    answer, confidence = answers_of(train.task, predict(scorer, columns, len(rows)))
    answer = answer + (answer >= left_out)  # back to the numbers of all classes
    inside = DomainCheck(domain).inside(rows.frame, len(rows))
    found = _trial("class", name, levels, inside, (answer, confidence))
    return replace(found, auroc=_auroc(material, scorer, confidence, test))


def _drop(rows: Dataset, left_out: int) -> Dataset:
    """The rows of all other classes, as a task that knows no more than these; two are a binary task."""
    kept = rows.take(np.flatnonzero(rows.target != left_out))
    classes = tuple(c for k, c in enumerate(rows.classes) if k != left_out)
    task = rows.task
    if len(classes) == 2:
        task = replace(task, kind="binary", positive=classes[1])
    return replace(kept, task=task, classes=classes, target=kept.target - (kept.target > left_out))
