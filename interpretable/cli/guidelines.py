"""The institution's own guidelines: what is in the folder, and what a question finds there."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape

from interpretable.cli.base import Language, StudyFolder, app, out
from interpretable.errors import UserError


@app.command()
def guidelines(
    study: StudyFolder,
    question: Annotated[str, typer.Argument(help="Words to look for; none lists the files.")] = "",
    most: Annotated[int, typer.Option(help="Passages shown.")] = 3,
    lang: Language = "en",
) -> None:
    """Look into the folder of guidelines that the task names, as the case page does."""
    from interpretable import words
    from interpretable.collab.guidelines import find_folder, read_guidelines
    from interpretable.study import open_study

    opened = open_study(study)
    folder = find_folder(opened.task, opened.path)
    if folder is None:
        raise UserError('The task names no guidelines. Add to the task file: guidelines = "FOLDER"')
    read = read_guidelines(folder)
    for found in read.search(question, most) if question else ():
        out.print(escape(f"{found.passage.file}, {found.passage.heading}".rstrip(", ")))
        out.print(escape(f"  {found.passage.text}"))
        out.print(escape(f"  {words.say('guidelines.found_by', lang, words=list(found.words))}"))
    if not question:
        for name, digest in read.files.items():
            out.print(escape(f"{digest}  {name}"))
    counted = {"files": len(read.files), "passages": len(read.passages)}
    out.print(escape(words.say("guidelines.files", lang, digest=read.digest, **counted)))
