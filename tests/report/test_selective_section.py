"""The section, the sentences and the panel on what could be decided alone, in both languages."""

from dataclasses import replace

import pytest
from factories_evidence import make_evidence
from factories_selective import figure, make_selective
from factories_words import make_case, make_task
from streamlit import config
from streamlit.testing.v1 import AppTest

from interpretable import figures, words
from interpretable.records.document import Paragraph, Picture, Table
from interpretable.records.selective import SelectiveEvidence
from interpretable.records.task import Plan
from interpretable.report.selective import main_level, selective

LANGUAGES = ("en", "zh")


def blocks_of(found, kind="binary", lang="en"):
    return list(selective(replace(make_evidence(kind), selective=found), lang))


def text_of(blocks):
    parts = []
    for block in blocks:
        parts += [block.text] if isinstance(block, Paragraph) else []
        if isinstance(block, Table):
            parts += [block.caption, *block.head, *(f"{c.text} {c.quiet}" for row in block.rows for c in row)]
    return "\n".join(parts)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", ["binary", "multiclass"])
@pytest.mark.parametrize("by_answer", [False, True])
def test_every_limit_is_told_with_what_it_rests_on(kind, lang, by_answer):
    blocks = blocks_of(make_selective(kind, by_answer=by_answer), kind, lang)
    text = text_of(blocks)
    assert any(isinstance(b, Picture) for b in blocks)
    assert ("At most 5 % wrong: the model could decide 67 %" if lang == "en" else "判错不超过5%") in text
    assert ("this cannot be promised" if lang == "en" else "无法承诺") in text
    assert "88 %" in text if lang == "en" else "88%" in text  # the threshold
    for word in ("safe", "accurate", "confident", "guarantee", "certified", "置信度"):
        assert word not in text.lower()


def test_a_group_is_told_whether_the_promise_holds_for_it_too():
    text = text_of(blocks_of(make_selective()))
    assert "shown too" in text and "not shown" in text and "Even without any error 59 are needed" in text


def test_a_limit_on_false_omissions_is_told_with_its_answers():
    found = make_selective(by_answer=True, false_omission=0.02)
    text = text_of(blocks_of(found))
    assert "false omissions" in text and "“yes” is always left to a person" in text
    assert "Of all “yes” in the test part, 3 % would have been decided as “no”" in text


def test_what_bends_the_promise_is_said():
    said = " ".join(words.selective_meaning(make_selective(by_time=True, one_per_group=True), make_task()))
    assert "follow each other in time" in said and "one of each was drawn" in said
    assert "at least 90 %" in said and "3.3 % lay outside" in said


def test_the_tables_are_of_the_declared_limit_or_the_strictest_that_was_shown():
    found = make_selective()
    assert main_level(found).level == 0.05
    also = replace(found.levels[1], level=0.1)
    assert main_level(replace(found, levels=(*found.levels, also), declared=0.1)).level == 0.1
    assert main_level(replace(found, levels=found.levels[:1], declared=0.02)) is None


def test_nothing_is_said_where_there_is_nothing():
    assert blocks_of(None) == [] and blocks_of(SelectiveEvidence()) == []


def test_limits_that_lead_to_one_rule_share_a_dot():
    found = make_selective()
    also = replace(found.levels[1], level=0.1)
    chart = figures.selective_curve(replace(found, levels=(*found.levels, also)))
    dots = chart.to_dict()["layer"][2]["data"]["values"]
    assert [d["text"] for d in dots] == ["≤ 5 %, ≤ 10 %"]
    assert "At 60 % decided, 6 % were wrong; at 100 % decided, 10 %." in figures.selective_curve_alt(found)
    assert "Too few" in figures.selective_curve_alt(replace(found, curve=()))
    assert len(figures.selective_curve_table(found)) == 10


@pytest.mark.parametrize("why", ["", "unsure", "outside", "not_shown"])
def test_a_case_says_in_one_sentence_who_decides(why):
    task = make_task(plan=Plan(max_error=0.05))
    case = make_case(decided_by="person" if why else "model", left_because=why)
    said = words.decider(case, task)
    assert said.count(".") == 1 and "5 % wrong answers" in said
    assert ("left to a person" in said) == bool(why)
    assert words.decider(case, task, "zh").endswith("。")
    assert words.decider(case, make_task()) == "" and words.decider(make_case(), task) == ""


def page(kind: str, lang: str, specialist: bool) -> None:
    from dataclasses import replace

    from factories_evidence import make_evidence
    from factories_selective import make_selective
    from interpretable_app.panels import selective

    given = replace(make_evidence(kind), selective=make_selective(kind))
    selective.draw(given, lang, specialist=specialist)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("kind", "specialist"), [("binary", False), ("multiclass", False), ("binary", True)])
def test_the_panel_draws_the_limits_first_and_tables_for_specialists(kind, lang, specialist):
    # AppTest keeps a function of its own in the session, which the shipped setting refuses to serialise.
    config.set_option("runner.enforceSerializableSessionState", False)
    given = {"kind": kind, "lang": lang, "specialist": specialist}
    test = AppTest.from_function(page, default_timeout=60, kwargs=given).run()
    assert not test.exception, test.exception
    text = "\n".join(str(element.value) for element in test.markdown)
    assert ("At most 5 % wrong" if lang == "en" else "判错不超过5%") in text
    assert ("<table" in text.split("figure")[-1] and "0.07" in text) == specialist


def test_a_share_without_width_is_shown_without_a_range():
    found = make_selective()
    held = replace(
        found.levels[1].held, error=figure(0.0), coverage=replace(figure(1.0), low=None, high=None)
    )
    text = text_of(blocks_of(replace(found, levels=(replace(found.levels[1], held=held),))))
    assert "100 % \n" in text + "\n"
