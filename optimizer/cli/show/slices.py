"""The day: what is asked for, served and short in each of its slices."""

from collections import defaultdict
from typing import TYPE_CHECKING

from optimizer.cli.layout import table
from optimizer.figures import number

if TYPE_CHECKING:
    from models.instance import Instance
    from optimizer.plan import Plan


def by_slice(inst: "Instance", plan: "Plan") -> list[str]:
    """Mean rates of each workload in each slice over the whole horizon; nothing without slices."""
    from models.prices import tokens
    from optimizer.plan.frame import look_up_states

    if not inst.slices:
        return []
    mtok = {o: tokens(inst, o) for o in inst.states}
    seconds: dict[str, float] = defaultdict(float)
    amounts: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for o, state in inst.states.items():
        seconds[state.slice] += mtok[o]
    for (j, o), mtok_s in inst.demand_mtok_s.items():
        amounts[inst.states[o].slice, inst.streams[j].workload][0] += mtok_s * mtok[o]
    for column, name in ((1, "flows"), (2, "shortfall")):
        frame = plan.tables[name]
        made = frame["mtok_s"] * look_up_states(inst, frame, mtok)
        for x, k, amount in zip(frame["slice"], frame["workload"], made, strict=True):
            amounts[x, k][column] += amount
    rows = []
    for x, one in inst.slices.items():
        hours = f"{one.from_hour:02d}–{(one.from_hour + one.hours - 1) % 24 + 1:02d}"
        for i, k in enumerate(k for k in inst.workloads if (x, k) in amounts):
            rates = (number(amount / seconds[x]) for amount in amounts[x, k])
            rows.append((*((x, hours) if i == 0 else ("", "")), k, *rates))
    heads = ("slice", "UTC", "workload", "asked", "served", "short")
    return ["Through the day [Mtok/s, mean of the horizon]", *table(heads, rows, "lllrrr")]
