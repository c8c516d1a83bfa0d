"""The language model beside the small ones."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from interpretable.cli.base import err, llm_app, mode, out


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
    which: Annotated[str, typer.Option("--llm", help="local or endpoint.")] = "local",
) -> None:
    """Say which language model would be used and what would leave the machine. Nothing is sent."""
    from interpretable import data, llm

    plan = llm.describe(mode(which), data.read_task(task) if task else None)
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
