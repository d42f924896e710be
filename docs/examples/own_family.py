"""A rule of one's own: at most three countries for each operator, as one constraint family.

    python docs/examples/own_family.py
    buildplan solve INSTANCE --family docs/examples/own_family.py

Reads  is_open[s,t]            s is open in t
Adds   present[c,j]            binary, operator c has an open site in jurisdiction j
       presence_link[s]        an open site makes its operator present in its jurisdiction
       country_limit[c]        an operator is present in at most MOST jurisdictions
"""
# ruff: noqa: T201 - a script may print

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import pandas as pd
import pyomo.environ as pyo

from models.instance import Instance
from optimizer import load_family, read_instance, solve

MOST = 3
"""Countries in which one operator may have open sites."""

INSTANCE = Path(__file__).parent / "five_countries.yaml"


def add_to(m: pyo.ConcreteModel, inst: Instance) -> None:
    """Add the rule to model m."""
    places = {(site.operator, site.jurisdiction): None for site in inst.sites.values()}
    last = list(inst.periods)[-1]  # sites never close
    m.PRESENCES = pyo.Set(initialize=list(places), dimen=2)
    m.present = pyo.Var(m.PRESENCES, domain=pyo.Binary)

    @m.Constraint(m.SITES, doc="is_open[s,T] ≤ present[operator(s),jurisdiction(s)]")
    def presence_link(m, s):
        return m.is_open[s, last] <= m.present[inst.sites[s].operator, inst.sites[s].jurisdiction]

    m.OPERATORS = pyo.Set(initialize=list(dict.fromkeys(c for c, _ in places)))

    @m.Constraint(m.OPERATORS, doc="Σ_j present[c,j] ≤ MOST")
    def country_limit(m, c):
        return sum(m.present[place] for place in m.PRESENCES if place[0] == c) <= MOST


def countries(inst: Instance, tables: Mapping[str, pd.DataFrame]) -> dict[str, set[str]]:
    """The countries in which each operator has open sites at the end of a plan."""
    opened = {s for s, site in inst.sites.items() if site.opened} | set(tables["openings"]["site"])
    found: dict[str, set[str]] = defaultdict(set)
    for s in opened:
        found[inst.sites[s].operator].add(inst.sites[s].jurisdiction)
    return found


def check(inst: Instance, tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """What is wrong with a plan, read from its tables alone."""
    return [
        f"{operator} has sites in {len(where)} countries, {', '.join(sorted(where))}; "
        f"{MOST} are allowed"
        for operator, where in countries(inst, tables).items()
        if len(where) > MOST
    ]


def limits(
    inst: Instance, tables: Mapping[str, pd.DataFrame]
) -> Iterator[tuple[str, str, float, float, str]]:
    """Rows for the table of limits: place, period, use, allowed, unit."""
    for operator, where in countries(inst, tables).items():
        yield operator, list(inst.periods)[-1], len(where), MOST, "countries"


def main() -> None:
    """Plan with and without the rule."""
    inst = read_instance(INSTANCE)
    free = solve(inst)
    ruled = solve(inst, families=[load_family(__file__)])
    for name, plan in (("without", free), ("with", ruled)):
        sites = ", ".join(plan.table("openings")["site"])
        print(f"{name:7} the rule: {plan.objective_musd:6,.1f} MUSD, opens {sites}")
    print(ruled.table("limits").query("limit == 'own_family'").to_string(index=False))


if __name__ == "__main__":
    main()
