"""What a language model's answers cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from interpretable.llm import Generated, LabelScores
from interpretable.records.exchange import DecisionCost, Ledger
from interpretable.records.task import Task

Answers = Sequence[LabelScores] | Sequence[Generated]


def ledger_of(asked: Answers, task: Task, *, besides: Answers = ()) -> Ledger:
    """The bill of these answers, by the prices in the task; bytes count the answers `besides` too."""
    tokens_in, tokens_out = sum(a.tokens_in for a in asked), sum(a.tokens_out for a in asked)
    bill = Ledger(
        rows=len(asked),
        calls=sum(a.calls for a in asked),
        failures=sum(bool(a.failure) for a in asked),
        cached=sum(a.cached for a in asked),
        seconds=sum(a.seconds for a in asked),
        tokens_in=tokens_in,
        tokens_out=tokens_out,
        bytes_sent=sum(a.bytes_sent for a in (*besides, *asked)),
    )
    if task.llm is None:
        return bill
    money = (tokens_in * task.llm.price_in + tokens_out * task.llm.price_out) / 1e6
    return replace(bill, money=money, currency=task.llm.currency)


def cost_of(ledger: Ledger, *, decisions: float, watts: float | None) -> DecisionCost:
    """What so many decisions would cost at the rate of these answers.

    watts : assumed per busy second of a model on this machine; None where it runs elsewhere
    """
    each = decisions / max(ledger.rows, 1)
    seconds = each * ledger.seconds
    return DecisionCost(
        decisions=decisions,
        seconds=seconds,
        tokens=each * (ledger.tokens_in + ledger.tokens_out),
        bytes_sent=each * ledger.bytes_sent,
        money=each * ledger.money,
        currency=ledger.currency,
        watts=watts,
        watt_hours=None if watts is None else seconds * watts / 3600,
    )
