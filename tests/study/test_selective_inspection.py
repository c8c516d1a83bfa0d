"""What the model could decide alone, on real fits: thresholds, groups, rows that do not belong, scoring."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import interpretable
from interpretable.data import task_text
from interpretable.errors import UserError
from interpretable.records import codec
from interpretable.records.dataset import Dataset
from interpretable.records.selective import SelectiveEvidence, SelectiveRule, SelectiveRules
from interpretable.records.task import Column, Plan, Task
from interpretable.score.decided import answers_of, decide_case, decided_by, rule_of
from interpretable.score.domain import DomainCheck
from interpretable.score.scorer import columns_of
from interpretable.study.inspect.selective import inspect, rules_of
from interpretable.study.material import Material
from interpretable.study.options import Options, silent
from interpretable.study.training import Run

COLUMNS = (
    Column(name="x", kind="number"),
    Column(name="z", kind="number"),
    Column(name="sex", kind="category", sensitive=True),
)
PLAN = Plan(max_error=0.08)


def make_rows(n=1500, *, kind="binary", seed=0, strength=4.0, groups=False, **task_fields):
    """Rows whose outcome x decides, for most of them; sexes are alike."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"x": rng.normal(0, 1, n), "z": rng.normal(0, 1, n)})
    frame["sex"] = pd.Series(rng.choice(["f", "m"], n), dtype=object)
    link = strength * frame["x"].to_numpy()
    classes = ("no", "yes") if kind == "binary" else ("low", "middle", "high")
    if kind == "binary":
        target = (rng.random(n) < 1 / (1 + np.exp(-link))).astype(np.int64)
    else:
        scores = np.column_stack([-link, strength * frame["z"].abs(), link])
        target = (scores + rng.gumbel(size=(n, 3))).argmax(axis=1).astype(np.int64)
    fields = {"plan": PLAN} | task_fields
    task = Task(
        name="t", kind=kind, target="y", columns=COLUMNS, positive="yes" * (kind == "binary"), **fields
    )
    ids = np.array([f"r{i}" for i in range(n)], dtype=object)
    own = np.array([f"p{i // 3}" for i in range(n)], dtype=object) if groups else None
    return Dataset(task=task, frame=frame, row_ids=ids, target=target, classes=classes, groups=own)


def material(tmp_path, rows, *, level="quick", outsiders=None):
    options = Options(level=level, models=("linear",), llm="off")
    run = Run(rows, "", out=tmp_path / "study", options=options, progress=silent)
    run.fit()
    run.assess()
    return Material(
        options=options, everything=run.dataset, train=run.train, calibration=run.calibration, test=run.test,
        fits=run.fits, scorers=run.scorers, predictions=run.assessment.predictions, domain=run.domain,
        bench=run.bench, progress=silent, outsiders=outsiders,
    )  # fmt: skip


def test_a_level_is_shown_by_its_certificate_and_held_on_the_test_part(tmp_path):
    given = material(tmp_path, make_rows())
    found = inspect(given)
    assert [one.level for one in found.levels] == [0.01, 0.02, 0.05, 0.08, 0.1]
    own = next(one for one in found.levels if one.level == 0.08)
    certificate = own.certificates[0]
    assert own.shown and certificate.p_value <= found.delta == certificate.delta
    assert own.thresholds == (certificate.threshold,) * 2
    said = given.predictions[given.selected]  # by hand, from the test part itself
    inside = DomainCheck(given.domain).inside(columns_of(given.scorer, given.test), len(given.test))
    alone = inside & (np.maximum(said, 1 - said) >= certificate.threshold)
    wrong = (said >= 0.5) != given.test.target
    assert (own.held.n, own.held.decided) == (len(given.test), alone.sum())
    assert own.held.error.value == pytest.approx(wrong[alone].mean())
    assert own.least_left == pytest.approx(max(0, (found.base_error.value - 0.08) / 0.92))
    assert own.missed.value is not None
    coverage = [p.coverage for p in found.curve]
    assert coverage == sorted(coverage) and all(p.low <= p.error <= p.high for p in found.curve)
    assert codec.from_json(codec.to_json(found), SelectiveEvidence) == found
    assert "r17" not in codec.to_json(found).decode()
    assert [(n.what, n.reason) for n in found.not_computed] == [("selective_scope", "selective_scope_binary")]


def test_the_path_does_not_depend_on_the_calibration_outcomes(tmp_path):
    given = material(tmp_path, make_rows())
    turned = replace(given.calibration, target=1 - given.calibration.target)
    before, after = inspect(given), inspect(replace(given, calibration=turned))
    assert [p.threshold for p in before.curve] == [p.threshold for p in after.curve]
    assert not any(one.shown for one in after.levels)  # every answer is wrong now
    assert all(c.wrong > 0 for one in after.levels for c in one.certificates)


def test_each_answer_can_have_a_limit_and_a_threshold_of_its_own(tmp_path):
    plan = replace(PLAN, max_false_omission=0.03)
    found = inspect(material(tmp_path, make_rows(plan=plan)))
    own = next(one for one in found.levels if one.level == 0.08)
    assert [(c.group, c.alpha, c.delta) for c in own.certificates] == [
        ("no", 0.03, 0.05),
        ("yes", 0.08, 0.05),
    ]
    assert own.thresholds == tuple(c.threshold for c in own.certificates)
    assert found.by_answer and not own.groups and own.group_held
    strict = next(one for one in found.levels if one.level == 0.02)
    assert strict.certificates[0].alpha == 0.02  # a limit of its own is never looser


def test_groups_share_delta_and_are_asked_about_the_rule_for_all(tmp_path):
    found = inspect(material(tmp_path, make_rows(3000, plan=Plan(max_error=0.4))))
    for level in (0.05, 0.1, 0.4):
        own = next(one for one in found.levels if one.level == level)
        assert {(c.by, c.group, c.delta) for c in own.groups} == {("sex", "f", 0.05), ("sex", "m", 0.05)}
        # Fewer rows and a smaller delta: a group by itself allows no more than all together, or as much.
        assert all(c.threshold <= own.thresholds[0] for c in own.groups if c.holds)
        assert all(c.threshold is None or c.threshold > own.thresholds[0] for c in own.groups if not c.holds)
        assert sum(h.n for h in own.group_held) == own.held.n
    assert all(c.holds for c in own.groups)  # at 0.4 all can be decided, in each group


def test_one_row_of_each_person_is_drawn(tmp_path):
    given = material(tmp_path, make_rows(1500, groups=True))
    found = inspect(given)
    assert found.one_per_group and found.rows["calibration"] == len(set(given.calibration.groups))


def test_an_asymmetric_line_counts_wrong_decisions_not_unlikely_classes():
    task = Task(name="t", kind="binary", target="y", columns=COLUMNS, positive="yes", harm_ratio=4.0)
    answer, confidence = answers_of(task, np.array([0.1, 0.3, 0.9]))
    assert answer.tolist() == [0, 1, 1] and confidence.tolist() == [0.9, 0.3, 0.9]


@pytest.mark.parametrize(("level", "classes"), [("quick", 1), ("audit", 3)])
def test_a_class_that_was_never_seen_is_measured_as_out_of_scope(tmp_path, level, classes):
    given = material(tmp_path, make_rows(900, kind="multiclass"), level="quick")
    found = inspect(replace(given, options=replace(given.options, level=level)))
    assert [t.kind for t in found.scope] == ["class"] * classes
    counts = np.bincount(given.test.target)
    assert found.scope[0].name == given.test.classes[counts.argmax()] and found.scope[0].n == counts.max()
    for trial in found.scope:
        assert 0 < trial.auroc.value < 1 and [s.level for s in trial.levels] == [
            one.level for one in found.levels if one.shown
        ]


def test_rows_of_a_file_out_of_scope_are_caught_or_counted(tmp_path):
    rows = make_rows(1200)
    far = replace(rows.take(np.arange(40)), target=None)
    frame = far.frame.copy()
    frame.loc[:29, "x"] = 60.0  # thirty are far outside, ten are as any other
    found = inspect(material(tmp_path, rows, outsiders=replace(far, frame=frame)))
    (trial,) = found.scope
    assert trial.kind == "file" and trial.n == 40 and trial.caught.value >= 0.75
    assert all(one.decided.value <= 0.25 for one in trial.levels)
    assert not found.not_computed


def test_an_amount_has_no_right_and_wrong(tmp_path):
    rows, noise = make_rows(300), np.random.default_rng(3).normal(0, 1, 300)
    task = replace(rows.task, kind="regression", positive="", plan=Plan())
    amounts = replace(rows, task=task, classes=(), target=rows.frame["x"].to_numpy() + noise)
    assert inspect(material(tmp_path, amounts)) is None


def test_a_rule_leaves_unlike_and_unsure_rows_to_a_person():
    rule = SelectiveRule(level=0.05, thresholds=(0.8, None))
    who, why = decided_by(
        rule, np.array([0, 0, 0, 1]), np.array([0.9, 0.9, 0.7, 1.0]), np.array([True, False, True, True])
    )
    assert who.tolist() == ["model", "person", "person", "person"]
    assert why.tolist() == ["", "outside", "unsure", "unsure"]


def test_a_declared_level_that_was_not_shown_leaves_every_case_to_a_person():
    task = Task(name="t", kind="binary", target="y", columns=COLUMNS, positive="yes")
    rules = SelectiveRules(delta=0.1, tried=(0.01, 0.05), declared=0.01)
    assert decide_case(rules, task, (0.001, 0.999), inside=True) == ("person", "not_shown")
    assert decide_case(replace(rules, declared=None), task, (0.5, 0.5), inside=True) == ("", "")
    for level, said in ((0.01, "could not be shown"), (0.03, "was not looked at"), (5, "such as 0.05")):
        with pytest.raises(UserError, match=said):
            rule_of(rules, level)
    with pytest.raises(UserError, match="No level of error was looked at"):
        rule_of(None, 0.01)


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A study on disk, its table, and a file of rows that do not belong."""
    folder = tmp_path_factory.mktemp("selective")
    rows = make_rows(1500)
    table = rows.frame.assign(y=np.array(rows.classes)[rows.target])
    table.to_csv(folder / "data.csv", index=False)
    strange = rows.frame.head(30).assign(x=50.0)
    strange.to_csv(folder / "strange.csv", index=False)
    plan = replace(PLAN, out_of_scope_data="strange.csv", models=("linear",))
    text = task_text(replace(rows.task, data="data.csv", plan=plan))
    (folder / "task.toml").write_text(text, encoding="utf-8")
    study = interpretable.train(folder / "task.toml", out=folder / "study", quick=True, llm="off")
    return folder, study, table.drop(columns="y")


def test_scoring_takes_the_rule_from_the_sealed_bundle(trained):
    _, study, table = trained
    model, evidence = study.model, study.evidence.selective
    assert model.selective == rules_of(evidence) and "selective.json" in model._members
    scored = model.score(table.head(400), max_error=0.08)
    threshold = next(one for one in evidence.levels if one.level == 0.08).thresholds[0]
    sure = np.maximum(scored["probability"], 1 - scored["probability"]) >= threshold
    alone = sure & scored["in_domain"]
    assert (scored["decided_by"] == np.where(alone, "model", "person")).all()
    assert (scored["answer"] == np.where(scored["probability"] >= 0.5, "yes", "no")).all()
    assert set(scored["left_because"]) <= {"", "unsure", "outside"}
    far = model.score(table.head(3).assign(x=99.0), max_error=0.08)
    assert far["left_because"].tolist() == ["outside"] * 3
    assert "decided_by" not in model.score(table.head(3))
    assert study.evidence.selective.scope[0].caught.value == 1.0


def test_a_row_that_cannot_be_read_is_left_to_a_person(trained):
    _, study, table = trained
    broken = table.head(3).astype({"x": object})
    broken.loc[1, "x"] = "many"
    scored = study.model.score(broken, max_error=0.08, keep_going=True)
    assert scored.loc[1, "decided_by"] == "person" and scored.loc[1, "left_because"] == "unreadable"
    assert scored.loc[1, "answer"] is None


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_file_says_who_decides(trained, tmp_path, kind):
    folder, study, table = trained
    out = tmp_path / f"out.{kind}"
    interpretable.score_file(study.model, folder / "data.csv", out, max_error=0.08)
    read = pd.read_csv if kind == "csv" else pd.read_parquet
    found = read(out)
    assert set(found["decided_by"]) == {"model", "person"} and len(found) == len(table)
    with pytest.raises(UserError, match=r"Levels that were shown: .*0\.08"):
        interpretable.score_file(study.model, folder / "data.csv", tmp_path / "no.csv", max_error=0.07)
    assert not (tmp_path / "no.csv").exists()


def test_a_case_agrees_with_the_file(trained):
    _, study, table = trained
    scored = study.model.score(table.head(12), max_error=0.08)
    rows = study.read_cases(table.head(12))
    for place in range(12):
        case = study.explain(rows.take(np.array([place])))
        assert (case.decided_by, case.left_because) == tuple(
            scored.loc[place, ["decided_by", "left_because"]]
        )


def test_saying_who_decides_loads_nothing_heavy(trained):
    folder, _, _ = trained
    code = (
        "import sys, pandas, interpretable; m = interpretable.load(sys.argv[1]);"
        "t = pandas.read_csv(sys.argv[2]).head(5); m.score(t, max_error=0.08);"
        "print([n for n in ('scipy', 'sklearn', 'interpret', 'shap', 'xgboost') if n in sys.modules])"
    )
    command = [sys.executable, "-c", code, str(folder / "study"), str(folder / "data.csv")]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_the_command_prints_the_limits_in_words(trained):
    from typer.testing import CliRunner

    from interpretable.cli import app

    folder, _, _ = trained
    for lang, said in (("en", "At most 8 % wrong"), ("zh", "判错不超过8%")):
        result = CliRunner().invoke(app, ["selective", str(folder / "study"), "--lang", lang])
        assert result.exit_code == 0 and said in result.output


def test_a_file_out_of_scope_that_is_not_there_is_refused_before_training(trained, tmp_path):
    folder, _, _ = trained
    text = (folder / "task.toml").read_text("utf-8").replace("strange.csv", "lost.csv")
    (folder / "lost.toml").write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=r"lost\.csv"):
        interpretable.train(folder / "lost.toml", out=tmp_path / "s", quick=True, llm="off")
