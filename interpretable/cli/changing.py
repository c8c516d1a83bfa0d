"""What if, and what could be changed: for one case or a whole file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from interpretable.cli.base import Language, StudyFolder, app, err, out
from interpretable.errors import UserError

CaseFile = Annotated[Path, typer.Argument(help="A CSV or Parquet file of cases.")]
RowId = Annotated[str, typer.Option("--id", help="The case: its id, or its row number from 1.")]


def one_row(opened: Any, file: Path, row_id: str) -> Any:
    """The case of this id as a dataset of one row."""
    import numpy as np

    cases = opened.read_cases(file)
    found = np.flatnonzero(cases.row_ids == row_id)
    if len(found) != 1:
        raise UserError(
            f"{str(file)!r} has {len(found)} cases with the id {row_id!r}; exactly one is needed."
        )
    return cases.take(found)


@app.command()
def whatif(
    study: StudyFolder,
    file: CaseFile,
    row_id: RowId,
    changes: Annotated[list[str], typer.Option("--set", help="column=value; may be given again.")],
    lang: Language = "en",
) -> None:
    """Both estimates of one case: as it is, and with some changeable values at others."""
    from interpretable import words
    from interpretable.study import open_study

    pairs = [text.partition("=") for text in changes]
    wrong = [text for text, (_, sign, _) in zip(changes, pairs, strict=True) if not sign]
    if wrong:
        raise UserError([f"--set takes column=value, not {text!r}." for text in wrong])
    opened = open_study(study)
    wanted = {name.strip(): value.strip() for name, _, value in pairs}
    found = opened.what_if(one_row(opened, file, row_id), wanted)
    for code, amount in (("now", found.before), ("then", found.after)):
        shown = words.amount(amount, opened.task, lang)
        out.print(escape(f"{words.say(f'app.whatif.{code}', lang)}: {shown}"))
    inside = "inside" if found.domain_after.inside else "outside"
    out.print(words.say(f"app.whatif.{inside}", lang))


@app.command()
def recourse(
    study: StudyFolder,
    file: CaseFile,
    row_id: RowId = "",
    goal: Annotated[float | None, typer.Option(help="The line; default: the task's.")] = None,
    side: Annotated[str, typer.Option(help="The wanted side of it: below or above.")] = "below",
    robust: Annotated[float, typer.Option(help="Share of refits in which a plan must hold.")] = 0.9,
    plans: Annotated[int, typer.Option(help="Plans with different columns.", min=1)] = 3,
    result: Annotated[Path | None, typer.Option("-o", "--out", help="Write JSON, one line per case.")] = None,
    lang: Language = "en",
) -> None:
    """The cheapest allowed changes that put a case on the other side of the line, or the proof of none."""
    from interpretable.explain.recourse import Wish
    from interpretable.study import open_study

    if side not in ("below", "above"):
        raise UserError(f"--side is {side!r}; it can be below or above.")
    if bool(row_id) == (result is not None):
        raise UserError("Name one case with --id, or write all cases of the file with -o FILE.jsonl.")
    opened = open_study(study)
    wish = Wish(goal=goal, side=side, robust=robust, plans=plans)  # type: ignore[arg-type]  # checked above
    if result is None:
        _print_plans(opened, opened.recourse(one_row(opened, file, row_id), wish), lang)
    else:
        _write_plans(opened, file, result, wish)


def _print_plans(opened: Any, found: Any, lang: str) -> None:
    from interpretable import words

    for line in words.plans(found, opened.task, lang):
        out.print(escape(line))
    for k, one in enumerate(found.plans, start=1):
        for line in words.plan(one, k, found, task=opened.task, lang=lang):
            out.print(escape(line))
        for line in words.changes(one, opened.task, lang):
            out.print(escape(f"  {line}"))


def _write_plans(opened: Any, file: Path, result: Path, wish: Any) -> None:
    """All or nothing: the file is there when every case is done."""
    import numpy as np

    from interpretable.bundle.seal import write_bytes
    from interpretable.records import codec

    cases = opened.read_cases(file)
    lines = []
    with err.status("looking for plans") as status:
        for i in range(len(cases)):
            lines.append(codec.to_json(opened.recourse(cases.take(np.array([i])), wish)))
            status.update(f"{i + 1:,} of {len(cases):,} cases")
    write_bytes(result, b"\n".join(lines) + b"\n")
    out.print(escape(f"Wrote the plans of {len(cases):,} cases: {result}."))
