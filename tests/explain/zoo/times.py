"""Conflicts over time, several at once, and in single futures."""

from typing import Any

from tests.explain.zoo.case import HOME, Case, firm
from tests.small import demands, tiny, twins, years
from tests.uncertainty.three import DEMAND, three

CHAT = ("demand", "norway/chat/public")
KENYA = ("demand", "kenya/chat/public")
RISING = demands(("norway", "public", 2027, 20), ("norway", "public", 2029, 80))
POOR: dict[str, Any] = {"budget": {"pools": {"poor": {"grants": 199}}}}
FEW: dict[str, Any] = {"quotas": {"few": {"unit_types": ["gen1"], "per_year": 4}}}

TIMES = [
    Case("power comes a year late",
         firm(tiny, horizon=years(2), sites={"oslo": {"grid_mw": {2027: 5, 2028: 25}}}),
         {("site_power", "oslo"), CHAT}),
    Case("power before its first date",
         firm(tiny, horizon=years(3), sites={"oslo": {"grid_mw": {2028: 25}}}),
         {("site_power", "oslo"), CHAT}),
    # Nine units by 2029, of which two stand in 2027: 360 MUSD against 300.
    Case("grants do not keep up",
         firm(tiny, horizon=years(3), demand=RISING,
              budget={"pools": {"poor": {"grants": {2027: 100, 2028: 100, 2029: 100}}}}),
         {("budget", "poor"), CHAT}),
    Case("a grant too late",
         firm(tiny, horizon=years(3), demand=RISING,
              budget={"pools": {"poor": {"grants": {2027: 60, 2029: 500}}}}),
         {("budget", "poor"), CHAT}),
    Case("units leave, and few come",
         firm(tiny, horizon=years(3), unit_types={"gen1": {"life_years": 2}},
              quotas={"few": {"unit_types": ["gen1"], "per_year": {2027: 5, 2028: 0, 2029: 2}}}),
         {("quota", "few"), CHAT}),
    Case("the connection shrinks",
         firm(tiny, horizon=years(2), sites={"oslo": {"grid_mw": {2027: 20, 2028: 10}}}),
         {("site_power", "oslo"), CHAT}),
    Case("installed too slowly for the rise",
         firm(tiny, horizon=years(2), demand=demands(("norway", "public", 2027, 20),
                                                     ("norway", "public", 2028, 80)),
              sites={"oslo": {"install_rate_mw_per_month": 0.6}}),
         {("install_rate", "oslo"), CHAT}),
    Case("residency until power comes",
         firm(twins, **HOME, horizon=years(3), demand=demands(("kenya", "public", 2027, 30)),
              sites={"nairobi": {"grid_mw": {2029: 25}}}),
         {("residency", "public"), ("site_power", "nairobi"), KENYA}),
    Case("payments fall due too early",
         firm(tiny, horizon=years(2), unit_types={"gen1": {"payments": {0: 0.5, 12: 0.5}}},
              budget={"pools": {"poor": {"grants": {2027: 90, 2028: 200}}}}),
         {("budget", "poor"), CHAT}),
    Case("sites that wait for upgrades",
         firm(tiny, horizon=years(2), sites={"oslo": {"grid_mw": 5}},
              grid_upgrades={"line": {"site": "oslo", "added_mw": 20, "cost_musd": 1,
                                      "lead_months": 12}}),
         {("site_power", "oslo"), CHAT}),
    Case("announced power does not count",
         firm(tiny, horizon=years(2), pipeline={"counts": ["energised"]},
              sites={"oslo": {"grid_mw": {2026: 10, 2027: 25},
                              "grid_status": {2027: "announced"}}}),
         {("site_power", "oslo"), CHAT}),
]  # fmt: skip

SEVERAL = [
    Case("connection and quota", firm(tiny, **FEW, sites={"oslo": {"grid_mw": 10}}), {CHAT}),
    Case("connection and grants", firm(tiny, **POOR, sites={"oslo": {"grid_mw": 10}}), {CHAT}),
    Case("quota and grants", firm(tiny, **FEW, **POOR), {CHAT}),
    Case("quota, grants, connection, rate",
         firm(tiny, **FEW, **POOR,
              sites={"oslo": {"grid_mw": 10, "install_rate_mw_per_month": 0.6}}), {CHAT}),
    # At home Oslo makes 20 of 30 Mtok/s; and the quota is for three of four units.
    Case("at home, and a quota",
         firm(twins, **HOME, sites={"oslo": {"grid_mw": 5}, "nairobi": {"grid_mw": 5}},
              quotas={"few": {"unit_types": ["gen1"], "per_year": 3}},
              demand=demands(("norway", "public", 2027, 30), ("kenya", "public", 2027, 10))),
         {CHAT}),
    Case("a floor and a cap",
         lambda: twins(sites={"nairobi": {"opened": True, "initial_hall_mw": 20},
              "oslo": {"grid_mw": 10}},
               sufficiency={"kenya": {"jurisdictions": ["KE"], "host_it_mw": 10}},
               concentration={"most": {"share_of": "it_mw", "by": "operator",
                                       "names": ["savanna"], "most_share": 0.4}}),
         {("sufficiency_mw", "kenya"), ("it_mw_share", "most"), ("site_power", "oslo")}),
    Case("either of two pools",
         firm(twins, sites={"nairobi": {"opened": True, "initial_hall_mw": 20}},
              budget={"pools": {"north": {"sites": ["oslo"], "grants": 100},
                                "south": {"sites": ["nairobi"], "grants": 60}}}),
         {("budget", "north"), ("budget", "south"), CHAT}),
    Case("either of two sites",
         firm(twins, sites={"oslo": {"grid_mw": 5},
                            "nairobi": {"opened": True, "initial_hall_mw": 20, "grid_mw": 5}}),
         {("site_power", "oslo"), ("site_power", "nairobi"), CHAT}),
    Case("law and distance together",
         firm(twins, **HOME, sites={"nairobi": {"grid_mw": 5}},
              workloads={"chat": {"latency_limit_ms": 40}},
              demand=demands(("kenya", "public", 2027, 50))), {("site_power", "nairobi"), KENYA}),
]  # fmt: skip

FUTURES = [
    Case("one scenario asks for too much",
         lambda: three(workloads={"chat": {"shortfall_price_usd_per_mtok": None}})
         .with_changes({"scenarios.high.changes": {f"{DEMAND}.mtok_s": 300}}),
         {("site_power", "oslo"), CHAT}),
    Case("one scenario has too little power",
         lambda: three(workloads={"chat": {"shortfall_price_usd_per_mtok": None}})
         .with_changes({"scenarios.high.changes": {"quotas.add": {"few": {
             "unit_types": ["gen1"], "per_year": 2}}, f"{DEMAND}.mtok_s": 30}}),
         {CHAT}),
    # Both must be ordered in 2027, before the law is known; the pool pays for one.
    Case("futures that exclude each other",
         lambda: twins(
             horizon=years(2), workloads={"chat": {"shortfall_price_usd_per_mtok": None}},
             unit_types={"gen1": {"lead_months": 12}},
             sites={"nairobi": {"opened": True, "initial_hall_mw": 20}},
             budget={"pools": {"all": {"grants": 40}}},
             demand=demands(("norway", "public", 2027, 0), ("norway", "public", 2028, 10)),
             scenarios={w: {"probability": 0.5, "revealed": 2028,
                            "changes": {"data_classes.public.compute": [place]}}
                        for w, place in (("north", "NO"), ("south", "KE"))}),
         {("budget", "all"), CHAT, ("residency", "public")}),
]  # fmt: skip
