"""Why there is no plan, as far as it is known, and what to try."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from models.objectives import may_fall_short
from models.problems import Problem
from optimizer.cli.problems import in_words

if TYPE_CHECKING:
    from models.instance import Instance
    from optimizer.plan import Plan


def no_plan_in_words(inst: "Instance", plan: "Plan", warnings: Sequence[Problem]) -> str:
    """What can be said without a plan: the outcome, warnings of the instance, what to try."""
    if plan.status != "infeasible":
        reasons = "; ".join(plan.reasons) or "the search ended before one was found"
        known = (
            ""
            if plan.bound_musd is None
            else f" No plan costs less than {plan.bound_musd:,.0f} MUSD."
        )
        return f"{plan.name}: no plan was found: {reasons}.{known}"
    lines = [f"{plan.name}: infeasible. No plan satisfies all limits of the instance."]
    lines += [f"  {reason}" for reason in plan.reasons]
    if warnings:
        lines += ["These may be the reason:", in_words(warnings, "warning")]
    if tries := _tries(inst):
        lines += ["To see what is in the way, try:", *(f"  --set {change}" for change in tries)]
    return "\n".join(lines)


def _tries(inst: "Instance") -> list[str]:
    """Changes that lift limits which can make an instance infeasible."""
    hard = [k for k in inst.workloads if not may_fall_short(inst, k)]
    tries = [f"workloads.{k}.shortfall_price_usd_per_mtok=1000" for k in hard]
    if hard:
        tries += [f"budget.pools.{p}.scale=10" for p in inst.budget.pools]
        tries += [f"quotas.{q}.per_year.scale=10" for q in inst.quotas]
    return tries
