"""Which soft limits the plan misses, and what that costs."""

from typing import TYPE_CHECKING

from optimizer.plan.violations import in_words

if TYPE_CHECKING:
    from optimizer.plan import Plan

MOST_SHOWN = 15


def violated(plan: "Plan") -> list[str]:
    """The soft limits that are missed; nothing where none is."""
    told = in_words(plan)
    shown = [f"  {text}" for text in told[:MOST_SHOWN]]
    if (more := len(told) - MOST_SHOWN) > 0:
        shown.append(f"  and {more} more in tables/violations.csv")
    return ["Soft limits that are missed", *shown] if told else []
