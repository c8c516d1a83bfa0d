"""For specialists: the exact sum behind the estimate, and the black box beside it."""

from __future__ import annotations

import streamlit as st
from interpretable_app.panels.html import Safe, emit, esc, md, tag
from interpretable_app.texts import t

from interpretable import words
from interpretable.records.explanation import CaseExplanation, TermPart, TokenPart
from interpretable.records.task import Task

MOST_TOKENS = 25  # by name; the others are one row


def signed(value: float) -> str:
    return f"{value:+.4f}".replace("-", "−")


def draw_exact(found: CaseExplanation, task: Task, lang: str) -> None:
    """Constant plus terms equals score: every summand, none left out."""
    rows = [_cells(t("exact.constant", lang), signed(found.constant))]
    ordered = sorted(found.terms, key=lambda part: -abs(part.contribution))
    rows += [_cells(words.term(part, found.terms, task, lang), signed(part.contribution)) for part in ordered]
    total = found.constant + sum(part.contribution for part in found.terms)
    rows.append(_cells(tag("strong", t("exact.sum", lang)), tag("strong", signed(total))))
    scale = "exact.scale_identity" if task.kind == "regression" else "exact.scale_log_odds"
    rows.append(_cells(t("exact.estimate", lang), f"{found.estimate:.6f}"))
    caption = f"{t('exact.caption', lang, model=words.model(found.model, lang))} {t(scale, lang)}"
    _table(caption, (t("exact.term", lang), t("exact.adds", lang)), rows, lang)
    emit(tag("p", t("exact.bundle", lang), " ", tag("code", found.bundle_id), cls="small soft"))


def draw_tokens(found: CaseExplanation, task: Task, lang: str) -> None:
    """The tokens of every term of a text: the largest by name, the others together, and their sum."""
    for part in found.terms:
        own = [x for x in found.tokens if part.units and (x.feature, x.units) == (part.term, part.units)]
        if own:
            _draw_term(part, own, found, task, lang)


def _draw_term(part: TermPart, own: list[TokenPart], found: CaseExplanation, task: Task, lang: str) -> None:
    name = words.term(part, found.terms, task, lang)
    heads = tuple(words.say(f"reading.head.{head}", lang) for head in ("token", "kind", "times", "adds"))
    kind = words.say(f"reading.token.{part.units}", lang)
    rows = [
        _cells(
            tag("bdi", words.token(x.token, x.units, lang)),
            kind,
            words.number(x.times),
            signed(x.contribution),
        )
        for x in own[:MOST_TOKENS]
    ]
    rest = own[MOST_TOKENS:]
    if rest:
        said, times = words.say("reading.table.rest", lang, n=len(rest)), sum(x.times for x in rest)
        rows.append(_cells(said, kind, words.number(times), signed(sum(x.contribution for x in rest))))
    total = tag("strong", signed(sum(x.contribution for x in own)))
    rows.append(_cells(tag("strong", words.say("reading.table.sum", lang)), "", "", total))
    said = words.say("reading.table.tokens", lang, name=name)
    with st.expander(md(said), expanded=part.units == "word"):
        _table(said, heads, rows, lang)


def draw_black_box(found: CaseExplanation, task: Task, lang: str) -> None:
    """SHAP values of the black box for the same case: they add up to its own margin, not to ours."""
    rows = [_cells(t("exact.expected", lang), signed(found.constant))]
    ordered = sorted(found.terms, key=lambda part: -abs(part.contribution))
    rows += [_cells(words.label(part.term, task, lang), signed(part.contribution)) for part in ordered]
    total = found.constant + sum(part.contribution for part in found.terms)
    rows.append(_cells(tag("strong", t("exact.sum", lang)), tag("strong", signed(total))))
    rows.append(_cells(t("exact.estimate", lang), f"{found.estimate:.6f}"))
    caption = t("exact.shap", lang, model=words.model(found.model, lang))
    _table(caption, (t("exact.term", lang), t("exact.shap_value", lang)), rows, lang)
    if found.background_sha256:
        said = words.say("stability.background_short", lang)
        emit(tag("p", said, " ", tag("code", found.background_sha256), cls="small soft"))


def draw_black_tokens(found: CaseExplanation, lang: str) -> None:
    """SHAP values of what the case's texts hold, by the black box; with the rest they sum to the text's."""
    if not found.tokens:
        return
    held = [part for part in found.tokens if part.token]
    rows = [_cells(_named(part, lang), signed(part.contribution)) for part in held[:MOST_TOKENS]]
    absent = [part for part in found.tokens if not part.token]
    for code, rest in (("exact.other_words", held[MOST_TOKENS:]), ("exact.absent", absent)):
        if rest:
            rows.append(_cells(t(code, lang), signed(sum(part.contribution for part in rest))))
    caption = t("exact.shap_tokens", lang, model=words.model(found.model, lang))
    _table(caption, (t("exact.token", lang), t("exact.shap_value", lang)), rows, lang)


def _named(part: TokenPart, lang: str) -> str:
    """A word as it is; letters said to be letters."""
    name = words.token(part.token, part.units, lang)
    return name if part.units == "word" else t("exact.letters", lang, token=name)


def _cells(name: object, *cells: object) -> Safe:
    """A row whose last cell is a number."""
    middle = [tag("td", esc(cell)) for cell in cells[:-1]]
    return tag("tr", tag("th", esc(name), scope="row"), *middle, tag("td", esc(cells[-1]), cls="n"))


def _table(caption: str, heads: tuple[str, ...], rows: list[Safe], lang: str) -> None:
    named = [tag("th", head, scope="col", cls="n" if head == heads[-1] else None) for head in heads]
    head = tag("tr", *named)
    emit(tag("table", tag("caption", caption), tag("thead", head), tag("tbody", *rows)))
