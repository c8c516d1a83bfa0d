"""The evidence page with the question about labels picked."""

import html

import pytest
from factories_app import MAIN, copy_study
from streamlit import config
from streamlit.testing.v1 import AppTest

import interpretable
from interpretable import words


@pytest.fixture(autouse=True)
def plain_session():
    """AppTest keeps a function of its own in the session, which the shipped setting refuses to serialise."""
    config.set_option("runner.enforceSerializableSessionState", False)


@pytest.mark.parametrize("specialist", [True, False])
def test_the_page_says_how_many_labels_to_look_at_and_shows_tables_to_specialists(
    heart_study, tmp_path, monkeypatch, specialist
):
    folder = copy_study(heart_study, tmp_path)
    monkeypatch.setenv("INTERPRETABLE_STUDY", str(folder))
    found = interpretable.open_study(folder).evidence.labels
    test = AppTest.from_file(str(MAIN), default_timeout=60)
    test.session_state["lang"], test.session_state["specialist"] = "zh", specialist
    test.run()
    test.switch_page("screens/evidence.py").run()
    test.selectbox(key="deeper").set_value("labels").run()
    assert not test.exception
    shown = html.unescape(" ".join(block.value for block in test.markdown))
    assert all(line in shown for line in words.label_doubts(found, "zh"))
    assert (words.say("labels.share_note", "zh") in shown) is specialist
