"""The language model beside the small ones."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from interpretable.cli.base import Language, err, llm_app, mode, out
from interpretable.cli.beside_attack import ROWS, show_attack
from interpretable.errors import UserError


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
    place: Annotated[Path | None, typer.Argument(help="A study's folder, or a task file.")] = None,
    which: Annotated[str, typer.Option("--llm", help="local or endpoint.")] = "local",
    show: Annotated[bool, typer.Option("--show", help="Print the first questions, word for word.")] = False,
    rows: Annotated[int, typer.Option(help="Questions of each kind that are printed.")] = 2,
    asked: Annotated[int, typer.Option(help="Test rows that would be asked about.")] = 40,
    attack: Annotated[
        bool, typer.Option("--attack", help="Ask about test rows with hostile sentences inside.")
    ] = False,
    seed: int = 0,
    lang: Language = "en",
) -> None:
    """Say which language model would be used and what would leave the machine.

    Nothing is sent, unless --attack is asked for.
    """
    from interpretable import llm
    from interpretable.study.rehearsal import task_of

    if place is None and (show or attack):
        raise UserError("--show and --attack need rows: name a study's folder (--show: or a task file).")
    plan = llm.describe(mode(which), task_of(place) if place else None)
    out.print(
        escape(
            f"Model: {plan.model or 'none'} ({plan.where or '-'}), {'ready' if plan.ready else 'not ready'}"
        )
    )
    out.print(_leaving(plan))
    for problem in plan.problems:
        out.print(escape(f"- {problem}"))
    if show and place is not None and "no_consent" not in plan.codes:
        _show(place, which, show=rows, asked=asked, seed=seed, lang=lang)
    if not plan.ready:
        raise typer.Exit(1)
    if attack and place is not None:
        show_attack(place, rows=ROWS, llm=which, seed=seed, lang=lang)


def _show(place: Path, which: str, *, show: int, asked: int, seed: int, lang: str) -> None:
    """Questions word for word, and what all would cost at most."""
    from interpretable import words
    from interpretable.study.rehearsal import rehearse

    found = rehearse(place, mode(which), rows=asked, show=show, seed=seed)
    for kind, prompts in found.shown.items():
        for number, prompt in enumerate(prompts, start=1):
            out.rule(escape(words.say("rehearsal.question", lang, kind=kind, number=number)))
            out.print(escape(prompt.text()))
    out.rule()
    said = [words.say("rehearsal.calls", lang, kind=kind, calls=calls) for kind, calls in found.calls.items()]
    said += words.unasked_kinds(found.skipped, lang)
    said += [
        words.say("rehearsal.columns", lang, columns=list(found.columns)),
        words.masked_kinds(found.masked, lang),
    ]
    said += [
        *words.call_bounds(found.bounds, found.currency, lang),
        words.say("rehearsal.nothing_sent", lang),
    ]
    for line in said:
        out.print(escape(line))


def _leaving(plan: Any) -> str:
    if not plan.leaves_machine:
        return "Nothing would leave this machine."
    shown = "with" if plan.examples else "without"
    return escape(
        f"Would be sent to {plan.where}, for this purpose: {plan.purpose}. "
        f"Columns: {', '.join(plan.columns)}; {shown} outcomes of training rows as examples."
    )
