"""How long each part of a search may take, by the size of the problem."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Pace:
    """Times and sizes that suit a problem.

    Attributes:
        patience_s: time since the last better plan after which branch and bound gives way to
            neighbourhoods [s].
        try_s: longest time for one neighbourhood [s].
        round_s: time of neighbourhood search between two looks at the whole problem [s].
        share: part of the sites or periods in a neighbourhood at first [ratio].
    """

    patience_s: float
    try_s: float
    round_s: float
    share: float


LARGE = 30_000
"""Problems with more variables are large."""

LARGE_PACE = Pace(patience_s=30.0, try_s=40.0, round_s=60.0, share=0.15)
SMALL_PACE = Pace(patience_s=8.0, try_s=5.0, round_s=15.0, share=0.35)


def is_large(variables: int) -> bool:
    """True for problems that are guided by their relaxation."""
    return variables > LARGE


def pace_for(variables: int) -> Pace:
    """The pace for a problem with so many variables."""
    return LARGE_PACE if is_large(variables) else SMALL_PACE
