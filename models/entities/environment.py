"""What the plan takes from its environment: carbon prices, caps on emissions, efficiency."""

from typing import Annotated

from pydantic import AfterValidator

from models.entities.base import ALWAYS, Entity, FrozenDict, Id, Steps
from models.entities.coverage import Covering


class CarbonCap(Covering):
    """A cap on what the electricity of some sites emits; a site counts in every cap over it."""

    amount = "tco2_per_year"

    tco2_per_year: Steps
    """Most that their electricity may emit, from each date [tCO2 per year]."""


class Carbon(Entity):
    """What emissions cost, and how high they may be; both count electricity, not what is built."""

    price_usd_per_t: Steps = FrozenDict({ALWAYS: 0.0})
    """Price of emissions where the jurisdiction has none of its own, from each date
    [USD per tCO2]."""

    caps: Annotated[dict[Id, CarbonCap], AfterValidator(FrozenDict)] = FrozenDict()
    """Caps on emissions by name."""


class EfficiencyFloor(Covering):
    """Tokens that some sites must make of each MWh; a site counts in every floor that covers it."""

    amount = "mtok_per_mwh"

    mtok_per_mwh: Steps
    """Least tokens made per energy drawn, of all these sites together in a period, from each date
    [Mtok per MWh at the meter]."""
