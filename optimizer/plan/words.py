"""What a plan is, in words."""

from typing import TYPE_CHECKING

from optimizer.figures import gap

if TYPE_CHECKING:
    from optimizer.plan.plan import Plan


def how_good(plan: "Plan") -> str:
    """How far from the least cost a plan can be, and whether that was asked."""
    if plan.gap is None:
        text = "a plan, but how good it is is not known: no bound was found"
    elif plan.gap <= 1e-9:
        text = "proven best possible"
    else:
        text = f"proven: no plan is more than {gap(plan.gap)} cheaper"
    if plan.status == "optimal":
        return text
    asked = plan.options.get("gap")
    why = "interrupted" if "interrupted" in plan.reasons else "stopped early"
    return f"{text}; {why}" + (f" ({gap(asked)} was asked)" if asked is not None else "")
