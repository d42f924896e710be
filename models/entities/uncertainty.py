"""Uncertainty: possible futures, when it is known which one comes, and what is minimised."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from models.entities.base import Day, Entity, FrozenDict, Number, Positive, Share


class Scenario(Entity):
    """A possible future: the instance with changes, and how likely it is."""

    probability: Positive
    """How likely it is; the probabilities of all scenarios add up to 1 [ratio]."""

    revealed: Day | None = None
    """From this date on it is known whether this is the future. What starts earlier is decided
    alike in all scenarios that are not revealed yet. A scenario without changes needs none: the
    last date of the others."""

    changes: Annotated[dict[str, Any], AfterValidator(FrozenDict)] = FrozenDict()
    """What is different in it: values by dotted path, as in `--set`."""


class Risk(Entity):
    """What is minimised over the scenarios."""

    measure: Literal["expected", "cvar", "regret"] = "expected"
    """expected: the mean cost; cvar: the mean cost and that of the worst scenarios, weighted;
    regret: the largest excess over what the scenario would cost if it were known from the start."""

    level: Annotated[Number, Field(ge=0, lt=1)] = 0.9
    """cvar: the worst scenarios are those that make up 1 − level of the probability [ratio]."""

    weight: Share = 0.5
    """cvar: weight of the worst scenarios' mean cost; the mean of all has the rest [ratio]."""
