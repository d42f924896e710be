"""What a set of plans says: each plan, each site, and how widely each plan is spread."""

from collections.abc import Collection, Mapping, Sequence
from math import nan

import pandas as pd

from models.instance import Instance
from models.objectives import COST
from optimizer.alternatives.differ import chosen_sites
from optimizer.frontier import COLUMNS as MEASURED
from optimizer.plan.goals import measures
from optimizer.plan.plan import Plan

ALWAYS, SOMETIMES, NEVER = "must have", "choice", "never"
"""What a site is to a set of plans: in all of them, in some, in none."""

SPREADS = ("jurisdiction", "operator", "continent")
"""By what it is told how widely a plan is spread."""


def plans_table(
    inst: Instance, plans: Sequence[Plan], answers: Sequence[str], bound: float | None
) -> pd.DataFrame:
    """One row for each plan: its cost, against the first plan and against the bound.

    Args:
        inst: the instance.
        plans: the plans; the first is that of least cost.
        answers: for each plan the question that it answers; empty for one that differs from all
            before it as was asked for.
        bound: no plan of the instance costs less [MUSD].
    """
    sets = [chosen_sites(plan.tables) for plan in plans]
    first = _cost(plans[0])
    rows = []
    for n, plan in enumerate(plans):
        cost = _cost(plan)
        others = [len(sets[n] ^ sets[m]) for m, one in enumerate(answers) if m != n and not one]
        rows.append(
            {
                "plan": f"{n:02d}",
                MEASURED[COST]: cost,
                "above_first": (cost - first) / abs(first) if first else nan,
                "bound_musd": nan if bound is None else bound,
                "above_bound": nan if not bound else (cost - bound) / abs(bound),
                "sites": len(sets[n]),
                "differs_least": min(others, default=0),
                **{MEASURED[k]: v for k, v in _measures(inst, plan).items()},
                "status": plan.status,
                "verified": plan.verified,
                "answers": answers[n],
            }
        )
    return pd.DataFrame(rows)


def sites_table(inst: Instance, plans: Sequence[Plan], proven: Collection[str]) -> pd.DataFrame:
    """One row for each site: how many plans choose it, from when, and how large it is there.

    Args:
        inst: the instance.
        plans: the plans; the first is that of least cost.
        proven: sites on which all plans within the cost are proven to agree.

    `otherwise` is the cheapest of the plans that decide otherwise on the site than the first.
    """
    sets = [chosen_sites(plan.tables) for plan in plans]
    standing = [_it_mw(inst, plan, "site") for plan in plans]
    order = {t: n for n, t in enumerate(inst.periods)}
    rows = []
    for s, site in inst.sites.items():
        using = [n for n, chosen in enumerate(sets) if s in chosen]
        sizes = [standing[n].get(s, 0.0) for n in using]
        others = [n for n in range(len(plans)) if (n in using) != (0 in using)]
        other = min(others, key=lambda n: _cost(plans[n]), default=None)
        role = ALWAYS if len(using) == len(plans) else SOMETIMES if using else NEVER
        rows.append(
            {
                "site": s,
                "jurisdiction": site.jurisdiction,
                "operator": site.operator,
                "continent": inst.jurisdictions[site.jurisdiction].continent,
                "role": role,
                "proven": role == SOMETIMES or s in proven,
                "plans": len(using),
                "in": " ".join(f"{n:02d}" for n in using),
                "otherwise": "" if other is None else f"{other:02d}",
                "cost_otherwise_musd": nan if other is None else _cost(plans[other]),
                "first_order": min((_first(plans[n], s, order) for n in using), default="") or "",
                "least_it_mw": min(sizes, default=0.0),
                "most_it_mw": max(sizes, default=0.0),
            }
        )
    return pd.DataFrame(rows)


def diversity_table(inst: Instance, plans: Sequence[Plan]) -> pd.DataFrame:
    """One row for each plan and way of counting: who holds its IT power at the end.

    `effective` is 1 / Σ share²: as many holders of equal size would be as concentrated.
    """
    rows = []
    for n, plan in enumerate(plans):
        for by in SPREADS:
            held = {h: mw for h, mw in _it_mw(inst, plan, by).items() if mw > 0}
            total = sum(held.values())
            largest = max(held, key=held.__getitem__, default="")
            shares = [mw / total for mw in held.values()]
            rows.append(
                {
                    "plan": f"{n:02d}",
                    "by": by,
                    "holders": len(held),
                    "largest": largest,
                    "largest_share": max(shares, default=nan),
                    "effective": 1 / sum(x * x for x in shares) if shares else nan,
                }
            )
    return pd.DataFrame(rows)


def _cost(plan: Plan) -> float:
    return nan if plan.objective_musd is None else plan.objective_musd


def _measures(inst: Instance, plan: Plan) -> Mapping[str, float]:
    return measures(inst, dict(plan.tables), plan.kpis)


def _first(plan: Plan, s: str, order: Mapping[str, int]) -> str:
    orders = plan.tables["orders"]
    periods = orders.loc[(orders["site"] == s) & (orders["units"] > 0), "period"]
    return min((str(t) for t in periods), key=order.__getitem__)


def _it_mw(inst: Instance, plan: Plan, by: str) -> dict[str, float]:
    """IT power in service in the last period, by site, or by what sites belong to [MW]."""
    power = plan.tables["power"]
    last = power[power["period"] == list(inst.periods)[-1]]
    out: dict[str, float] = {}
    for s, mw in last[["site", "it_mw"]].itertuples(index=False, name=None):
        site = inst.sites[s]
        holders = {
            "site": s,
            "jurisdiction": site.jurisdiction,
            "operator": site.operator,
            "continent": inst.jurisdictions[site.jurisdiction].continent,
        }
        out[holders[by]] = out.get(holders[by], 0.0) + mw
    return out
