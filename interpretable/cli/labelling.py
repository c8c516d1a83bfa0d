"""Labels: which rows to label next, the way back into the data, and labels that deserve a second look."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from interpretable.cli.base import Language, StudyFolder, TaskFile, app, err, out

NewFile = Annotated[Path, typer.Option("-o", "--out", help="Where to: a .csv file that is not there yet.")]
WithText = Annotated[bool, typer.Option("--with-text", help="Write what the rows say, too.")]


@app.command("label-next")
def label_next(
    study: StudyFolder,
    file: Annotated[Path, typer.Argument(help="A CSV or Parquet file with rows without a label.")],
    result: NewFile,
    n: Annotated[int, typer.Option("-n", "--count", help="Rows to label.", min=1)] = 50,
    with_text: WithText = False,
    seed: Annotated[int, typer.Option(help="The rows drawn by chance follow from it.")] = 0,
    lang: Language = "en",
) -> None:
    """Choose the rows that a person should label next, and say why."""
    from interpretable import words
    from interpretable.study import open_study
    from interpretable.study.label_files import write_queue

    opened = open_study(study)
    with err.status("choosing rows"):
        chosen, drawn, left_out = write_queue(
            opened, file, result, n=n, seed=seed, lang=lang, with_text=with_text
        )
    out.print(escape(f"Wrote {chosen:,} row{'s' * (chosen != 1)} to label: {result}."))
    out.print(words.say("labels.queue.random", lang, n=drawn))
    if left_out:
        out.print(words.say("labels.queue.left_out", lang, n=left_out))
    classes = opened.model.scorer().classes
    if classes:
        out.print(escape(words.say("labels.queue.fill", lang, names=words.join(classes, lang))))
    out.print(words.say("labels.queue.hide", lang))
    if with_text:
        out.print(words.say("labels.queue.texts", lang))


@app.command("label-merge")
def label_merge(
    task: TaskFile,
    queues: Annotated[list[Path], typer.Argument(help="Queues with the column label filled in.")],
    result: NewFile,
    rows: Annotated[
        Path | None,
        typer.Option(help="The file that label-next was given; default: the task's own data."),
    ] = None,
    machine_labels: Annotated[
        bool, typer.Option("--machine-labels", help="Take labels that a machine gave, too, marked as such.")
    ] = False,
    lang: Language = "en",
) -> None:
    """Put the labels of queues and the task's data into a new file; the data file itself is not changed."""
    from interpretable import words
    from interpretable.study.label_files import write_merged

    merged = write_merged(task, queues, result, rows=rows, machine=machine_labels)
    known = f", {merged.known:,} had the same label before" if merged.known else ""
    empty = f", {merged.empty:,} of the queue have none yet" if merged.empty else ""
    out.print(
        escape(f"Wrote {len(merged.table):,} rows, {merged.added:,} newly labelled{known}{empty}: {result}.")
    )
    if merged.drawn:
        out.print(words.label_errors(merged.drawn, merged.differing, lang))
    if merged.machine:
        out.print(words.say("label.merged", lang, n=merged.machine))
    out.print(escape(f"Next: set data in the task file to {result.name!r} and train again."))


@app.command("label-check")
def label_check(
    study: StudyFolder, result: NewFile, with_text: WithText = False, lang: Language = "en"
) -> None:
    """List the training rows whose recorded label deserves a second look. No label is changed."""
    from interpretable import words
    from interpretable.study import open_study
    from interpretable.study.label_doubts import write_doubts

    opened = open_study(study)
    doubts, copies = write_doubts(opened, result, lang=lang, with_text=with_text)
    out.print(escape(f"Wrote {doubts:,} to look at and {copies:,} copies with different labels: {result}."))
    for code in (f"hard{'_values' if opened.task.kind == 'regression' else ''}", "todo", "unchanged"):
        out.print(words.say(f"labels.{code}", lang))
    if with_text:
        out.print(words.say("labels.queue.texts", lang))
