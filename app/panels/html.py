"""The only place that emits HTML. Every inserted value is escaped, for HTML and for Markdown both."""

from __future__ import annotations

import html as _html
import re
from functools import cache
from pathlib import Path

import streamlit as st

from interpretable.words import clean

# A picture of our own: Streamlit fetches its icons for the tab from another host.
ICON = (
    "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'><rect width='32' height='32' rx='7' "
    "fill='#0B5CAD'/><path d='M7 22h5v-6h5v-5h5V7' fill='none' stroke='#fff' stroke-width='3'/></svg>"
)
_MARKDOWN = re.compile(r"[\\`*_{}\[\]()#+\-.!|~$:<>&^=\"'/@]")
# Inside an HTML block Markdown is not read; encoding its marks keeps that true whatever the reader does.
_MARKS = {ord(c): f"&#{ord(c)};" for c in "`*_[]()!$:~|\\{}"}


class Safe(str):
    """Text that is HTML already."""

    __slots__ = ()


def esc(value: object) -> Safe:
    """A value as HTML text: no tags, no Markdown, no control or direction-changing characters."""
    if isinstance(value, Safe):
        return value
    text = str(value)
    before, after = (" " if edge.isspace() else "" for edge in (text[:1], text[-1:]))
    inside = _html.escape(clean(text), quote=True).translate(_MARKS)
    return Safe(f"{before}{inside}{after}" if inside else before)


def md(value: object) -> str:
    """A value for a widget's label or a Markdown text: shown as it is, never read as Markdown.

    >>> md("![x](http://e)")
    '\\\\!\\\\[x\\\\]\\\\(http\\\\:\\\\/\\\\/e\\\\)'
    """
    return _MARKDOWN.sub(lambda mark: "\\" + mark.group(), clean(" ".join(str(value).split())))


def tag(name: str, *children: object, **attributes: object) -> Safe:
    """An element. Children that are not Safe are escaped; `cls` is class, `aria_label` is aria-label."""
    given = "".join(
        f' {"class" if key == "cls" else key.replace("_", "-")}="{esc(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    inside = "".join(esc(child) for child in children if child is not None)
    return Safe(f"<{name}{given}>{inside}</{name}>")


def join(parts: object) -> Safe:
    return Safe("".join(esc(part) for part in parts))  # type: ignore[attr-defined]  # any iterable of parts


def emit(*parts: Safe) -> None:
    """Writes the elements into the page, as one block: a blank line would end it and start Markdown."""
    block = tag("div", *parts, cls="it")
    st.markdown(" ".join(block.split("\n")), unsafe_allow_html=True)


@cache
def _css() -> str:
    text = Path(__file__).parents[1].joinpath("style.css").read_text(encoding="utf-8")
    return " ".join(text.split())


def style() -> None:
    """The app's own style sheet."""
    st.html(f"<style>{_css()}</style>")


_LANGUAGE_TAGS = {"en": "en", "zh": "zh-Hans"}


# A script runs when its element is first made, not when it changes: so it watches the page instead.
# Streamlit gives the drop zone of a file role "presentation" although it can be focused and has a name.
_WATCH = """
const mend = () => {
  const said = document.querySelector('[data-it-lang]');
  if (said) document.documentElement.lang = said.dataset.itLang;
  document.querySelectorAll('[data-testid=stFileUploaderDropzone][role=presentation]')
    .forEach(zone => zone.setAttribute('role', 'group'));
};
mend();
if (!window.itMends) {
  window.itMends = new MutationObserver(mend);
  const what = {subtree: true, childList: true, attributes: true, attributeFilter: ['data-it-lang']};
  window.itMends.observe(document.body, what);
}
"""


def prepare(lang: str) -> None:
    """Sets the page's language for screen readers (Streamlit leaves it at English) and mends a role."""
    emit(tag("span", data_it_lang=_LANGUAGE_TAGS[lang], hidden="hidden"))
    st.html(f"<script>{_WATCH}</script>", unsafe_allow_javascript=True)
