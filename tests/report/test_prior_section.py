"""The part of the report, the sentences, the figure and the panel of a prior, in both languages."""

import html
from dataclasses import replace

import pytest
from factories_evidence import make_evidence
from factories_prior import make_prior
from streamlit import config
from streamlit.testing.v1 import AppTest

from interpretable import figures, words
from interpretable.records import codec
from interpretable.records.beside import Told
from interpretable.records.document import Listing, Paragraph, Picture, Table
from interpretable.records.evaluation import Figure
from interpretable.records.exchange import LLMInfo
from interpretable.records.prior import (
    PriorFinding,
    PriorGain,
    PriorUse,
    PriorWeight,
    SaidScore,
    SaidWay,
    ScoreFit,
    WayFit,
)
from interpretable.report.beside_prior import prior

LANGUAGES = ("en", "zh")
REASONS = {"nothing_said", "too_few", "gain", "few_rows_only", "like_control", "no_gain", "open", "unused"}


def figure(value: float) -> Figure:
    return Figure(value=value, low=value - 0.02, high=value + 0.02, method="corrected t")


def make_found(lang_model: bool = True) -> PriorFinding:
    info = LLMInfo(name="a model", where="local") if lang_model else None
    task = make_evidence("binary").task
    number = next(c.name for c in task.features if c.kind == "number")
    level = next(c.name for c in task.features if c.kind == "category")
    gain = PriorGain(
        family="linear", n=25, full=False, folds=20, plain_loss=0.6, gain=figure(0.05), control=figure(0.0),
        over_control=figure(0.04), weight=Figure(value=0.6, low=0.0, high=2.0, method="folds"), used=11,
        verdict="helps",
    )  # fmt: skip
    full = replace(gain, n=320, full=True, gain=figure(0.001), verdict="does_not_help")
    return PriorFinding(
        told=Told(
            mechanism="prior", bundle_id="", created="2026-01-01", seed=0, verdict="does_not_help",
            reason="few_rows_only", info=info,
        ),
        prior=make_prior(
            where="local" if lang_model else "person", said_by="a model" if lang_model else "a person",
            ways=(SaidWay(column=number, way="up", sure=0.67),),
            levels=(SaidScore(column=level, name="x", scores=(1.0,)),),
        ),
        digest="0" * 64, model="logistic", rows=400, gains=(gain, full),
        weights=(PriorWeight(model="logistic", weight=0.25),),
        ways=(WayFit(column=number, said="up", sure=0.67, fitted="turns", agrees=False),),
        scores=(ScoreFit(kind="levels", column=level, compared=3, agree=2, against=("x",)),),
        draws=3, not_asked={"sensitive": (level,)}, words_shown=10,
        words_withheld={"rare": 5, "name": 2}, unread={"levels": 1},
    )  # fmt: skip


def text_of(blocks) -> str:
    parts = []
    for block in blocks:
        if isinstance(block, Paragraph):
            parts.append(block.text)
        if isinstance(block, Listing):
            parts += block.items
        if isinstance(block, Table):
            parts += [block.caption, *block.head, *(c.text for row in block.rows for c in row)]
    return "\n".join(parts)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_was_said_what_was_taken_and_where_it_differs_are_told(lang):
    found, evidence = make_found(), make_evidence("binary")
    blocks = list(prior(found, evidence, lang))
    text = text_of(blocks)
    assert any(isinstance(b, Picture) for b in blocks)
    column = words.label(found.ways[0].column, evidence.task, lang)
    assert column in words.prior_found(found, evidence.task, lang)[-1]
    for part in ("0.25", "67 %" if lang == "en" else "67%", words.say("prior.way.turns", lang)):
        assert part in text
    assert words.say("prior.no_rows", lang) in text
    by_hand = text_of(prior(make_found(lang_model=False), evidence, lang))
    assert words.say("prior.no_rows", lang) not in by_hand and "a person" in by_hand


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_figure_has_its_numbers_and_its_sentence(lang):
    found = make_found()
    rows = figures.prior_gains_table(found, lang)
    assert len(rows) == 2 and "320" in next(iter(rows[1].values()))
    assert figures.svg(figures.prior_gains(found, lang)).startswith("<svg")
    assert "0.050" in figures.prior_gains_alt(found, lang)
    empty = replace(found, gains=())
    assert figures.prior_gains_alt(empty, lang) == words.say("prior.none_yet", lang)
    assert not any(isinstance(b, Picture) for b in prior(empty, make_evidence("binary"), lang))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_reason_has_its_sentence(lang):
    kept = {code.rsplit(".", 1)[1] for code in words.codes("beside.reason.prior.", lang)}
    assert kept == REASONS


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_study_made_with_a_prior_says_what_was_taken(lang):
    used = PriorUse(
        said_by="a person", where="person", date="2026-01-01", digest="ab" * 32, ways=1, levels=0, words=0,
        weights=(PriorWeight(model="logistic", weight=0.5), PriorWeight(model="ebm", weight=0.0)),
    )  # fmt: skip
    assert any("0.50" in line for line in words.prior_use(used, lang))
    none = replace(used, weights=(PriorWeight(model="ebm", weight=0.0, reason="not_shown"),))
    assert words.say("prior.use_none", lang) in words.prior_use(none, lang)


def page(lang: str, specialist: bool, raw: str) -> None:
    import streamlit as st
    from factories_evidence import make_evidence
    from interpretable_app.panels import beside_prior

    from interpretable.records import codec
    from interpretable.records.prior import PriorFinding

    st.session_state["specialist"] = specialist
    beside_prior.draw(codec.from_json(raw, PriorFinding), make_evidence("binary"), lang)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("specialist", [False, True])
def test_the_panel_draws_what_the_report_says_and_tables_for_specialists(lang, specialist):
    # AppTest keeps a function of its own in the session, which the shipped setting refuses to serialise.
    config.set_option("runner.enforceSerializableSessionState", False)
    given = {"lang": lang, "specialist": specialist, "raw": codec.to_json(make_found()).decode()}
    test = AppTest.from_function(page, default_timeout=60, kwargs=given).run()
    assert not test.exception, test.exception
    text = html.unescape("\n".join(str(element.value) for element in test.markdown))
    assert words.say("prior.gains_note", lang) in text
    assert (words.say("prior.ways", lang) in text) == specialist
