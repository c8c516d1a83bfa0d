"""Section: would the same reasons come out again: over refits, seeds and reference points."""

from __future__ import annotations

from collections.abc import Iterator

from interpretable import figures, words
from interpretable.records.document import Block, Paragraph
from interpretable.records.evidence import Evidence
from interpretable.records.stability import ModelStability, StabilityEvidence
from interpretable.report.blocks import picture, table


def stability(evidence: Evidence, lang: str) -> Iterator[Block]:
    """The plain answer for the model in use, one table of all models, and the rules behind it."""
    found = evidence.stability
    if found is None or not found.models:
        return
    shown = found.models[0]
    lead = "lead" if any(m.repeats for m in found.models) else "refits_only"
    yield Paragraph(
        text=words.say(f"stability.{lead}", lang, first=shown.first, cases=shown.cases), style="lead"
    )
    joined = ("" if lang == "zh" else " ").join(answers(shown, lang))
    if joined:
        yield Paragraph(text=joined)
    marks = figures.stability_marks_table(found, lang)
    yield table(tuple(marks[0]), [tuple(row.values()) for row in marks], numeric=(1, 2, 3, 4))
    if any(m.repeats for m in found.models):
        rows = figures.stability_table(found, lang)
        chart, alt = figures.stability(found, lang), figures.stability_alt(found, lang)
        yield picture(chart, alt, rows, caption=words.say("stability.chart", lang))
    yield Paragraph(text=words.say("stability.not_stable_note", lang))
    for text in rules(found, lang):
        yield Paragraph(text=text, style="quiet")


def answers(found: ModelStability, lang: str) -> list[str]:
    """What the figures of one model say, in sentences."""
    name, said = words.start(words.model(found.model, lang)), []
    if found.stable is not None and found.stable.value is not None:
        said.append(words.say("stability.answer_share", lang, model=name, share=found.stable.value))
    else:
        said.append(words.say("stability.black_box", lang, model=name))
    for repeat in found.repeats:
        if repeat.changed.value is None:
            continue
        given = {"first": found.first, "changed": repeat.changed.value}
        if repeat.how == "rows":
            kept = words.fixed(repeat.kept * found.first, 1)
            said.append(words.say("stability.answer_rows", lang, kept=kept, **given))
        elif repeat.changed_stable.value is None:
            said.append(words.say("stability.answer_seeds_all", lang, **given))
        else:
            said.append(
                words.say("stability.answer_seeds", lang, marked=repeat.changed_stable.value, **given)
            )
    return said


def rules(found: StabilityEvidence, lang: str) -> list[str]:
    """How a reason is marked, what a tie is, and what SHAP values are taken against."""
    starts = dict(found.probable_from)
    said = [
        words.say(f"stability.rule_{basis}", lang, certain=found.certain_from, probable=starts[basis])
        for basis in dict.fromkeys(m.basis for m in found.models if m.basis in starts)
    ]
    if said:
        said.append(words.say("stability.rule_case", lang))
        said.append(words.say("stability.ties", lang, first=found.models[0].first))
    if found.background_sha256:
        given = {"rows": found.background_rows, "sha": found.background_sha256}
        said.append(words.say("stability.background", lang, **given))
    return said
