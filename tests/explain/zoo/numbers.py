"""Each kind of limit that is a number, alone too tight."""

from typing import Any

from tests.explain.zoo.case import HOME, Case, firm
from tests.small import demands, tiny, twins, years

CHAT = ("demand", "norway/chat/public")
KENYA = ("demand", "kenya/chat/public")
POOR: dict[str, Any] = {"budget": {"pools": {"poor": {"grants": 199}}}}
DRAWING: dict[str, Any] = {"unit_types": {"gen1": {"opex_musd_per_year": 1}}}
OPEN = {"opened": True, "initial_hall_mw": 20}

NUMBERS = [
    # Five units of 2.5 MW at the meter are needed, 12.5 MW, for 200 MUSD.
    Case("connection", firm(tiny, sites={"oslo": {"grid_mw": 10}}), {("site_power", "oslo"), CHAT}),
    Case("no connection", firm(tiny, sites={"oslo": {"grid_mw": 2.6}}),
         {("site_power", "oslo"), CHAT}),
    Case("grid region",
         firm(tiny, grid_regions={"east": {"cap_mw": 11}}, sites={"oslo": {"grid_region": "east"}}),
         {("grid_region_power", "east"), CHAT}),
    # New halls come in two years, and 8 IT MW stand: four units.
    Case("halls", firm(tiny, sites={"oslo": {"initial_hall_mw": 8, "hall_lead_months": 24}}),
         {("halls", "oslo"), CHAT}),
    # Ten IT MW in twelve months are 0.83 a month.
    Case("install rate", firm(tiny, sites={"oslo": {"install_rate_mw_per_month": 0.8}}),
         {("install_rate", "oslo"), CHAT}),
    Case("quota", firm(tiny, quotas={"few": {"unit_types": ["gen1"], "per_year": 4}}),
         {("quota", "few"), CHAT}),
    Case("quota of accelerators",
         firm(tiny, quotas={"few": {"unit_types": ["gen1"], "per_year": 35,
              "counts": "accelerators"}},
              unit_types={"gen1": {"accelerators": 8}}), {("quota", "few"), CHAT}),
    Case("grants", firm(tiny, **POOR), {("budget", "poor"), CHAT}),
    Case("grants that cannot wait",
         firm(tiny, budget={"pools": {"poor": {"grants": 199, "carry_over": False}}}),
         {("budget", "poor"), CHAT}),
    # 200 are needed in 2027; 150 are granted, and 40 may be borrowed until 2028.
    Case("borrowing",
         firm(tiny, horizon=years(2),
              budget={"pools": {"poor": {"grants": {2027: 150, 2028: 60}, "borrowing": 40}}}),
         {("budget", "poor"), ("borrowing", "poor"), CHAT}),
    Case("running costs",
         firm(tiny, **DRAWING, budget={"opex_caps": {"low": {"musd_per_year": 4.9}}}),
         {("opex", "low"), CHAT}),
    # Nairobi must build 20 IT MW for 100 MUSD, and five units for 200.
    Case("least build",
         firm(twins, **HOME, demand=demands(("kenya", "public", 2027, 50)),
              sites={"nairobi": {"min_build_mw": 20}}, budget={"pools": {"poor": {"grants": 290}}}),
         {("min_build", "nairobi"), ("budget", "poor"), KENYA, ("residency", "public")}, True),
    Case("offer",
         firm(tiny, sites={"oslo": {"grid_mw": 5}},
              rentals={"loan": {"operator": "fjord", "jurisdiction": "NO", "lat": 60, "lon": 10,
                                "price_usd_per_mtok": 1, "most_mtok_s": 20}}),
         {("rental", "loan"), ("site_power", "oslo"), CHAT}),
    # Demand may fall short, but the floor asks for all of it.
    Case("served at home",
         lambda: tiny(sites={"oslo": {"grid_mw": 10}},
                      sufficiency={"norway": {"jurisdictions": ["NO"], "serve_share": 1}}),
         {("sufficiency_share", "norway"), ("site_power", "oslo")}),
    Case("hosted at home",
         lambda: tiny(sites={"oslo": {"grid_mw": 20}},
                      sufficiency={"norway": {"jurisdictions": ["NO"], "host_it_mw": 18}}),
         {("sufficiency_mw", "norway"), ("site_power", "oslo")}),
    # Nairobi has two units, 20 Mtok/s; Oslo may make no more than half of 50.
    Case("share of tokens",
         firm(twins, sites={"nairobi": {**OPEN, "grid_mw": 5}},
              concentration={"half": {"share_of": "tokens", "by": "operator", "most_share": 0.5}}),
         {("tokens_share", "half"), ("site_power", "nairobi"), CHAT}),
    Case("share of power",
         firm(twins, sites={"nairobi": {**OPEN, "grid_mw": 5}},
              concentration={"half": {"share_of": "it_mw", "by": "jurisdiction",
                   "most_share": 0.5}}),
         {("it_mw_share", "half"), ("site_power", "nairobi"), CHAT}),
    # Of what two operators spend, one of them spends half.
    Case("share of capital",
         firm(twins, sites={"nairobi": OPEN},
              concentration={"less": {"share_of": "capital", "by": "operator", "most_share": 0.4}}),
         {("capital_share", "less"), CHAT}),
    # Five units of 2.5 MW at 400 kg/MWh emit 43 800 t a year, less what idles.
    Case("emissions",
         firm(tiny, carbon={"caps": {"all": {"tco2_per_year": 40_000}}},
              sites={"oslo": {"carbon_kg_per_mwh": 400}}), {("carbon", "all"), CHAT}),
    # 10 IT MW at 1.8 l/kWh use 157 680 m3 a year.
    Case("water",
         firm(tiny, sites={"oslo": {"water_l_per_kwh": {"liquid": 1.8},
                                    "water_limit_m3_per_year": 150_000}}),
         {("water", "oslo"), CHAT}),
    # A unit makes 10 Mtok/s of 2.5 MW: 14 400 Mtok per MWh.
    Case("efficiency", firm(tiny, efficiency_floors={"all": {"mtok_per_mwh": 15_000}}),
         {("efficiency", "all"), CHAT}),
    Case("cluster",
         firm(tiny, workloads={"chat": {"cluster": {"min_units": 8}}},
              quotas={"few": {"unit_types": ["gen1"], "per_year": 6}}),
         {("cluster", "chat"), ("quota", "few"), CHAT}, True),
    # Of six units that are each up in 90 % of the time, five are not up in 99.9 %.
    Case("reserve",
         firm(tiny, unit_types={"gen1": {"availability": 0.9}}, sites={"oslo": {"grid_mw": 16}},
              workloads={"chat": {"availability_target": 0.999}}),
         {("reserve", "chat"), ("site_power", "oslo"), CHAT}, True),
    Case("protected share",
         lambda: twins(sites={"nairobi": {**OPEN, "grid_mw": 5}}, protection=[{"share": 0.8}],
                       contingencies={"any": {"each": "site"}}),
         {("protection", "any: oslo"), ("site_power", "nairobi")}),
    Case("late delivery",
         lambda: tiny(horizon=years(2), contingencies={"late": {"unit_types": {"gen1": 24}}},
                      protection=[{"share": 0.5}]),
         {("protection", "late")}),
]  # fmt: skip
"""Demand of 50 Mtok/s needs five units; FIRM or a floor says that it must be served."""
