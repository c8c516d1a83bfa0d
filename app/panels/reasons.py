"""Why this estimate: sentences in a real list. The bars repeat what the sentences say, for the eye."""

from __future__ import annotations

from interpretable_app.panels.html import Safe, emit, esc, join, tag
from interpretable_app.texts import t
from interpretable_app.views import CaseView, ReasonView


def draw_reasons(view: CaseView) -> None:
    lang = view.lang
    sides = tag(
        "span",
        tag("b", f"← {t('case.lowers', lang)}", cls="down"),
        tag("b", f"{t('case.raises', lang)} →", cls="up"),
        cls="sides",
    )
    head = tag("div", tag("span", t("case.reasons_note", lang)), sides, cls="it-barhead", aria_hidden="true")
    items = [_item(reason) for reason in view.reasons]
    if view.others:
        bar = _bar(view.others_share)
        items.append(tag("li", _says(esc(view.others)), bar, cls="rest"))
    emit(head, tag("ol", *items, cls="reasons"))
    lines = (view.measured, view.stable, t("case.not_cause", lang))
    emit(*(tag("p", line, cls="small soft") for line in lines if line))


def _says(text: Safe, *below: Safe | None) -> Safe:
    return tag("div", tag("div", tag("span", text), *below), cls="says")


def _item(reason: ReasonView) -> Safe:
    """The sentence; below it the words that carry it, and whether it would come out again."""
    name, rest = reason.name, reason.sentence
    said = join((tag("strong", name), rest[len(name) :])) if rest.startswith(name) else esc(rest)
    carried = tag("small", reason.carried) if reason.carried else None
    again = (
        tag("small", reason.stability, cls="soft" if reason.steady else "down") if reason.stability else None
    )
    return tag("li", _says(said, carried, again), _bar(reason.share))


def _bar(share: float) -> Safe:
    side = "raises" if share > 0 else "lowers"
    width = f"width:{abs(share) * 50:.1f}%"
    inside = tag("span", cls=side, style=width) if share else None
    return tag("div", inside, cls="it-bar", aria_hidden="true")
