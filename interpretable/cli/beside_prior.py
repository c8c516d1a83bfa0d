"""What is expected of names and words: asked of a language model once, or read from a file a person wrote."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from interpretable.cli.base import Language, StudyFolder, llm_app, out
from interpretable.cli.beside import ask
from interpretable.errors import UserError


@llm_app.command("prior")
def llm_prior(
    study: StudyFolder,
    to: Annotated[Path | None, typer.Option("-o", "--out", help="Write what was said, for editing.")] = None,
    source: Annotated[
        Path | None, typer.Option("--from", help="Read a prior, edited or written by hand, and ask nobody.")
    ] = None,
    family: Annotated[str, typer.Option(help="linear, ebm or text; default: the study's own.")] = "",
    sizes: Annotated[str, typer.Option(help="Rows to learn from, besides all.")] = "25,50,100,200",
    repeats: Annotated[int, typer.Option(help="Repeats of five folds; 0: 4, for the EBM 2.")] = 0,
    draws: Annotated[int, typer.Option(help="Times each direction is asked.")] = 3,
    words: Annotated[int, typer.Option(help="Frequent words of a text column that are asked about.")] = 300,
    llm: Annotated[str, typer.Option(help="Language model: local, endpoint or off.")] = "local",
    seed: int = 0,
    lang: Language = "en",
) -> None:
    """Do models gain from what is expected of columns and words? No row and no outcome is shown."""
    from interpretable import words as say
    from interpretable.study import open_study

    options = {
        "source": source, "out": to, "family": family, "sizes": _sizes(sizes), "repeats": repeats,
        "draws": draws, "words": words,
    }  # fmt: skip
    opened = open_study(study)
    found = ask(opened, "prior", llm="off" if source else llm, lang=lang, seed=seed, **options)
    for line in (*say.prior_said(found, lang), *say.prior_found(found, opened.task, lang)):
        out.print(escape(line))
    for gain in found.gains:
        verdict = say.say(f"prior.verdict.{gain.verdict}", lang)
        out.print(escape(f"{say.prior_rows(gain, lang)}: {say.figure(gain.gain, lang)}, {verdict}"))
    if to is not None:
        out.print(escape(say.say("prior.wrote", lang, path=str(to))))


def _sizes(text: str) -> tuple[int, ...]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not all(part.isdigit() for part in parts):
        raise UserError(f"--sizes is {text!r}; it can be whole numbers separated by commas, or empty.")
    return tuple(int(part) for part in parts)
