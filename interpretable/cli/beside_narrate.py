"""Explanations in fresh words, checked: for one case of a file, or measured on sampled test cases."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from interpretable.cli.base import Language, StudyFolder, err, llm_app, mode, out
from interpretable.cli.beside import ask
from interpretable.cli.explaining import row_of
from interpretable.errors import UserError


@llm_app.command("narrate")
def llm_narrate(
    study: StudyFolder,
    file: Annotated[Path | None, typer.Argument(help="A file of cases: one of them is told.")] = None,
    row: Annotated[str, typer.Option("--id", help="Which row of the file: its id, or its number.")] = "",
    rows: Annotated[int, typer.Option(help="Test cases that are sampled, where no file is named.")] = 20,
    which: Annotated[str, typer.Option("--llm", help="local, endpoint, or off.")] = "local",
    seed: Annotated[int, typer.Option(help="Which cases are sampled.")] = 0,
    lang: Language = "en",
) -> None:
    """Have explanations rephrased and check every claim; or tell one case of a file.

    A text with a wrong claim is never shown: the text made by rule stands in its place.
    """
    if file is not None:
        _tell(study, file, row, which=which, lang=lang)
        return
    from interpretable import words
    from interpretable.study import open_study

    found = ask(open_study(study), "narrate", llm=which, lang=lang, rows=rows, seed=seed)
    for line in words.narrated(found, lang):
        out.print(escape(line))
    for counts in (found.failures, found.unanswered):
        for code, count in counts.items():
            out.print(escape(f"- {words.narrate_failure(code, lang)}: {count}"))


def _tell(study: Path, file: Path, row: str, *, which: str, lang: str) -> None:
    from interpretable import words
    from interpretable.study import open_study

    if not row:
        raise UserError("Which row of the file? Name it with --id.")
    opened = open_study(study)
    with err.status("narrate"):
        found: Any = opened.narrate(row_of(opened.read_cases(file), row), llm=mode(which), lang=lang)
    out.print(escape(found.text))
    err.print(escape(words.say(f"narrative.{found.origin}", lang)))
    if found.failures:
        codes = [words.narrate_failure(code, lang) for code in found.failures]
        err.print(escape(words.say("narrative.refused", lang, codes=codes)))
