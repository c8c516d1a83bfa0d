"""Similar past cases, with what happened."""

from __future__ import annotations

from interpretable_app.panels.html import emit, tag
from interpretable_app.texts import t
from interpretable_app.views import CaseView


def draw_similar(view: CaseView) -> None:
    lang = view.lang
    if not view.similar:
        emit(tag("p", view.similar_summary))
        return
    heads = [
        t(f"case.similar_head.{name}", lang, target=view.target)
        for name in ("case", "outcome", "estimate", "differs")
    ]
    head = tag("thead", tag("tr", *(tag("th", name, scope="col") for name in heads)))
    rows = []
    for place, past in enumerate(view.similar, start=1):
        name = tag("th", t("case.similar_name", lang, n=place), scope="row", cls="name")
        differs = " · ".join(past.differences) or t("case.similar_same", lang)
        rows.append(
            tag(
                "tr",
                name,
                tag("td", tag("strong", past.outcome)),
                tag("td", past.estimate),
                tag("td", differs),
            )
        )
    if view.mix:
        emit(tag("p", view.mix))
    table = tag("table", tag("caption", view.similar_summary), head, tag("tbody", *rows))
    emit(tag("div", table, cls="scroll", tabindex="0", role="region", aria_label=t("case.similar", lang)))
