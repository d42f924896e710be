"""Each rule that can be waived, alone in the way."""

from typing import Any

from tests.explain.zoo.case import HOME, Case, firm
from tests.small import demands, tiny, twins, years

CHAT = ("demand", "norway/chat/public")
KENYA = ("demand", "kenya/chat/public")
SMALL: dict[str, Any] = {"nairobi": {"opened": True, "initial_hall_mw": 20, "grid_mw": 5}}
"""Nairobi has power for two units, 20 Mtok/s."""

AT_KENYA = demands(("kenya", "public", 2027, 50))
OLD: dict[str, Any] = {"unit_types": {"gen1": {"available_until": "2026-12-31"},
                                      "gen2": {"generation": "two", "cooling": "liquid", "it_mw": 2,
                                               "capex_musd": 40, "life_years": 5,
                                               "available_from": 2028}},
                       "throughput": [{"unit_type": u, "workload": "chat", "mtok_s": 10}
                                      for u in ("gen1", "gen2")]}  # fmt: skip
"""The old type is sold no more, and the new one not yet."""

RULES = [
    Case("residency", firm(twins, **HOME, sites=SMALL, demand=AT_KENYA),
         {("residency", "public"), ("site_power", "nairobi"), KENYA}),
    Case("residency of a jurisdiction",
         firm(twins, sites=SMALL, demand=AT_KENYA,
              residency=[{"jurisdiction": "KE", "data_class": "public", "compute": ["KE"]}]),
         {("residency", "KE/public"), ("site_power", "nairobi"), KENYA}),
    Case("operator's home",
         firm(twins, sites=SMALL, demand=AT_KENYA,
              data_classes={"public": {"operator_home": ["KE"]}}),
         {("residency", "public"), ("site_power", "nairobi"), KENYA}),
    Case("control plane",
         firm(twins, sites=SMALL, demand=AT_KENYA,
              data_classes={"public": {"control_plane": ["KE"]}}),
         {("residency", "public"), ("site_power", "nairobi"), KENYA}),
    Case("certification",
         firm(twins, sites=SMALL, demand=AT_KENYA,
              data_classes={"public": {"certification": "gold"}},
              operators={"savanna": {"certifications": ["gold"]}}),
         {("residency", "public"), ("site_power", "nairobi"), KENYA}),
    Case("latency",
         firm(twins, sites=SMALL, demand=AT_KENYA, workloads={"chat": {"latency_limit_ms": 40}}),
         {("latency", "chat"), ("site_power", "nairobi"), KENYA}),
    Case("data that stay",
         firm(twins, sites=SMALL, demand=AT_KENYA,
              workloads={"chat": {"data_stays": "continent"}}),
         {("data_stays", "chat"), ("site_power", "nairobi"), KENYA}),
    Case("offer abroad",
         firm(tiny, **HOME, sites={"oslo": {"grid_mw": 5}},
              jurisdictions={"DK": {"continent": "europe"}},
              rentals={"loan": {"operator": "fjord", "jurisdiction": "DK", "lat": 56, "lon": 12,
                                "price_usd_per_mtok": 1, "most_mtok_s": 50}}),
         {("residency", "public"), ("site_power", "oslo"), CHAT}),
    # Units of known origin are few.
    Case("origin",
         firm(tiny, unit_types={"gen1": {"origin": ["NO"]},
                                "far": {"generation": "one", "cooling": "liquid", "it_mw": 2,
                                        "capex_musd": 30, "life_years": 5, "available_from": 2020}},
              throughput=[{"unit_type": u, "workload": "chat", "mtok_s": 10}
                          for u in ("gen1", "far")],
              data_classes={"public": {"supply_origin": ["NO"]}},
              quotas={"few": {"unit_types": ["gen1"], "per_year": 4}}),
         {("origin", "public"), ("quota", "few"), CHAT}),
    Case("export control",
         firm(tiny, unit_types={"gen1": {"barred": ["NO"]},
                                "slow": {"generation": "old", "cooling": "liquid", "it_mw": 2,
                                         "capex_musd": 30, "life_years": 5,
                                              "available_from": 2020}},
              throughput=[{"unit_type": "gen1", "workload": "chat", "mtok_s": 10},
                          {"unit_type": "slow", "workload": "chat", "mtok_s": 4}]),
         {("export_control", "gen1"), ("site_power", "oslo"), CHAT}),
    Case("sold too late",
         firm(tiny, horizon=years(2), unit_types={"gen1": {"available_from": 2028}}),
         {("sold_from", "gen1"), CHAT}),
    Case("sold no more, not yet", firm(tiny, horizon=years(2), **OLD),
         {("sold_from", "gen2"), ("sold_until", "gen1"), CHAT}),
    Case("commitment over a quota",
         lambda: tiny(quotas={"few": {"unit_types": ["gen1"], "per_year": 4}},
                      commitments={"orders": [{"site": "oslo", "unit_type": "gen1",
                                               "period": 2027, "units": 5}]}),
         {("commitment", "orders/0"), ("quota", "few")}),
    Case("commitment over the grants",
         lambda: tiny(budget={"pools": {"poor": {"grants": 100}}},
                      commitments={"orders": [{"site": "oslo", "unit_type": "gen1",
                                               "period": 2027, "units": 3}]}),
         {("commitment", "orders/0"), ("budget", "poor")}),
    Case("frozen", firm(tiny, horizon=years(2), commitments={"frozen_until": 2028}),
         {("frozen", ""), CHAT}),
    Case("frozen with too little on order",
         firm(tiny, horizon=years(2),
              commitments={"frozen_until": 2028,
                           "orders": [{"site": "oslo", "unit_type": "gen1", "period": 2027,
                                       "units": 3}]}),
         {("frozen", ""), CHAT}),
    # Nothing that can give way delivers in time: units take a year.
    Case("lead time",
         firm(tiny, horizon=years(2), unit_types={"gen1": {"lead_months": 12}}), {CHAT}),
]  # fmt: skip
