"""The key figures of a plan: their words, units, and in which direction they are better."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Better = Literal["lower", "higher"]

OBJECTIVE = "objective_musd"
TOKEN_COST = "cost_per_mtok_usd"


@dataclass(frozen=True)
class Figure:
    """A key figure.

    Attributes:
        words: what it is called in print.
        unit: its unit; empty for ratios and counts.
        better: whether less or more of it is better; None where neither is.
    """

    words: str
    unit: str
    better: Better | None


FIGURES: Mapping[str, Figure] = {
    OBJECTIVE: Figure("cost", "MUSD", "lower"),
    "demand_ttok": Figure("demand", "Ttok", None),
    "served_ttok": Figure("served", "Ttok", "higher"),
    "shortfall_ttok": Figure("shortfall", "Ttok", "lower"),
    "served_share": Figure("share served", "", "higher"),
    TOKEN_COST: Figure("cost per Mtok", "USD", "lower"),
    "energy_gwh": Figure("energy", "GWh", "lower"),
    "tokens_per_mwh_mtok": Figure("tokens per MWh", "Mtok", "higher"),
    "capex_musd": Figure("capital", "MUSD", "lower"),
    "sites_open": Figure("sites open", "", None),
    "units_ordered": Figure("units ordered", "", None),
    "it_mw_end": Figure("IT at the end", "MW", None),
    "meter_mw_end": Figure("at the meter at the end", "MW", None),
    "grid_mw_end": Figure("grid at the end", "MW", None),
    "stranded_mw_end": Figure("stranded at the end", "MW", "lower"),
    "in_country_share": Figure("served in-country", "", "higher"),
    "in_bloc_share": Figure("served in-bloc", "", None),
    "abroad_share": Figure("served abroad", "", None),
    "thin_share": Figure("thin", "", "lower"),
}
"""The figures by their column of the table `cases` (docs/formulation.md §5)."""

KPIS = tuple(name for name in FIGURES if name != OBJECTIVE)
"""The key figures without the objective."""


def figure(name: str) -> Figure:
    """A key figure or cost term by its column; one that is not listed has no direction."""
    if name.startswith("cost_") and name.endswith("_musd"):
        return Figure(name[len("cost_") : -len("_musd")].replace("_", " "), "MUSD", "lower")
    return FIGURES.get(name, Figure(name, "", None))
