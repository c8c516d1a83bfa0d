from __future__ import annotations

import re
from pathlib import Path

import pytest

from interpretable import data
from interpretable.data.taskfile import parse_task

ROOT = Path(__file__).parents[2] / "sample_data"
SETS = {
    "heart_disease": (920, "binary"),
    "german_credit": (1000, "binary"),
    "nhefs_mortality": (1629, "binary"),
    "contraceptive_method": (1473, "multiclass"),
    "births14_weight": (1000, "regression"),
    "sms_spam": (4862, "binary"),
    "medmcqa_subject": (3945, "multiclass"),
    "bird_strikes": (5000, "binary"),
}


def ready_to_train(dataset) -> None:
    assert not [f for f in data.check(dataset) if f.severity == "must_fix"]
    made = data.split(dataset, seed=0)
    train, calibration, test = data.parts(dataset, made)
    assert len(train) > 2.5 * len(test)
    assert len(train) + len(calibration) + len(test) == len(dataset)


def test_every_set_is_here_and_no_other():
    assert {path.name for path in ROOT.iterdir() if path.is_dir() and path.name[0] != "_"} == set(SETS)


@pytest.mark.parametrize("name", SETS)
def test_a_finished_task_reads_checks_and_splits(name):
    task = data.read_task(ROOT / name / "task.toml")
    dataset = data.read(task, ROOT / name / task.data, lenient_target=True)
    assert (len(dataset), task.kind) == SETS[name]
    ready_to_train(dataset)


@pytest.mark.parametrize("name", SETS)
def test_a_draft_from_target_and_label_alone_reads_checks_and_splits(name):
    finished = data.read_task(ROOT / name / "task.toml")
    text = data.draft(ROOT / name / "data.csv", target=finished.target, positive=finished.positive)
    task = parse_task(text)
    assert task.kind == finished.kind
    ready_to_train(data.read(task, ROOT / name / "data.csv"))


@pytest.mark.parametrize("name", SETS)
def test_a_finished_task_is_complete_for_people(name):
    task = data.read_task(ROOT / name / "task.toml")
    for field in (
        "title",
        "intended_use",
        "decision",
        "horizon",
        "users",
        "out_of_scope",
        "outcome",
        "outcome_zh",
    ):
        assert getattr(task, field), field
    for column in task.columns:
        assert column.label
        assert re.search("[\u4e00-\u9fff]", column.label_zh)
        assert column.exclude_reason or not column.exclude


@pytest.mark.parametrize("name", SETS)
def test_a_set_names_its_source_licence_and_traps(name):
    text = (ROOT / name / "README.md").read_text(encoding="utf-8")
    for heading in ("## Source", "## Licence", "## Citation", "## Known traps"):
        assert heading in text
    assert f"| {name} |" in (ROOT / "LICENSES.md").read_text(encoding="utf-8")


def test_the_traps_of_the_sets_are_found_when_nothing_is_excluded():
    births = data.read_task(ROOT / "births14_weight" / "task.toml")
    raw = (ROOT / "births14_weight" / "task.toml").read_text(encoding="utf-8")
    open_task = parse_task(re.sub(r"exclude = true\nexclude_reason = .*\n", "", raw))
    assert len(open_task.features) == len(births.columns)
    findings = data.check(data.read(open_task, ROOT / "births14_weight" / "data.csv"))
    assert [(f.code, f.subject) for f in findings if f.severity == "must_fix"] == [
        ("target_partitioned", "lowbirthweight")
    ]
    raw = (ROOT / "nhefs_mortality" / "task.toml").read_text(encoding="utf-8")
    open_task = parse_task(re.sub(r"exclude = true\nexclude_reason = .*\n", "", raw))
    findings = data.check(data.read(open_task, ROOT / "nhefs_mortality" / "data.csv"))
    assert "systolic_bp_1982" in {f.subject for f in findings if f.code == "missingness_predicts_target"}
    raw = (ROOT / "heart_disease" / "task.toml").read_text(encoding="utf-8")
    open_task = parse_task(raw.replace('missing_codes = ["0"]\n', ""))
    findings = data.check(data.read(open_task, ROOT / "heart_disease" / "data.csv"))
    assert {f.subject for f in findings if f.code == "suspicious_code"} == {"chol", "trestbps"}


def test_the_remarks_of_the_strikes_hold_no_number_to_call_and_no_registration():
    strikes = data.read_task(ROOT / "bird_strikes" / "task.toml")
    remarks = data.read(strikes, ROOT / "bird_strikes" / "data.csv").frame["remarks"].dropna()
    assert len(remarks) == 4275
    private = r"\d{3}[-. ]+\d{4}\b|@|\bN ?\d{2,5}[A-Z]{0,2}\b|PHONE|\bMRS?\b"
    assert remarks[remarks.str.contains(private)].empty
    assert remarks.str.contains(r"\d{4}").sum() > 1000  # flights and times of day stay
