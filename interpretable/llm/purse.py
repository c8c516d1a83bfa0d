"""What may be spent on a language model: caps that hold before anything is sent.

A question is sent only if what it could cost at most still fits. At most: no token is shorter than a byte, so
the bytes of the request bound the tokens read; the answer is bounded by the length that is asked for; and
each repeat after a failure of the line could be billed too.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

MILLION = 1e6
NOT_BILLED = frozenset({"rate_limited", "rejected", "too_long"})  # the server said no before it read


@dataclass(frozen=True, kw_only=True)
class Spent:
    """Questions sent, and money by the prices in the task."""

    calls: int = 0
    money: float = 0.0

    def __add__(self, other: Spent) -> Spent:
        return Spent(calls=self.calls + other.calls, money=self.money + other.money)


@dataclass(frozen=True, kw_only=True)
class Held:
    """Money put aside for one question: `one` is the most that one attempt costs."""

    one: float
    attempts: int

    @property
    def money(self) -> float:
        return self.one * self.attempts


class Purse:
    """Holds the caps of one run, and what it spent. Questions of several threads share it.

    Parameters
    ----------
    most_calls : questions at most, repeats after a failure of the line not counted; None: no cap.
    budget : money at most; None: no cap.
    price_in, price_out : money per million tokens read and written.
    """

    def __init__(
        self,
        *,
        most_calls: int | None = None,
        budget: float | None = None,
        price_in: float = 0.0,
        price_out: float = 0.0,
    ):
        self.most_calls, self.budget = most_calls, budget
        self._prices = price_in, price_out
        self._before = self._spent = Spent()
        self._held, self._holding = 0.0, 0
        self._changed = threading.Condition()

    def carry(self, before: Spent) -> None:
        """Count what stopped runs before this one spent."""
        with self._changed:
            self._before = before

    def spent(self) -> Spent:
        """What this run spent so far."""
        with self._changed:
            return self._spent

    def price(self, tokens_in: float, tokens_out: float) -> float:
        """Money for so many tokens."""
        return (tokens_in * self._prices[0] + tokens_out * self._prices[1]) / MILLION

    def hold(self, size: int, most_tokens: int, *, attempts: int) -> Held | None:
        """Put aside what a request of so many bytes can cost; None where it does not fit, and is not sent.

        Where it would fit if questions under way cost less than was put aside for them, it waits for them.
        """
        wanted = Held(one=self.price(size, most_tokens), attempts=attempts)
        with self._changed:
            self._changed.wait_for(lambda: self._fits(wanted) or not self._could_fit(wanted))
            if not self._fits(wanted):
                return None
            self._held, self._holding = self._held + wanted.money, self._holding + 1
            self._spent += Spent(calls=1)
            return wanted

    def settle(
        self, held: Held, *, tokens_in: int = 0, tokens_out: int = 0, calls: int = 1, failure: str = ""
    ) -> None:
        """Replace what was put aside by what was billed.

        An attempt without an account of its tokens counts as the most it can have cost: nobody knows.
        """
        known = tokens_in > 0
        unknown = calls - known if failure not in NOT_BILLED else 0
        money = self.price(tokens_in, tokens_out) + unknown * held.one
        with self._changed:
            self._holding -= 1
            self._held = self._held - held.money if self._holding else 0.0
            self._spent += Spent(money=money)
            self._changed.notify_all()

    def _fits(self, wanted: Held) -> bool:
        return self._left(self._held) >= wanted.money and self._more_calls()

    def _could_fit(self, wanted: Held) -> bool:
        return self._holding > 0 and self._left(0.0) >= wanted.money and self._more_calls()

    def _left(self, held: float) -> float:
        if self.budget is None:
            return float("inf")
        return self.budget - (self._before + self._spent).money - held

    def _more_calls(self) -> bool:
        return self.most_calls is None or (self._before + self._spent).calls < self.most_calls
