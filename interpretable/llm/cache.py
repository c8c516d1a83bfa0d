"""Answers kept on disk, so that a stopped run resumes and an audit replays it without the model.

One JSON line per answer: the SHA-256 of the request and the label scores, or the text that the model wrote;
and the running account of what left the machine and what was spent, so that a resumed run keeps to its caps.
No text of a row that was sent is in it. Several threads may ask: the same question is asked once.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections import defaultdict
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from interpretable.errors import LLMError
from interpretable.llm.client import Ask, Closing, Generated, LabelScores, LLMClient, Prompt, failed
from interpretable.llm.purse import Purse, Spent
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
        self._disk = _read(self._file)
        self._info = self._disk.info
        self._lock = threading.Lock()
        self._asking: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._run = datetime.now(UTC).isoformat(timespec="microseconds")
        if client is not None:
            self._info = client.info()
            folder.mkdir(parents=True, exist_ok=True)
            columns = None if client.columns is None else list(client.columns)
            self._append({"model": to_plain(self._info), "columns": columns})
            if client.purse is not None:
                client.purse.carry(sum(self._disk.spent.values(), start=Spent()))
        if self._info is None:
            raise LLMError(f"{folder.name} holds no recorded answers to replay.", code="nothing_recorded")

    @property
    def columns(self) -> tuple[str, ...] | None:
        """Of a replay: as they were when it was recorded, so that the same questions are made."""
        return self._client.columns if self._client is not None else self._disk.columns

    @property
    def at_once(self) -> int:  # type: ignore[override]  # the client's own
        return self._client.at_once if self._client is not None else 1

    @property
    def purse(self) -> Purse | None:  # type: ignore[override]  # the client's own
        return self._client.purse if self._client is not None else None

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
        return (*self._disk.sent.values(), *now)

    def score_labels(self, prompt: Prompt, labels: tuple[str, ...]) -> LabelScores:
        """The remembered answer (`cached`, at no cost), or a fresh one, written down first."""
        key = request_key(self.info(), prompt, labels)
        with self._turn(key):
            if key in self._disk.answers:
                return self._disk.answers[key]
            if self._client is None:
                return failed("not_recorded")
            try:
                scores = self._client.score_labels(prompt, labels)
            finally:
                self._keep_account(self._client)
            if not scores.failure:
                self._append({"request": key, **_plain(scores)})
                self._disk.answers[key] = replace(scores, cached=True)
            return scores

    def generate(self, prompt: Prompt, ask: Ask) -> Generated:
        """The remembered text (`cached`, at no cost), or a fresh one, written down first."""
        key = text_key(self.info(), prompt, ask)
        with self._turn(key):
            if key in self._disk.texts:
                return self._disk.texts[key]
            if self._client is None:
                return Generated(failure="not_recorded")
            try:
                found = self._client.generate(prompt, ask)
            finally:
                self._keep_account(self._client)
            if not found.failure:
                self._append({"written": key, "answer": to_plain(found)})
                self._disk.texts[key] = replace(found, cached=True)
            return found

    def _turn(self, key: str) -> threading.Lock:
        """Held while a question is asked: the same one waits, and finds the answer."""
        with self._lock:
            return self._asking[key]

    def _keep_account(self, client: LLMClient) -> None:
        """The last line of a run counts, so nobody may write an older one after a newer."""
        with self._lock:
            lines: list[dict[str, Any]] = [{"sent": to_plain(record)} for record in client.egress()]
            if client.purse is not None:
                lines.append({"spent": asdict(client.purse.spent()), "run": self._run})
            self._write(lines)

    def _append(self, line: dict[str, Any]) -> None:
        with self._lock:
            self._write([line])

    def _write(self, lines: list[dict[str, Any]]) -> None:
        with self._file.open("a", encoding="utf-8") as out:
            out.write("".join(json.dumps(line) + "\n" for line in lines))


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
        **{name: amount for name, amount in scores.spent().items() if name != "bytes_sent"},
    }


@dataclass(frozen=True, kw_only=True)
class _Disk:
    """What a folder holds: answers by key; what was sent and spent by the start of the run that did."""

    answers: dict[str, LabelScores] = field(default_factory=dict)
    texts: dict[str, Generated] = field(default_factory=dict)
    sent: dict[str, Egress] = field(default_factory=dict)
    spent: dict[str, Spent] = field(default_factory=dict)
    info: LLMInfo | None = None
    columns: tuple[str, ...] | None = None


def _read(file: Path) -> _Disk:
    """What is on disk. A line cut short by a stop is skipped: that row is asked again."""
    found = _Disk()
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    for raw in lines:
        try:
            found = _take(found, json.loads(raw))
        except (ValueError, KeyError, TypeError, msgspec.ValidationError):
            continue
    return found


def _take(found: _Disk, line: dict[str, Any]) -> _Disk:
    if "model" in line:
        columns = line.get("columns")
        known = None if columns is None else tuple(columns)
        return replace(found, info=from_plain(line["model"], LLMInfo), columns=known)
    if "sent" in line:
        found.sent[line["sent"]["time"]] = from_plain(line["sent"], Egress)
    elif "spent" in line:
        found.spent[line["run"]] = Spent(**line["spent"])
    elif "written" in line:
        found.texts[line["written"]] = replace(from_plain(line["answer"], Generated), cached=True)
    else:
        key = line.pop("request")
        found.answers[key] = _scores(line)
    return found


def _scores(line: dict[str, Any]) -> LabelScores:
    logs = np.array(line.pop("log_probabilities"), dtype=float)
    mass = line.pop("label_mass")
    return LabelScores(
        log_probabilities=logs, label_mass=float("nan") if mass is None else float(mass), cached=True, **line
    )
