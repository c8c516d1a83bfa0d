"""Passages of guidelines on the case page; rephrased explanations on the page of small and large models."""

from __future__ import annotations

import html

import pytest
from factories_app import MAIN, copy_study
from streamlit import config
from streamlit.testing.v1 import AppTest

import interpretable
from interpretable import words
from interpretable.collab.guidelines import ENVIRONMENT


@pytest.fixture(autouse=True)
def plain_session():
    """AppTest keeps a function of its own in the session, which the shipped setting refuses to serialise."""
    config.set_option("runner.enforceSerializableSessionState", False)


@pytest.fixture
def study(heart_study, tmp_path, monkeypatch):
    folder = copy_study(heart_study, tmp_path, cases=1)
    monkeypatch.setenv("INTERPRETABLE_STUDY", str(folder))
    monkeypatch.delenv(ENVIRONMENT, raising=False)
    return folder


def page(name: str, lang: str = "en") -> AppTest:
    test = AppTest.from_file(str(MAIN), default_timeout=60)
    test.session_state["lang"], test.session_state["specialist"] = lang, True
    test.run()
    test.switch_page(f"screens/{name}.py").run()
    assert not test.exception
    return test


def shown(test: AppTest) -> str:
    blocks = (*test.markdown, *test.warning, *test.header)
    return html.unescape(" ".join(block.value for block in blocks)).replace("\\", "")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_passages_stand_on_the_case_page_with_their_source_and_a_word_of_caution(
    study, tmp_path, monkeypatch, lang
):
    guides = tmp_path / "guides"
    guides.mkdir()
    columns = interpretable.open_study(study).task.features
    every = ", ".join(column.label for column in columns)
    (guides / "ward.md").write_text(f"# Ward\n\nLook <b>twice</b> at {every}.", encoding="utf-8")
    monkeypatch.setenv(ENVIRONMENT, str(guides))
    test = page("case", lang)
    text = shown(test)
    assert words.say("guidelines.lead", lang) in text
    assert "ward.md" in text and "Look <b>twice</b> at" in text
    assert "<b>" not in " ".join(block.value for block in test.markdown)


def test_without_a_folder_the_page_says_nothing_and_with_a_missing_one_it_says_so(study, monkeypatch):
    assert words.say("guidelines.lead", "en") not in shown(page("case"))
    monkeypatch.setenv(ENVIRONMENT, "no-such-folder")
    assert "was not found" in shown(page("case"))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_of_small_and_large_models_shows_what_came_of_rephrasing(study, lang):
    found = interpretable.open_study(study).ask_beside("narrate", llm="off", rows=2, lang=lang)
    text = shown(page("together", lang))
    assert words.say("beside.title.narrate", lang) in text
    assert all(line in text for line in words.narrated(found, lang))
