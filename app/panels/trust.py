"""Three facts about how far to trust this estimate: seen before? complete? what else stands out?"""

from __future__ import annotations

from interpretable_app.panels.html import Safe, emit, tag
from interpretable_app.texts import t
from interpretable_app.views import CaseView


def draw_trust(view: CaseView) -> None:
    lang = view.lang
    domain = _fact(
        t(f"case.domain.{'in' if view.inside else 'out'}", lang), view.domain, warn=not view.inside
    )
    known = (view.missing,) if view.missing else (t("case.complete.text", lang),)
    title = t("case.incomplete.title" if view.missing else "case.complete.title", lang)
    facts = [domain, _fact(title, known, warn=bool(view.missing))]
    if view.flags:
        facts.append(_fact(t("case.flagged", lang), view.flags, warn=True))
    emit(tag("section", *facts, cls="it-strip", aria_label=t("case.trust", lang)))


def _fact(title: str, lines: tuple[str, ...], *, warn: bool) -> Safe:
    mark = tag("span", "⚠", Safe("&nbsp;"), aria_hidden="true") if warn else None
    body = [tag("p", line) for line in lines]
    return tag("div", tag("strong", mark, title), *body, cls="it-fact warn" if warn else "it-fact")
