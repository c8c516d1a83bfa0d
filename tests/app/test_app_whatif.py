"""The page that tries other values: only what can change, both estimates, plans on demand."""

from __future__ import annotations

import pytest
from factories_app import MAIN, copy_study
from streamlit import config
from streamlit.testing.v1 import AppTest

from interpretable.review import open_desk


@pytest.fixture(autouse=True)
def plain_session():
    config.set_option("runner.enforceSerializableSessionState", False)


@pytest.fixture
def page(heart_study, tmp_path, monkeypatch):
    mine = copy_study(heart_study, tmp_path)
    monkeypatch.setenv("INTERPRETABLE_STUDY", str(mine))
    first = open_desk(mine).cases().cases[0].case_id
    test = AppTest.from_file(str(MAIN), default_timeout=60)
    test.session_state["lang"], test.session_state["specialist"] = "en", False
    test.query_params["case"] = first
    test.run()
    test.switch_page("screens/whatif.py").run()
    assert not test.exception
    return test


def said(test: AppTest) -> str:
    return "\n".join(str(e.value) for e in (*test.markdown, *test.header, *test.title, *test.info))


def test_only_what_can_change_is_offered_within_what_was_seen(page):
    assert page.number_input
    for field in page.number_input:
        assert field.min is not None and field.max is not None and field.min <= field.value <= field.max
    assert "Nothing is changed yet" in said(page)
    assert not [field for field in page.number_input if "Age" in field.label]


def test_a_changed_value_shows_both_estimates_and_what_it_moved(page):
    field = page.number_input[0]
    field.set_value(field.max if field.value < field.max else field.min).run()
    assert not page.exception
    text = said(page)
    assert "With these changes" in text and "As it is" in text and "What each change moves" in text


def test_plans_are_looked_for_on_demand(page):
    (button,) = [b for b in page.button if b.label == "Look for plans"]
    button.click().run()
    assert not page.exception
    text = said(page)
    assert "Plan 1" in text or "wanted side already" in text or "No allowed change" in text
