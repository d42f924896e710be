"""A plan for the instance of `hand_instance`, worked out by hand; no solver has seen it.

2027  Luleå is opened for 5 MUSD with two halls of 2 MW (12 months, 2 · 2 · 10 = 40 MUSD) and one
      gen1 unit is ordered for it (12 months, 40 MUSD): 85 of the 100 MUSD granted.
      Oslo's two gen1 units do chat (2 Mtok/s, at a peak of 2 · 2 = 4: one unit) and agents
      (fan-out 3 · 1 = 3 Mtok/s, 6 / 2 = 3 per unit: one unit). Austin's one does chat
      (performance 0.5: 4 · 0.5 = 2 Mtok/s at a peak of 2 · 1).
2028  Oslo does chat alone (peak 2 · 4 = 8: two units), Luleå the agents (one unit).
2029  Oslo's old units have gone; a gen2 unit (30 MUSD, at once) makes 3 · 1.1^(731 / 365.25) at the
      peak, half of it on the mean. What lacks of 4 Mtok/s is short, at 1 USD/Mtok.
"""

from typing import Any

import pandas as pd
from hand_coverage import coverage, covered, empty_tables
from hand_figures import (
    ANNOUNCED,
    AUSTIN_COST,
    AUSTIN_GWH,
    AUSTIN_WORK,
    CASH,
    COSTS,
    END,
    FLOW,
    GEN1_WORTH,
    GEN2_WORTH,
    HALL_WORTH,
    LULEA_COST,
    LULEA_GWH,
    LULEA_WORK,
    MID,
    MODEL,
    NORWAY_FLOW,
    OBJECTIVE,
    OSLO_COST,
    OSLO_GWH,
    OSLO_WORK,
    SECONDS,
    SERVED,
    SHORT,
    TROMSO_COST,
    Y,
    discount,
)


def _token_cost() -> pd.DataFrame:
    rows = []
    for region, workload, flows, price in (
        ("norway", "chat", NORWAY_FLOW["chat"], 0.1),
        ("norway", "agents", NORWAY_FLOW["agents"], 0.1),
        ("texas", "chat", (1.0, 1.0, 1.0), 0.2),
    ):
        sites = (
            ((AUSTIN_COST, AUSTIN_WORK),)
            if region == "texas"
            else ((OSLO_COST, OSLO_WORK), (LULEA_COST, LULEA_WORK))
        )
        for i, flow in enumerate(flows):
            mtok = flow * SECONDS[i] * MID[i]
            musd = price / 1e6 * mtok + sum(
                cost * work.get((workload, i), 0) / sum(work.values()) for cost, work in sites
            )
            short = SHORT if (region, workload, i) == ("norway", "chat", 2) else 0.0
            lost = short * SECONDS[i] * MID[i] / 1e6
            rows.append((region, workload, Y[i], mtok, musd, lost, 0.0, musd / mtok * 1e6))
    rows.append(("", "", "2029", 0.0, TROMSO_COST, 0.0, 0.0, float("nan")))
    columns = "region workload period mtok musd shortfall_musd revenue_musd usd_per_mtok"
    return pd.DataFrame(rows, columns=columns.split())


def _limits() -> pd.DataFrame:
    """Smallest units: 1.5 MW at the meter in Oslo (gen2), 2.2 in Luleå, 2.4 in Austin."""
    rows = [
        *(("site_power", "oslo", Y[i], (5, 5, 1.5)[i], 5, "MW", i < 2) for i in range(3)),
        *(("site_power", "lulea", Y[i], 2.2, 6, "MW", False) for i in (1, 2)),
        *(("site_power", "austin", y, 2.4, 10, "MW", False) for y in Y),
        *(("site_power", "tromso", y, 0, 3, "MW", False) for y in Y),
        # In 2028 only 0.8 MW are left of the grid region's cap, too little for any unit.
        ("grid_region_power", "nordic-grid", "2027", 5, 8, "MW", False),
        ("grid_region_power", "nordic-grid", "2028", 7.2, 8, "MW", True),
        ("grid_region_power", "nordic-grid", "2029", 3.7, 8, "MW", False),
        *(("halls", "oslo", Y[i], (4, 4, 1)[i], 4, "MW", i < 2) for i in range(3)),
        *(("halls", "lulea", Y[i], 2, 4, "MW", False) for i in (1, 2)),
        *(("halls", "austin", y, 2, 2, "MW", True) for y in Y),
        # 0.3 MW a month: after the unit of 2 MW in 2028, 1.6 are left.
        *(("install_rate", "lulea", Y[i], (0, 2, 0)[i], 3.6, "MW", i == 1) for i in range(3)),
        *(("quota", "one", Y[i], (1, 0, 0)[i], 1.2, "units", i == 0) for i in range(3)),
        # With carry-over: 4 accelerators are left in 2029, a unit has 8.
        ("quota", "two", "2027", 0, 4, "accelerators", False),
        ("quota", "two", "2028", 0, 8, "accelerators", False),
        ("quota", "two", "2029", 8, 12, "accelerators", True),
        # 15, 15 and 10 MUSD are left; the cheapest unit costs 40 in 2027, 30 later.
        ("budget", "nordic", "2027", 85, 100, "MUSD", True),
        ("budget", "nordic", "2028", 85, 100, "MUSD", True),
        ("budget", "nordic", "2029", 115, 125, "MUSD", True),
        *(("budget", "america", Y[i], 0, (50, 0, 0)[i], "MUSD", False) for i in range(3)),
        ("min_build", "lulea", "", 4, 4, "MW", True),
        *(("demand", "agents", y, 3, 3, "Mtok/s", True) for y in Y),
    ]
    frame = pd.DataFrame(rows, columns=["limit", "at", "period", "use", "allowed", "unit", "binds"])
    return frame.assign(slack=frame["allowed"] - frame["use"])


def _physical() -> dict[str, pd.DataFrame]:
    """What is built, stands, works and flows."""
    chat, agents = ("norway", "chat", "personal"), ("norway", "agents", "public")
    texas = ("texas", "chat", "public")
    rows: dict[str, tuple[str, list[tuple[Any, ...]]]] = {
        "openings": ("site period opened", [("lulea", "2027", 1)]),
        "halls": (
            "site period blocks ordered_mw hall_mw",
            [
                *(("oslo", y, 0, 0.0, 4.0) for y in Y),
                ("lulea", "2027", 2, 4.0, 0.0),
                *(("lulea", y, 0, 0.0, 4.0) for y in Y[1:]),
                *(("austin", y, 0, 0.0, 2.0) for y in Y),
                *(("tromso", y, 0, 0.0, 0.0) for y in Y),
            ],
        ),
        "orders": (
            "site unit_type period units",
            [("oslo", "gen2", "2029", 1), ("lulea", "gen1", "2027", 1)],
        ),
        "retirements": ("site unit_type cohort period units", []),
        "grid_upgrades": ("site upgrade period ordered added_mw added_cap_mw", []),
        "network_options": ("site option period ordered", []),
        "clusters": (
            "site unit_type workload period utilisation units from_units stands option",
            [],
        ),
        "online": (
            "site unit_type period units",
            [
                *(("oslo", "gen1", y, 2) for y in Y[:2]),
                ("oslo", "gen2", "2029", 1),
                *(("lulea", "gen1", y, 1) for y in Y[1:]),
                *(("austin", "gen1", y, 1) for y in Y),
            ],
        ),
        "runs": (
            "site unit_type workload period slice units",
            [
                ("oslo", "gen1", "chat", "2027", "all", 1.0),
                ("oslo", "gen1", "agents", "2027", "all", 1.0),
                ("oslo", "gen1", "chat", "2028", "all", 2.0),
                ("oslo", "gen2", "chat", "2029", "all", 1.0),
                *(("lulea", "gen1", "agents", y, "all", 1.0) for y in Y[1:]),
                *(("austin", "gen1", "chat", y, "all", 1.0) for y in Y),
            ],
        ),
        "flows": (
            "region workload data_class site period slice mtok_s",
            [
                (*chat, "oslo", "2027", "all", 2.0),
                (*chat, "oslo", "2028", "all", 4.0),
                (*chat, "oslo", "2029", "all", SERVED),
                (*agents, "oslo", "2027", "all", 3.0),
                *((*agents, "lulea", y, "all", 3.0) for y in Y[1:]),
                *((*texas, "austin", y, "all", 1.0) for y in Y),
            ],
        ),
        "shortfall": (
            "region workload data_class period slice mtok_s",
            [(*chat, "2029", "all", SHORT)],
        ),
        "reserve": ("site unit_type workload period units reserve_units", []),
        "contingency_runs": ("contingency site unit_type workload period slice units", []),
        "contingency_flows": (
            "contingency region workload data_class site period slice mtok_s",
            [],
        ),
        "contingency_rentals": (
            "contingency region workload data_class offer period slice mtok_s",
            [],
        ),
        "resilience": (
            "contingency workload period slice demand_mtok_s asked_mtok_s served_mtok_s share",
            [],
        ),
        "power": (
            "site period it_mw meter_mw limit_mw energy_gwh",
            [
                *(("oslo", Y[i], (4, 4, 1)[i], (5, 5, 1.5)[i], 5.0, OSLO_GWH[i]) for i in range(3)),
                *(("lulea", Y[i], 2.0, 2.2, 6.0, LULEA_GWH[i]) for i in (1, 2)),
                *(("austin", Y[i], 2.0, 2.4, 10.0, AUSTIN_GWH[i]) for i in range(3)),
                *(("tromso", y, 0.0, 0.0, 3.0, 0.0) for y in Y),
            ],
        ),
    }
    return {name: pd.DataFrame(row, columns=head.split()) for name, (head, row) in rows.items()}


def hand_tables() -> dict[str, pd.DataFrame]:
    """The plan's tables, new each time."""
    cash = [
        (Y[i], pool, term, float(paid[i]), paid[i] * discount(term)[i])
        for (pool, term), paid in CASH.items()
        for i in range(3)
        if paid[i]
    ]
    columns = ["period", "pool", "term", "musd", "discounted_musd"]
    return {
        **_physical(),
        "portability": pd.DataFrame(columns=["workload", "kind", "period", "moved_mtok_s", "musd"]),
        "model_sites": pd.DataFrame(
            columns=[*MODEL, "trained_mtok_s", "served_mtok_s", "trains", "holds"]
        ),
        "model_transfers": pd.DataFrame(columns=[*MODEL, "from_site", "gb", "musd"]),
        "pipeline": pd.DataFrame(columns=["site", "date", "status", "counted_from", "mw"]),
        "commitments": pd.DataFrame(
            columns=["site", "what", "name", "period", "committed", "kept", "cancelled", "delayed"]
        ),
        "emissions": pd.DataFrame(columns=["site", "period", "tco2", "embodied_tco2", "water_m3"]),
        "debt": pd.DataFrame(columns=["pool", "period", "debt_musd", "interest_musd"]),
        **empty_tables(),
        "coverage": coverage(SERVED),
        "cash": pd.DataFrame(cash, columns=columns),
        "cost_per_mtok": _token_cost(),
        "limits": _limits(),
    }


def hand_claim() -> dict[str, Any]:
    """The figures of plan.json, new each time."""
    flow = [FLOW[i] + 1 for i in range(3)]
    mtok = sum(flow[i] * SECONDS[i] for i in range(3))
    gwh = sum((*OSLO_GWH, *LULEA_GWH, *AUSTIN_GWH))
    kpis = {
        "demand_ttok": (6 * SECONDS[0] + 8 * SECONDS[1] + 8 * SECONDS[2]) / 1e6,
        "served_ttok": mtok / 1e6,
        "shortfall_ttok": SHORT * SECONDS[2] / 1e6,
        "served_share": mtok / (6 * SECONDS[0] + 8 * SECONDS[1] + 8 * SECONDS[2]),
        "cost_per_mtok_usd": OBJECTIVE * 1e6 / sum(flow[i] * SECONDS[i] * MID[i] for i in range(3)),
        "energy_gwh": gwh,
        "tokens_per_mwh_mtok": mtok / gwh / 1000,
        "tco2": 0.0,
        "embodied_tco2": 0.0,
        "gco2_per_mtok": 0.0,
        "water_m3": 0.0,
        "revenue_musd": 0.0,
        "objective_without_end_value_musd": OBJECTIVE - COSTS["end_value"],
        "end_value_units_musd": END * (GEN1_WORTH + GEN2_WORTH),
        "end_value_halls_musd": END * HALL_WORTH,
        "violations_musd": 0.0,
        "capex_musd": 115.0,
        "sites_open": 4,
        "units_ordered": 2,
        "units_retired": 0,
        "it_mw_end": 1.0 + 2.0 + 2.0,
        "meter_mw_end": 1.5 + 2.2 + 2.4,
        "grid_mw_end": 5.0 + 6.0 + 10.0 + 3.0,
        "stranded_mw_end": 24.0 - 6.1,
        "announced_mw_end": ANNOUNCED,
        "counted_mw_end": ANNOUNCED,
        **covered(SERVED),
    }
    return {
        "status": "optimal",
        "objective_musd": OBJECTIVE,
        "bound_musd": 0.9995 * OBJECTIVE,
        "gap": 0.0005,
        "costs_musd": dict(COSTS),
        "kpis": kpis,
        "options": {"gap": 0.001},
    }
