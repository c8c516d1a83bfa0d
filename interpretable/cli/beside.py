"""Small and large models together: one command per mechanism, all asked beside a finished study."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.markup import escape

from interpretable.cli.base import err, mode, out

if TYPE_CHECKING:
    from interpretable.study.opened import OpenStudy


def ask(study: OpenStudy, mechanism: str, *, llm: str, lang: str = "en", **options: Any) -> Any:
    """Run one mechanism beside an open study; prints verdict and cost, and returns the finding."""
    from interpretable import words

    with err.status(mechanism) as status:
        found = study.ask_beside(
            mechanism, llm=mode(llm), progress=lambda note: status.update(escape(note)), **options
        )
    for line in words.beside(found.told, lang):
        out.print(escape(line))
    for name, amount in words.bill(found.told, lang):
        out.print(escape(f"{name}: {amount}"))
    return found
