"""What could be changed to get another decision, or that nothing can."""

from __future__ import annotations

from interpretable_app.panels.html import emit, tag

from interpretable import words
from interpretable.records.evidence import Evidence
from interpretable.records.recourse import Recourse
from interpretable.records.task import Task


def draw(evidence: Evidence, lang: str, *, specialist: bool) -> None:
    """Called only where the study has this evidence."""
    found = evidence.recourse.summary
    if found is None:
        emit(*(tag("p", words.not_computed(lack, lang)) for lack in evidence.recourse.not_computed))
        return
    emit(tag("p", words.say("recourse.lead", lang), cls="soft"))
    emit(*(tag("p", line) for line in words.recourse(found, evidence.task, lang)))
    rows = [
        tag(
            "tr",
            tag("th", words.start(words.label(name, evidence.task, lang)), scope="row"),
            tag("td", n, cls="n"),
        )
        for name, n in found.by_feature
    ]
    caption = words.say("recourse.used", lang)
    emit(tag("table", tag("caption", caption), tag("tbody", *rows)))
    if specialist:
        facts = [
            tag(
                "li",
                words.say(f"recourse.facts_{name}", lang),
                ": ",
                words.figure(getattr(found, name), lang),
            )
            for name in ("found", "changed", "cost", "inside")
        ]
        emit(tag("ul", *facts))


def draw_plans(found: Recourse, task: Task, lang: str) -> None:
    """The plans of one case."""
    emit(*(tag("p", line) for line in words.plans(found, task, lang)))
    for k, one in enumerate(found.plans, start=1):
        first, *rest = words.plan(one, k, found, task=task, lang=lang)
        items = [tag("li", line) for line in words.changes(one, task, lang)]
        notes = [tag("p", line, cls="small soft") for line in rest]
        emit(tag("p", tag("strong", first)), tag("ul", *items), *notes)
