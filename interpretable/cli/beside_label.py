"""Labels by machine: of a language model, an older scorecard's file, or rules."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from interpretable.cli.base import Language, StudyFolder, llm_app, out
from interpretable.cli.beside import ask


@llm_app.command("label")
def llm_label(
    study: StudyFolder,
    file: Annotated[Path, typer.Argument(help="A CSV or Parquet file with rows without a label.")],
    result: Annotated[Path | None, typer.Option("-o", "--out", help="A new .csv for the labels.")] = None,
    most: Annotated[int, typer.Option(help="Rows labelled at most, drawn by chance; 0: all.")] = 0,
    teacher: Annotated[
        Path | None, typer.Option(help="Labels from a file instead: row_id, label[, confidence].")
    ] = None,
    rules: Annotated[Path | None, typer.Option(help="Labels by rules instead: a .toml file.")] = None,
    draw_audit: Annotated[
        int, typer.Option(help="Draw so many rows for a person to label, into a file beside the labels.")
    ] = 0,
    with_text: Annotated[bool, typer.Option("--with-text", help="Write there what the rows say.")] = False,
    audit: Annotated[Path | None, typer.Option(help="That file, filled in; needs --teacher.")] = None,
    pool: Annotated[int, typer.Option(help="Training rows asked about, to recalibrate.")] = 40,
    check: Annotated[int, typer.Option(help="Calibration rows asked about, to measure; 0: none.")] = 40,
    trial: Annotated[int, typer.Option(help="Training rows of the trial at most; 0: no trial.")] = 200,
    share: Annotated[float, typer.Option(help="Of each label's rows, learn from the surest.")] = 0.5,
    soft: Annotated[
        bool, typer.Option("--soft", help="Try the model's chances of training rows too.")
    ] = False,
    repeats: Annotated[int, typer.Option(help="Repeats of the cross-validation.")] = 2,
    rationales: Annotated[int, typer.Option(help="Training texts to ask for telling phrases.")] = 0,
    concepts: Annotated[Path | None, typer.Option(help="A new .toml for drafts of concepts.")] = None,
    which: Annotated[str, typer.Option("--llm", help="Language model: local or endpoint.")] = "local",
    seed: int = 0,
    lang: Language = "en",
) -> None:
    """Label rows by machine, say how often that is wrong, and try whether it helps a small model."""
    from interpretable import words
    from interpretable.study import open_study

    opened = open_study(study)
    given = {
        "rows": file, "out": result, "most": most, "teacher": teacher, "rules": rules,
        "draw_audit": draw_audit, "with_text": with_text, "audit": audit, "pool": pool, "check": check,
        "trial": trial, "share": share, "soft": soft, "repeats": repeats, "rationales": rationales,
        "concepts_out": concepts,
    }  # fmt: skip
    free = teacher is not None or rules is not None
    found = ask(opened, "label", llm="off" if free else which, lang=lang, seed=seed, **given)
    for line in words.machine_labels(found, opened.task, lang):
        out.print(escape(line))
    if result is not None:
        out.print(escape(words.say("label.wrote", lang, n=found.asked, path=str(result))))
    if draw_audit:
        _tell_audit(study, file, result or teacher, min(draw_audit, sum(found.labels.values())), lang)


def _tell_audit(study: Path, file: Path, labels: Path | None, rows: int, lang: str) -> None:
    from interpretable import words
    from interpretable.study.beside.label import audit_path

    assert labels is not None  # refused before
    path = audit_path(labels)
    command = f"interpretable llm label {study} {file} --teacher {labels} --audit {path}"
    out.print(escape(words.say("label.wrote_audit", lang, n=rows, path=str(path), command=command)))
