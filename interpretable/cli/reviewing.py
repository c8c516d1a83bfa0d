"""Review: cases, the app, the demonstration."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from interpretable.cli.base import StudyFolder, app, err, out
from interpretable.cli.making import run_training
from interpretable.cli.using import write_report
from interpretable.errors import UserError


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
    run_training(task, study, llm="local")
    place = write_report(study, None)
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
