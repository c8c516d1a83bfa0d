"""The panel on texts: what a reader sees and hears, and what a hostile text cannot do."""

from __future__ import annotations

import html
import re

import numpy as np
import pytest
from streamlit import config
from streamlit.testing.v1 import AppTest

HOSTILE = (
    "<script>alert(1)</script> **pain** _no_ [c](javascript:alert(1)) ![t](http://evil.example/q)"
    ' "><img src=x onerror=alert(1)> '
    "\u202echest\u202c $\\href{javascript:x}{y}$ {{7*7}}\n\n# head `code` \x07 ㍿"
)
SHOWN = HOSTILE.replace("\u202e", "[U+202E]").replace("\u202c", "[U+202C]").replace("\x07", "[U+0007]")


@pytest.fixture(autouse=True)
def plain_session():
    """AppTest keeps a function of its own in the session, which the shipped setting refuses to serialise."""
    config.set_option("runner.enforceSerializableSessionState", False)


def explained(note: str):
    """The case of a text, read by a small model with known weights."""
    from dataclasses import replace

    from factories_app import make_case_explanation
    from factories_models import make_additive

    from interpretable.explain.text import read_texts, read_tokens
    from interpretable.records.explanation import Domain, TermPart
    from interpretable.score.scorer import AdditiveScorer

    scorer = AdditiveScorer(make_additive(seed=4))  # weights of both signs
    row = {
        "age": np.array([40.0]), "dose": np.array([1.0]), "kind": np.array(["a"], dtype=object),
        "note": np.array([note], dtype=object),
    }  # fmt: skip
    tokens = read_tokens(scorer, row, 0)
    total = sum(token.contribution for token in tokens)
    term = TermPart(term="note", features=("note",), contribution=total, units="word")
    domain = Domain(inside=False, unfamiliar_texts=("note",), unknown_words=(("note", 3, 20),))
    return replace(
        make_case_explanation(values={"note": note}, terms=(term,), domain=domain),
        texts=read_texts(scorer, row, 0),
        tokens=tokens,
    )


def page(note: str, lang: str, marks: bool, exact: bool) -> None:
    from dataclasses import replace

    from factories_app import make_task
    from interpretable_app.panels.exact import draw_tokens
    from interpretable_app.panels.text import draw_text
    from test_text_panel import explained

    from interpretable.records.explanation import TextReading
    from interpretable.records.task import Column

    task = make_task(columns=(Column(name="note", kind="text", label="Note", label_zh="病程"),))
    found = explained(note)
    if not marks:
        found = replace(found, texts=(TextReading(feature="note", marks=(), removals=()),))
    draw_text(found, task, lang)
    if exact:
        draw_tokens(found, task, lang)


def drawn(note: str, lang: str = "en", *, marks: bool = True, exact: bool = False) -> str:
    given = {"note": note, "lang": lang, "marks": marks, "exact": exact}
    test = AppTest.from_function(page, default_timeout=60, kwargs=given).run()
    assert not test.exception, test.exception
    return "\n".join(str(element.value) for element in test.markdown)


def seen(page_html: str) -> str:
    """The text of the quoted block as an eye sees it, without signs and what only an ear gets."""
    (block,) = re.findall(r'<div class="quote" dir="auto">(.*?)</div>', page_html)
    block = re.sub(r'<span class="(sign|heard)".*?</span>', "", block)
    return html.unescape(re.sub(r"<[^>]+>", "", block.replace("<br>", "\n")))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_hostile_text_is_shown_as_it_is_and_does_nothing(lang):
    said = drawn(HOSTILE, lang)
    assert not re.search(r"<(script|img|a|svg|iframe|h1)\b", said)
    assert "\u202e" not in said and "\u202c" not in said and "\x07" not in said
    for mark in ("**pain**", "![t](", "`code`", "$\\href"):
        assert mark not in said  # every mark of Markdown is encoded
    assert " ".join(seen(said).split()) == " ".join(SHOWN.split())


def test_each_mark_has_a_sign_for_the_eye_and_a_word_for_the_ear():
    said = drawn("no chest pain and cough")
    marks = re.findall(r'<span class="token (raises|lowers) t([123])(?: keep)?">', said)
    assert [way for way, _ in marks] == ["lowers", "raises", "raises"]
    block = re.findall(r'<div class="quote" dir="auto">(.*?)</div>', said)[0]
    for sign, heard in (("▲", "raises the estimate"), ("▼", "lowers the estimate")):
        assert f'<span class="sign" aria-hidden="true">{sign}</span>' in block
        assert f'<span class="heard"> &#40;{heard}&#41; </span>' in block


def test_words_without_a_share_have_no_line():
    said = drawn("no chest pain and cough")
    marked = re.findall(r'<span class="token[^>]*>(.*?)<', said)
    assert marked == ["no", "chest", "pain"]
    assert seen(said).endswith(" and cough")


@pytest.mark.parametrize(("lang", "count"), [("en", "3 of its 20 words"), ("zh", "20个词里有3个")])
def test_unknown_words_are_counted_and_said_to_count_for_nothing(lang, count):
    said = drawn("no pain", lang)
    assert count in said
    assert ("count for nothing" if lang == "en" else "不计入估计") in said


def test_where_no_place_can_be_told_the_text_is_plain_and_the_words_stand_in_a_list():
    said = drawn("no chest pain", marks=False)
    assert 'class="token' not in said and "cannot be told" in said
    assert seen(said) == "no chest pain"
    assert "<li>" in said and "pain" in re.findall(r"<ul>(.*?)</ul>", said)[0]


def test_the_default_view_says_why_share_and_removal_differ_and_names_no_jargon():
    said = drawn("no chest pain").lower()
    assert "a share and a removal differ" in said
    for word in ("log-odds", "logit", "contribution", "shap", "n-gram"):
        assert word not in said


def test_the_tokens_of_a_term_sum_to_the_term():
    said = drawn("no chest pain", exact=True)
    table = said[said.index("tokens by what they add") :]
    numbers = [
        float(x.replace("−", "-")) for x in re.findall(r'class="n">(?:<strong>)?([+−]\d+\.\d+)', table)
    ]
    assert len(numbers) >= 3
    assert numbers[-1] == pytest.approx(sum(numbers[:-1]), abs=1e-4 * len(numbers))
