"""Tables of what was measured: medians over seeds, and the worst, in Markdown."""

import os
import platform
from collections import defaultdict
from collections.abc import Iterable, Sequence
from importlib.metadata import PackageNotFoundError, version
from math import inf, isfinite
from statistics import median
from typing import Any

from benchmarks.speed.results import Record

LIBRARIES = ("highspy", "pyomo", "pyscipopt", "linopy", "pypsa", "numpy", "scipy")
SOLVED = (
    "size|regime|way|seeds|columns|build|load|first plan|5 %|2 %|1 %|CPU to 1 %|gap %|bound|"
    "CPU|MB|load"
)
LOADED = "columns|way|runs|build|to HiGHS|together|CPU|times ours|process CPU|MB|load"


def machine() -> dict[str, str]:
    """What the figures were measured with."""
    found = {"system": platform.system(), "cores": str(os.cpu_count())}
    found["python"] = platform.python_version()
    for library in LIBRARIES:
        try:
            found[library] = version(library)
        except PackageNotFoundError:
            found[library] = "not installed"
    return found


def summarise(records: Iterable[Record]) -> list[Record]:
    """One record for each case, time limit and way, over seeds: medians, and the worst."""
    groups: dict[tuple[Any, ...], list[Record]] = defaultdict(list)
    for record in records:
        case = record["order"].get("case")
        if case is not None:
            facts = (case[name] for name in ("growth", "name", "regime", "time_s"))
            groups[(*facts, record["order"]["way"])].append(record)
    return [_of_group(key, group) for key, group in groups.items()]


def _of_group(key: tuple[Any, ...], group: list[Record]) -> Record:
    good = [record for record in group if "failed" not in record]
    growth, name, regime, time_s, way = key
    out: Record = {"growth": growth, "name": name, "regime": regime, "way": way}
    out |= {
        "runs": len(group),
        "failed": [record["failed"] for record in group if record not in good],
    }
    out["size"] = group[0]["order"]["case"]["size"]
    out["time_s"] = time_s
    for name_ in ("columns", "build_s", "load_s", "cpu_s", "peak_mb", "load", "bound_musd"):
        values = [record[name_] for record in good if record.get(name_) is not None]
        out[name_] = median(values) if values else None
    for name_ in ("first_s", "gap"):
        out[name_] = _spread([_or_never(record[name_]) for record in good])
    for name_ in ("to_s", "cpu_to_s"):
        out[name_] = {
            step: _spread([record[name_].get(step, inf) for record in good])
            for step in ("5%", "2%", "1%")
        }
    return out


def _or_never(value: float | None) -> float:
    return inf if value is None else value


def _spread(values: Sequence[float]) -> dict[str, float | None]:
    """Median and worst; what half of the runs never reached has no median."""
    found = {"median": median(values), "worst": max(values)} if values else {}
    return {name: value if isfinite(value) else None for name, value in found.items()}


def solved_table(rows: Iterable[Record]) -> str:
    """Cases by ways. `89 (120)` is the median of the seeds and the worst; – was not reached."""
    lines = _head(SOLVED)
    for row in rows:
        gap = {name: value and 100 * value for name, value in row["gap"].items()}
        cells = [row["name"], row["regime"], row["way"], str(row["runs"]), _whole(row["columns"])]
        cells += [_short(row["build_s"]), _short(row["load_s"]), _pair(row["first_s"])]
        cells += [_pair(row["to_s"][step]) for step in ("5%", "2%", "1%")]
        cells += [
            _pair(row["cpu_to_s"]["1%"]),
            _pair(gap),
            _whole(row["bound_musd"]),
            _short(row["cpu_s"]),
        ]
        cells += [_whole(row["peak_mb"]), _short(row["load"])]
        lines.append(_line(cells))
        if row["failed"]:
            lines[-1] = lines[-1].replace(
                row["way"], f"{row['way']}, {len(row['failed'])} failed", 1
            )
    return "\n".join(lines)


def loaded_table(records: Iterable[Record]) -> str:
    """Sizes by ways from model to HiGHS; `times ours` compares processor time.

    That of the process has imports, a first tiny model and the making of the data in it.
    """
    groups: dict[tuple[int, str], list[Record]] = defaultdict(list)
    for record in records:
        order = record["order"]
        if "flows" in order and "failed" not in record:
            groups[order["flows"], order["way"]].append(record)

    def middle(flows: int, way: str, *names: str) -> float | None:
        group = groups.get((flows, way))
        return median(sum(one[name] for name in names) for one in group) if group else None

    lines = _head(LOADED)
    for (flows, way), group in groups.items():
        cpu = middle(flows, way, "build_cpu_s", "load_cpu_s")
        first = middle(flows, "buildplan", "build_cpu_s", "load_cpu_s")
        ratio = cpu / first if cpu and first else None
        cells = [_whole(middle(flows, way, "columns")), way, str(len(group))]
        cells += [_short(middle(flows, way, *name)) for name in (("build_s",), ("load_s",))]
        cells += [_short(middle(flows, way, "build_s", "load_s")), _short(cpu), _short(ratio)]
        cells.append(_short(middle(flows, way, "cpu_s")))
        cells += [_whole(middle(flows, way, "own_mb")), _short(middle(flows, way, "load"))]
        lines.append(_line(cells))
    return "\n".join(lines)


def _head(columns: str) -> list[str]:
    names = columns.split("|")
    return [_line(names), "|" + "---|" * len(names)]


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _pair(spread: dict[str, float | None]) -> str:
    both = _short(spread.get("median")), _short(spread.get("worst"))
    return both[0] if both[0] == both[1] else f"{both[0]} ({both[1]})"


def _short(value: float | None) -> str:
    return "–" if value is None else f"{value:.0f}" if value >= 20 else f"{value:.2g}"


def _whole(value: float | None) -> str:
    return "–" if value is None else f"{value:,.0f}"
