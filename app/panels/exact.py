"""For specialists: the exact sum behind the estimate, and the black box beside it."""

from __future__ import annotations

from interpretable_app.panels.html import Safe, emit, esc, tag
from interpretable_app.texts import t

from interpretable import words
from interpretable.records.explanation import CaseExplanation, TokenPart
from interpretable.records.task import Task

SHOWN = 25  # words of a text


def signed(value: float) -> str:
    return f"{value:+.4f}".replace("-", "−")


def draw_exact(found: CaseExplanation, task: Task, lang: str) -> None:
    """Constant plus terms equals score: every summand, none left out."""
    rows = [_row(t("exact.constant", lang), signed(found.constant))]
    ordered = sorted(found.terms, key=lambda part: -abs(part.contribution))
    rows += [_row(words.label(part.term, task, lang), signed(part.contribution)) for part in ordered]
    total = found.constant + sum(part.contribution for part in found.terms)
    rows.append(_row(tag("strong", t("exact.sum", lang)), tag("strong", signed(total))))
    scale = "exact.scale_identity" if task.kind == "regression" else "exact.scale_log_odds"
    rows.append(_row(t("exact.estimate", lang), f"{found.estimate:.6f}"))
    caption = f"{t('exact.caption', lang, model=words.model(found.model, lang))} {t(scale, lang)}"
    _table(caption, (t("exact.term", lang), t("exact.adds", lang)), rows, lang)
    emit(tag("p", t("exact.bundle", lang), " ", tag("code", found.bundle_id), cls="small soft"))


def draw_tokens(found: CaseExplanation, lang: str) -> None:
    """The words of a text that moved the score most."""
    rows = [_row(part.token, signed(part.contribution)) for part in found.tokens[:SHOWN]]
    _table(t("exact.tokens", lang), (t("exact.token", lang), t("exact.adds", lang)), rows, lang)


def draw_black_box(found: CaseExplanation, task: Task, lang: str) -> None:
    """SHAP values of the black box for the same case: they add up to its own margin, not to ours."""
    rows = [_row(t("exact.expected", lang), signed(found.constant))]
    ordered = sorted(found.terms, key=lambda part: -abs(part.contribution))
    rows += [_row(words.label(part.term, task, lang), signed(part.contribution)) for part in ordered]
    total = found.constant + sum(part.contribution for part in found.terms)
    rows.append(_row(tag("strong", t("exact.sum", lang)), tag("strong", signed(total))))
    rows.append(_row(t("exact.estimate", lang), f"{found.estimate:.6f}"))
    caption = t("exact.shap", lang, model=words.model(found.model, lang))
    _table(caption, (t("exact.term", lang), t("exact.shap_value", lang)), rows, lang)
    if found.background_sha256:
        said = words.say("stability.background_short", lang)
        emit(tag("p", said, " ", tag("code", found.background_sha256), cls="small soft"))


def draw_black_tokens(found: CaseExplanation, lang: str) -> None:
    """SHAP values of what the case's texts hold, by the black box; with the rest they sum to the text's."""
    if not found.tokens:
        return
    held = [part for part in found.tokens if part.token]
    rows = [_row(_named(part, lang), signed(part.contribution)) for part in held[:SHOWN]]
    absent = [part for part in found.tokens if not part.token]
    for code, rest in (("exact.other_words", held[SHOWN:]), ("exact.absent", absent)):
        if rest:
            rows.append(_row(t(code, lang), signed(sum(part.contribution for part in rest))))
    caption = t("exact.shap_tokens", lang, model=words.model(found.model, lang))
    _table(caption, (t("exact.token", lang), t("exact.shap_value", lang)), rows, lang)


def _named(part: TokenPart, lang: str) -> str:
    """A word as it is; letters said to be letters, a border of a word as a line."""
    if part.units == "word":
        return words.clean(part.token)
    return t("exact.letters", lang, token=words.clean(part.token.replace(" ", "_")))


def _row(name: object, value: object) -> Safe:
    return tag("tr", tag("th", esc(name), scope="row"), tag("td", esc(value), cls="n"))


def _table(caption: str, heads: tuple[str, str], rows: list[Safe], lang: str) -> None:
    head = tag("tr", tag("th", heads[0], scope="col"), tag("th", heads[1], scope="col", cls="n"))
    emit(tag("table", tag("caption", caption), tag("thead", head), tag("tbody", *rows)))
