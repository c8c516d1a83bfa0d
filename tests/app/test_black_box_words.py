"""The black box on a text: its words by SHAP value, for specialists only, and never as a glass box's."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pandas
import pytest
from factories_app import MAIN, copy_study
from streamlit import config
from streamlit.testing.v1 import AppTest

import interpretable
from interpretable import data
from interpretable.review import open_desk
from interpretable.study import open_study

SAMPLE = MAIN.parents[1] / "sample_data" / "sms_spam"


@pytest.fixture(autouse=True)
def plain_session():
    """AppTest keeps a function of its own in the session, which the shipped setting refuses to serialise."""
    config.set_option("runner.enforceSerializableSessionState", False)


def page(lang: str, hostile: str) -> None:
    from dataclasses import replace

    from factories_app import make_case_explanation
    from interpretable_app.panels import exact

    from interpretable.records.explanation import TokenPart

    def part(token: str, value: float, units: str = "word", times: int = 1) -> TokenPart:
        return TokenPart(feature="note", token=token, contribution=value, units=units, times=times)  # type: ignore[arg-type]  # one of three words

    words = [part(f"w{i}", 1.0 - i / 100) for i in range(30)]
    tokens = (part(hostile, 2.0), part(" ab", 1.5, "characters"), *words, part("", -0.5, times=0))
    found = replace(make_case_explanation(), glass_box=False, model="xgboost", tokens=tokens)
    exact.draw_black_tokens(found, lang)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_value_is_in_the_table_by_name_or_in_a_sum_and_no_entry_becomes_markup(lang):
    hostile = "<img src=x onerror=alert(1)>\u202e"
    test = AppTest.from_function(page, default_timeout=60, kwargs={"lang": lang, "hostile": hostile}).run()
    assert not test.exception
    (table,) = [m.value for m in test.markdown if "<table" in m.value]
    assert "␣ab" in html.unescape(table)
    assert "<img" not in table and "\u202e" not in table and "SHAP" in table
    shown = [float(v.replace("−", "-")) for v in re.findall(r">([+−]\d+\.\d{4})<", html.unescape(table))]
    assert len(shown) == 25 + 2
    assert sum(shown) == pytest.approx(2.0 + sum(1.0 - i / 100 for i in range(30)) + 1.5 - 0.5, abs=2e-3)


def train(folder: Path, models: list[str]) -> Path:
    table = pandas.read_csv(SAMPLE / "data.csv", dtype=str, keep_default_na=False)
    task = data.read_task(SAMPLE / "task.toml")
    made = interpretable.train(
        task=task, data=table.sample(160, random_state=1), out=folder / "small", models=models, quick=True,
        llm="off",
    )  # fmt: skip
    return copy_study(Path(made.path), folder, cases=1)


def case_page(study: Path, monkeypatch, *, specialist: bool) -> str:
    monkeypatch.setenv("INTERPRETABLE_STUDY", str(study))
    (case,) = open_desk(study).cases().cases
    test = AppTest.from_file(str(MAIN), default_timeout=60)
    test.session_state["lang"], test.session_state["specialist"] = "en", specialist
    test.query_params["case"] = case.case_id
    test.run()
    test.switch_page("screens/case.py").run()
    assert not test.exception, test.exception
    return html.unescape("\n".join(str(m.value) for m in test.markdown))


def test_specialists_see_the_words_of_the_black_box_beside_the_model_in_use(tmp_path, monkeypatch):
    mine = train(tmp_path, ["text", "xgboost"])
    opened = open_study(mine)
    found = opened.black_box(opened.part("test").take([0]))
    note = next(t for t in found.terms if t.term == "text")
    assert sum(t.contribution for t in found.tokens) == pytest.approx(note.contribution, abs=1e-9)
    assert "SHAP values of the words" in case_page(mine, monkeypatch, specialist=True)
    assert "SHAP" not in case_page(mine, monkeypatch, specialist=False)


def test_a_black_box_in_use_does_not_underline_words_as_if_they_were_an_exact_sum(tmp_path, monkeypatch):
    mine = train(tmp_path, ["xgboost"])
    said = case_page(mine, monkeypatch, specialist=True)
    assert "SHAP values of the words" in said and 'class="token' not in said
    assert "Words of the text by what they add" not in said
