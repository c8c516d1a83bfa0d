"""A cascade: the small model, then a language model where it helps, then a person."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape

from interpretable.cli.base import Language, StudyFolder, llm_app, mode, out
from interpretable.cli.beside import ask

Share = Annotated[float | None, typer.Option(help="A share such as 0.05; by default that of the task.")]


@llm_app.command("cascade")
def llm_cascade(
    study: StudyFolder,
    max_error: Share = None,
    delta: Annotated[float | None, typer.Option(help="The chance that the promise does not hold.")] = None,
    max_false_omission: Annotated[
        float | None, typer.Option(help="Of cases decided as negative, at most this share positive.")
    ] = None,
    by_answer: Annotated[bool | None, typer.Option(help="A promise for each answer.")] = None,
    rows: Annotated[int, typer.Option(help="Training rows asked about at most; test rows, about.")] = 60,
    calibration_rows: Annotated[int, typer.Option(help="Calibration rows asked about, about; 0: all.")] = 0,
    watts: Annotated[float, typer.Option(help="Assumed per busy second, for the estimate of energy.")] = 15.0,
    llm: Annotated[str, typer.Option(help="Language model: local, endpoint or off.")] = "local",
    seed: int = 0,
    lang: Language = "en",
) -> None:
    """Who may decide a case at a promised error: the small model, a language model, or a person."""
    from interpretable import words
    from interpretable.study import open_study
    from interpretable.study.beside import cascade

    options = {
        "max_error": max_error, "delta": delta, "max_false_omission": max_false_omission,
        "by_answer": by_answer, "rows": rows, "calibration_rows": calibration_rows, "watts": watts,
    }  # fmt: skip
    opened = open_study(study)
    for line in words.cascade_plan(cascade.plan(opened, seed=seed, **options), lang, asks=mode(llm) != "off"):
        out.print(escape(line))
    found = ask(opened, "cascade", llm=llm, lang=lang, seed=seed, **options)
    for line in words.cascade(found, opened.task, lang):
        out.print(escape(line))
    if found.bill is not None:
        for name, amount in words.cascade_bill(found.bill, lang):
            out.print(escape(f"{name}: {amount}"))
        out.print(escape(words.cascade_energy(found.bill, lang)))
