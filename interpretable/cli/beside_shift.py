"""Rows from elsewhere: a small model that never saw the place, and a language model."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape

from interpretable.cli.base import Language, StudyFolder, llm_app, out
from interpretable.cli.beside import ask


@llm_app.command("shift")
def llm_shift(
    study: StudyFolder,
    by: Annotated[str, typer.Option(help="Column that tells the places apart, such as the hospital.")] = "",
    rows: Annotated[int, typer.Option(help="Test rows of each place.")] = 20,
    pool: Annotated[int, typer.Option(help="Training rows it is asked about, to recalibrate it.")] = 40,
    which: Annotated[str, typer.Option("--llm", help="Language model: local or endpoint.")] = "local",
    seed: int = 0,
    lang: Language = "en",
) -> None:
    """Where the small model has never been: is a language model ahead of it there?"""
    from interpretable import words
    from interpretable.study import open_study

    opened = open_study(study)
    found = ask(opened, "shift", llm=which, lang=lang, seed=seed, by=by, rows=rows, pool=pool)
    for line in words.shift(found, opened.task, lang):
        out.print(escape(line))
