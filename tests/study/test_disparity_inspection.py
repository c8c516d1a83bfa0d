"""The inspection of differences between groups, on real fits of small studies."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from factories_disparity import make_groups_part

from interpretable.records import codec
from interpretable.records.disparity import DisparityEvidence
from interpretable.study.inspect.disparity import inspect
from interpretable.study.material import Material
from interpretable.study.options import Options, silent
from interpretable.study.training import Run


def material(tmp_path, rows, *, level="quick", models=("linear",), seed=0):
    """Everything up to the inspections, as a study makes it."""
    options = Options(level=level, models=models, llm="off", seed=seed)
    run = Run(rows, "", out=tmp_path / "study", options=options, progress=silent)
    run.fit()
    run.assess()
    return Material(
        options=options, everything=run.dataset, train=run.train, calibration=run.calibration, test=run.test,
        fits=run.fits, scorers=run.scorers, predictions=run.assessment.predictions, domain=run.domain,
        bench=run.bench, progress=silent,
    )  # fmt: skip


def dataset(n=900, *, without=("note",), **changes):
    rows, _ = make_groups_part(n=n, **changes)
    kept = tuple(c for c in rows.task.columns if c.name not in without)
    task = replace(rows.task, columns=kept)
    return replace(rows, task=task, frame=rows.frame[[c.name for c in kept]], part="all")


def test_a_quick_run_answers_every_question_but_the_refits(tmp_path):
    found = inspect(material(tmp_path, dataset(600), models=("linear", "xgboost")))
    assert found.gaps and found.crossings and found.tells and found.score_gaps
    assert {r.column for r in found.rebuilt} == {"sex", "region"}
    assert {u.column for u in found.used} <= {"sex"}  # the region is excluded; a penalty may drop the sex
    assert [a.kind for a in found.alternatives] == ["trained"]
    assert [(n.what, n.reason) for n in found.not_computed] == [("disparity_refits", "disparity_quick")]
    for gap in found.score_gaps:
        assert sum(p.part.value for p in gap.parts) == pytest.approx(gap.whole.value, abs=1e-9)
    assert codec.from_json(codec.to_json(found), DisparityEvidence) == found
    assert "r17" not in codec.to_json(found).decode()


def test_a_standard_run_refits_without_the_columns_that_set_the_groups_apart(tmp_path):
    found = inspect(material(tmp_path, dataset(700), level="standard"))
    kinds = [a.kind for a in found.alternatives]
    assert kinds.count("without") >= 1 and kinds.count("seed") == 1
    dropped = {a.without for a in found.alternatives if a.kind == "without"}
    assert ("sex",) in dropped or ("income",) in dropped
    assert any(r.boosted is not None for r in found.rebuilt)
    confirmed = [a for a in found.alternatives if a.performance is not None]
    assert {a.smaller for a in confirmed} <= {True}
    assert not found.not_computed


def test_a_black_box_is_taken_apart_by_shap_values_and_says_so(tmp_path):
    given = material(tmp_path, dataset(600), models=("xgboost",))
    found = inspect(given)
    assert found.score_gaps and not any(gap.exact for gap in found.score_gaps)
    gap = found.score_gaps[0]
    assert sum(p.part.value for p in gap.parts) == pytest.approx(gap.whole.value, abs=1e-6)


@pytest.mark.parametrize("kind", ["multiclass", "regression"])
def test_other_kinds_of_task_are_answered_as_far_as_defined(tmp_path, kind):
    found = inspect(material(tmp_path, dataset(600, kind=kind)))
    assert found.gaps and found.score_gaps
    undefined = {n.what for n in found.not_computed if n.reason == "not_defined"}
    assert undefined == ({"disparity_tells"} if kind == "multiclass" else set())
    if kind == "multiclass":
        assert all(gap.output in ("low", "middle", "high") for gap in found.score_gaps)


def test_without_sensitive_columns_there_is_nothing_to_ask(tmp_path):
    rows = dataset(200, without=("sex", "region", "note"))
    assert inspect(material(tmp_path, rows)) is None


def test_sensitive_text_alone_is_not_a_grouping(tmp_path):
    rows = dataset(200, without=("sex", "region"))
    assert inspect(material(tmp_path, rows)) is None


def test_forty_rows_one_group_and_missing_values_are_no_obstacle(tmp_path):
    rows = dataset(40)
    sex = pd.Series([None] * 10 + ["female"] * 30, dtype=object)
    height = rows.frame["height"].to_numpy().copy()
    height[::4] = np.nan
    rows = replace(rows, frame=rows.frame.assign(sex=sex, height=height))
    found = inspect(material(tmp_path, rows))
    assert not found.gaps
    assert "disparity_few" in {n.reason for n in found.not_computed}


def test_several_rows_of_a_person_are_resampled_together(tmp_path):
    rows = dataset(800)
    persons = np.array([f"p{i // 2}" for i in range(800)], dtype=object)
    rows = replace(rows, groups=persons, task=replace(rows.task, group="person"))
    found = inspect(material(tmp_path, rows))
    assert found.clustered
    assert {g.difference.method for g in found.gaps if g.difference.method} == {"bootstrap"}


def test_the_same_study_gives_the_same_figures(tmp_path):
    first, second = (inspect(material(tmp_path / name, dataset(300))) for name in ("a", "b"))
    assert first == second
