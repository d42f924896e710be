"""How long explaining takes, against solving what was repaired: `python -m benchmarks.explain`.

For each infeasible instance of tests/explain/zoo: the time to find the conflict and the repairs,
the time to solve the instance with the cheapest repair, and their ratio; below, the medians.
"""

import time
from functools import partial
from statistics import median

from optimizer import highs
from optimizer.explain import explain_with
from optimizer.options import resolve
from optimizer.own import compile_with
from optimizer.solve import Tools, solve_with
from tests.explain.zoo.numbers import NUMBERS
from tests.explain.zoo.rules import RULES
from tests.explain.zoo.shipped import LARGER, SHIPPED
from tests.explain.zoo.times import FUTURES, SEVERAL, TIMES
from tests.explain.zoo.whole import WHOLE

ZOO = [*NUMBERS, *RULES, *WHOLE, *TIMES, *SEVERAL, *FUTURES, *SHIPPED, *LARGER]


def main() -> None:
    """Print a line for each instance, and the medians."""
    rows = []
    with highs.Crew() as crew:
        tools = Tools(crew, partial(compile_with, ()))
        for case in ZOO:
            inst = case.make()
            began = time.monotonic()
            told = explain_with(crew, (), inst, resolve(inst))
            explained = time.monotonic() - began
            repaired = inst.with_changes(told.repairs[0].changes)
            began = time.monotonic()
            solve_with(tools, repaired, resolve(repaired))
            solved = time.monotonic() - began
            rows.append((explained, solved))
            print(f"{case.name:40} {explained:8.2f} s {solved:8.2f} s {explained / solved:6.2f}")
    ratio = median(explained / solved for explained, solved in rows)
    print(
        f"{len(rows)} instances: explained in {median(one for one, _ in rows):.2f} s, "
        f"solved in {median(one for _, one in rows):.2f} s, ratio {ratio:.2f} (medians)"
    )


if __name__ == "__main__":
    main()
