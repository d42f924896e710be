"""Sovereignty and dependence: floors, caps, and local control planes."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, WithJsonSchema

from models.entities.base import (
    ALWAYS,
    Count,
    Entity,
    FrozenDict,
    Id,
    Names,
    NonNegative,
    Share,
    Steps,
    Text,
    read_steps,
    write_steps,
)

Shares = Annotated[
    dict[date, Share],
    BeforeValidator(read_steps),
    AfterValidator(FrozenDict),
    PlainSerializer(write_steps),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "minimum": 0, "maximum": 1},
                {
                    "type": "object",
                    "additionalProperties": {"type": "number", "minimum": 0, "maximum": 1},
                },
                {"type": "string", "examples": ["2027-01: 0.3; 2029-01: 0.5"]},
            ]
        }
    ),
]
"""Shares from dates: one for always, or {date: share}, each holding until the next."""


class SufficiencyFloor(Entity):
    """What a territory serves of its own demand, and hosts, at the least."""

    name: Text = ""
    """Name for people."""

    jurisdictions: Names = ()
    """Jurisdictions or blocs that make up the territory, with the continents."""

    continents: Names = ()
    """Continents that make up the territory, with the jurisdictions."""

    workloads: Names = ()
    """Workloads whose demand counts for `serve_share`; empty: all."""

    data_classes: Names = ()
    """Data classes whose demand counts for `serve_share`; empty: all."""

    serve_share: Shares = FrozenDict({ALWAYS: 0.0})
    """Least share of the territory's demand that sites and rentals in it serve, from each date
    [ratio]."""

    host_it_mw: Steps = FrozenDict({ALWAYS: 0.0})
    """Least IT power of the units in service in the territory, from each date [IT MW]."""


Counted = Literal["tokens", "it_mw", "capital"]
"""What a share can be of."""

Kind = Literal[
    "operator", "vendor", "generation", "jurisdiction", "bloc", "continent", "grid_region"
]
"""By what dependence is counted."""


class ConcentrationCap(Entity):
    """The largest share of the plan that may depend on any one operator, vendor and so on."""

    name: Text = ""
    """Name for people."""

    share_of: Counted
    """Of what: tokens served in a period, IT power in service, or capital spent up to a period."""

    by: Kind
    """What holds the share: the operator, jurisdiction, bloc, continent or grid region of the
    site, or the vendor or generation of the unit type. Rented tokens count for the operator and
    the place of the offer; they have no vendor, generation or grid region."""

    names: Names = ()
    """Those that are capped, each on its own; empty: every one of the kind."""

    most_share: Shares
    """Largest share of the plan's own total, from each date; before the first, no cap [ratio]."""


class LocalControlPlane(Entity):
    """A site's offer to stand a control plane in its own jurisdiction, beside its operator's."""

    key = ("site",)
    amount = "cost_musd"

    site: Id
    """The site."""

    cost_musd: NonNegative
    """Cost of setting it up, once, paid by the site's capital pool [MUSD]."""

    opex_musd_per_year: NonNegative = 0.0
    """Cost of running it, once it stands [MUSD per year]."""

    lead_months: Annotated[Count, Field(ge=0, le=240)] = 0
    """From the decision to its use [months]."""
