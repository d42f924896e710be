"""Plans: made from a solved model, kept as tidy tables, written and read whole."""

from optimizer.plan.plan import INTERRUPTED, Plan, Status
from optimizer.plan.store import read_plan, write_plan

__all__ = ["INTERRUPTED", "Plan", "Status", "read_plan", "write_plan"]
