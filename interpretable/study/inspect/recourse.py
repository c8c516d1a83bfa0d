"""What could be changed to get another decision, or that nothing can: asked for cases of the test part."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import replace

import numpy as np

from interpretable.evaluate.figure import absent, mean, proportion
from interpretable.explain.context import Context
from interpretable.explain.recourse import Wish, find_recourse
from interpretable.records.evaluation import Figure
from interpretable.records.lacking import NotComputed
from interpretable.records.recourse import Allowed, ChangePlan, Recourse, RecourseEvidence, RecourseSummary
from interpretable.study.material import Material

CASES = {"quick": 5, "standard": 25, "audit": 200}


def inspect(material: Material) -> RecourseEvidence | None:
    """None without a line to cross; NotComputed where the model or the task allows no plan."""
    task = material.task
    if task.kind != "binary" or task.cut is None:
        return None
    if not material.scorer.glass_box:
        return _not("not_a_glass_box")
    if not any(c.changeable and c.kind != "text" for c in task.features):
        return _not("nothing_changeable")
    predicted = material.predictions[material.selected]
    beyond = drawn_cases(
        np.flatnonzero(predicted >= task.cut), CASES[material.options.level], seed=material.options.seed
    )
    if not len(beyond):
        return _not("no_cases_beyond")
    return RecourseEvidence(summary=_summary(material, beyond))


def drawn_cases(rows: np.ndarray, most: int, *, seed: int) -> np.ndarray:
    """At most so many of the rows, drawn at random: a file is often sorted by place or time."""
    return np.sort(np.random.default_rng(seed).permutation(rows)[:most])


def _not(reason: str) -> RecourseEvidence:
    return RecourseEvidence(not_computed=(NotComputed(what="recourse", reason=reason),))


def _summary(material: Material, beyond: np.ndarray) -> RecourseSummary:
    averages = (float(material.train.target.mean()),)
    context = Context(task=material.task, bundle_id="", averages=averages, domain=material.domain)
    wish = Wish(plans=1)
    start = time.perf_counter()
    found = [
        find_recourse(material.scorer, material.test.take(np.array([i])), context, wish=wish) for i in beyond
    ]
    seconds = (time.perf_counter() - start) / len(found)
    plans = [one.plans[0] for one in found if one.status == "found"]  # fragile plans are only counted
    status = Counter(one.status for one in found)
    return RecourseSummary(
        goal=float(material.task.cut),
        side=wish.side,
        robust=wish.robust,
        allowed=_allowed(found),
        cases=len(found),
        found=proportion(status["found"], len(found), empty="no_rows"),
        not_robust=status["not_robust"],
        impossible=status["none"],
        changed=_mean([len(plan.changes) for plan in plans]),
        cost=_mean([plan.cost for plan in plans]),
        inside=proportion(sum(plan.domain.inside for plan in plans), len(plans), empty="no_rows"),
        by_feature=_by_feature(plans),
        seconds_per_case=seconds,
    )


def _allowed(found: list[Recourse]) -> tuple[Allowed, ...]:
    """A column that one case does not know is missing from that case's list: all of them together."""
    by_name = {allowed.feature: allowed for one in found for allowed in one.allowed}
    return tuple(by_name.values())


def _by_feature(plans: list[ChangePlan]) -> tuple[tuple[str, int], ...]:
    counted = Counter(change.feature for plan in plans for change in plan.changes)
    return tuple(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])))


def _mean(values: list[float]) -> Figure:
    """None of these amounts can be below zero."""
    if not values:
        return absent("no_rows")
    found = mean(np.array(values, dtype=float), None)
    return found if found.low is None else replace(found, low=max(found.low, 0.0))
