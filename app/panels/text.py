"""A text with the words that carry its score underlined: thickness and sign, not colour alone."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from interpretable_app.panels.html import Safe, emit, join, tag
from interpretable_app.texts import t

from interpretable import words
from interpretable.records.document import Run
from interpretable.records.explanation import CaseExplanation, Removal, Snippet, TextReading
from interpretable.records.task import Task

OPEN = 900  # characters shown before a text is folded
LONGEST = 50_000  # characters shown at all
KEPT = 16  # characters of a word that stays on one line with its sign
SIGNS = {"raises": "▲", "lowers": "▼"}


def draw_text(found: CaseExplanation, task: Task, lang: str, *, specialist: bool = False) -> None:
    """Each text of the case, and beside it the words that weigh most."""
    readings = [r for r in found.texts if (found.values or {}).get(r.feature)]
    if not readings:
        return
    st.header(t("text.title", lang), anchor=False)
    for reading in readings:
        with st.container(key=f"text {reading.feature}"):
            _draw_one(reading, found, task, lang, specialist=specialist)
    for line in words.unknown_words(found, task, lang):
        emit(tag("p", line))


def _draw_one(
    reading: TextReading, found: CaseExplanation, task: Task, lang: str, *, specialist: bool
) -> None:
    left, right = st.columns(2, gap="medium")
    name = words.start(words.label(reading.feature, task, lang))
    with left:
        emit(tag("p", tag("strong", name)))
        _draw_marked(str((found.values or {})[reading.feature]), reading, found, task, lang)
    with right:
        if reading.removals:
            emit(_table(reading, task, lang, specialist=specialist))
        else:
            emit(_plain(reading, found, lang))
        lines = [words.differ(task, lang)] if reading.removals else []
        lines += [words.opposed(reading, lang), words.kinds(found, reading.feature, lang)]
        emit(*(tag("p", line, cls="small soft") for line in lines if line))


def _draw_marked(text: str, reading: TextReading, found: CaseExplanation, task: Task, lang: str) -> None:
    runs = words.runs(text[:LONGEST], [m for m in reading.marks if m.end <= LONGEST])
    if len(text) <= OPEN:
        emit(marked(runs, lang))
    else:
        emit(tag("p", words.say("reading.legend.begins", lang), cls="small soft"), marked(_first(runs), lang))
        with st.expander(words.say("reading.legend.whole", lang, n=len(text))):
            emit(marked(runs, lang))
            if len(text) > LONGEST:
                emit(tag("p", words.say("reading.legend.cut", lang, n=LONGEST), cls="small soft"))
    emit(*_legend(text, reading, found, task, lang))


def _first(runs: Sequence[Run]) -> tuple[Run, ...]:
    """The beginning of a text, to the end of a word."""
    kept, size = [], 0
    for run in runs:
        if size + len(run.text) > OPEN:
            whole = run.text[: OPEN - size].rsplit(" ", 1)[0]
            kept.append(Run(text=f"{whole} …"))
            break
        kept.append(run)
        size += len(run.text)
    return tuple(kept)


def marked(runs: Sequence[Run], lang: str) -> Safe:
    """The text as one block that keeps its own direction of reading to itself."""
    return tag("div", join(_run(run, lang) for run in runs), cls="quote", dir="auto")


def _run(run: Run, lang: str) -> Safe:
    # Line ends as elements: the page is written on one line.
    lines = [Safe("<br>") if part is None else part for part in _broken(run.text)]
    if not run.direction:
        return join(lines)
    sign = _sign(SIGNS[run.direction], t(f"case.{run.direction}", lang)) if run.last else None
    kept = " keep" if len(run.text) <= KEPT else ""
    return tag("span", *lines, sign, cls=f"token {run.direction} t{run.level}{kept}")


def _broken(text: str) -> list[str | None]:
    parts: list[str | None] = []
    for place, line in enumerate(text.split("\n")):
        parts += [None, line] if place else [line]
    return parts


def _sign(sign: str, said: str) -> Safe:
    """A sign for the eye, and for the ear what it says."""
    return join((tag("span", sign, cls="sign", aria_hidden="true"), tag("span", f" ({said}) ", cls="heard")))


def _legend(text: str, reading: TextReading, found: CaseExplanation, task: Task, lang: str) -> list[Safe]:
    if not reading.marks:
        return [tag("p", words.say("reading.legend.places", lang), cls="small soft")]
    name = words.class_name(found.output, task, lang) if task.kind == "multiclass" else ""
    keys = []
    for way in SIGNS:
        said = words.say(f"reading.{way}_of", lang, name=name) if name else t(f"case.{way}", lang)
        keys.append(join((tag("span", SIGNS[way], cls=f"sign {way}"), " ", said)))
    lines = [words.say("reading.legend.text", lang)]
    kinds = {part.units for part in found.terms if reading.feature in part.features} - {"", "word"}
    if kinds:
        named = [words.units(kind, lang) for kind in ("characters", "piece") if kind in kinds]
        lines.append(words.say("reading.legend.spelling", lang, units=named))
    if words.visible(text) != text.replace("\r\n", "\n").replace("\t", " "):
        lines.append(words.say("reading.legend.hidden", lang))
    return [
        tag("p", join((keys[0], " · ", keys[1])), cls="small"),
        *(tag("p", line, cls="small soft") for line in lines),
    ]


def _table(reading: TextReading, task: Task, lang: str, *, specialist: bool) -> Safe:
    """The words with the largest shares, and the estimate of the text without each of them."""
    ranked = sorted(reading.removals, key=lambda r: -abs(r.share))
    codes = ("word", "times", "share", "without")
    heads = [tag("th", words.say(f"reading.head.{code}", lang), scope="col") for code in codes]
    rows = [_row(r, abs(ranked[0].share), task, lang, specialist=specialist) for r in ranked]
    now = words.amount(ranked[0].estimate, task, lang)
    caption = tag("caption", words.say("reading.table.words", lang, now=now))
    return tag("table", caption, tag("thead", tag("tr", *heads)), tag("tbody", *rows), cls="words")


def _row(found: Removal, largest: float, task: Task, lang: str, *, specialist: bool) -> Safe:
    way = "raises" if found.share > 0 else "lowers"
    signs = SIGNS[way] * max(words.strength(found.share, largest), 1)
    exact = f" {words.fixed(found.share)}" if specialist else ""
    share = join((tag("span", signs, cls=f"sign {way}", aria_hidden="true"), " ", _short(way, lang), exact))
    return tag(
        "tr",
        tag("th", tag("bdi", words.visible(found.word)[:60]), scope="row"),
        tag("td", words.number(found.times)),
        tag("td", share),
        tag("td", words.amount(found.if_removed, task, lang)),
    )


def _short(way: str, lang: str) -> str:
    return words.say(f"draw.{way}", lang)


def _plain(reading: TextReading, found: CaseExplanation, lang: str) -> Safe:
    """Without places: the words that move the estimate most, as a list for each side."""
    lines = []
    for way in SIGNS:
        named = words.strongest(found, reading, way, 8)
        if named:
            items = [tag("li", tag("bdi", word)) for word in named]
            lines.append(join((tag("p", words.start(_short(way, lang)), ":"), tag("ul", *items))))
    head = tag("p", words.say("reading.legend.plain", lang)) if lines else None
    return tag("div", head, *lines)


def draw_snippets(found: Sequence[Snippet], lang: str) -> None:
    """Past texts around one token, each on a line of its own."""
    if not found:
        emit(tag("p", words.say("reading.snippets.none", lang), cls="soft"))
        return
    emit(tag("ul", *(tag("li", _snippet(one), dir="auto") for one in found), cls="snippets"))


def _snippet(found: Snippet) -> Safe:
    before, after = words.visible(found.before), words.visible(found.after)
    return tag("span", before, tag("strong", words.visible(found.token)), after)
