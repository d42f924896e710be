"""The same plan under another instance: where a limit or law is tighter, the plan is refused."""

from copy import deepcopy
from typing import Any

import pytest
from corrupt import Plan
from hand_instance import RAW

from models.instance import Instance
from optimizer.verify import verify_tables

CHANGES: list[tuple[str, str, str, object]] = [
    # Family, what the message says, the path that changes, its new value.
    ("siting", "below its least build of 5 MW", "sites.lulea.min_build_mw", 5),
    ("orders", "does not carry one", "sites.lulea.grid_mw", {"2028-01": 2, "2029-01": 6}),
    ("orders", "law bars it", "unit_types.gen1.barred", ["SE"]),
    ("orders", "law bars it", "unit_types.gen1.barred", ["EU"]),
    ("orders", "rack power", "sites.oslo.max_rack_kw", 70),
    ("orders", "cannot be ordered then", "unit_types.gen1.available_from", "2027-01-02"),
    ("orders", "cannot be ordered then", "unit_types.gen2.available_until", "2028-12-31"),
    ("orders", "serve no period", "sites.oslo.unit_lead_months", 1),
    ("capacity", "lulea, gen1, 2028; recomputed it is 0", "unit_types.gen1.lead_months", 13),
    ("capacity", "lulea, gen1, 2028; recomputed it is 0", "sites.lulea.unit_lead_months", 1),
    ("capacity", "recomputed it is 0", "unit_types.gen1.life_years", 1),
    ("halls", "hall_mw 4 for lulea, 2028; recomputed it is 0", "sites.lulea.hall_lead_months", 13),
    ("halls", "2029; recomputed it is 0", "sites.lulea.hall_life_years", 1),
    ("supply", "quota one", "quotas.one.per_year", 0.9),
    ("supply", "quota two", "quotas.two.carry_over", False),
    ("supply", "quota two", "quotas.two.per_year", {"2027": 1, "2029": 4}),
    ("supply", "enter service at lulea", "sites.lulea.install_rate_mw_per_month", 0.16),
    ("power", "over its grid connection of 1.4 MW", "sites.oslo.grid_mw", {"2026": 5, "2029": 1.4}),
    ("power", "recomputed it is 2.4", "sites.lulea.pue.liquid", 1.2),
    ("power", "over its cap of 7 MW", "grid_regions.nordic-grid.cap_mw", {"2027": 9, "2028": 7}),
    ("throughput", "only 0.99 of those", "unit_types.gen1.availability", 0.99),
    ("throughput", "make 1.6", "operators.usco.performance", 0.4),
    ("throughput", "at the peak of 2029", "unit_types.gen2.software_gain_per_year", 0.05),
    ("throughput", "of agents at the peak", "workloads.agents.compute_multiplier", 2.1),
    ("throughput", "of chat at the peak", "workloads.chat.peak_factor", 2.1),
    ("routes", "law forbids", "data_classes.personal.certification", "iso"),
    ("routes", "law forbids", "data_classes.personal.operator_home", ["US"]),
    ("routes", "law forbids", "data_classes.personal.control_plane", ["EU"]),
    ("routes", "law forbids", "data_classes.public.compute", ["EEA"]),
    ("routes", "31 ms away, over its limit of 30", "rtt.0.rtt_ms", 31),
    ("demand", "asks for 6 Mtok/s", "workloads.agents.fan_out", 6),
    ("demand", "must be served in full", "workloads.chat.shortfall_price_usd_per_mtok", None),
    ("budget", "spends 115 MUSD up to 2029", "budget.pools.nordic.grants", 114),
    ("budget", "spends 30 MUSD in 2029", "budget.pools.nordic.carry_over", False),
    ("budget", "spends 200 MUSD up to 2029", "unit_types.gen1.capex_musd", 125),
    ("cost", "the cost unit_capex", "unit_types.gen2.payments", {"0": 0.5, "1": 0.5}),
    ("cost", "the cost hall_capex", "sites.lulea.hall_payments", {"1": 1}),
    ("cost", "the cost site_opening", "sites.lulea.open_payments", {"0": 0.5, "12": 0.5}),
    ("limits", "borrowing, nordic, 2027", "budget.pools.nordic.borrowing", 1),
    (
        "opex",
        "cap all costs 1.698",
        "budget.opex_caps",
        {"all": {"terms": ["site_opex"], "musd_per_year": 1.5}},
    ),
    (
        "opex",
        "cap some costs 0.99",
        "budget.opex_caps",
        {"some": {"operators": ["usco"], "terms": ["unit_opex"], "musd_per_year": 0.5}},
    ),
    ("cost", "the cost end_value", "finance.end_of_horizon_value", "none"),
    ("cost", "the cost hall_capex", "finance.base_date", "2026-01-01"),
    ("cost", "the cost unit_capex", "sites.oslo.unit_capex_factor", 1.1),
    ("cost", "the cost energy", "unit_types.gen1.idle_share", 0.4),
]


def _with(path: str, value: object) -> Instance:
    raw: Any = deepcopy(RAW)
    part = raw
    *way, last = path.split(".")
    for step in way:
        part = part[int(step)] if isinstance(part, list) else part[step]
    part[last] = value
    if path.startswith("data_classes.personal"):
        # The class's own policy holds where no residency row says otherwise.
        raw["residency"] = []
    return Instance.model_validate(raw)


@pytest.mark.parametrize(
    ("family", "words", "path", "value"), CHANGES, ids=[f"{c[2]}={c[3]}" for c in CHANGES]
)
def test_a_plan_for_another_instance_is_refused(
    plan: Plan,
    family: str,
    words: str,
    path: str,
    value: object,
) -> None:
    found = verify_tables(_with(path, value), *plan)

    messages = [v.message for v in found.violations if v.family == family]
    assert any(words in message for message in messages), found.violations
