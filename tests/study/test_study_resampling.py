"""Repeated folds and bootstrap refits of whole studies: random, by person, in time, and without many rows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from factories_models import make_rows, make_task

from interpretable.models.folds import bootstrap_rows, draw_units, repeat_folds
from interpretable.records import codec
from interpretable.records.dataset import Dataset
from interpretable.records.resampling import ResamplingEvidence
from interpretable.study.inspect import resampling
from interpretable.study.material import Material
from interpretable.study.options import Options, silent
from interpretable.study.training import Run


def make_material(
    dataset: Dataset, out: Path, *, level: str = "quick", models=("linear", "xgboost")
) -> Material:
    options = Options(level=level, llm="off", models=models)
    run = Run(dataset, "", out=out / "study", options=options, progress=silent)
    run.fit()
    run.assess()
    return Material(
        options=options, everything=dataset, train=run.train, calibration=run.calibration, test=run.test,
        fits=run.fits, scorers=run.scorers, predictions=run.assessment.predictions, domain=run.domain,
        bench=run.bench, progress=silent,
    )  # fmt: skip


def with_persons(rows: Dataset, each: int = 3) -> Dataset:
    groups = np.array([f"p{i // each}" for i in range(len(rows))], dtype=object)
    return replace(rows, groups=groups, task=replace(rows.task, group="person"))


@pytest.mark.parametrize("kind", ["binary", "multiclass", "regression"])
def test_a_quick_study_says_what_its_own_folds_say_and_what_it_left_out(kind, tmp_path):
    rows = make_rows(260, task=make_task(kind=kind))
    found = resampling.inspect(make_material(rows, tmp_path))
    assert (found.repeats, found.folds, found.scheme) == (1, 3, "random")
    assert {lack.reason for lack in found.not_computed} == {"resampling_quick"}
    assert len(found.models) == 2 and len(found.leads) == 1
    assert found.leads[0].lower < found.leads[0].lead.value < found.leads[0].upper
    assert found.leads[0].p_worse + found.leads[0].p_same + found.leads[0].p_better == pytest.approx(1)
    assert codec.from_json(codec.to_json(found), ResamplingEvidence) == found


def test_a_standard_study_repeats_its_folds_by_person_and_corrects_for_optimism(tmp_path):
    material = make_material(with_persons(make_rows(240)), tmp_path, level="standard")
    found = resampling.inspect(material)
    assert (found.repeats, found.folds, found.scheme, found.lean) == (2, 5, "group", True)
    assert sum(one.won for one in found.models) == 2
    auroc = next(one for one in found.optimism if one.metric == "auroc")
    assert (auroc.resamples, found.not_computed) == (resampling.RESAMPLES["standard"], ())
    assert auroc.optimism > 0 and auroc.corrected == pytest.approx(auroc.apparent - auroc.optimism)
    first = next(one for one in found.models if one.model == material.selected)
    assert abs(auroc.corrected - first.mean) < 0.1
    assert found.size.parameters == 6  # age, age not known, dose, kind (3 levels, some not known)


def test_few_rows_without_a_signal_are_not_to_be_shipped(tmp_path):
    rows = make_rows(60)
    rows = replace(rows, target=np.random.default_rng(5).permutation(rows.target))
    found = resampling.inspect(make_material(rows, tmp_path))
    assert found.verdict == "stop"
    assert "guessing" in {one.code for one in found.reasons}
    assert found.reasons[0].level == "stop"


def test_folds_in_time_only_look_back():
    rows = replace(make_rows(120), times=np.random.default_rng(0).permutation(np.repeat(np.arange(40), 3)))
    (pairs,) = repeat_folds(rows, 5, repeats=3, seed=0)
    assert len(pairs) >= 4
    for before, now in pairs:
        assert rows.times[before].max() < rows.times[now].min()


def test_repeats_differ_and_keep_persons_whole():
    rows = with_persons(make_rows(90))
    first, second = repeat_folds(rows, 5, repeats=2, seed=0)
    assert sorted(np.concatenate([now for _, now in first]).tolist()) == list(range(90))
    assert any(set(a[1]) != set(b[1]) for a, b in zip(first, second, strict=True))
    for before, now in (*first, *second):
        assert set(rows.groups[before]).isdisjoint(rows.groups[now])


def test_samples_take_persons_whole_and_hold_every_class():
    rows = with_persons(make_rows(90))
    kept = draw_units(rows, most=40, seed=0)
    assert 36 <= len(kept) <= 40
    assert all(np.isin(np.flatnonzero(rows.groups == g), kept).all() for g in set(rows.groups[kept]))
    drawn = bootstrap_rows(rows, seed=0)
    assert all(count % 3 == 0 for count in np.unique(rows.groups[drawn], return_counts=True)[1])
    one = replace(rows, target=np.zeros(90, dtype=np.int64))
    assert bootstrap_rows(one, seed=0) is None
