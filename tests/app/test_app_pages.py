"""Each page in each state, in both languages, without a browser."""

from __future__ import annotations

import csv
import html
import io
import json
import logging
import re
import tomllib
from pathlib import Path

import pandas
import pytest
from factories_app import MAIN, copy_study
from interpretable_app import asgi, export, source
from streamlit import config
from streamlit.testing.v1 import AppTest

import interpretable
from interpretable import data, words
from interpretable.review import open_desk

ROOT = MAIN.parents[1]
PAGES = ("cases", "case", "whatif", "model", "evidence", "report", "record")
BANNED = {
    "en": ("shap", "log-odds", "logit", "feature importance", "positive class", "contribution", "intercept"),
    "zh": ("对数几率", "SHAP值", "特征", "样本", "置信度", "类别1"),
}


@pytest.fixture(autouse=True)
def plain_session():
    """AppTest keeps a function of its own in the session, which the shipped setting refuses to serialise.

    The browser tests run with the setting on.
    """
    config.set_option("runner.enforceSerializableSessionState", False)


@pytest.fixture
def study(heart_study, tmp_path, monkeypatch):
    mine = copy_study(heart_study, tmp_path)
    monkeypatch.setenv("INTERPRETABLE_STUDY", str(mine))
    return mine


def run(page: str = "cases", *, lang: str = "en", specialist: bool = False, **query: str) -> AppTest:
    test = AppTest.from_file(str(MAIN), default_timeout=60)
    test.session_state["lang"], test.session_state["specialist"] = lang, specialist
    for key, value in query.items():
        test.query_params[key] = value
    test.run()
    if page != "cases":
        test.switch_page(f"screens/{page}.py").run()
    assert not test.exception, test.exception
    return test


def text_of(test: AppTest) -> str:
    """Everything the page says in elements AppTest knows."""
    kinds = ("title", "header", "markdown", "info", "warning", "error", "success", "caption", "button")
    said = [
        element.value if kind != "button" else element.label
        for kind in kinds
        for element in getattr(test, kind)
    ]
    return "\n".join(str(part) for part in said)


def first_case(study: Path) -> str:
    return open_desk(study).cases().cases[0].case_id


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_drawn_in_both_languages(study, page, lang):
    test = run(page, lang=lang)
    assert test.title[0].value
    said = text_of(test)
    assert not [word for word in BANNED[lang] if word.lower() in said.lower()]
    assert not test.error


def test_without_a_study_the_start_page_says_what_to_do(monkeypatch):
    monkeypatch.delenv("INTERPRETABLE_STUDY", raising=False)
    test = run()
    assert "No study is open" in test.title[0].value
    assert "interpretable train" in text_of(test)


def test_a_study_that_is_not_there_is_named_without_its_path(monkeypatch, tmp_path):
    monkeypatch.setenv("INTERPRETABLE_STUDY", str(tmp_path / "nothing"))
    test = run(lang="zh")
    assert "nothing" in test.warning[0].value and str(tmp_path) not in text_of(test)


def test_a_deep_link_opens_its_case_and_the_reasons_are_a_list(study):
    case_id = first_case(study)
    test = run("case", case=case_id)
    assert case_id in test.title[0].value
    said = text_of(test)
    assert '<ol class="reasons">' in said and "in 100" in said


def test_an_unknown_case_gets_a_plain_message_and_a_way_back(study):
    test = run("case", case="<b>P-0099</b>")
    assert "There is no case" in test.warning[0].value and "<b>" not in test.warning[0].value
    assert test.get("page_link")[0].proto.label == "Cases to review"


SETS = {
    "regression": ("births14_weight", ["linear"], r"\d\.\d+ lb", "birth weight"),
    "multiclass": ("contraceptive_method", ["logistic"], r"\d+ in 100", "method in use"),
    "text": ("sms_spam", ["text"], r"\d+ in 100", "kind of message"),
}


@pytest.mark.parametrize("name", SETS)
def test_the_case_page_stands_for_every_kind_of_task(name, tmp_path, monkeypatch):
    folder, families, amount, target = SETS[name]
    task = data.read_task(ROOT / "sample_data" / folder / "task.toml")
    table = pandas.read_csv(ROOT / "sample_data" / folder / "data.csv", dtype=str, keep_default_na=False)
    trained = interpretable.train(
        task=task,
        data=table.sample(250, random_state=1),
        out=tmp_path / "small",
        models=families,
        quick=True,
        llm="off",
    )
    mine = copy_study(Path(trained.path), tmp_path, cases=1)
    monkeypatch.setenv("INTERPRETABLE_STUDY", str(mine))
    (case,) = open_desk(mine).cases().cases
    for lang in words.LANGUAGES:
        test = run("case", lang=lang, case=case.case_id)
        said = html.unescape(text_of(test))
        assert '<ol class="reasons">' in said and "What happened to this case" not in said
        assert not [word for word in BANNED[lang] if word.lower() in said.lower()]
    assert "实际结果" in said or "没有类似" in said
    test = decide(run("case", case=case.case_id), choice="agree")
    said = html.unescape(text_of(test))
    assert re.search(amount, said) and "_" not in test.success[0].value
    assert words.class_name(case.outcome, task) in said.replace("\\", "") and target in said


def decide(
    test: AppTest, *, choice: str, reason: str | None = None, note: str = "", name: str = "Ada"
) -> AppTest:
    test.radio[0].set_value(choice)
    if reason:
        pick(test.selectbox, "reason").set_value(reason)
    pick(test.text_area, "note").set_value(note)
    pick(test.text_input, "name").set_value(name)
    next(b for b in test.button if "Record" in b.label or "记录" in b.label).click()
    test.run()
    assert not test.exception, test.exception
    return test


def pick(elements, ending: str):
    return next(e for e in elements if str(e.key).startswith("decision") and str(e.key).endswith(ending))


def test_a_decision_is_recorded_with_what_was_shown_and_the_receipt_names_it(study):
    case_id = first_case(study)
    outcome = open_desk(study).case(case_id).outcome
    test = run("case", case=case_id)
    assert "What happened to this case" not in text_of(test)
    test = decide(test, choice="disagree", reason="model_wrong", note="The scan was of another day.")
    assert "entry 1" in test.success[0].value
    entry = open_desk(study).entries()[0]
    assert (entry.decision, entry.reviewer, entry.reason) == ("disagree", "Ada", "model_wrong")
    assert entry.snapshot["reasons"] and entry.bundle_id == source.study().bundle_id
    assert f"What happened to this case \\(heart disease\\)\\: {outcome}" in text_of(test)
    assert open_desk(study).verify().whole


def test_problems_stand_beside_their_fields_and_what_was_typed_is_kept(study):
    test = decide(run("case", case=first_case(study)), choice="disagree", note="short", name="")
    said = text_of(test)
    for code in ("reason_missing", "note_short", "name_missing"):
        assert words.say(f"app.decision.problem.{code}").split(",")[0] in said.replace("&#44;", ",")
    assert pick(test.text_area, "note").value == "short"
    assert open_desk(study).entries() == ()


def test_a_second_reviewer_is_told_that_the_case_was_decided(study):
    case_id = first_case(study)
    mine, theirs = run("case", case=case_id), run("case", case=case_id, lang="en")
    decide(theirs, choice="agree", name="Bob")
    decide(mine, choice="agree", name="Ada")
    assert len(open_desk(study).entries()) == 1
    assert "already" in mine.error[0].value or "decided" in mine.error[0].value


def test_a_decision_can_be_amended_by_a_new_entry(study):
    case_id = first_case(study)
    test = decide(run("case", case=case_id), choice="agree")
    decide(test, choice="disagree", reason="other", note="A second look changed my mind.")
    entries = open_desk(study).entries(case_id)
    assert [e.amends for e in entries] == [None, 1]


@pytest.mark.parametrize("role", ["auditor", "viewer"])
def test_a_role_that_may_not_decide_sees_no_form(study, monkeypatch, role):
    monkeypatch.setenv("INTERPRETABLE_ROLE", role)
    test = run("case", case=first_case(study))
    assert not [b for b in test.button if "Record" in b.label]
    assert "not decide" in text_of(test)


def test_specialists_see_the_exact_sum_and_the_black_box(study):
    said = text_of(run("case", specialist=True, case=first_case(study)))
    found = source.explain(open_desk(study).case(first_case(study)))
    assert "log-odds" in said.lower().replace("&#45;", "-") and "SHAP" in said
    total = found.constant + sum(part.contribution for part in found.terms)
    assert f"{total:+.4f}".replace("-", "−") in said
    assert abs(total - found.score) < 1e-9


def test_sample_cases_can_be_added_once(heart_study, tmp_path, monkeypatch):
    mine = copy_study(heart_study, tmp_path, cases=0)
    monkeypatch.setenv("INTERPRETABLE_STUDY", str(mine))
    test = run()
    next(b for b in test.button if b.key == "add sample").click()
    test.run()
    assert open_desk(mine).cases().total == 25
    assert "25 cases were added" in test.success[0].value


def upload(test: AppTest, content: str, name: str = "ward.csv") -> AppTest:
    test.file_uploader[0].upload(name, content.encode(), "text/csv").run()
    next(b for b in test.button if b.key == "add file").click()
    test.run()
    return test


def rows_of_heart(count: int) -> list[dict[str, str]]:
    with (ROOT / "sample_data" / "heart_disease" / "data.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))[:count]


def as_csv(rows: list[dict[str, str]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def test_a_file_of_cases_is_added_with_estimates(study):
    before = open_desk(study).cases().total
    test = upload(run(), as_csv(rows_of_heart(4)))
    assert "4 cases were added" in test.success[0].value
    added = open_desk(study).cases().cases[before:]
    assert all(case.estimate is not None and case.source == "ward.csv" for case in added)


def test_a_file_with_a_wrong_cell_is_refused_with_line_and_column_but_without_its_value(study):
    rows = rows_of_heart(3)
    rows[1]["age"] = "SECRETVALUE"
    test = upload(run(), as_csv(rows))
    said = test.error[0].value
    assert "age" in said and "3" in said and "SECRETVALUE" not in said
    assert open_desk(study).cases().total == 3


def test_one_person_can_be_entered_by_a_form_made_from_the_task(study):
    test = run()
    test.text_input(key="person id").set_value("P-77")
    test.number_input(key="person age").set_value(61.0)
    next(b for b in test.button if "Show the estimate" in b.label).click()
    test.run()
    assert not test.exception, test.exception
    case = open_desk(study).case("P-77")
    assert case is not None and case.values["age"] == 61.0 and case.values["sex"] is None
    assert "missing_values" in case.flags


def test_the_record_page_checks_the_chain_and_shows_what_was_seen(study):
    decide(run("case", case=first_case(study)), choice="agree")
    test = run("record")
    next(b for b in test.button if b.key == "verify").click()
    test.run()
    assert "whole" in test.success[0].value
    entry = open_desk(study).entries()[0]
    assert entry.snapshot["headline"] in text_of(test)


def test_exports_hold_everything_and_no_formula(study):
    test = run("case", case=first_case(study))
    decide(test, choice="disagree", reason="other", note='=HYPERLINK("http://evil")', name="Ada")
    desk = open_desk(study)
    rows = list(csv.reader(io.StringIO(export.to_csv(desk.entries()).decode("utf-8-sig"))))
    assert rows[0] == list(export.COLUMNS) and rows[1][6].startswith("'=")
    lines = [json.loads(line) for line in export.to_jsonl(desk.store).splitlines()]
    assert [line["kind"] for line in lines].count("decision") == 1
    assert lines[-2]["digest"] == desk.verify().head


def test_the_report_is_built_on_demand(study):
    test = run("report")
    assert not test.get("iframe")
    next(b for b in test.button if "Build" in b.label).click()
    test.run()
    assert not test.exception, test.exception
    assert test.get("download_button") and test.get("iframe")


def test_the_settings_are_hardened_and_travel_with_the_package():
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    assert settings == tomllib.loads((ROOT / "app" / ".streamlit" / "config.toml").read_text())
    assert settings["server"]["address"] == "127.0.0.1" and settings["server"]["allowedHosts"]
    assert (
        settings["server"]["enableAgentApi"] is False and settings["server"]["enableXsrfProtection"] is True
    )
    assert settings["client"]["showErrorDetails"] == "none" and settings["server"]["maxUploadSize"] == 50
    assert "default-src 'self'" in asgi.HEADERS["content-security-policy"]


def test_an_error_shows_a_reference_and_never_its_message(study, monkeypatch, caplog):
    shown = []
    monkeypatch.setattr(asgi.st, "error", lambda text, **_: shown.append(text))
    try:
        raise ValueError("SECRETVALUE of a person")
    except ValueError as problem:
        assert asgi.on_script_error(problem) is True
    assert "SECRETVALUE" not in shown[0] and "SECRETVALUE" not in caplog.text
    reference = shown[0].split("Reference ")[1].split(".")[0]
    assert reference in caplog.text and "ValueError" in caplog.text


def test_streamlits_own_log_of_an_error_holds_its_place_and_not_its_message(caplog):
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    assert settings["logger"]["enableRich"] is False
    logger = logging.getLogger("streamlit.error_util")
    logger.addHandler(caplog.handler)
    try:
        raise ValueError("SECRETVALUE of a person")
    except ValueError as problem:
        logger.error("Uncaught app execution", exc_info=problem)
    finally:
        logger.removeHandler(caplog.handler)
    assert "SECRETVALUE" not in caplog.text and "ValueError at test_app_pages.py" in caplog.text
