"""The command line. Each command hands on to a room and prints what came back."""

from __future__ import annotations

import sys

from rich.markup import escape

from interpretable.cli import (  # noqa: F401 - importing adds the commands
    beside_augment,
    beside_cascade,
    beside_curve,
    beside_narrate,
    beside_shift,
    changing,
    concepts,
    explaining,
    guidelines,
    labelling,
    language,
    making,
    reviewing,
    selecting,
    using,
)
from interpretable.cli.base import STOPPED, app, err
from interpretable.errors import UserError

__all__ = ["app", "main"]


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
