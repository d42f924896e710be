"""Instances of any size that other planning tools can express as well as we can.

They are those of `benchmarks.generated` with geography, law, latency, halls, fleet and prices as
there, less what a model of energy networks such as PyPSA has no word for: capital pools, quotas
over several unit types, least builds, and lead times, which would let a site be prepared before it
is opened. Everything else stays: connections that grow by steps, caps of grid regions, opening
costs, halls in blocks, whole units of every type, install rates, the initial fleet.
"""

from benchmarks.generated import MONTHS, Size, generated
from models.instance import Instance


def expressible(size: Size, seed: int, regime: str = "even") -> Instance:
    """An instance of a size and regime, drawn with a seed.

    Raises ValueError if the periods do not divide the four years evenly: the most that a site can
    install in a period must be the same in each.
    """
    if MONTHS % size.periods:
        raise ValueError(f"{size.periods} periods do not divide {MONTHS} months evenly")
    data = generated(size, seed, regime).model_dump()
    data |= {"name": f"expressible-{data['name']}", "budget": {}, "quotas": {}}
    for site in data["sites"].values():
        site |= {"min_build_mw": 0, "hall_lead_months": 0}
    for unit in data["unit_types"].values():
        unit["lead_months"] = 0
    return Instance.model_validate(data)
