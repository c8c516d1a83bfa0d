"""What is made from a study: the report, scores of a file, the proof that it is whole."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from interpretable.cli.base import Language, StudyFolder, app, err, out
from interpretable.errors import UserError


@app.command()
def report(
    study: StudyFolder,
    folder: Annotated[
        Path | None, typer.Option("-o", "--out", help="Where to; default: in the study.")
    ] = None,
    lang: Language = "en",
    fmt: Annotated[str, typer.Option("--format", help="Format of the report.")] = "html",
) -> None:
    """Write the audit report: self-contained, no script, no remote address."""
    out.print(f"Report: {write_report(study, folder, lang=lang, fmt=fmt)}")


def write_report(study: Path, folder: Path | None, *, lang: str = "en", fmt: str = "html") -> Path:
    from interpretable import report as room
    from interpretable.bundle.seal import write_bytes
    from interpretable.study import open_study

    opened = open_study(study)
    document = room.build(opened.evidence, lang=lang, beside=opened.beside)
    place = (folder or study / "reports") / f"report-{opened.model_version}-{lang}.{fmt}"
    write_bytes(place, room.render(document, fmt))
    return place


@app.command()
def score(
    study: StudyFolder,
    file: Annotated[Path, typer.Argument(help="A CSV or Parquet file of cases.")],
    result: Annotated[Path, typer.Option("-o", "--out", help="Result: .csv or .parquet.")],
    reasons: Annotated[int, typer.Option(help="Reasons per row.", min=0)] = 0,
    keep_going: Annotated[
        bool, typer.Option(help="Mark rows that cannot be read instead of stopping.")
    ] = False,
    stability: Annotated[
        bool, typer.Option(help="Say of each row whether its first reasons would come out again.")
    ] = False,
    max_error: Annotated[
        float | None,
        typer.Option(help="Say who decides: the model, with at most this share wrong, or a person."),
    ] = None,
    lang: Language = "en",
) -> None:
    """Score a whole file; the result is written when it is complete."""
    from interpretable.score.batch import score_file
    from interpretable.score.loaded import load

    model = load(study)
    with err.status("scoring") as status:
        rows = score_file(
            model, file, result, reasons=reasons, keep_going=keep_going, lang=lang,
            progress=lambda done: status.update(f"{done:,} rows"), stability=stability,
            max_error=max_error,
        )  # fmt: skip
    marked = " The column status tells which rows could not be read." if keep_going else ""
    out.print(f"Wrote {rows:,} row{'s' * (rows != 1)}, scored with model {model.version}: {result}.{marked}")


@app.command()
def verify(study: StudyFolder) -> None:
    """Check every hash, score the golden rows again, walk the record. Exit 0 only if all is whole."""
    from interpretable.study import verify as verify_study

    if not study.is_dir() or not any(study.iterdir()):
        raise UserError(f"{str(study)!r} holds no study: there is nothing to verify.")
    wrong = verify_study(study)
    for line in wrong:
        err.print(f"WRONG: {escape(line)}")
    if wrong:
        raise typer.Exit(1)
    out.print(
        "Whole: every hash agrees, every model scores its golden rows as it did, the record is unbroken."
    )
