"""From a table to a study: init, check, train."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Column, Table

from interpretable.cli.base import Language, TaskFile, app, err, mode, out
from interpretable.errors import DataError, UserError


@app.command()
def init(
    data: Annotated[Path, typer.Argument(help="A CSV or Parquet file.")],
    target: Annotated[str, typer.Option(help="The column to predict.")],
    positive: Annotated[str, typer.Option(help="Two classes: the label to predict.")] = "",
    task: Annotated[Path, typer.Option("-o", "--out", help="Where to write the task.")] = Path("task.toml"),
    force: Annotated[bool, typer.Option(help="Overwrite a task file that is there.")] = False,
) -> None:
    """Draft a task file from a table: columns, roles, missing codes, what to leave out and why."""
    from interpretable.bundle.seal import write_bytes
    from interpretable.data import draft

    if task.exists() and not force:
        raise UserError(f"{str(task)!r} is there already. Choose another name with -o, or add --force.")
    place = os.path.relpath(data.resolve(), task.resolve().parent).replace(os.sep, "/")
    write_bytes(task, draft(data, target=target, positive=positive, data=place).encode())
    out.print(f"Wrote {task}. Read it, correct it, then: interpretable check {task}")


@app.command()
def check(
    task: TaskFile,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
    lang: Language = "en",
) -> None:
    """Look for leaks, bad labels, codes and duplicates. Exit 1 when something must be fixed."""
    from interpretable import data, words
    from interpretable.records import codec
    from interpretable.study.sources import gather

    dataset, _ = gather(task, None, lenient=True)
    findings = data.check(dataset)
    if dataset.task.text_columns and not any(f.severity == "must_fix" for f in findings):
        with suppress(DataError):  # rows that cannot be divided: `train` says so
            findings += data.check_split(dataset, data.split(dataset))
    if as_json:
        out.print_json(
            json.dumps([codec.to_plain(f) | {"sentence": words.finding(f, lang)} for f in findings])
        )
    else:
        _print_findings(findings, lang)
    if any(f.severity == "must_fix" for f in findings):
        raise typer.Exit(1)


def _print_findings(findings: Any, lang: str) -> None:
    from interpretable import words

    if not findings:
        out.print("Nothing was found.")
        return
    told = Column("what was found", overflow="fold")  # Chinese has no spaces to break a line at
    table = Table("severity", "code", "about", told, show_lines=True)
    for f in sorted(findings, key=lambda f: ("must_fix", "look", "note").index(f.severity)):
        table.add_row(*(escape(t) for t in (f.severity, f.code, f.subject, words.finding(f, lang))))
    out.print(table)


@app.command()
def train(
    task: TaskFile,
    study: Annotated[Path, typer.Option("-o", "--out", help="The study's folder.")],
    models: Annotated[str, typer.Option(help="Families, separated by commas; default: all that fit.")] = "",
    seed: Annotated[int, typer.Option(help="Every random choice follows from it.")] = 0,
    quick: Annotated[bool, typer.Option(help="Fewer folds, refits and resamples.")] = False,
    audit: Annotated[bool, typer.Option(help="More bags, refits and repeats, for the record.")] = False,
    tune: Annotated[
        int | None, typer.Option(help="Settings tried per family; default: the task's plan.", min=0)
    ] = None,
    average: Annotated[
        bool | None, typer.Option(help="Average the best settings of the search into one model.")
    ] = None,
    distil: Annotated[
        str | None, typer.Option(help="A stronger model that a glass box may learn from, if it helps.")
    ] = None,
    prior: Annotated[
        Path | None, typer.Option(help="File of what is expected of columns, levels and words.")
    ] = None,
    llm: Annotated[str, typer.Option(help="Language model: local, endpoint or off.")] = "local",
    llm_rows: Annotated[int, typer.Option(help="Test rows the language model is asked about.")] = 40,
) -> None:
    """Train, compare, explain; write a study. A stopped run resumes; an older study stays until the end."""
    wanted = tuple(name.strip() for name in models.split(",") if name.strip())
    run_training(
        task, study, models=wanted, seed=seed, quick=quick, audit=audit, tune=tune, average=average,
        distil=distil, prior=prior, llm=mode(llm), llm_rows=llm_rows,
    )  # fmt: skip
    out.print(f"Next: interpretable report {study}  |  interpretable app {study}")


def run_training(task: Path, study: Path, **options: Any) -> None:
    from interpretable.study import train as train_study

    with err.status("starting") as status:

        def show(message: str) -> None:
            status.update(escape(message))
            if not err.is_terminal and "answers" not in message:
                err.print(escape(message))

        opened = train_study(task, out=study, progress=show, **options)
    _print_models(opened)


def _print_models(opened: Any) -> None:
    from interpretable import words

    found = opened.evidence
    headline = words.headline_metric(found.task)
    table = Table("model", "kind", words.metric(headline), "95 % interval", "ms per 1,000 rows", "note")
    for m in found.models:
        f = m.metrics[headline]
        note = "selected" if m.name == found.selected else (f"on {m.n} rows" if m.family == "llm" else "")
        kind = "language model" if m.family == "llm" else ("glass box" if m.glass_box else "black box")
        value = "not computed" if f.value is None else f"{f.value:.3f}"
        interval = "" if f.low is None else f"{f.low:.3f} to {f.high:.3f}"
        table.add_row(escape(m.name), kind, value, interval, f"{1000 * m.seconds_per_1000:,.1f}", note)
    out.print(table)
    for line in (words.selection(found.selection), *words.llm(found.llm)):
        out.print(escape(line))
    out.print(f"Study: {opened.path}")
