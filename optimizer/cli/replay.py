"""`buildplan replan --rolling`: a horizon of revealed data, replayed."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from optimizer.cli import console, options, problems, progress
from optimizer.cli.endings import Ending, ending_of
from optimizer.cli.interrupts import interruptible
from optimizer.errors import PlanError

if TYPE_CHECKING:
    from optimizer.replan.rolling import Replay


def run(
    file: str,
    changes: tuple[str, ...],
    settings: Mapping[str, Any],
    out: str | None,
    *,
    as_json: bool,
    quiet: bool,
) -> Ending:
    """Replay, keep and print; `settings` are the options of solving."""
    from optimizer.instance_io import parse_set
    from optimizer.replan.rolling import read_rolling, replay
    from optimizer.replan.rolling.replay import FILE
    from optimizer.whole import check_target

    try:
        if out is not None:
            check_target(Path(out), FILE, "replay")
    except PlanError as error:
        return problems.refuse_in_words(str(error), as_json, "--out")
    given = read_rolling(file, parse_set(changes))
    options.check(given.moments[0].instance, **settings)
    with interruptible(quiet), progress.following(quiet) as shown:
        found = replay(given, **settings, on_progress=None if quiet else shown.tell)
    if out is not None:
        found.save(out)
    if as_json:
        console.out_json(found.as_dict())
    else:
        console.out(found.in_words())
    if out is not None and not quiet:
        console.err(f"Replay written to {out}")
    return _ending(found)


def _ending(found: "Replay") -> Ending:
    """As the worst of the plans ended."""
    return max(ending_of(plan) for plan in (*found.plans, found.hindsight))
