"""The most that questions can cost, found out without asking one."""

from __future__ import annotations

import json
from collections.abc import Sequence

from interpretable.llm.client import Prompt
from interpretable.llm.ladder import LADDER, VOTES, Dialect, make_body
from interpretable.llm.purse import Purse
from interpretable.records.exchange import Bound


def bounds_of(
    prompts: Sequence[Prompt], labels: tuple[str, ...], *, model: str, purse: Purse
) -> tuple[Bound, ...]:
    """One bound per way of answering: which it is, only the endpoint itself can tell."""
    ways = {(d.method, d.plain): d for d in LADDER}  # the longest spelling of the parameters comes last
    return tuple(_bound(dialect, prompts, labels, model, purse) for dialect in ways.values())


def _bound(
    dialect: Dialect, prompts: Sequence[Prompt], labels: tuple[str, ...], model: str, purse: Purse
) -> Bound:
    times = VOTES if dialect.method == "votes" else 1
    bodies = [make_body(dialect, p, labels, model=model, top=20, draw=0) for p in prompts]
    tokens_in = times * sum(size_of(body) for body in bodies)
    tokens_out = times * sum(int(body[dialect.limit]) for body in bodies)
    return Bound(
        method=dialect.method, thinks=not dialect.plain, calls=times * len(bodies), tokens_in=tokens_in,
        tokens_out=tokens_out, money=purse.price(tokens_in, tokens_out),
    )  # fmt: skip


def size_of(body: dict[str, object]) -> int:
    """Bytes of a request."""
    return len(payload_of(body))


def payload_of(body: dict[str, object]) -> bytes:
    """A request as it is sent."""
    return json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass")
