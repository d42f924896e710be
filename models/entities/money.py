"""Money: discounting, the end of the horizon, and capital pools."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from models.entities.base import Day, Entity, FrozenDict, Id, Names, Number, Steps, Text


class Finance(Entity):
    """How money of different dates is made comparable."""

    discount_rate_per_year: Annotated[Number, Field(ge=0, le=1)] = 0.08
    """Real discount rate [per year]."""

    base_date: Day | None = None
    """Date to which everything is discounted; none: the start of the horizon."""

    end_of_horizon_value: Literal["straight_line", "none"] = "straight_line"
    """What units and halls are worth at the end: their price times the share of life left, or 0."""


class Pool(Entity):
    """Capital that pays for opening, halls and units at the sites it covers.

    A site draws on one pool: the one that names it most closely, by site before operator before
    jurisdiction before continent before everything.
    """

    amount = "grants"

    name: Text = ""
    """Name for people."""

    sites: Names = ()
    """Sites it covers."""

    operators: Names = ()
    """Operators whose sites it covers."""

    jurisdictions: Names = ()
    """Jurisdictions or blocs whose sites it covers."""

    continents: Names = ()
    """Continents whose sites it covers; with all four lists empty it covers every site."""

    grants: Steps
    """Money granted at each date, to spend from the first period that starts then [MUSD]."""

    carry_over: bool = True
    """True if what is not spent in a period can be spent later."""


class Budget(Entity):
    """The capital of the plan; without pools, money has no limit."""

    pools: Annotated[dict[Id, Pool], AfterValidator(FrozenDict)] = FrozenDict()
    """Capital pools by name."""
