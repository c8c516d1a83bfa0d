"""Why: one case explained, and the reasons of adverse decisions for a whole file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from interpretable.cli.base import Language, StudyFolder, app, out
from interpretable.errors import UserError

CaseFile = Annotated[Path, typer.Argument(help="A CSV or Parquet file of cases.")]
ReferencePoint = Annotated[
    str, typer.Option(help="What effects are measured from: typical, average or approved.")
]
AdverseSide = Annotated[str, typer.Option(help="Which side of the line is adverse: above or below.")]


def _side(text: str) -> Any:
    if text not in ("above", "below"):
        raise UserError(f"--side is {text!r}; it can be above or below.")
    return text


def row_of(rows: Any, row_id: str) -> Any:
    import numpy as np

    place = np.flatnonzero(rows.row_ids == row_id)
    if not len(place):
        raise UserError(
            f"No row of the file is called {row_id!r}. Rows are called by the task's id column, or by their "
            "number, counted from 1, where it has none."
        )
    return rows.take(place[:1])


@app.command()
def explain(
    study: StudyFolder,
    file: CaseFile,
    row: Annotated[str, typer.Option("--id", help="Which row: its id, or its number counted from 1.")],
    reference: ReferencePoint = "typical",
    side: AdverseSide = "above",
    model: Annotated[str, typer.Option(help="A model of the study; default: the one in use.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
    lang: Language = "en",
) -> None:
    """Explain one case of a file: the estimate, its reasons, and whether they would come out again."""
    from interpretable.records import codec
    from interpretable.study import open_study

    opened = open_study(study)
    rows = opened.read_cases(file)
    found = opened.explain(row_of(rows, row), model or None, reference=reference, side=_side(side))
    if as_json:
        out.print_json(json.dumps(codec.to_plain(found)))
        return
    for line in _lines(found, opened.task, lang):
        out.print(escape(line))


def _lines(found: Any, task: Any, lang: str) -> list[str]:
    from interpretable import words
    from interpretable.score.repeats import FIRST

    first = [r for r in found.reasons[:FIRST] if r.effect != 0]
    lines = [*words.estimate(found, task, lang), words.spread(found, task, lang)]
    lines += [words.decision(found, task, lang) if task.kind == "binary" else "", words.measured(found, lang)]
    lines.append(words.decider(found, task, lang))
    for place, reason in enumerate(first, start=1):
        said, again = words.reason(reason, task, lang), words.stability(reason, found, lang)
        beside = words.say("stability.beside", lang, reason=said, again=again) if again else said
        lines.append(f"{place}. {beside}")
    lines += [words.others(found.reasons[len(first) :], lang), words.stable(found, lang)]
    lines += [*words.text_lines(found, task, lang)]
    lines += [*words.domain(found.domain, task, lang), words.missing(found, task, lang)]
    return [line for line in lines if line]


@app.command()
def reasons(
    study: StudyFolder,
    file: CaseFile,
    result: Annotated[Path, typer.Option("-o", "--out", help="Result: a .csv file.")],
    reference: ReferencePoint = "typical",
    side: AdverseSide = "above",
    lang: Language = "en",
) -> None:
    """Principal reasons of adverse decisions for a whole file, in the institution's wording of task.toml."""
    from interpretable.study import open_study
    from interpretable.study.notices import write_notices

    written, adverse, refused = write_notices(
        open_study(study), file, result, reference=reference, side=_side(side), lang=lang
    )
    out.print(f"Wrote {written:,} row{'s' * (written != 1)}, {adverse:,} of them adverse: {result}.")
    if refused:
        out.print(
            f"In {refused:,} a sensitive column was among the reasons and is refused as one: "
            "a person should look."
        )
