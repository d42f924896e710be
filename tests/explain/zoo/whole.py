"""Conflicts that only whole units, halls, openings and steps make."""

from tests.explain.zoo.case import HOME, Case, firm
from tests.small import demands, tiny, twins, years

CHAT = ("demand", "norway/chat/public")
KENYA = ("demand", "kenya/chat/public")
ODD = {"demand": demands(("norway", "public", 2027, 45))}
"""4.5 units would do; five are needed."""

WHOLE = [
    Case("connection for 4.8 units", firm(tiny, **ODD, sites={"oslo": {"grid_mw": 12}}),
         {("site_power", "oslo"), CHAT}, True),
    Case("quota of 4.7", firm(tiny, **ODD, quotas={"few": {"unit_types": ["gen1"],
         "per_year": 4.7}}),
         {("quota", "few"), CHAT}, True),
    Case("grants for 4.9 units", firm(tiny, **ODD, budget={"pools": {"poor": {"grants": 196}}}),
         {("budget", "poor"), CHAT}, True),
    Case("region for 4.6 units",
         firm(tiny, **ODD, grid_regions={"east": {"cap_mw": 11.5}},
              sites={"oslo": {"grid_region": "east"}}), {("grid_region_power", "east"), CHAT},
                   True),
    Case("halls for 4.8 units",
         firm(tiny, **ODD, sites={"oslo": {"initial_hall_mw": 9.6, "hall_lead_months": 24}}),
         {("halls", "oslo"), CHAT}, True),
    Case("running costs of 4.8 units",
         firm(tiny, **ODD, unit_types={"gen1": {"opex_musd_per_year": 1}},
              budget={"opex_caps": {"low": {"musd_per_year": 4.8}}}), {("opex", "low"), CHAT},
                   True),
    Case("rate for 4.6 units",
         firm(tiny, **ODD, sites={"oslo": {"install_rate_mw_per_month": 9.2 / 12}}),
         {("install_rate", "oslo"), CHAT}, True),
    # Two sites with 4.5 units' power each: 8 whole units, and 9 are needed.
    Case("two odd connections",
         firm(twins, sites={"oslo": {"grid_mw": 11.25},
                            "nairobi": {"grid_mw": 11.25, "opened": True, "initial_hall_mw": 20}},
              demand=demands(("norway", "public", 2027, 90))),
         {("site_power", "oslo"), ("site_power", "nairobi"), CHAT}, True),
    # Opening costs 100, five units 200, three halls of 4 MW 60: 360.
    Case("an opening is paid whole",
         firm(twins, **HOME, demand=demands(("kenya", "public", 2027, 50)),
              sites={"nairobi": {"open_cost_musd": 100}},
                   budget={"pools": {"poor": {"grants": 350}}}),
         {("budget", "poor"), ("residency", "public"), KENYA}, True),
    # Halls of 8 MW: two for 10 IT MW cost 80 and the units 200.
    Case("halls come whole",
         firm(twins, **HOME, demand=demands(("kenya", "public", 2027, 50)),
              sites={"nairobi": {"hall_block_mw": 8}}, budget={"pools": {"poor": {"grants": 270}}}),
         {("budget", "poor"), ("residency", "public"), KENYA}, True),
    # 4.5 units in each of two years by a quota without carry-over: 4 and 4 of 9.
    Case("a quota twice",
         firm(tiny, horizon=years(2), quotas={"few": {"unit_types": ["gen1"], "per_year": 4.5}},
              demand=demands(("norway", "public", 2027, 40), ("norway", "public", 2028, 90))),
         {("quota", "few"), CHAT}, True),
    Case("a committed unit too many",
         lambda: tiny(quotas={"few": {"unit_types": ["gen1"], "per_year": 4.5}},
                      commitments={"orders": [{"site": "oslo", "unit_type": "gen1",
                                               "period": 2027, "units": 5}]}),
         {("commitment", "orders/0"), ("quota", "few")}),
]  # fmt: skip
