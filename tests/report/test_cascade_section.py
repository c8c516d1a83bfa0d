"""The part of the report, the sentences, the figure and the panel of a cascade, in both languages."""

import html
from dataclasses import replace

import pytest
from factories_evidence import make_evidence
from factories_findings import make_cascade
from factories_words import make_task
from streamlit import config
from streamlit.testing.v1 import AppTest

from interpretable import figures, words
from interpretable.records.document import Listing, Paragraph, Picture, Table
from interpretable.report.beside_cascade import cascade

LANGUAGES = ("en", "zh")
FORBIDDEN = ("safe", "accurate", "confident", "guarantee", "certified", "置信度", "对数几率、")


def blocks_of(found, lang="en", kind="binary"):
    return list(cascade(found, make_evidence(kind), lang))


def text_of(blocks):
    parts = [b.text for b in blocks if isinstance(b, Paragraph)]
    parts += [item for b in blocks if isinstance(b, Listing) for item in b.items]
    for block in blocks:
        if isinstance(block, Table):
            parts += [block.caption, *block.head, *(f"{c.text} {c.quiet}" for row in block.rows for c in row)]
    return "\n".join(parts)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("how", ["used", "skipped", "off", "not_shown"])
def test_every_outcome_is_told_with_its_figures(how, lang):
    blocks = blocks_of(make_cascade(how), lang)
    text = text_of(blocks)
    assert any(isinstance(b, Picture) for b in blocks)
    assert ("on these 40 % of its answers are wrong" if lang == "en" else "有40%是错的") in text
    both = "Both together: 70 % of test cases decided" if lang == "en" else "两者合用：判定了70%"
    assert (both in text) == (how == "used")
    right = "both together 80 % (out of fold)" if lang == "en" else "两者合用答对80%"
    assert (right in text) == (how != "off")
    assert not [word for word in FORBIDDEN if word in text.lower()]


def test_every_reason_has_its_sentence_in_both_languages():
    reasons = {"off", "too_few_calibration", "nothing_left", "useless", "open", "not_shown", "contradicted",
               "decides_more", "more_open", "no_more"}  # fmt: skip
    found = make_cascade("used")
    for lang in LANGUAGES:
        assert reasons == {c.rsplit(".", 1)[1] for c in words.codes("beside.reason.cascade.", lang)}
        for reason in reasons:
            lines = words.beside(replace(found.told, reason=reason), lang)
            assert words.say(f"beside.reason.cascade.{reason}", lang) in lines


def test_the_bill_says_what_one_more_case_costs_only_where_there_are_more():
    bill = make_cascade("used").bill
    told = dict(words.cascade_bill(bill))
    assert told["Questions to the language model"] == "400"
    assert told["Questions for one more case decided"] == "2"
    assert told["Money for one more case decided"] == "0.01 USD"
    assert told["Watt hours (estimate)"] == "0.83"
    none = dict(words.cascade_bill(replace(bill, more=0.0)))
    assert not [name for name in none if "one more" in name]
    assert "15 watts are assumed" in words.cascade_energy(bill)
    assert "elsewhere" in words.cascade_energy(replace(bill, watts=None, watt_hours=None))


def test_the_figure_its_text_and_its_table_say_the_same():
    found = make_cascade("used")
    drawn = figures.cascade_frontier(found).to_dict()
    rows = drawn["layer"][1]["data"]["values"]
    assert {(r["x"], r["y"], r["who"]) for r in rows} == {
        (10.0, 50.0, "small model alone"), (5.0, 30.0, "small model alone"),
        (10.0, 70.0, "both together"),
    }  # fmt: skip
    assert "At 10 %: small model alone 50 %, both together 70 %." in figures.cascade_frontier_alt(found)
    table = figures.cascade_frontier_table(found)
    assert table[0]["both together"] == "not shown" and table[1]["both together"].startswith("70 %")
    alone = make_cascade("off")
    assert "both" not in figures.cascade_frontier_alt(alone)
    assert list(figures.cascade_frontier_table(alone)[0]) == [
        "Limit",
        "small model alone",
        "small model alone: Wrong",
    ]
    assert "No limit" in figures.cascade_frontier_alt(replace(alone, frontier=()))


def test_a_plan_that_can_promise_nothing_says_so_and_asks_nothing():
    plan = replace(make_cascade("off").plan, possible=False)
    assert words.cascade_plan(plan)[-1].startswith("That is too few")
    assert not any(
        "would be asked" in line for line in words.cascade_plan(make_cascade("off").plan, asks=False)
    )


def test_groups_are_told_by_name_whether_the_promise_holds_for_them():
    said = words.cascade(make_cascade("used"), make_task())
    assert any(line.endswith("shown for this group too.") for line in said)
    assert any("not shown for this group, with 80 calibration rows" in line for line in said)


def page(how: str, lang: str) -> None:
    from factories_evidence import make_evidence
    from factories_findings import make_cascade
    from interpretable_app.panels import beside_cascade

    beside_cascade.draw(make_cascade(how), make_evidence("binary"), lang)


@pytest.mark.parametrize(("how", "lang"), [("used", "en"), ("off", "zh")])
def test_the_panel_draws_what_the_report_says(how, lang):
    # AppTest keeps a function of its own in the session, which the shipped setting refuses to serialise.
    config.set_option("runner.enforceSerializableSessionState", False)
    test = AppTest.from_function(page, default_timeout=60, kwargs={"how": how, "lang": lang}).run()
    assert not test.exception, test.exception
    text = html.unescape("\n".join(str(element.value) for element in test.markdown))
    assert ("Both together: " in text) == (how == "used") and "<table" in text
    assert ("Questions for one more case decided" in text) == (how == "used")
