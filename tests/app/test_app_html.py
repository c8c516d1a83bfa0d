"""Nothing a file, a column, a person or a model says becomes HTML or Markdown of ours."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from factories_app import MAIN, make_case_explanation, make_similar, make_task
from factories_review import make_case
from interpretable_app.panels import html
from interpretable_app.views import make_view

from interpretable import words
from interpretable.figures.theme import contrast

PAYLOADS = [
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    "![t](http://evil/?q=1)",
    "[c](javascript:alert(1))",
    "{{7*7}}",
    "$\\href{javascript:alert(1)}{x}$",
    "abc\u202edef",
    ":red[x] :material/home:",
    "`code` **bold** # head\n\n- item",
    '" onmouseover="alert(1)',
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_hostile_value_stays_text(payload):
    made = html.tag("p", payload, aria_label=payload)
    inside = made[made.index(">") + 1 : made.rindex("<")]
    assert "<" not in inside and ">" not in inside
    assert made.count('"') == 2, "an attribute is not broken out of"
    assert not any(mark in inside for mark in "`*_[]()!$:|\\{}") and "\u202e" not in made and "\n" not in made


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_hostile_value_in_a_label_is_escaped_mark_by_mark(payload):
    made = html.md(payload)
    for place, mark in enumerate(made):
        if mark in "`*_[]()!$:|{}<>#~":
            assert made[place - 1] == "\\"


def test_spaces_at_the_edges_of_a_text_survive_escaping():
    assert html.tag("p", html.tag("b", "Age"), " is 92") == "<p><b>Age</b> is 92</p>"


def test_elements_are_not_escaped_twice():
    assert html.tag("p", html.tag("b", "a & b")) == "<p><b>a &amp; b</b></p>"


def test_only_one_module_may_emit_html():
    for path in MAIN.parent.rglob("*.py"):
        if path.name == "html.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword):
                assert not str(node.arg).startswith("unsafe_allow"), f"{path.name} emits HTML of its own"
            if isinstance(node, ast.Attribute) and node.attr == "html":
                assert not (isinstance(node.value, ast.Name) and node.value.id == "st"), path.name


def test_only_one_module_touches_the_session():
    for path in MAIN.parent.rglob("*.py"):
        if path.name != "state.py":
            assert "session_state" not in path.read_text(encoding="utf-8"), path.name


def test_no_sentence_is_born_in_a_page():
    for path in [*MAIN.parent.joinpath("screens").glob("*.py"), *MAIN.parent.joinpath("panels").glob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                shows = node.func.attr in ("error", "warning", "info", "success", "title", "header", "button")
                texts = [a for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
                assert not (shows and texts), f"{path.name}: {[a.value for a in texts]}"


@pytest.mark.parametrize(
    ("ink", "paper"),
    [
        ("#16212C", "#FFFFFF"),
        ("#465562", "#FFFFFF"),
        ("#465562", "#F2F5F8"),
        ("#0B5CAD", "#FFFFFF"),
        ("#0B5CAD", "#F2F5F8"),
        ("#9A3A0B", "#FFFFFF"),
        ("#00619A", "#FFFFFF"),
        ("#5C4400", "#FFF6DD"),
        ("#0A3F78", "#E9F1F9"),
        ("#46297A", "#F1ECF8"),
        ("#8F1D1D", "#FFFFFF"),
        ("#FFFFFF", "#0B5CAD"),
    ],
)
def test_text_colours_can_be_read(ink, paper):
    assert contrast(ink, paper) >= 4.5
    style = MAIN.with_name("style.css").read_text() + Path(".streamlit/config.toml").read_text()
    assert ink == "#FFFFFF" or ink in style


@pytest.mark.parametrize("ink", ["#B8460E", "#0072B2", "#0B5CAD", "#6B7A87", "#8593A0"])
def test_graphics_can_be_told_from_the_page(ink):
    assert contrast(ink, "#FFFFFF") >= 3


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_view_says_estimate_range_average_and_reasons_in_order(lang):
    view = make_view(make_case("P-0042"), make_case_explanation(), (make_similar(),), make_task(), lang)
    assert "12" in view.headline and "9" in view.spread and "16" in view.spread and "7" in view.average
    assert [reason.direction for reason in view.reasons] == ["raises", "lowers"]
    assert view.reasons[0].share == 1 and view.reasons[1].share == -0.5
    assert view.similar[0].outcome == words.say("value.no", lang)
    assert view.snapshot(specialist=False)["reasons"][0]["sentence"] == view.reasons[0].sentence


def test_a_view_never_holds_what_happened_to_the_case():
    case = make_case("P-0042", outcome="SECRET")
    view = make_view(case, make_case_explanation(), (), make_task(), "en")
    assert "SECRET" not in repr(view.snapshot(specialist=True))


def test_more_than_four_reasons_are_counted_not_listed():
    reasons = make_case_explanation().reasons * 4
    view = make_view(make_case(), make_case_explanation(reasons=reasons), (), make_task(), "en")
    assert len(view.reasons) == 4 and "other 4" in view.others
