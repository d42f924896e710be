"""Two claims about one problem: which can both be true, and which cannot."""

from dataclasses import dataclass
from typing import Literal

from optimizer.figures import number

DISAGREE = "the solvers disagree"
"""How a reason begins that tells of claims which cannot both be true."""

TOLERANCE = 1e-6
"""Claims may cross by so much: what solvers take for satisfied [relative to the larger of 1 and
the claim]."""

Known = Literal["plan", "none", "unknown"]
"""Whether there is a plan: one is known, it is said that none exists, or neither."""


@dataclass(frozen=True)
class Claim:
    """What a solve says of the best value of a goal.

    Attributes:
        who: the solver and its settings, in words.
        known: whether there is a plan.
        value: of the plan that it found, in the goal's unit; None without one.
        bound: no plan is below, in the goal's unit; None if it proved none.
        note: why it has no more to say, in words.
    """

    who: str
    known: Known
    value: float | None = None
    bound: float | None = None
    note: str = ""


@dataclass(frozen=True)
class Opinion:
    """A second claim beside the first.

    Attributes:
        goal: the name of the goal.
        who: whose the second claim is.
        verdict: 'agrees', 'disagrees', or 'no answer' where it says nothing that could be compared.
        words: what both say.
    """

    goal: str
    who: str
    verdict: Literal["agrees", "disagrees", "no answer"]
    words: str


def compared(goal: str, unit: str, first: Claim, second: Claim) -> Opinion:
    """What a second claim is worth beside the first."""

    def amount(value: float | None) -> str:
        return f"{number(value or 0.0)} {unit}"

    def opinion(verdict: Literal["agrees", "disagrees", "no answer"], words: str) -> Opinion:
        return Opinion(goal, second.who, verdict, words)

    if {first.known, second.known} == {"plan", "none"}:
        finder, denier = (first, second) if first.known == "plan" else (second, first)
        return opinion(
            "disagrees",
            f"{denier.who} says that there is no plan, but {finder.who} found one: {goal} "
            f"{amount(finder.value)}",
        )
    for one, other in ((first, second), (second, first)):
        if _is_above(one.bound, other.value):
            return opinion(
                "disagrees",
                f"{one.who} says that no plan has {goal} below {amount(one.bound)}, but "
                f"{other.who} found one of {amount(other.value)}",
            )
    if first.known == second.known == "none":
        return opinion("agrees", f"{second.who} says too that there is no plan")
    says_more = second.known == "plan" or second.bound is not None
    if not says_more or first.known == "unknown":
        return opinion("no answer", f"{second.who} {second.note or 'cannot tell'}")
    values = [one.value for one in (first, second) if one.value is not None]
    bounds = [one.bound for one in (first, second) if one.bound is not None]
    told = f"least {goal} at most {amount(min(values))}"
    told += f", at least {amount(max(bounds))}" if bounds else ""
    return opinion("agrees", f"{second.who} does not contradict: {told}")


def _is_above(bound: float | None, value: float | None) -> bool:
    if bound is None or value is None:
        return False
    return bound > value + TOLERANCE * max(1.0, abs(value))
