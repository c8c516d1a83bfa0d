"""Invented rows or texts: made inside each fold by a language model, judged on real rows."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from interpretable.cli.base import Language, StudyFolder, llm_app, mode, out
from interpretable.cli.beside import ask
from interpretable.errors import UserError


@llm_app.command("augment")
def llm_augment(
    study: StudyFolder,
    rows: Annotated[
        int | None, typer.Option(help="Generated rows per fold. Default: as the fold, 200 at most.")
    ] = None,
    repeats: Annotated[int, typer.Option(help="Rounds of folds.")] = 2,
    folds: Annotated[int, typer.Option(help="Folds per round.")] = 5,
    kind: Annotated[str, typer.Option(help="row, text or paraphrase. Default: what fits the task.")] = "",
    family: Annotated[str, typer.Option(help="The model that learns. Default: the one in use.")] = "",
    file: Annotated[
        Path | None, typer.Option("--out", help="Write accepted rows to this new CSV file.")
    ] = None,
    i_know: Annotated[
        bool,
        typer.Option("--i-know", help="Go on with a model that is too small, or with rows that do not help."),
    ] = False,
    llm: Annotated[str, typer.Option(help="Language model: local or endpoint.")] = "local",
    seed: int = 0,
    lang: Language = "en",
) -> None:
    """Have a language model write rows or texts, and find out whether they help the small model.

    The judge is real training rows that neither the small model nor the language model saw. The test part
    plays no role. Generated rows are kept nowhere unless --out names a file.
    """
    from interpretable import words
    from interpretable.study import open_study
    from interpretable.study.beside import augment

    options: dict[str, Any] = {
        "rows": rows, "repeats": repeats, "folds": folds, "kind": kind or None, "family": family,
        "out": file, "smoke_test": i_know,
    }  # fmt: skip
    opened = open_study(study)
    planned = augment.plan(opened, mode=mode(llm), **options)
    out.print(escape(words.augment_plan(planned.sets, planned.least, planned.most, lang)))
    found = ask(opened, "augment", llm=llm, lang=lang, seed=seed, **options)
    for line in words.augmented(found, opened.task, lang):
        out.print(escape(line))
    for code, count in found.account.refused.items():
        out.print(escape(f"- {words.augment_refused(code, lang)}: {count}"))
    if file is not None and not found.written:
        raise UserError(
            f"{file.name!r} was not written: the verdict is {found.told.verdict!r}. The finding is kept "
            "beside the study. To have the rows all the same, run again with --i-know."
        )
