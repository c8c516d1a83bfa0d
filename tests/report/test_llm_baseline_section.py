"""The part of the report, the sentences, the figure and the panel of a language model on the same rows."""

import html
from dataclasses import replace

import pytest
from factories_baseline import figure, make_baseline, make_mode
from factories_evidence import make_evidence
from factories_words import make_task
from streamlit import config
from streamlit.testing.v1 import AppTest

from interpretable import figures, words
from interpretable.records.document import Heading, Listing, Paragraph, Picture, Table
from interpretable.report.beside_baseline import baseline, costs

LANGUAGES = ("en", "zh")
FORBIDDEN = ("safe", "accurate", "confident", "guarantee", "certified", "proves", "置信度")


def text_of(blocks):
    parts = [b.text for b in blocks if isinstance(b, Paragraph | Heading)]
    parts += [item for b in blocks if isinstance(b, Listing) for item in b.items]
    for block in blocks:
        if isinstance(block, Table):
            parts += [block.caption, *block.head, *(f"{c.text} {c.quiet}" for row in block.rows for c in row)]
    return "\n".join(parts)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", ["binary", "regression"])
def test_everything_that_was_found_is_told(kind, lang):
    blocks = list(baseline(make_baseline(kind), make_evidence(kind), lang))
    text = text_of(blocks)
    assert any(isinstance(b, Picture) for b in blocks)
    for part in ("184", "0.600", "90,000", "Higher age speaks for yes"):
        assert part in text, part
    assert not [word for word in FORBIDDEN if word in text.lower()]
    for code in ("why.target_not_allowed", "memory_note", "completed_no_sign", "renamed_sign"):
        assert words.say(f"llmbase.{code}", lang) in text, code
    if kind == "binary":
        assert words.say("llmbase.kinds", lang) in text
        assert words.say("llmbase.overrides", lang, changed=10, n=40, right=3, small=7) in text


def test_a_kind_is_told_as_what_is_said_and_what_is_right():
    lines = words.llm_kinds(make_baseline().kinds, make_task())
    told = "\n".join(lines)
    assert "Says 90 % on average." in told and "it is right 62 % (n 30, 52 % to 72 %)" in told
    assert "at least 60" in told and "below 60" in told and "or not known; " in told
    assert "no test answers" in told and "at least 0.0100" in told


def test_the_price_of_one_more_right_decision_is_said_in_words():
    (mode, *_) = make_baseline().modes
    point = "10 s, 1800 tokens, 0.04 USD"
    assert words.llm_each(mode.more, "USD") == f"{point} (at least 3.6 s; there may be no gain)"
    surely = replace(mode.more, seconds_most=25.0)
    assert words.llm_each(surely, "USD") == f"{point} (3.6 to 25 s)"
    least = replace(mode.more, seconds=None)
    assert words.llm_each(least, "USD").startswith("not better here; at the upper end at least 3.6 s")
    none = replace(least, seconds_least=None)
    assert words.llm_each(none, "USD") == "not better, even at the upper end"


def test_costs_that_nobody_has_leave_no_column_and_energy_elsewhere_is_not_stated():
    found = make_baseline()
    heads = next(iter(costs(found, "en"))).head
    assert "Money" in heads and "Bytes sent" in heads
    cost = replace(found.modes[0].cost, money=0.0, bytes_sent=0.0)
    free = replace(found, modes=(make_mode("zero", 0.6, ("auroc",), cost=cost),))
    table, note = costs(free, "en")
    assert "Money" not in table.head and "Bytes sent" not in table.head and "15 watts" in note.text
    far = replace(free, modes=(make_mode("zero", 0.6, ("auroc",), cost=replace(cost, watts=None)),))
    assert "elsewhere" in list(costs(far, "en"))[1].text


def test_every_code_has_its_sentence_in_both_languages():
    found = make_baseline()
    for lang in LANGUAGES:
        reasons = {c.rsplit(".", 1)[1] for c in words.codes("beside.reason.baseline.", lang)}
        assert reasons == {"better", "worse", "open", "nothing_ran"}
        for reason in reasons:
            said = words.beside(replace(found.told, reason=reason), lang)
            assert words.say(f"beside.reason.baseline.{reason}", lang) in said
        for way in ("logprobs", "json", "votes", "verbal", "numbers"):
            assert words.has(f"llmbase.way_{way}", lang)
        for skipped in ("few_columns", "nothing_known"):
            assert len(words.llm_completion(replace(found.completion, skipped=skipped), lang)) == 1
        assert len(words.llm_renamed(replace(found.renamed, skipped="one_column"), lang)) == 1
        for skipped in ("too_few", "nothing_divides"):
            assert len(words.llm_kinds(replace(found.kinds, skipped=skipped), make_task(), lang)) == 1


def test_the_figure_its_text_and_its_table_say_the_same():
    found = make_baseline()
    rows = figures.llm_modes(found).to_dict()["layer"][1]["data"]["values"]
    assert [(r["name"], r["x"], r["small"]) for r in rows] == [
        ("Logistic regression (small)", 0.8, True),
        ("EBM (small)", 0.7, True),
        ("The row alone", 0.6, False),
        ("With nearest examples", 0.85, False),
        ("With the small model's answer", 0.75, False),
    ]
    assert len(figures.llm_modes_table(found)) == 5
    assert "The row alone: 0.600" in figures.llm_modes_alt(found)


def test_a_mode_without_an_interval_and_one_that_was_never_left_are_told():
    gain = replace(make_baseline().modes[0].gain, figure=replace(figure(0.1), low=None, high=None))
    hint = make_baseline().modes[2]
    kept = replace(hint.overrides, changes=0)
    found = make_baseline(
        modes=(make_mode("zero", 0.6, ("auroc",), gain=gain), replace(hint, overrides=kept))
    )
    told = "\n".join(words.llm_lines(found))
    assert "has no interval here" in told and "it kept to it in all 40 rows" in told


def page(lang: str) -> None:
    from factories_baseline import make_baseline
    from factories_evidence import make_evidence
    from interpretable_app.panels import beside_baseline

    beside_baseline.draw(make_baseline(), make_evidence("binary"), lang)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_panel_draws_what_the_report_says(lang):
    # AppTest keeps a function of its own in the session, which the shipped setting refuses to serialise.
    config.set_option("runner.enforceSerializableSessionState", False)
    test = AppTest.from_function(page, default_timeout=60, kwargs={"lang": lang}).run()
    assert not test.exception, test.exception
    text = html.unescape("\n".join(str(element.value) for element in test.markdown))
    assert words.say("llmbase.bill", lang) in text and "<table" in text
    assert words.say("llmbase.memory_note", lang) in text
