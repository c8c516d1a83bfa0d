"""Texts on the pages: words by their shares, hostile texts shown as they are, past texts by role."""

from __future__ import annotations

import html
import re
import shutil
from pathlib import Path

import pytest
from factories_app import MAIN, TEXTS, copy_text_study
from interpretable_app import source
from streamlit import config
from streamlit.testing.v1 import AppTest

from interpretable import words
from interpretable.errors import ReviewError
from interpretable.review import open_desk


@pytest.fixture(autouse=True)
def plain_session():
    """As in test_app_pages: AppTest keeps a function in the session."""
    config.set_option("runner.enforceSerializableSessionState", False)


@pytest.fixture(scope="module")
def copied(text_study, tmp_path_factory) -> Path:
    return copy_text_study(text_study, tmp_path_factory.mktemp("pages"))


@pytest.fixture
def study(copied, monkeypatch) -> Path:
    monkeypatch.setenv("INTERPRETABLE_STUDY", str(copied))
    return copied


def run(page: str, *, lang: str = "en", specialist: bool = False, **query: str) -> AppTest:
    test = AppTest.from_file(str(MAIN), default_timeout=60)
    test.session_state["lang"], test.session_state["specialist"] = lang, specialist
    for key, value in query.items():
        test.query_params[key] = value
    test.run()
    test.switch_page(f"screens/{page}.py").run()
    assert not test.exception, test.exception
    return test


def markdown_of(test: AppTest) -> str:
    return "\n".join(str(part.value) for part in test.markdown)


def heard(block: str) -> str:
    """What the elements say, without tags."""
    return html.unescape(re.sub(r"<[^>]*>", "", block))


def explained(study: Path, name: str):
    return source.explain(open_desk(study).case(name))


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_a_text_is_marked_word_by_word_with_a_sign_that_is_also_said(study, lang):
    said = markdown_of(run("case", lang=lang, case="spam"))
    raises = words.say("app.case.raises", lang)
    marked = re.findall(r'<span class="token (raises|lowers) t([123])[^"]*">([^<]*)<', said)
    assert marked and {"3"} <= {level for _, level, _ in marked}
    assert f'<span class="heard"> &#40;{raises}&#41; </span>' in said
    assert said.count('aria-hidden="true">▲</span><span class="heard">') >= 1
    reading = explained(study, "spam").texts[0]
    assert words.say("reading.differ", lang) in html.unescape(said)
    for removal in reading.removals[:3]:
        task = source.study().task
        assert words.amount(removal.if_removed, task, lang) in html.unescape(said)
    assert "␣" not in said, "runs of characters are no words"


def test_a_reason_of_a_text_names_the_words_that_carry_it_and_the_record_keeps_them(study):
    said = heard(markdown_of(run("case", case="spam")))
    found = explained(study, "spam")
    carried = words.carried(found.reasons[0], found)
    assert carried.startswith("Carried most by “") and carried in said


def test_a_hostile_text_is_shown_as_it_is_and_nothing_of_it_is_read_as_html_or_markdown(study):
    said = markdown_of(run("case", case="hostile"))
    (quote,) = re.findall(r'<div class="quote" dir="auto">.*?</div>', said)
    assert "<script" not in said and "\u202e" not in said and "\u200b" not in said
    assert "**FREE**" not in quote and "[c](" not in quote and "\n" not in quote
    shown = re.sub(r"[▲▼] ?\((raises|lowers) the estimate\) ?", "", heard(quote.replace("<br>", "\n")))
    assert re.sub(r"\s+", " ", shown) == re.sub(r"\s+", " ", words.visible(TEXTS["hostile"]))
    assert "[U+202E]evil" in shown and "win[U+200B]ner" in shown
    assert words.say("reading.legend.hidden") in heard(said)


def test_a_long_text_is_folded_and_shown_whole_on_demand(study):
    test = run("case", case="long")
    label = words.say("reading.legend.whole", n=len(TEXTS["long"].strip()))
    (folded,) = [e for e in test.expander if e.label == label]
    quotes = re.findall(r'<div class="quote".*?</div>', "\n".join(str(m.value) for m in folded.markdown))
    assert len(quotes) == 1 and heard(quotes[0]).count("free") == 60
    assert words.say("reading.legend.begins") in heard(markdown_of(test))


def test_a_text_whose_places_cannot_be_told_is_plain_with_a_list_of_words(study):
    said = heard(markdown_of(run("case", case="folded")))
    assert not explained(study, "folded").texts[0].marks
    assert words.say("reading.legend.places") in said
    assert words.say("reading.legend.plain") in said


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_words_that_nobody_learned_are_counted_and_stand_in_the_trust_strip(study, lang):
    found, task = explained(study, "unknown"), source.study().task
    assert found.domain.unfamiliar_texts == ("text",)
    said = heard(markdown_of(run("case", lang=lang, case="unknown")))
    (line,) = words.unknown_words(found, task, lang)
    assert line in said
    assert all(sentence in said for sentence in words.domain(found.domain, task, lang))


def test_specialists_see_every_token_by_kind_and_each_table_sums_to_its_term(study):
    test = run("case", specialist=True, case="spam")
    found = explained(study, "spam")
    tables = [m for e in test.expander for m in e.markdown if "Sum of the term" in str(m.value)]
    assert len(tables) == len({part.units for part in found.terms if part.units})
    for part, table in zip((p for p in found.terms if p.units), tables, strict=True):
        shown = [
            float(x.replace("−", "-"))
            for x in re.findall(r'class="n">(?:<strong>)?([+−][\d.]+)', str(table.value))
        ]
        assert sum(shown[:-1]) == pytest.approx(shown[-1], abs=2e-3)
        assert shown[-1] == pytest.approx(part.contribution, abs=1e-4)


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_the_model_page_names_words_with_weight_mean_and_texts_and_shows_places(study, lang):
    test = run("model", lang=lang)
    said = heard(markdown_of(test))
    assert words.say("draw.head.token_mean", lang) in said and words.say("reading.global.lead", lang) in said
    box = next(b for b in test.selectbox if str(b.key).startswith("snippet"))
    places = re.findall(r'<ul class="snippets">.*?</ul>', markdown_of(test))
    assert len(places) == 1
    token = source.whole().tokens
    assert len(box.options) == len(token)
    assert "<strong>" in places[0] and box.options[0].replace("\\", "").lower() in heard(places[0]).lower()


def test_a_viewer_sees_no_past_text_and_cannot_ask_for_one(study, monkeypatch):
    monkeypatch.setenv("INTERPRETABLE_ROLE", "viewer")
    test = run("model")
    said = markdown_of(test)
    assert words.say("reading.snippets.closed") in heard(said) and "snippets" not in said
    assert not [b for b in test.selectbox if str(b.key).startswith("snippet")]
    with pytest.raises(ReviewError, match="past_texts"):
        source.snippets("text", "free", "word")


def test_a_study_without_its_rows_says_that_past_texts_are_not_kept(study, tmp_path, monkeypatch):
    bare = tmp_path / "bare"
    shutil.copytree(study, bare)
    (bare / "private" / "train.parquet").unlink()
    monkeypatch.setenv("INTERPRETABLE_STUDY", str(bare))
    assert words.say("reading.snippets.absent") in heard(markdown_of(run("model")))
