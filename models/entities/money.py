"""Money: discounting, the end of the horizon, and capital pools."""

from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, Field

from models.entities.base import (
    ALWAYS,
    Count,
    Day,
    Entity,
    FrozenDict,
    Id,
    Number,
    Steps,
    split_names,
)
from models.entities.coverage import Covering


class Finance(Entity):
    """How money of different dates is made comparable."""

    discount_rate_per_year: Annotated[Number, Field(ge=0, le=1)] = 0.08
    """Real discount rate [per year]."""

    base_date: Day | None = None
    """Date to which everything is discounted; none: the start of the horizon."""

    price_year: Annotated[Count, Field(ge=1900, le=2300)] | None = None
    """Year whose prices money is in, to which amounts of other years are brought when read."""

    end_of_horizon_value: Literal["straight_line", "none"] = "straight_line"
    """What units and halls are worth at the end: their price times the share of life left, or 0."""


class Pool(Covering):
    """Capital that pays for opening, halls and units at the sites it covers.

    A site draws on one pool: the one that names it most closely, by site before operator before
    jurisdiction before continent before everything. It pays from its grants, and ahead of them from
    what it may borrow.
    """

    amount = "grants"

    grants: Steps
    """Money granted at each date, to spend from the first period that starts then [MUSD]."""

    carry_over: bool = True
    """True if what is not spent in a period can be spent later."""

    borrowing: Steps = FrozenDict({ALWAYS: 0.0})
    """Most debt that it may owe, from each date; 0: it does not borrow [MUSD]."""

    interest_per_year: Annotated[Number, Field(ge=0, le=1)] = 0.0
    """Interest on its debt, paid at the end of each period [per year]."""

    debt_at_end: Literal["repaid", "owed"] = "repaid"
    """At the end of the horizon all debt is repaid from grants, or later grants repay the rest."""


RunningTerm = Literal[
    "site_opex",
    "unit_opex",
    "energy",
    "network",
    "model_transfer",
    "lease",
    "control_plane_opex",
]
"""What running a site costs, by cost term."""


class OpexCap(Covering):
    """A cap on what running some sites may cost; a site counts in every cap that covers it."""

    amount = "musd_per_year"

    terms: Annotated[tuple[RunningTerm, ...], BeforeValidator(split_names), Field(min_length=1)] = (
        get_args(RunningTerm)
    )
    """The cost terms that count; none given: all of them."""

    musd_per_year: Steps
    """Most that these terms may come to, from each date, not discounted [MUSD per year]."""


class Budget(Entity):
    """The money of the plan; without pools and caps, it has no limit."""

    pools: Annotated[dict[Id, Pool], AfterValidator(FrozenDict)] = FrozenDict()
    """Capital pools by name."""

    opex_caps: Annotated[dict[Id, OpexCap], AfterValidator(FrozenDict)] = FrozenDict()
    """Caps on operating expenditure by name."""
