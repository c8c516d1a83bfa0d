"""The question about generated rows: verdict and picture for all, drops and rule for specialists."""

import html

import pytest
from streamlit import config
from streamlit.testing.v1 import AppTest

from interpretable import words


@pytest.fixture(autouse=True)
def plain_session():
    """AppTest keeps a function of its own in the session, which the shipped setting refuses to serialise."""
    config.set_option("runner.enforceSerializableSessionState", False)


def page(lang, specialist):
    from factories_evidence import make_evidence
    from factories_synthetic import make_gate
    from interpretable_app.panels import augmentation

    from interpretable.records.gate import Augmentation

    augmentation.draw(make_evidence(augmentation=Augmentation(gate=make_gate())), lang, specialist=specialist)


@pytest.mark.parametrize("specialist", [True, False])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_verdict_is_for_all_and_what_lies_behind_it_for_specialists(lang, specialist):
    test = AppTest.from_function(page, args=(lang, specialist), default_timeout=60).run()
    assert not test.exception
    shown = html.unescape(" ".join(block.value for block in test.markdown))
    for code in ("gate.verdict.helps", "gate.reason.better", "gate.lead"):
        assert words.say(code, lang) in shown
    assert (words.say("gate.choice", lang) in shown) is specialist
    assert (words.say("gate.dropped.copy", lang) in shown) is specialist
