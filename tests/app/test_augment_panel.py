"""Rows of a language model on a page of the app: the verdict for all, measures for specialists."""

from __future__ import annotations

import html

import pytest
from factories_app import MAIN, copy_study
from factories_augment import make_augmented
from streamlit import config
from streamlit.testing.v1 import AppTest

import interpretable
from interpretable import words
from interpretable.study.beside import keep


@pytest.fixture(autouse=True)
def plain_session():
    """AppTest keeps a function of its own in the session, which the shipped setting refuses to serialise."""
    config.set_option("runner.enforceSerializableSessionState", False)


def page(lang: str, *, specialist: bool) -> str:
    test = AppTest.from_file(str(MAIN), default_timeout=60)
    test.session_state["lang"], test.session_state["specialist"] = lang, specialist
    test.run()
    test.switch_page("screens/together.py").run()
    assert not test.exception
    return html.unescape(" ".join(str(block.value) for block in (*test.markdown, *test.get("html"))))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_verdict_is_for_all_and_the_measures_for_specialists(heart_study, tmp_path, monkeypatch, lang):
    folder = copy_study(heart_study, tmp_path, cases=1)
    monkeypatch.setenv("INTERPRETABLE_STUDY", str(folder))
    opened = interpretable.open_study(folder)
    found = make_augmented(opened.bundle_id)
    keep(folder, found)
    plain, deep = page(lang, specialist=False), page(lang, specialist=True)
    for line in (*words.augmented(found, opened.task, lang), *words.gate_trial(found.gate, lang)):
        assert line in plain and line in deep
    assert words.augment_refused("out_of_range", lang) in plain
    measure = words.say("augment.quality.attack_auc", lang)
    assert measure in deep and measure not in plain and "AUROC" not in plain
