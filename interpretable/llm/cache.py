"""Answers kept on disk, so that a stopped run resumes and an audit replays it without the model.

One JSON line per answer: the SHA-256 of the request and the label scores, or the text that the model wrote;
and the running account of what left the machine. No text of a row that was sent is in it.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from interpretable.errors import LLMError
from interpretable.llm.client import Ask, Closing, Generated, LabelScores, LLMClient, Prompt, failed
from interpretable.records.codec import from_plain, to_plain
from interpretable.records.exchange import Egress, LLMInfo

FILE = "answers.jsonl"


class Cached(Closing):
    """A client whose answers are remembered. Failures are not: the next run asks again.

    Parameters
    ----------
    client : the model to ask; None replays what is on disk, and what is not there fails as `not_recorded`.
    folder : where `answers.jsonl` lives.
    """

    def __init__(self, client: LLMClient | None, folder: Path):
        self._client = client
        self._file = folder / FILE
        self._answers, self._texts, self._info, self._sent = _read(self._file)
        if client is not None:
            self._info = client.info()
            folder.mkdir(parents=True, exist_ok=True)
            self._append({"model": to_plain(self._info)})
        if self._info is None:
            raise LLMError(f"{folder.name} holds no recorded answers to replay.", code="nothing_recorded")

    @property
    def columns(self) -> tuple[str, ...] | None:
        return self._client.columns if self._client is not None else None

    @property
    def fresh(self) -> LLMClient | None:
        """The model itself, for what must be asked again though the answer is known; None in a replay."""
        return self._client

    def info(self) -> LLMInfo:
        if self._client is not None:
            return self._client.info()
        assert self._info is not None  # checked on entry
        return self._info

    def egress(self) -> tuple[Egress, ...]:
        """What left the machine, in this run and in the stopped ones before it."""
        now = self._client.egress() if self._client is not None else ()
        return (*self._sent, *now)

    def score_labels(self, prompt: Prompt, labels: tuple[str, ...]) -> LabelScores:
        """The remembered answer (`cached`, at no cost), or a fresh one, written down first."""
        key = request_key(self.info(), prompt, labels)
        if key in self._answers:
            return self._answers[key]
        if self._client is None:
            return failed("not_recorded")
        try:
            scores = self._client.score_labels(prompt, labels)
        finally:
            self._append_egress(self._client.egress())
        if not scores.failure:
            self._append({"request": key, **_plain(scores)})
            self._answers[key] = replace(scores, cached=True)
        return scores

    def generate(self, prompt: Prompt, ask: Ask) -> Generated:
        """The remembered text (`cached`, at no cost), or a fresh one, written down first."""
        key = text_key(self.info(), prompt, ask)
        if key in self._texts:
            return self._texts[key]
        if self._client is None:
            return Generated(failure="not_recorded")
        try:
            found = self._client.generate(prompt, ask)
        finally:
            self._append_egress(self._client.egress())
        if not found.failure:
            self._append({"written": key, "answer": to_plain(found)})
            self._texts[key] = replace(found, cached=True)
        return found

    def _append_egress(self, records: tuple[Egress, ...]) -> None:
        for record in records:
            self._append({"sent": to_plain(record)})

    def _append(self, line: dict[str, Any]) -> None:
        with self._file.open("a", encoding="utf-8") as out:
            out.write(json.dumps(line) + "\n")


def request_key(info: LLMInfo, prompt: Prompt, labels: tuple[str, ...]) -> str:
    """SHA-256 over the model, how it is asked, the messages and the labels."""
    model = [info.name, info.where, info.sha256, info.method]
    request = json.dumps([model, prompt.messages(), labels], ensure_ascii=True, sort_keys=True)
    return hashlib.sha256(request.encode()).hexdigest()


def text_key(info: LLMInfo, prompt: Prompt, ask: Ask) -> str:
    """SHA-256 over the model, the messages and how the text is asked for."""
    model = [info.name, info.where, info.sha256]
    request = json.dumps([model, prompt.messages(), to_plain(ask)], ensure_ascii=True, sort_keys=True)
    return hashlib.sha256(request.encode()).hexdigest()


def _plain(scores: LabelScores) -> dict[str, Any]:
    mass = scores.label_mass
    return {
        "log_probabilities": scores.log_probabilities.tolist(),
        "label_mass": None if np.isnan(mass) else mass,
        "unseen": scores.unseen,
        "tokens_in": scores.tokens_in,
        "tokens_out": scores.tokens_out,
        "seconds": scores.seconds,
        "calls": scores.calls,
    }


def _read(
    file: Path,
) -> tuple[dict[str, LabelScores], dict[str, Generated], LLMInfo | None, tuple[Egress, ...]]:
    """What is on disk. A line cut short by a stop is skipped: that row is asked again."""
    answers: dict[str, LabelScores] = {}
    texts: dict[str, Generated] = {}
    sent: dict[str, Egress] = {}  # the last word of each run, by the time it began
    info = None
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    for raw in lines:
        try:
            line = json.loads(raw)
            if "model" in line:
                info = from_plain(line["model"], LLMInfo)
            elif "sent" in line:
                sent[line["sent"]["time"]] = from_plain(line["sent"], Egress)
            elif "written" in line:
                texts[line["written"]] = replace(from_plain(line["answer"], Generated), cached=True)
            else:
                key = line.pop("request")
                answers[key] = _scores(line)
        except (ValueError, KeyError, TypeError, msgspec.ValidationError):
            continue
    return answers, texts, info, tuple(sent.values())


def _scores(line: dict[str, Any]) -> LabelScores:
    logs = np.array(line.pop("log_probabilities"), dtype=float)
    mass = line.pop("label_mass")
    return LabelScores(
        log_probabilities=logs, label_mass=float("nan") if mass is None else float(mass), cached=True, **line
    )
