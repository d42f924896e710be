"""What the tables of a plan must hold, and the words in them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

TERMS = (
    "site_opening",
    "grid_upgrade",
    "network_option",
    "hall_capex",
    "unit_capex",
    "changes",
    "interest",
    "retirement",
    "conversion_capex",
    "site_opex",
    "unit_opex",
    "mining_margin_lost",
    "lease",
    "energy",
    "carbon",
    "water",
    "network",
    "rent",
    "portability",
    "model_transfer",
    "shortfall",
    "revenue",
    "contingency_shortfall",
    "end_value",
    "control_plane_capex",
    "control_plane_opex",
    "volume_rebate",
    "violations",
)
"""The terms of the objective."""


LIMITS = (
    "site_power",
    "grid_region_power",
    "halls",
    "install_rate",
    "quota",
    "budget",
    "borrowing",
    "opex",
    "carbon",
    "efficiency",
    "water",
    "min_build",
    "cluster",
    "model_training",
    "frozen",
    "demand",
    "conversion",
    "lease",
    "rental",
    "sufficiency_share",
    "sufficiency_mw",
    "tokens_share",
    "it_mw_share",
    "capital_share",
    "contingency",
    "reserve",
)
"""The limits that a plan reports on."""


COMMITTED = ("opening", "halls", "units", "upgrade")
"""What can be committed."""


COVERAGE = ("in_country", "in_bloc", "abroad", "thin")
"""Where demand is served, seen from where it arises; thin is a part of in_country."""


EMPTY = -1
"""The position that stands for an empty name."""


@dataclass(frozen=True)
class Spec:
    """What a table must hold."""

    keys: tuple[str, ...]
    """Index columns."""
    amounts: tuple[str, ...]
    """Number columns."""
    whole: frozenset[str] = frozenset()
    """Number columns that hold whole numbers."""
    signed: frozenset[str] = frozenset()
    """Number columns that may be negative."""
    optional: frozenset[str] = field(default=frozenset())
    """Index columns whose name may be empty, and number columns that may be."""
    texts: tuple[str, ...] = ()
    """Further columns, kept as they are."""


_STREAM = ("region", "workload", "data_class")


_MONEY = frozenset({"musd", "discounted_musd", "usd_per_mtok", "slack"})


SPECS: Mapping[str, Spec] = {
    "openings": Spec(("site", "period"), ("opened",), frozenset({"opened"})),
    "halls": Spec(("site", "period"), ("blocks", "ordered_mw", "hall_mw"), frozenset({"blocks"})),
    "conversions": Spec(
        ("site", "period"),
        ("ordered_mw", "converted_mw", "hall_mw", "mining_mw", "blocks"),
        frozenset({"blocks"}),
    ),
    "leases": Spec(("site", "period"), ("leased_mw", "new_mw", "blocks"), frozenset({"blocks"})),
    "orders": Spec(("site", "unit_type", "period"), ("units",), frozenset({"units"})),
    "retirements": Spec(
        ("site", "unit_type", "cohort", "period"), ("units",), frozenset({"units"})
    ),
    "grid_upgrades": Spec(
        ("site", "upgrade", "period"),
        ("ordered", "added_mw", "added_cap_mw"),
        frozenset({"ordered"}),
    ),
    "network_options": Spec(("site", "option", "period"), ("ordered",), frozenset({"ordered"})),
    "commitments": Spec(
        ("site", "what", "name", "period"),
        ("committed", "kept", "cancelled", "delayed"),
        frozenset({"committed", "kept", "cancelled", "delayed"}),
        optional=frozenset({"name"}),
    ),
    "online": Spec(("site", "unit_type", "period"), ("units",), frozenset({"units"})),
    "reserve": Spec(
        ("site", "unit_type", "workload", "period"),
        ("units", "reserve_units"),
        frozenset({"units", "reserve_units"}),
    ),
    "runs": Spec(("site", "unit_type", "workload", "period", "slice"), ("units",)),
    "clusters": Spec(
        ("site", "unit_type", "workload", "period"),
        ("utilisation", "units", "from_units", "stands"),
        frozenset({"units", "from_units", "stands"}),
        texts=("option",),
    ),
    "flows": Spec((*_STREAM, "site", "period", "slice"), ("mtok_s",)),
    "rentals": Spec((*_STREAM, "offer", "period", "slice"), ("mtok_s",)),
    "rental_use": Spec(("offer", "period"), ("mtok_s", "paid_mtok_s", "used"), frozenset({"used"})),
    "shortfall": Spec((*_STREAM, "period", "slice"), ("mtok_s",)),
    "local_control_planes": Spec(("site", "period"), ("raised",), frozenset({"raised"})),
    "volume_tiers": Spec(
        ("unit_type", "tier", "period"),
        ("units", "saved_musd", "reached"),
        frozenset({"units", "reached"}),
    ),
    "coverage": Spec(
        ("jurisdiction", "data_class", "period"),
        (
            "demand_ttok",
            *(f"{where}_ttok" for where in COVERAGE),
            *(f"{where}_share" for where in COVERAGE),
        ),
    ),
    "contingency_runs": Spec(
        ("contingency", "site", "unit_type", "workload", "period", "slice"), ("units",)
    ),
    "contingency_flows": Spec(("contingency", *_STREAM, "site", "period", "slice"), ("mtok_s",)),
    "contingency_rentals": Spec(("contingency", *_STREAM, "offer", "period", "slice"), ("mtok_s",)),
    "resilience": Spec(
        ("contingency", "workload", "period", "slice"),
        ("demand_mtok_s", "asked_mtok_s", "served_mtok_s", "share"),
    ),
    "power": Spec(("site", "period"), ("it_mw", "meter_mw", "limit_mw", "energy_gwh")),
    "portability": Spec(("workload", "kind", "period"), ("moved_mtok_s", "musd")),
    "model_sites": Spec(
        ("model_family", "site", "period"),
        ("trained_mtok_s", "served_mtok_s", "trains", "holds"),
        frozenset({"trains", "holds"}),
    ),
    "model_transfers": Spec(("model_family", "site", "from_site", "period"), ("gb", "musd")),
    "pipeline": Spec(
        ("site", "date"),
        ("mw",),
        signed=frozenset({"mw"}),
        optional=frozenset({"date"}),
        texts=("status", "counted_from"),
    ),
    "emissions": Spec(("site", "period"), ("tco2", "embodied_tco2", "water_m3")),
    "debt": Spec(("pool", "period"), ("debt_musd", "interest_musd")),
    "cash": Spec(
        ("period", "pool", "term"),
        ("musd", "discounted_musd"),
        signed=_MONEY,
        optional=frozenset({"pool"}),
    ),
    "cost_per_mtok": Spec(
        ("region", "workload", "period"),
        ("mtok", "musd", "shortfall_musd", "revenue_musd", "usd_per_mtok"),
        signed=_MONEY,
        optional=frozenset({"region", "workload", "usd_per_mtok"}),
    ),
    "limits": Spec(
        ("limit", "at", "period"),
        ("use", "allowed", "slack"),
        signed=_MONEY,
        optional=frozenset({"period"}),
        texts=("unit", "binds"),
    ),
    "violations": Spec(
        ("limit", "at", "period"),
        ("excess", "price_musd", "musd"),
        optional=frozenset({"period"}),
        texts=("unit",),
    ),
}
"""The tables of docs/plan-format.md that carry a plan."""
