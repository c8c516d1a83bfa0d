"""The language model's row: the same rows and measures as the small models, or the reason for its absence."""

from __future__ import annotations

import numpy as np
import pytest
from factories_models import make_rows, make_task

import interpretable
from interpretable import llm
from interpretable.collab.baseline import run_baseline
from interpretable.errors import BrokenPromise
from interpretable.study.language import _evidence
from interpretable.study.options import Options

TASK = make_task(threshold=0.4)


def table(task=TASK, n: int = 200):
    rows = make_rows(n, task=task)
    if task.kind == "regression":
        return rows.frame.assign(ill=rows.target)
    return rows.frame.assign(ill=np.where(rows.target == 1, "yes", "no"))


def train(out, **options):
    task = options.pop("task", TASK)
    return interpretable.train(
        task,
        data=table(task),
        out=out,
        models=["linear" if task.kind == "regression" else "logistic"],
        quick=True,
        **options,
    )


@pytest.mark.llm_real
def test_a_study_with_the_real_local_model_compares_on_the_same_rows(tmp_path):
    plan = llm.describe("local")
    if not plan.ready:
        pytest.skip("; ".join(plan.problems))
    study = train(tmp_path / "study", llm="local", llm_rows=12)
    found = study.evidence
    assert found.llm.status == "ran"
    assert found.llm.info.name.startswith("SmolLM2-135M") and found.llm.info.smoke_test_only
    assert found.llm.egress == ()
    names = [m.name for m in found.models]
    assert names == ["logistic", "llm zero-shot", "llm few-shot"]
    small, zero, few = found.models
    assert small.subsample.n == zero.n == few.n == found.llm.rows_asked == 12
    assert small.n > 12
    for m in (zero, few):
        assert m.family == "llm" and m.ledger.tokens_in > 0 and m.ledger.failures == 0
        assert m.metrics["log_loss"].value is not None
        assert m.seconds_per_1000 > small.seconds_per_1000
    assert {c.model for c in found.comparisons_subsample} == {"llm zero-shot", "llm few-shot"}
    assert {c.n for c in found.comparisons_subsample} == {12}
    assert not any(row_id in found.llm.prompt_example for row_id in ("r1", "r2"))
    assert list((study.path / "exchanges").iterdir())
    assert interpretable.verify(study.path) == []
    again = train(tmp_path / "study", llm="local", llm_rows=12)
    assert all(m.ledger.cached == m.ledger.rows for m in again.evidence.models if m.ledger)


def test_missing_weights_are_said_and_everything_else_runs(tmp_path, monkeypatch):
    monkeypatch.setenv("INTERPRETABLE_CACHE", str(tmp_path / "empty"))
    study = train(tmp_path / "study", llm="local")
    assert study.evidence.llm.status == "unavailable"
    assert "interpretable llm pull" in study.evidence.llm.detail
    assert [n.what for n in study.evidence.not_computed if n.reason == "llm_unavailable"] == ["llm"]
    assert all(m.family != "llm" for m in study.evidence.models)


def test_regression_says_not_defined(tmp_path):
    study = train(tmp_path / "study", task=make_task(kind="regression", positive=""), llm="local")
    assert study.evidence.llm.status == "not_defined"


def test_off_leaves_the_row_out(tmp_path):
    assert train(tmp_path / "study", llm="off").evidence.llm.status == "off"


def test_a_double_never_fills_a_row(tmp_path):
    rows = make_rows(200, task=TASK)
    double = llm.ScriptedLLM(lambda prompt, labels: [0.7, 0.3])
    found = run_baseline(
        TASK, rows.take(np.arange(150), "train"), rows.take(np.arange(150, 200), "test"), double,
        rows=4, calibration_rows=8, shots=2, cache=tmp_path, rehearsal=True,
    )  # fmt: skip
    with pytest.raises(BrokenPromise):
        _evidence(found, Options().llm)
