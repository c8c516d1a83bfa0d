"""Small and large models together: one command per mechanism, all asked beside a finished study."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.markup import escape

from interpretable.cli.base import err, mode, out


def ask(study: Path, mechanism: str, *, llm: str, lang: str = "en", **options: Any) -> Any:
    """Run one mechanism, show its progress, print its verdict and what it cost; returns the finding."""
    from interpretable import words
    from interpretable.study import open_study

    opened = open_study(study)
    with err.status(mechanism) as status:
        found = opened.ask_beside(
            mechanism, llm=mode(llm), progress=lambda note: status.update(escape(note)), **options
        )
    for line in words.beside(found.told, lang):
        out.print(escape(line))
    for name, amount in words.bill(found.told, lang):
        out.print(escape(f"{name}: {amount}"))
    return found
