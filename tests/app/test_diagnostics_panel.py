"""The evidence page with the question "where is the model weak" picked, check by check."""

import html

import pytest
from factories_app import MAIN, copy_study
from streamlit import config
from streamlit.testing.v1 import AppTest

import interpretable
from interpretable.words import weakness


@pytest.fixture(autouse=True)
def plain_session():
    """AppTest keeps a function of its own in the session, which the shipped setting refuses to serialise."""
    config.set_option("runner.enforceSerializableSessionState", False)


def test_each_check_opens_with_its_plain_answer_in_the_readers_language(heart_study, tmp_path, monkeypatch):
    folder = copy_study(heart_study, tmp_path)
    monkeypatch.setenv("INTERPRETABLE_STUDY", str(folder))
    evidence = interpretable.open_study(folder).evidence
    test = AppTest.from_file(str(MAIN), default_timeout=60)
    test.session_state["lang"], test.session_state["specialist"] = "zh", True
    test.run()
    test.switch_page("screens/evidence.py").run()
    test.selectbox(key="deeper").set_value("diagnostics").run()
    asked = weakness.asked(evidence.diagnostics)
    assert len(test.selectbox(key="diagnostics check").options) == len(asked)
    for name in (asked[0], "drift"):
        test.selectbox(key="diagnostics check").set_value(name).run()
        assert not test.exception
        shown = html.unescape(" ".join(block.value for block in test.markdown))
        assert weakness.answer(name, evidence.diagnostics, evidence.task, "zh") in shown
