import re
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser

import pytest
from factories_evidence import make_evidence, make_level_curve, make_llm, make_model, make_whole
from factories_words import make_task

from interpretable import report, words
from interpretable.errors import UserError
from interpretable.records.codec import from_json, to_json
from interpretable.records.evaluation import Figure
from interpretable.records.evidence import Evidence, NotComputed
from interpretable.records.exchange import Egress
from interpretable.report.build import SECTIONS

PAYLOADS = (
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    "![t](http://evil.example/?q=1)",
    "[c](javascript:alert(1))",
    "{{7*7}}",
    "{% raw %}",
    "$\\href{javascript:alert(1)}{x}$",
    "abc\u202edef",
    '"><svg onload=alert(1)>',
)
VOID = {"meta", "img", "br", "hr", "link", "input"}


class Page(HTMLParser):
    """What a browser would see: tags with attributes, figures, balance."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.figures, self.text, self._open, self._figure = [], {}, [], [], ""
        self.feed(html)
        assert not self._open, self._open

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._figure = dict(attrs).get("data-figure", "")
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag):
        assert self._open and self._open[-1] == tag, (tag, self._open)
        self._open.pop()
        self._figure = ""

    def handle_data(self, data):
        self.text.append(data)
        if self._figure:
            self.figures.setdefault(self._figure, set()).add(data)


@cache
def rendered(kind="binary", lang="en"):
    return report.render(report.build(make_evidence(kind), lang=lang)).decode()


def hostile(payload):
    """Evidence with the payload wherever a stranger's text can stand."""
    task = make_task(title=payload, positive=payload, outcome="", intended_use=payload, horizon=payload)
    columns = tuple(replace(c, label=payload, unit=payload) for c in task.columns)
    base = make_evidence()
    whole = make_whole(curves=(make_level_curve(levels=(payload, "b")),))
    group = replace(base.groups[0], group=payload)
    finding = replace(
        base.findings[0], subject=payload, parameters={**base.findings[0].parameters, "code": payload}
    )
    unknown = replace(finding, code=payload)
    return replace(
        base,
        task=replace(task, columns=columns, name=payload, target=payload),
        data=replace(base.data, name=payload, classes=(payload, "b")),
        explanation=whole,
        groups=(group,),
        findings=(finding, unknown),
        llm=make_llm(prompt_example=payload, detail=payload),
        not_computed=(NotComputed(what=payload, reason=payload),),
        events=({payload: payload},),
        provenance=replace(base.provenance, packages={payload: payload}),
    )


@pytest.mark.parametrize("lang", words.LANGUAGES)
@pytest.mark.parametrize("kind", ["binary", "multiclass", "regression"])
def test_a_report_is_one_whole_file_without_script_or_remote_address(kind, lang):
    html = rendered(kind, lang)
    page = Page(html)
    assert not {"script", "link", "iframe", "object", "form"} & {tag for tag, _ in page.tags}
    for _, attrs in page.tags:
        assert not [name for name in attrs if name.startswith("on")]
        assert attrs.get("src", "data:").startswith("data:image/svg+xml;base64,") or "src" not in attrs
        assert attrs.get("href", "#").startswith("#")
    assert not re.search(r"https?://|url\(|@import", html)
    policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
    assert any(attrs.get("content") == policy for tag, attrs in page.tags if tag == "meta")


def test_every_section_stands_in_the_contents_and_every_picture_has_words():
    page = Page(rendered())
    ids = [attrs["id"] for tag, attrs in page.tags if tag == "section"]
    links = [attrs["href"].removeprefix("#") for tag, attrs in page.tags if tag == "a"]
    assert ids == links
    assert ids == [name for name in SECTIONS if name in ids]
    assert {"purpose", "data", "performance", "model", "provenance"} <= set(ids)
    alts = [attrs["alt"] for tag, attrs in page.tags if tag == "img"]
    assert alts and all(len(alt) >= 40 for alt in alts)
    assert [tag for tag, _ in page.tags].count("h1") == 1


@pytest.mark.parametrize("kind", ["binary", "multiclass", "regression"])
def test_every_figure_on_paper_is_the_figure_of_the_evidence(kind):
    evidence = make_evidence(kind)
    shown = Page(rendered(kind)).figures
    assert len(shown) >= 2 * len(evidence.models[0].metrics)
    for source, texts in shown.items():
        model, _, name = source.partition(".")
        found = evidence.model(model)
        measures = found if not name.startswith("subsample.") else found.subsample or found
        figure = measures.metrics[name.removeprefix("subsample.")]
        assert texts == {words.fixed(figure.value)}, source


def test_every_measure_of_every_model_is_on_paper():
    evidence = make_evidence()
    shown = Page(rendered()).figures
    for model in evidence.models:
        prefix = "subsample." if model.ledger is not None else ""
        assert {f"{model.name}.{prefix}{name}" for name in model.metrics} <= set(shown)


def test_hostile_text_stays_text():
    html = report.render(report.build(hostile(" · ".join(PAYLOADS)))).decode()
    page = Page(html)
    tags = {tag for tag, _ in page.tags}
    assert not tags & {"script", "svg", "iframe"}
    assert all(attrs["src"].startswith("data:image/svg") for tag, attrs in page.tags if tag == "img")
    assert all(attrs["href"].startswith("#") for tag, attrs in page.tags if tag == "a")
    assert not [name for _, attrs in page.tags for name in attrs if name.startswith("on")]
    assert "\u202e" not in html
    for payload in PAYLOADS:
        assert words.clean(payload) in "".join(page.text)


def test_the_cover_counts_what_was_not_computed_and_the_section_lists_it():
    gap = Figure(value=None, reason="no_predicted_negative")
    broken = replace(make_model(), metrics={**make_model().metrics, "npv": gap})
    evidence = make_evidence(models=(broken, *make_evidence().models[1:]))
    text = "".join(Page(report.render(report.build(evidence)).decode()).text)
    assert "2 figures or parts, listed in section “Not computed”" in text
    assert "no row lies below the line" in text
    assert "External validation" in text


def test_the_floor_is_stated_and_what_left_the_machine_too():
    text = "".join(Page(rendered()).text)
    assert "a floor, not a fair ceiling" in text
    assert "SmolLM2-135M-Instruct" in text and "135M" in text and "Q4_1" in text
    assert "Nothing left the machine." in text
    sent = Egress(
        time="2026-11-22",
        endpoint="api.example.org",
        model="m",
        columns=("age",),
        calls=2,
        bytes=10,
        payload_sha256="0",
    )
    told = "".join(
        Page(report.render(report.build(make_evidence(llm=make_llm(egress=(sent,))))).decode()).text
    )
    assert "2 calls with 10 bytes went to api.example.org" in told
    assert "Nothing left the machine." not in told


def test_regression_says_that_the_language_model_was_not_run():
    assert "Not run: not defined for regression." in "".join(Page(rendered("regression")).text)


def test_small_groups_are_named_without_a_figure():
    text = "".join(Page(rendered()).text)
    assert "too few to say" in text and "Female" in text


def test_the_report_survives_the_way_through_json():
    evidence = make_evidence()
    again = from_json(to_json(evidence), Evidence)
    assert report.render(report.build(again)) == report.render(report.build(evidence))


def test_a_chinese_report_holds_no_english_sentence():
    text = "\n".join(Page(rendered("binary", "zh")).text)
    english = set(words.catalog("en").values())
    long = {s for s in english if len(s.split()) > 4 and "{" not in s}
    assert not [s for s in long if s in text]


def test_nothing_is_called_compliant_certified_or_fair():
    text = "".join(Page(rendered()).text).lower()
    for word in ("compliant", "hipaa-safe", "unbiased", "validated by", "is fair", "guaranteed"):
        assert word not in text


def test_an_unknown_format_names_the_known_ones():
    with pytest.raises(UserError, match="Known: html"):
        report.render(report.build(make_evidence()), "docx")


def test_a_bare_study_still_makes_a_report():
    evidence = make_evidence(
        findings=(), groups=(), examples=(), not_computed=(), events=(), checks={}, comparisons=(),
        comparisons_subsample=(), models=make_evidence().models[:1],
        llm=make_llm(status="off", mode="off", info=None),
        explanation=make_whole(curves=(), pairs=(), tokens=()),
    )  # fmt: skip
    text = "".join(Page(report.render(report.build(evidence)).decode()).text)
    assert "No language model was asked: it was switched off." in text
    assert "No column is marked sensitive" in text
