"""The command line. Each command hands on to a room and prints what came back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from interpretable.errors import UserError
from interpretable.records.exchange import LLMMode

app = typer.Typer(
    name="interpretable",
    help="Glass-box models for decisions about people: accurate, explained, reviewed and on the record.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
llm_app = typer.Typer(help="The language model beside the small ones.", no_args_is_help=True)
app.add_typer(llm_app, name="llm")

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

STOPPED = 130  # the exit code of a program stopped with Ctrl+C

TaskFile = Annotated[Path, typer.Argument(help="The task file (task.toml).")]
StudyFolder = Annotated[Path, typer.Argument(help="A study's folder.")]
Language = Annotated[str, typer.Option(help="Language of the sentences: en or zh.")]


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
    table = Table("severity", "code", "about", "what was found", show_lines=True)
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
    llm: Annotated[str, typer.Option(help="Language model: local, endpoint or off.")] = "local",
    llm_rows: Annotated[int, typer.Option(help="Test rows the language model is asked about.")] = 40,
) -> None:
    """Train, compare, explain; write a study. A stopped run resumes; an older study stays until the end."""
    wanted = tuple(name.strip() for name in models.split(",") if name.strip())
    _train(task, study, models=wanted, seed=seed, quick=quick, llm=_mode(llm), llm_rows=llm_rows)
    out.print(f"Next: interpretable report {study}  |  interpretable app {study}")


def _mode(text: str) -> LLMMode:
    if text not in ("off", "local", "endpoint"):
        raise UserError(f"--llm is {text!r}; it can be off, local or endpoint.")
    return text  # type: ignore[return-value]  # narrowed by the line above


def _train(task: Path, study: Path, **options: Any) -> None:
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
    out.print(f"Report: {_report(study, folder, lang=lang, fmt=fmt)}")


def _report(study: Path, folder: Path | None, *, lang: str = "en", fmt: str = "html") -> Path:
    from interpretable import report as room
    from interpretable.bundle.seal import write_bytes
    from interpretable.study import open_study

    opened = open_study(study)
    document = room.build(opened.evidence, lang=lang)
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
    lang: Language = "en",
) -> None:
    """Score a whole file; the result is written when it is complete."""
    from interpretable.score.batch import score_file
    from interpretable.score.loaded import load

    model = load(study)
    with err.status("scoring") as status:
        rows = score_file(
            model, file, result, reasons=reasons, keep_going=keep_going, lang=lang,
            progress=lambda done: status.update(f"{done:,} rows"),
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


@app.command()
def cases(
    study: StudyFolder,
    file: Annotated[
        Path | None, typer.Argument(help="A file of cases; default: a sample of the test part.")
    ] = None,
    count: Annotated[int, typer.Option(help="How many cases of the test part.", min=1)] = 25,
    reviewer: Annotated[str, typer.Option("--as", help="Your name, for the record.")] = "command line",
) -> None:
    """Add cases to be reviewed in the app."""
    from interpretable.study import open_study
    from interpretable.study.queue import queue_cases

    added = queue_cases(open_study(study), file, count=count, by=reviewer)
    out.print(f"{added} case(s) added for review. Next: interpretable app {study}")


@app.command("app")
def serve(
    study: Annotated[Path | None, typer.Argument(help="A study's folder.")] = None,
    port: Annotated[int, typer.Option(help="Port.")] = 8501,
    address: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
) -> None:
    """Start the app for reviewers; stop it with Ctrl+C."""
    raise typer.Exit(_serve(study, port=port, address=address))


def _need_study(folder: Path) -> None:
    from interpretable.study.layout import SEAL

    if not (folder / SEAL).is_file():
        raise UserError(f"{str(folder)!r} holds no study. Make one with: interpretable train TASK -o STUDY")


def _serve(study: Path | None, *, port: int, address: str) -> int:
    from importlib.util import find_spec

    spec = find_spec("interpretable_app")
    if spec is None or spec.origin is None:
        raise UserError("The app is not installed with this package. Install it again from its wheel.")
    folder = Path(spec.origin).parent
    env = dict(os.environ)
    if study is not None:
        _need_study(study)
        env["INTERPRETABLE_STUDY"] = str(study.resolve())
    command = [
        sys.executable, "-m", "streamlit", "run", str(folder / "asgi.py"), "--server.port", str(port),
        "--server.address", address, "--server.headless", "true", "--browser.gatherUsageStats", "false",
    ]  # fmt: skip
    out.print(f"The app: http://{address}:{port}")
    sys.stdout.flush()
    if os.name == "posix":
        os.execve(sys.executable, command, env)  # the app takes this process's place, and its signals
    return subprocess.call(command, env=env)


@app.command()
def demo(
    study: Annotated[Path, typer.Option("-o", "--out", help="The study's folder.")] = Path("studies/heart"),
    serve_app: Annotated[bool, typer.Option("--serve/--no-serve", help="Start the app at the end.")] = True,
    port: Annotated[int, typer.Option(help="Port of the app.")] = 8501,
) -> None:
    """The heart-disease study from the shipped data: train, report, cases, app."""
    from importlib.resources import files

    task = Path(str(files("interpretable_samples"))) / "heart_disease" / "task.toml"
    _pull_quietly()
    _train(task, study, llm="local")
    place = _report(study, None)
    out.print(f"Report: {place}")
    cases(study, count=25, reviewer="demo")
    if serve_app:
        raise typer.Exit(_serve(study, port=port, address="127.0.0.1"))


def _pull_quietly() -> None:
    """Fetch the local weights if they can be had; without them the study says why the row is missing."""
    from interpretable import llm
    from interpretable.errors import LLMError

    if llm.describe("local").weights == "present":
        return
    try:
        with err.status("fetching the local language model (93 MB)"):
            llm.pull()
    except LLMError as error:
        err.print(escape(f"No language model: {error}"))


@llm_app.command("pull")
def llm_pull(
    from_file: Annotated[Path | None, typer.Option("--from", help="A GGUF file you have already.")] = None,
) -> None:
    """Fetch the weights of the local language model and check their hash."""
    from interpretable import llm

    with err.status("fetching") as status:
        place = llm.pull(
            from_file=from_file, progress=lambda *note: status.update(escape(" ".join(map(str, note))))
        )
    out.print(f"Ready: {place}")


@llm_app.command("check")
def llm_check(
    task: Annotated[Path | None, typer.Argument(help="A task file, for its endpoint.")] = None,
    mode: Annotated[str, typer.Option("--llm", help="local or endpoint.")] = "local",
) -> None:
    """Say which language model would be used and what would leave the machine. Nothing is sent."""
    from interpretable import data, llm

    plan = llm.describe(_mode(mode), data.read_task(task) if task else None)
    out.print(
        f"Model: {plan.model or 'none'} ({plan.where or '-'}), {'ready' if plan.ready else 'not ready'}"
    )
    out.print(_leaving(plan))
    for problem in plan.problems:
        out.print(escape(f"- {problem}"))
    if not plan.ready:
        raise typer.Exit(1)


def _leaving(plan: Any) -> str:
    if not plan.leaves_machine:
        return "Nothing would leave this machine."
    shown = "with" if plan.examples else "without"
    return escape(
        f"Would be sent to {plan.where}, for this purpose: {plan.purpose}. "
        f"Columns: {', '.join(plan.columns)}; {shown} outcomes of training rows as examples."
    )


def main() -> None:
    """Entry point: an error the person can mend is printed as text, anything else is a bug and stays loud."""
    try:
        app()
    except UserError as error:
        for problem in error.problems:
            err.print(escape(f"Error: {problem}"))
        sys.exit(2)
    except (KeyboardInterrupt, SystemExit) as stop:  # typer turns Ctrl+C into an exit with 130
        if isinstance(stop, SystemExit) and stop.code != STOPPED:
            raise
        err.print("Stopped. What was finished is kept; the same command goes on from there.")
        sys.exit(STOPPED)


if __name__ == "__main__":
    main()
