"""Hostile sentences inside the data: do they command the language model?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from interpretable.cli.base import Language, StudyFolder, llm_app, out
from interpretable.cli.beside import ask

ROWS = 20


@llm_app.command("attack")
def llm_attack(
    study: StudyFolder,
    rows: Annotated[int, typer.Option(help="Test rows asked about; each costs eight questions.")] = ROWS,
    column: Annotated[str, typer.Option(help="Which column holds the sentence; by default a text.")] = "",
    which: Annotated[str, typer.Option("--llm", help="local or endpoint.")] = "local",
    seed: Annotated[int, typer.Option(help="Which rows are sampled.")] = 0,
    lang: Language = "en",
) -> None:
    """Put known hostile sentences into test rows, and count how often they move the answer."""
    show_attack(study, rows=rows, column=column, llm=which, seed=seed, lang=lang)


def show_attack(study: Path, *, rows: int, llm: str, seed: int, lang: str, column: str = "") -> None:
    """Run the attack beside a study and print what came of it."""
    from interpretable import words
    from interpretable.study import open_study

    opened = open_study(study)
    found = ask(opened, "attack", llm=llm, lang=lang, rows=rows, seed=seed, column=column)
    for line in words.attack(found, opened.task, lang):
        out.print(escape(line))
    for one in found.attacks:
        moved, flipped = (words.attack_rate(rate, lang) for rate in (one.moved, one.flipped))
        heads = (words.say(f"attack.head.{name}", lang) for name in ("flipped", "moved"))
        told = ", ".join(f"{head}: {said}" for head, said in zip(heads, (flipped, moved), strict=True))
        out.print(escape(f"- {words.attack_name(one.name, lang)}. {told}"))
