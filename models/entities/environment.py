"""What the plan takes from its environment: carbon prices, caps on emissions, efficiency."""

from typing import Annotated

from pydantic import AfterValidator

from models.entities.base import ALWAYS, Entity, FrozenDict, Id, Names, Steps, Text


class CarbonCap(Entity):
    """A cap on what the electricity of some sites emits; a site counts in every cap over it."""

    amount = "tco2_per_year"

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

    tco2_per_year: Steps
    """Most that their electricity may emit, from each date [tCO2 per year]."""


class Carbon(Entity):
    """What emissions cost, and how high they may be; both count electricity, not what is built."""

    price_usd_per_t: Steps = FrozenDict({ALWAYS: 0.0})
    """Price of emissions where the jurisdiction has none of its own, from each date
    [USD per tCO2]."""

    caps: Annotated[dict[Id, CarbonCap], AfterValidator(FrozenDict)] = FrozenDict()
    """Caps on emissions by name."""


class EfficiencyFloor(Entity):
    """Tokens that some sites must make of each MWh; a site counts in every floor that covers it."""

    amount = "mtok_per_mwh"

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

    mtok_per_mwh: Steps
    """Least tokens made per energy drawn, of all these sites together in a period, from each date
    [Mtok per MWh at the meter]."""
