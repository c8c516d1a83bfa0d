import ast
import subprocess
import sys
from pathlib import Path

import pytest
from factories_words import make_task

import interpretable
from interpretable import words
from interpretable.records.evaluation import Comparison, Figure, GroupMeasures
from interpretable.records.evidence import NotComputed, Selection
from interpretable.records.exchange import Egress, LLMEvidence, LLMInfo
from interpretable.records.finding import Finding

CHECKS = Path(interpretable.__file__).parent / "data" / "checks"


def finding_codes_in_the_checks():
    """Every constant code with which a check makes a Finding, read from the source."""
    found = set()
    for path in sorted(CHECKS.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "").lower().endswith("finding"):
                given = [k.value for k in node.keywords if k.arg == "code"] or node.args[:1]
                inside = [part for code in given for part in ast.walk(code)]
                found |= {c.value for c in inside if isinstance(c, ast.Constant) and isinstance(c.value, str)}
    return sorted(found)


def test_the_search_for_finding_codes_finds_them():
    assert len(finding_codes_in_the_checks()) >= 20


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_every_finding_code_of_the_checks_has_a_sentence(lang):
    lacking = [code for code in finding_codes_in_the_checks() if not words.has(f"finding.{code}", lang)]
    assert not lacking, f"no sentence in {lang} for the finding codes {lacking}"


def test_a_finding_is_said_with_plain_names_and_rates():
    found = Finding(
        code="target_missing",
        severity="must_fix",
        subject="disease",
        parameters={"missing": 214, "rows": 5000, "rate": 0.0428, "dropped": False},
    )
    assert words.finding(found, task=make_task(target_label="heart disease")).startswith(
        "“heart disease” has no value in 214 of 5000 rows (4.3 %)."
    )
    assert words.finding(found, "zh").startswith("5000行中有214行（4.3%）的“disease”没有值。")


def test_a_true_or_empty_parameter_picks_its_variant():
    dropped = {"missing": 1, "rows": 10, "rate": 0.1, "dropped": True}
    said = words.finding(Finding(code="target_missing", severity="note", subject="y", parameters=dropped))
    assert "These rows were dropped" in said
    means = {
        "missing": 5,
        "present": 50,
        "outcome_missing": 6.2,
        "outcome_present": 7.3,
        "outcome": "",
        "p_value": 0.001,
        "target": "weight",
    }
    said = words.finding(
        Finding(code="missingness_predicts_target", severity="look", subject="x", parameters=means)
    )
    assert "Mean 6.2 in the 5 rows without it" in said


@pytest.mark.parametrize(("found", "said"), [(4.336e-16, "(p < 0.001)"), (0.002284, "(p = 0.002)")])
def test_a_p_value_has_no_digits_that_mean_nothing(found, said):
    parts = {"outcome": "yes", "outcome_missing": 0.8, "missing": 5, "outcome_present": 0.4, "present": 9}
    parts |= {"target": "y", "p_value": found}
    lacking = Finding(code="missingness_predicts_target", severity="look", subject="x", parameters=parts)
    assert said in words.finding(lacking)


def test_a_finding_of_an_outside_check_is_shown_by_its_code():
    said = words.finding(Finding(code="acme_rule", severity="look", subject="x", parameters={"share": 0.25}))
    assert said == "Check “acme_rule” reports on “x”: share = 0.25."


def make_selection(reason, **parameters):
    full = {
        "selected": "ebm",
        "selected_value": 0.89123,
        "candidates": 3,
        "folds": 5,
        "glass_box": "ebm",
        "simpler_than": "ebm",
        "simpler_gap": 0.002,
        "simpler_se": 0.004,
        "black_box": "xgboost",
        "black_box_gap": 0.006,
        "black_box_p": None,
        "black_box_rival": "ebm",
    }
    return Selection(selected="ebm", reason=reason, metric="auroc", margin=0.01, parameters=full | parameters)


@pytest.mark.parametrize("code", [c.removeprefix("selection.") for c in words.codes("selection.")])
def test_every_reason_for_a_choice_is_a_sentence(code):
    for lang in words.LANGUAGES:
        assert "EBM" in words.selection(make_selection(code), lang)


def test_a_choice_names_models_and_rounds_figures():
    said = words.selection(make_selection("glass_box_within_margin"))
    assert "XGBoost is ahead of EBM by 0.006 on Ranking (AUROC)" in said
    assert "margin of 0.010" in said


def test_what_was_not_computed_says_what_and_why():
    lacking = NotComputed(what="sensitivity", reason="no_threshold")
    assert words.not_computed(lacking) == "Sensitivity: the task declares no decision line."
    unknown = NotComputed(what="new_thing", reason="new_reason")
    assert words.not_computed(unknown) == "New thing: reason code new_reason."


@pytest.mark.parametrize(
    ("metric", "low", "high", "verdict"),
    [
        ("auroc", 0.01, 0.05, "does better"),
        ("auroc", -0.05, -0.01, "does worse"),
        ("log_loss", 0.01, 0.05, "does worse"),
        ("auroc", -0.01, 0.05, "cannot be told apart"),
        ("auroc", None, None, "cannot be told apart"),
    ],
)
def test_a_comparison_speaks_only_where_the_interval_leaves_out_zero(metric, low, high, verdict):
    gap = Figure(value=0.03 if low is None or low > -0.02 else -0.03, low=low, high=high)
    found = Comparison(
        model="xgboost", against="ebm", metric=metric, difference=gap, p_value=0.04, method="delong", n=276
    )
    assert verdict in words.comparison(found)


def test_a_small_group_gets_no_figure():
    small = GroupMeasures(column="sex", group="Female", n=12, events=3, too_few=True)
    assert words.group(small, make_task()) == "Sex, Female: 12 patients. Too few to say."
    large = GroupMeasures(
        column="sex",
        group="not known",
        n=120,
        events=30,
        too_few=False,
        metrics={"auroc": Figure(value=0.9, low=0.85, high=0.94)},
    )
    assert (
        words.group(large, make_task(), "zh")
        == "性别，未知：120例患者。排序能力（AUROC） 0.900（0.850至0.940）。"
    )


def test_a_tiny_language_model_is_called_a_floor_and_nothing_left_is_said():
    info = LLMInfo(
        name="SmolLM2-135M", where="local", parameters="135M", smoke_test_only=True, method="logprobs"
    )
    said = words.llm(LLMEvidence(mode="local", status="ran", info=info, rows_asked=40, rows_test=276))
    assert any("a floor, not a fair ceiling" in line for line in said)
    assert said[-1] == "Nothing left the machine."
    assert any("40 of 276 test rows" in line for line in said)


def test_what_left_the_machine_is_said_in_full():
    sent = Egress(
        time="2026-11-22T10:00:00Z",
        endpoint="api.example.org",
        model="big",
        columns=("age", "sex"),
        calls=40,
        bytes=12345,
        payload_sha256="0" * 64,
    )
    evidence = LLMEvidence(mode="endpoint", status="failed", reason="timeout", egress=(sent,))
    said = words.llm(evidence)
    assert any("40 calls with 12,345 bytes went to api.example.org" in line for line in said)
    assert not any("Nothing left" in line for line in said)


@pytest.mark.parametrize("status", ["off", "not_defined", "unavailable", "refused", "failed"])
def test_a_language_model_that_did_not_run_says_why(status):
    for lang in words.LANGUAGES:
        said = words.llm(LLMEvidence(mode="local", status=status), lang)
        assert said[0] == words.say(f"llm.status.{status}", lang)


def test_words_are_light():
    heavy = (
        "import sys, interpretable.words\n"
        "print(sorted({m.split('.')[0] for m in sys.modules} & set(sys.argv)))"
    )
    names = ["numpy", "pandas", "sklearn", "altair", "jinja2", "msgspec", "streamlit"]
    out = subprocess.run([sys.executable, "-c", heavy, *names], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
