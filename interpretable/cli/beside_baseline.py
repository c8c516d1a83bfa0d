"""What a language model makes of the same test rows as the small models."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape

from interpretable.cli.base import Language, StudyFolder, llm_app, out
from interpretable.cli.beside import ask


@llm_app.command("baseline")
def llm_baseline(
    study: StudyFolder,
    rows: Annotated[int, typer.Option(help="Test rows asked about.")] = 40,
    calibration_rows: Annotated[int, typer.Option(help="Training rows to recalibrate on.")] = 40,
    shots: Annotated[int, typer.Option(help="Examples before a row, in the mode with examples.")] = 8,
    modes: Annotated[
        str, typer.Option(help="Ways of asking, with commas: zero, shots, hint, card, guide.")
    ] = "zero,shots,hint,card",
    verbal: Annotated[bool, typer.Option(help="Ask for a probability in the model's own words.")] = False,
    draws: Annotated[int, typer.Option(help="Answers to a question, where they are drawn.")] = 3,
    steady_rows: Annotated[int, typer.Option(help="Rows asked about a second time; 0: none.")] = 10,
    probe_rows: Annotated[int, typer.Option(help="Training rows to be continued; 0: no probes.")] = 10,
    watts: Annotated[float, typer.Option(help="Assumed per busy second, for the estimate of energy.")] = 15.0,
    llm: Annotated[str, typer.Option(help="Language model: local or endpoint.")] = "local",
    seed: int = 0,
    lang: Language = "en",
) -> None:
    """Ask a language model about the same test rows in several ways, recalibrated, costed and probed."""
    from interpretable import words
    from interpretable.study import open_study

    chosen = tuple(m.strip() for m in modes.split(",") if m.strip())
    opened = open_study(study)
    found = ask(
        opened, "baseline", llm=llm, lang=lang, seed=seed, rows=rows, calibration_rows=calibration_rows,
        shots=shots, modes=chosen, verbal=verbal, draws=draws, steady_rows=steady_rows,
        probe_rows=probe_rows, watts=watts,
    )  # fmt: skip
    lines = [*words.llm_lines(found, lang)]
    if found.completion is not None and found.renamed is not None:
        lines += ["", words.say("llmbase.memory", lang)]
        lines += [*words.llm_completion(found.completion, lang), *words.llm_renamed(found.renamed, lang)]
    if found.kinds is not None:
        lines += ["", words.say("llmbase.kinds", lang)]
        lines += words.llm_kinds(found.kinds, opened.task, lang)
    for line in lines:
        out.print(escape(line))
