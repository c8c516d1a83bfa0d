"""A short text with the words that moved the estimate underlined: line style and side, not colour alone."""

from __future__ import annotations

import re

import streamlit as st
from interpretable_app.panels.html import Safe, emit, join, tag
from interpretable_app.texts import t

from interpretable import words
from interpretable.records.explanation import CaseExplanation
from interpretable.records.task import Task

MOST = 12  # words marked: more than that is noise
LONGEST = 4000


def draw_text(found: CaseExplanation, task: Task, lang: str) -> None:
    if not found.tokens or not found.glass_box:
        return
    st.header(t("text.title", lang), anchor=False)
    for column in task.text_columns:
        value = (found.values or {}).get(column.name)
        if isinstance(value, str) and value:
            weights = _weights(found, column.name)
            emit(
                tag("p", tag("strong", words.start(words.label(column, task, lang)))),
                tag("p", _marked(value[:LONGEST], weights), cls="quote"),
            )
    emit(tag("p", _legend(lang), cls="small soft"), _lists(found, lang))


def _weights(found: CaseExplanation, feature: str) -> dict[str, float]:
    own = [part for part in found.tokens if part.feature == feature]
    top = sorted(own, key=lambda part: -abs(part.contribution))[:MOST]
    return {part.token.lower(): part.contribution for part in top}


def _marked(text: str, weights: dict[str, float]) -> Safe:
    phrases = sorted((re.escape(token) for token in weights), key=len, reverse=True)
    if not phrases:
        return join((text,))
    pieces = re.split(rf"(?i)(?<!\w)({'|'.join(phrases)})(?!\w)", text)
    return join(_piece(piece, weights.get(piece.lower())) for piece in pieces)


def _piece(piece: str, weight: float | None) -> object:
    if weight is None:
        return piece
    sign = "▲" if weight > 0 else "▼"
    mark = tag("span", sign, aria_hidden="true")
    return tag("span", piece, mark, cls=f"token {'raises' if weight > 0 else 'lowers'}")


def _legend(lang: str) -> Safe:
    up = tag("span", t("case.raises", lang), " ▲", cls="token raises")
    down = tag("span", t("case.lowers", lang), " ▼", cls="token lowers")
    return join((up, " · ", down))


def _lists(found: CaseExplanation, lang: str) -> Safe:
    top = sorted(found.tokens, key=lambda part: -abs(part.contribution))[:MOST]
    up = [words.clean(part.token) for part in top if part.contribution > 0]
    down = [words.clean(part.token) for part in top if part.contribution < 0]
    lines = []
    if up:
        lines.append(tag("p", t("text.raises", lang, tokens=up)))
    if down:
        lines.append(tag("p", t("text.lowers", lang, tokens=down)))
    return join(lines)
