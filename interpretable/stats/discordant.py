"""Two answers to the same rows: which is right more often?"""

from __future__ import annotations


def discordant_p(gained: int, lost: int) -> float:
    """One-sided exact p of "the second is not right more often" (McNemar, 1947, in its exact form).

    Only rows that exactly one of both got right count: of gained + lost such rows, as many as `gained` go to
    the second by chance alone with P(Bin(gained + lost, 1/2) >= gained).

    Examples
    --------
    >>> round(discordant_p(8, 1), 4), discordant_p(0, 0)
    (0.0195, 1.0)
    """
    from scipy.special import bdtrc

    return 1.0 if gained == 0 else float(bdtrc(gained - 1, gained + lost, 0.5))
