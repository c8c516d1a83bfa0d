"""What all commands share: the application, where it prints, the kinds of arguments."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

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
concepts_app = typer.Typer(help="Yes/no questions to a text column.", no_args_is_help=True)
app.add_typer(concepts_app, name="concepts")

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

STOPPED = 130  # the exit code of a program stopped with Ctrl+C

TaskFile = Annotated[Path, typer.Argument(help="The task file (task.toml).")]
StudyFolder = Annotated[Path, typer.Argument(help="A study's folder.")]
Language = Annotated[str, typer.Option(help="Language of the sentences: en or zh.")]


def mode(text: str) -> LLMMode:
    if text not in ("off", "local", "endpoint"):
        raise UserError(f"--llm is {text!r}; it can be off, local or endpoint.")
    return text  # type: ignore[return-value]  # narrowed by the line above
