"""Two learning curves: a small model and a language model on the same labelled rows."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape

from interpretable.cli.base import Language, StudyFolder, llm_app, out
from interpretable.cli.beside import ask


@llm_app.command("curve")
def llm_curve(
    study: StudyFolder,
    rows: Annotated[int, typer.Option(help="Test rows the language model is asked about.")] = 40,
    pool: Annotated[int, typer.Option(help="Training rows it is asked about, to recalibrate it.")] = 40,
    shots: Annotated[int, typer.Option(help="Training rows shown as examples; 0: none.")] = 8,
    repeats: Annotated[int, typer.Option(help="Draws of labelled rows at each size.")] = 3,
    which: Annotated[str, typer.Option("--llm", help="Language model: local or endpoint.")] = "local",
    seed: int = 0,
    lang: Language = "en",
) -> None:
    """From how many labelled rows on is the small model ahead of a language model?"""
    from interpretable import words
    from interpretable.study import open_study

    given = {"rows": rows, "pool": pool, "shots": shots, "repeats": repeats}
    found = ask(open_study(study), "curve", llm=which, lang=lang, seed=seed, **given)
    for line in words.curve(found, lang):
        out.print(escape(line))
