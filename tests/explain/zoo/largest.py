"""The largest instance that ships, made infeasible: each takes minutes to explain."""

from tests.explain.zoo.case import Case
from tests.explain.zoo.shipped import mutated

REGISTRY = "KE/registry/health"

FINETUNING = {
    "air-h100-hgx-4n": 0.052416,
    "lc-gb200-nvl72": 0.278208,
    "lc-gb300-nvl72": 0.346968,
    "lc-vr200-nvl72": 1.044,
}
"""Rates of units at a registry's work, as at fine-tuning [Mtok/s]."""

KENYAN_REGISTRY: dict[str, object] = {
    "workloads.add": {"registry": {"peak_factor": 1.0}},
    "throughput.add": [
        {"unit_type": u, "workload": "registry", "mtok_s": rate} for u, rate in FINETUNING.items()
    ],
    "demand.add": [
        {
            "region": "KE",
            "workload": "registry",
            "data_class": "health",
            "date": day,
            "mtok_s": rate,
        }
        for day, rate in (("2027-01-01", 0), ("2027-12-31", 0), ("2028-01-01", 500))
    ],
}
"""From 2028 on health records of Kenya are worked on in Kenya, where one small site has power."""

LARGEST = [
    Case("six continents, agents must be served",
         mutated("six-continents", {"workloads.agentic.shortfall_price_usd_per_mtok": None}),
         set()),
    Case("six continents, a registry at home", mutated("six-continents", KENYAN_REGISTRY),
         {("residency", "KE/health"), ("demand", REGISTRY)}),
    Case("six continents, a floor for Africa without money",
         mutated("six-continents", {
             "budget.pools.africa.scale": 0.01,
             "sufficiency.add": {"africa": {"jurisdictions": ["ZA", "KE", "NG", "EG", "MA"],
                                            "host_it_mw": {"2029-01-01": 60}}}}),
         {("sufficiency_mw", "africa")}),
]  # fmt: skip
