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


def _says(text: Safe, stability: str = "", *, steady: bool = True) -> Safe:
    """The sentence, and below it whether the reason would come out again; an unstable one stands out."""
    again = tag("small", stability, cls="soft" if steady else "down") if stability else None
    return tag("div", tag("div", tag("span", text), again), cls="says")


def _item(reason: ReasonView) -> Safe:
    name, rest = reason.name, reason.sentence
    if rest.startswith(name):
        said = join((tag("strong", name), rest[len(name) :]))
        return tag("li", _says(said, reason.stability, steady=reason.steady), _bar(reason.share))
    return tag("li", _says(esc(rest), reason.stability, steady=reason.steady), _bar(reason.share))


def _bar(share: float) -> Safe:
    side = "raises" if share > 0 else "lowers"
    width = f"width:{abs(share) * 50:.1f}%"
    inside = tag("span", cls=side, style=width) if share else None
    return tag("div", inside, cls="it-bar", aria_hidden="true")
