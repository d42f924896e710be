"""How an instance asks to be solved, where the command line does not say otherwise."""

from typing import Annotated

from pydantic import Field

from models.entities.base import Count, Entity, Number, Positive
from models.entities.method import Method


class SolveOptions(Entity):
    """When the solver may stop, and what it may use."""

    gap: Annotated[Number, Field(ge=0, lt=1)] = 0.001
    """Relative gap between plan and bound at which the plan is good enough [ratio]."""

    time_limit_s: Positive | None = None
    """Longest time for solving [s]; none: no limit."""

    threads: Annotated[Count, Field(ge=1, le=256)] | None = None
    """Processor cores to use; none: all of the machine."""

    seed: Annotated[Count, Field(ge=0, le=2_000_000_000)] = 0
    """Seed of the solver's random choices."""

    method: Method = "auto"
    """How to solve: branch and bound on one model (monolith), a search guided by its relaxation, by
    operating states (decompose), or whichever suits its size."""
