"""A text behind concepts: what it says, which concepts were found in it, and by which phrases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st
from interpretable_app.panels.html import emit, tag
from interpretable_app.panels.text import LONGEST

from interpretable import words
from interpretable.data.concepts import phrases_found
from interpretable.records.task import Task


def draw_asked(values: Mapping[str, Any], task: Task, lang: str) -> None:
    """Nothing for a task without approved concepts."""
    for column in task.inputs:
        concepts = [c for c in task.concepts if c.column == column.name and c.approved]
        text = values.get(column.name)
        if not concepts or not isinstance(text, str) or not text:
            continue
        found = phrases_found(task, column.name, text)
        st.header(words.say("concepts.case_title", lang), anchor=False)
        if column.exclude:  # a text that the model reads is shown with its words already
            emit(
                tag("p", tag("strong", words.start(words.label(column, task, lang)))),
                tag("p", text[:LONGEST], cls="quote"),
            )
        told = [words.concept_found(name, phrases, task, lang) for name, phrases in found.items()]
        told += [words.concepts_not_found([c.name for c in concepts if c.name not in found], task, lang)]
        emit(tag("ul", *(tag("li", line) for line in told if line)))
