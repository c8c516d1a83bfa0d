"""Concepts of a task: what they find, heads from hand labels, proposals of a language model."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from interpretable.cli.base import Language, TaskFile, concepts_app, err, mode, out
from interpretable.errors import UserError

Seed = Annotated[int, typer.Option(help="Of the study: it decides which rows are training rows.")]
Result = Annotated[Path | None, typer.Option("-o", "--out", help="Write here instead of printing.")]


@concepts_app.command("check")
def concepts_check(task: TaskFile, seed: Seed = 0, lang: Language = "en") -> None:
    """What each concept finds, what was only denied, what waits for approval, and how often it is right."""
    from interpretable import data, words
    from interpretable.report.concepts import details, notes
    from interpretable.study import concepts

    known, found = data.read_task(task), concepts.check(task, seed=seed)
    for block in details(found, known, lang):
        if hasattr(block, "head"):
            out.print(_table(block))
    lines = [*words.concepts_told(found, known, lang)]
    lines += [words.concept_overlap(pair, known, lang) for pair in found.overlaps]
    for line in (*lines, *notes(found, lang)):
        out.print(escape(line))


def _table(block: Any) -> Table:
    """The table of the report; what stands quietly in a cell stands on its second line."""
    shown = Table(*map(escape, block.head), title=escape(block.caption))
    for row in block.rows:
        shown.add_row(*(escape("\n".join(filter(None, (cell.text, cell.quiet)))) for cell in row))
    return shown


@concepts_app.command("learn")
def concepts_learn(
    task: TaskFile,
    concept: Annotated[str, typer.Option(help="The name of a concept of the task.")],
    result: Result = None,
    seed: Seed = 0,
) -> None:
    """Fit a head for a concept on the hand labels of training rows. You approve it, or not."""
    from interpretable.study import concepts

    found = concepts.learn(task, concept, seed=seed)
    _give(found.toml, result)
    err.print(
        f"Fitted on {found.labels:,} hand labels of training rows, {found.labelled_yes:,} of them yes. Out "
        f"of fold: {', '.join(_figure(*pair) for pair in found.figures.items())}."
    )
    err.print("Read the weights. approved is empty: the model does not read the concept before you sign it.")


def _figure(name: str, figure: Any) -> str:
    if figure.value is None:
        return f"{name} not defined"
    return f"{name} {figure.value:.2f} ({figure.low:.2f} to {figure.high:.2f})"


@concepts_app.command("propose")
def concepts_propose(
    task: TaskFile,
    llm: Annotated[str, typer.Option(help="Language model: local or endpoint.")] = "local",
    column: Annotated[str, typer.Option(help="The text column, where there are several.")] = "",
    result: Result = None,
    seed: Seed = 0,
) -> None:
    """Ask a language model for candidates. It sees the task's description and frequent words, no text."""
    from interpretable.study import concepts
    from interpretable.study.concepts.proposing import dropped_lines

    _check_free(result)
    found = concepts.propose(task, mode=mode(llm), column=column, seed=seed)
    if not found.concepts:
        raise UserError(
            f"{found.model} proposed nothing that can be kept: {found.unread} of its lines do not have the "
            "form asked for, or no phrase is in enough texts. List phrases by hand, or ask a larger model."
        )
    _give(found.toml, result)
    for line in dropped_lines(found):
        err.print(escape(line))
    for sent in found.egress:
        err.print(escape(f"Sent to {sent.endpoint}: {sent.bytes:,} bytes, {sent.calls} call(s)."))
    err.print("Nothing is approved: read every phrase, and sign those that may enter the model.")


def _check_free(result: Path | None) -> None:
    if result is not None and result.exists():
        raise UserError(f"{str(result)!r} is there already; it would be lost. Choose another name.")


def _give(toml: str, result: Path | None) -> None:
    from interpretable.bundle.seal import write_bytes

    if result is None:
        out.print(toml, markup=False, end="")
        return
    _check_free(result)
    write_bytes(result, toml.encode())
    out.print(escape(f"Wrote {result}."))
