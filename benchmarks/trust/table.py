"""The figures of a trial: as a table for people, as JSON for programs."""

import json
import os
import platform
from typing import Any

from benchmarks.trust.kept import Kept
from benchmarks.trust.part import PARTS
from benchmarks.trust.watch import Tally

MOST_SHOWN = 10
"""So many bad outcomes of a part are shown in full."""


def as_json(tallies: dict[str, Tally], kept: Kept) -> str:
    """One JSON object: machine, versions, and of each part what came of it."""
    parts = {
        name: {
            "what": PARTS[name].what,
            "tried": tally.counts.total(),
            "commits": sorted(kept.commits.get(name, ())),
            **vars(tally),
        }
        for name, tally in tallies.items()
    }
    return json.dumps({**machine(), "parts": parts}, indent=2)


def as_table(tallies: dict[str, Tally], kept: Kept) -> str:
    """A table in Markdown, and below it what went wrong."""
    about = ", ".join(f"{name} {value}" for name, value in machine().items())
    lines = [
        about,
        "",
        "| part | tried | came of it | went wrong | minutes | MB | commit |",
        "|---|---:|---|---:|---:|---:|---|",
    ]
    for name, tally in tallies.items():
        came = ", ".join(f"{count:,} {kind}" for kind, count in tally.counts.most_common())
        commits = ", ".join(sorted(kept.commits.get(name, ())))
        lines.append(
            f"| {name}: {PARTS[name].what} | {tally.counts.total():,} | {came} | {len(tally.bad)} "
            f"| {tally.seconds / 60:.1f} | {tally.memory_mb:.0f} | {commits} |"
        )
    for name, tally in tallies.items():
        for one in tally.bad[:MOST_SHOWN]:
            lines += ["", f"{name} --seed {one['seed']}: {one['kind']}", one["words"]]
    return "\n".join(lines)


def machine() -> dict[str, Any]:
    """What the figures were measured with."""
    from optimizer.account import versions

    return {
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        **versions(),
    }
