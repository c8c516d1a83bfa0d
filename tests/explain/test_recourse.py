"""Plans of change: cheapest by brute force, proved impossible where they are, robust where they say so."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from factories_models import make_additive, make_rows, make_task

from interpretable.errors import UserError
from interpretable.explain.candidates import candidates_of, nice_step
from interpretable.explain.context import Context
from interpretable.explain.recourse import Wish, find_recourse
from interpretable.explain.whatif import what_if
from interpretable.models import linear  # noqa: F401 - registers the family
from interpretable.models.base import Effort, families
from interpretable.models.features import describe
from interpretable.records.additive import AdditiveModel, Clause, LinearTerm, RuleTerm
from interpretable.records.task import Column, Task
from interpretable.score.domain import fit_domain
from interpretable.score.scorer import columns_of, make_scorer, predict


def changeable_task(**changes: object) -> Task:
    columns = (
        Column(name="age", kind="number", changeable=True, change_step=10.0),
        Column(name="kind", kind="category", changeable=True),
        Column(name="dose", kind="number", changeable=True, change_step=2.0, change_direction="down"),
    )
    return make_task(**{"columns": columns, "threshold": 0.5, **changes})


def made_model(seed: int) -> AdditiveModel:
    """Random tables, a pair, a line and a rule over two columns; no text."""
    model = make_additive(bags=6, seed=seed)
    random = np.random.default_rng(seed + 100)
    axes = {term.features[0]: term.axes[0] for term in model.terms[:2]}
    rule = RuleTerm(
        clauses=(
            Clause(feature=0, axis=axes[0], cells=(1, 2)),
            Clause(feature=1, axis=axes[1], cells=(1,)),
        ),
        scores=random.normal(size=1),
    )
    terms = tuple(_refitted(term, random) for term in (*model.terms[:4], rule))
    shift = random.normal(0, 0.1, (6, 1))
    return replace(model, features=model.features[:3], terms=terms, bag_intercept=model.intercept + shift)


def _refitted(term, random: np.random.Generator):
    """Refits that lie around the term, as refits do."""
    own = np.stack([term.slope, term.offset, term.missing]) if isinstance(term, LinearTerm) else term.scores
    return replace(term, bags=own + random.normal(0, 0.1, (6, *own.shape)))


def made(seed: int, **changes: object):
    task = changeable_task(**changes)
    rows = make_rows(60, seed=seed, task=task)
    scorer = make_scorer(made_model(seed))
    columns = {name: rows.frame[name].to_numpy() for name in rows.frame}
    domain = fit_domain(describe(rows, rows), columns, len(rows))
    return scorer, rows, Context(task=task, bundle_id="", averages=(0.5,), domain=domain)


def cheapest_by_brute_force(scorer, row, context, goal: float) -> float | None:
    """Every combination of every allowed value, scored by the model itself."""
    columns = columns_of(scorer, row)
    spec = {f.name: f for f in scorer.features}
    lists = []
    for column in context.task.features:
        current = row.frame[column.name].iloc[0]
        value = None if current is None or current != current else current
        found = None if value is None else candidates_of(column, spec[column.name], value, context.domain)
        values, costs = ([columns[column.name][0]], [0.0]) if found is None else (found.values, found.costs)
        lists.append([(column.name, v, c) for v, c in zip(values, costs, strict=True)])
    combinations = list(product(*lists))
    table = {
        name: np.array([c[i][1] for c in combinations], dtype=columns[name].dtype)
        for i, name in enumerate(c.name for c in context.task.features)
    }
    estimates = predict(scorer, table, len(combinations))
    costs = np.array([sum(part[2] for part in c) for c in combinations])
    reached = costs[estimates < goal]
    return float(reached.min()) if len(reached) else None


@pytest.mark.parametrize("seed", range(6))
def test_no_combination_of_allowed_values_is_cheaper(seed):
    scorer, rows, context = made(seed)
    asked, goal = 0, float(np.quantile(predict(scorer, columns_of(scorer, rows), len(rows)), 0.4))
    for i in range(12):
        row = rows.take(np.array([i]))
        found = find_recourse(scorer, row, context, wish=Wish(goal=goal, robust=0.0, plans=1))
        best = cheapest_by_brute_force(scorer, row, context, goal)
        if found.status == "already":
            assert best == 0.0
        elif best is None:
            assert found.status == "none" and found.best >= goal
            asked += 1
        else:
            assert found.plans[0].cost == pytest.approx(best, abs=1e-9)
            asked += 1
    assert asked > 0


def test_a_plan_reaches_its_goal_when_the_changed_row_is_scored_again_and_holds_in_enough_refits():
    scorer, rows, context = made(3)
    kept = 0
    for i in range(30):
        row = rows.take(np.array([i]))
        found = find_recourse(scorer, row, context, wish=Wish(robust=0.8, plans=3))
        for plan in found.plans:
            columns = columns_of(scorer, row)
            for change in plan.changes:
                columns[change.feature] = np.array([change.after], dtype=columns[change.feature].dtype)
            assert predict(scorer, columns, 1)[0] == pytest.approx(plan.estimate)
            assert plan.estimate < 0.5
            if found.status == "found":
                assert plan.holds is not None and plan.holds >= 0.8 - 1e-9
                kept += 1
        named = [frozenset(c.feature for c in plan.changes) for plan in found.plans]
        assert len(set(named)) == len(named)
        assert [p.cost for p in found.plans] == sorted(p.cost for p in found.plans)
    assert kept > 0


def test_directions_limits_and_columns_are_kept_to():
    scorer, rows, context = made(1)
    for i in range(20):
        found = find_recourse(
            scorer, rows.take(np.array([i])), context, wish=Wish(robust=0, columns=("dose",))
        )
        for plan in found.plans:
            (change,) = plan.changes
            assert change.feature == "dose" and change.after < change.before
            assert (change.before - change.after) / 2.0 == pytest.approx(
                round((change.before - change.after) / 2)
            )


def test_above_is_the_mirror_of_below():
    scorer, rows, context = made(2)
    reached = [
        find_recourse(scorer, rows.take(np.array([i])), context, wish=Wish(side="above", robust=0.0, plans=1))
        for i in range(15)
    ]
    assert {one.status for one in reached} - {"already"}
    assert all(plan.estimate >= 0.5 for one in reached for plan in one.plans)


def test_an_impossible_wish_is_proved_and_says_how_near_it_gets():
    scorer, rows, context = made(0, threshold=1e-9)
    found = find_recourse(scorer, rows.take(np.array([0])), context)
    assert found.status == "none" and not found.plans
    assert 1e-9 < found.best <= found.estimate


def test_a_model_of_real_rows_gives_plans_without_failure():
    task = changeable_task()
    train = make_rows(300, seed=5, task=task)
    features = describe(train, train)
    scorer = make_scorer(families["linear"].fit(train, features, Effort(refits=5)).record)
    columns = {name: train.frame[name].to_numpy() for name in train.frame}
    context = Context(
        task=task, bundle_id="", averages=(0.5,), domain=fit_domain(features, columns, len(train))
    )
    found = [find_recourse(scorer, train.take(np.array([i])), context) for i in range(40)]
    assert sum(one.status in ("found", "not_robust") for one in found) > 5
    assert all(one.plans for one in found if one.status in ("found", "not_robust"))


def test_every_reason_why_there_can_be_no_plan_is_said_at_once():
    scorer, rows, context = made(0, threshold=None, columns=make_task().columns)
    with pytest.raises(UserError) as caught:
        find_recourse(scorer, rows.take(np.array([0])), context, wish=Wish(columns=("age",), robust=2.0))
    said = " ".join(caught.value.problems)
    assert all(part in said for part in ("no line", "No column is changeable", "Not changeable", "robust"))


@pytest.mark.parametrize(
    ("width", "step"), [(100.0, 2.0), (72.0, 1.0), (0.9, 0.01), (15_000.0, 200.0), (0.0, 1.0)]
)
def test_steps_are_round(width, step):
    assert nice_step(width) == pytest.approx(step)


def test_what_if_moves_only_what_may_move_and_its_parts_sum_to_the_change_of_the_score():
    scorer, rows, context = made(4)
    row = rows.take(np.array([2]))
    found = what_if(scorer, row, context, changes={"age": 60, "kind": "c"})
    columns = columns_of(scorer, row)
    before = scorer.link_scores(columns, 1)[0, 0]
    columns["age"], columns["kind"] = np.array([60.0]), np.array(["c"], dtype=object)
    after = scorer.link_scores(columns, 1)[0, 0]
    assert sum(move for _, move in found.parts) == pytest.approx(after - before, abs=1e-12)
    assert found.after == pytest.approx(predict(scorer, columns, 1)[0])
    assert found.before == pytest.approx(predict(scorer, columns_of(scorer, row), 1)[0])


def test_what_if_lists_every_value_that_cannot_be_tried():
    scorer, rows, context = made(
        4, columns=(*changeable_task().columns[:2], Column(name="dose", kind="number"))
    )
    with pytest.raises(UserError) as caught:
        what_if(
            scorer, rows.take(np.array([0])), context,
            changes={"age": 900, "kind": "zebra", "dose": 1, "shoe": 3},
        )  # fmt: skip
    assert len(caught.value.problems) == 4
