"""How long each part of a search may take, by the size of the problem."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Pace:
    """Times, counts and sizes that suit a problem; None: no such limit.

    Small problems are paced by counts alone, so that the same problem gives the same plan wherever
    and however often it is solved; large ones by time.

    Attributes:
        nodes: nodes after which branch and bound gives way to neighbourhoods.
        patience_s: time since the last better plan after which it does so [s].
        try_nodes: most nodes for one neighbourhood.
        try_s: longest time for one neighbourhood [s].
        round_tries: neighbourhoods between two looks at the whole problem.
        round_s: time between two looks at the whole problem in which neighbourhoods are begun [s].
        share: part of the sites or periods in a neighbourhood at first; all that differs from the
            relaxation is looked at [ratio].
    """

    nodes: int | None
    patience_s: float | None
    try_nodes: int | None
    try_s: float
    round_tries: int | None
    round_s: float | None
    share: float

    @property
    def in_step(self) -> bool:
        """True if neighbourhoods are searched in step, so that their order does not vary."""
        return self.round_tries is not None


LARGE = 30_000
"""Problems with more variables are large."""

LARGE_PACE = Pace(
    nodes=None,
    patience_s=30.0,
    try_nodes=1,
    try_s=60.0,
    round_tries=None,
    round_s=60.0,
    share=0.2,
)
SMALL_PACE = Pace(
    nodes=1000,
    patience_s=None,
    try_nodes=200,
    try_s=60.0,
    round_tries=12,
    round_s=None,
    share=0.35,
)


QUICK_PACE = Pace(  # small problems, before branch and bound on everything
    nodes=None,
    patience_s=None,
    try_nodes=20,
    try_s=60.0,
    round_tries=8,
    round_s=None,
    share=0.35,
)


def is_large(variables: int) -> bool:
    """True for problems that are searched by time, and only in the part that matters at first."""
    return variables > LARGE


def pace_for(variables: int) -> Pace:
    """The pace for a problem with so many variables."""
    return LARGE_PACE if is_large(variables) else SMALL_PACE
