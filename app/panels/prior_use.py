"""That the models of the study were given a prior, whose, and what they took of it."""

from __future__ import annotations

from interpretable_app.panels.html import emit, tag

from interpretable import words
from interpretable.records.evidence import Evidence


def draw(evidence: Evidence, lang: str, *, specialist: bool) -> None:
    """Called only where the study has this evidence."""
    if evidence.prior is not None:
        emit(tag("ul", *(tag("li", line) for line in words.prior_use(evidence.prior, lang))))
