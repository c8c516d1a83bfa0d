"""The panel on differences between groups, in each state, without a browser."""

from __future__ import annotations

import pytest
from streamlit import config
from streamlit.testing.v1 import AppTest


@pytest.fixture(autouse=True)
def plain_session():
    """AppTest keeps a function of its own in the session, which the shipped setting refuses to serialise."""
    config.set_option("runner.enforceSerializableSessionState", False)


def page(kind: str, lang: str, specialist: bool, empty: bool) -> None:
    from dataclasses import replace

    from factories_disparity import make_disparity
    from factories_evidence import make_evidence
    from interpretable_app.panels import disparity

    from interpretable.records.disparity import DisparityEvidence

    found = DisparityEvidence() if empty else make_disparity(kind)
    disparity.draw(replace(make_evidence(kind), disparity=found), lang, specialist=specialist)


def drawn(
    kind: str = "binary", lang: str = "en", *, specialist: bool = False, empty: bool = False
) -> AppTest:
    given = {"kind": kind, "lang": lang, "specialist": specialist, "empty": empty}
    test = AppTest.from_function(page, default_timeout=60, kwargs=given).run()
    assert not test.exception, test.exception
    return test


def text_of(test: AppTest) -> str:
    return "\n".join(str(element.value) for element in test.markdown)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("kind", ["binary", "multiclass", "regression"])
def test_the_plain_answer_comes_first_and_needs_no_specialist(kind, lang):
    text = text_of(drawn(kind, lang))
    first = text.index("Sex" if lang == "en" else "性别")
    assert first < text.index("Lactate" if lang == "en" else "乳酸")
    for word in ("shap", "log-odds", "logit", "contribution", "intercept", "特征", "样本", "置信度"):
        assert word not in text.lower()


def test_a_reader_sees_two_groups_out_of_a_hundred():
    text = text_of(drawn())
    assert "34 lie above the decision line" in text and "a difference of 27 &#40;18 to 36&#41;" in text


def test_specialists_may_draw_the_screening_line_and_see_every_table():
    test = drawn(specialist=True)
    assert len(test.expander) >= 4 and not drawn().toggle
    assert "0.8 is used as a screening line" not in text_of(test)
    test.toggle[0].set_value(True).run()
    assert "0.8 is used as a screening line" in text_of(test)


@pytest.mark.parametrize("specialist", [False, True])
def test_an_empty_record_says_that_groups_are_too_small(specialist):
    assert "too small to compare" in text_of(drawn(empty=True, specialist=specialist))
