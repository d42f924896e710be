"""`buildplan study run`: solve what is missing of a study, and keep each case as it finishes."""

from typing import TYPE_CHECKING, Any

import click

from optimizer.cli import console, options
from optimizer.cli.endings import Ending
from optimizer.cli.interrupts import interruptible
from optimizer.cli.study.check import told
from optimizer.cli.study.following import Following, following

if TYPE_CHECKING:
    from optimizer.study.run import StudyRun

KEPT_IN_COLD = (
    "What was finished before is kept, however it was found; for a cold run name a new folder"
)

STOPPING = "Stopping: finished cases are kept; run the study again to go on"


@click.command("run")
@options.study_argument
@options.solve_options
@click.option("--out", metavar="DIR", required=True, help="Folder for the results.")
@click.option("--workers", type=click.IntRange(1, 10_000), help="Cases to solve at the same time.")
@options.dask_option("Solve on a Dask cluster")
@click.option("--cold", is_flag=True, help="Start no case from another's plan.")
@options.output_options
def command(
    *,
    study: str,
    changes: tuple[str, ...],
    gap: float | None,
    time_limit: float | None,
    threads: int | None,
    seed: int | None,
    out: str,
    workers: int | None,
    dask: str | None,
    cold: bool,
    as_json: bool,
    quiet: bool,
) -> Ending:
    """Solve the cases of a STUDY; those that are finished in DIR already are not solved again.

    Exit codes: 0 every case has its answer, also where that is 'no plan exists'; 3 some stopped at
    a limit; 4 some failed; 130 interrupted. --threads are for each case, 1 unless given.
    """
    with interruptible(quiet, STOPPING):
        from optimizer.study.run import run_study

        with told(quiet) as tell:
            asked = options.load_study(study, changes, tell)
        run = run_study(
            asked,
            out=out,
            gap=gap,
            time_limit=time_limit,
            threads=threads or 1,
            seed=seed,
            workers=workers,
            dask=dask,
            cold=cold,
        )
        try:
            with following(len(asked.cases), quiet) as shown:
                for result in run:
                    shown.tell(result)
        except KeyboardInterrupt:
            _say_end(run, shown, as_json, quiet)
            return Ending.INTERRUPTED
        finally:
            run.close()
        _say_end(run, shown, as_json, quiet)
        if cold and shown.kept and not quiet:
            console.err(KEPT_IN_COLD)
    return _ending(shown)


def _ending(shown: Following) -> Ending:
    if shown.counts.get("failed"):
        return Ending.NO_PLAN
    if shown.counts.get("feasible") or shown.counts.get("unknown"):
        return Ending.STOPPED
    return Ending.DONE


def _say_end(run: "StudyRun", shown: Following, as_json: bool, quiet: bool) -> None:
    if as_json:
        content: dict[str, Any] = {
            "name": run.study.name,
            "folder": str(run.folder),
            "cases": len(run.study.cases),
            "counts": shown.counts,
            "seconds": shown.seconds,
        }
        console.out_json(content)
    else:
        console.out(f"{run.study.name}: {shown.in_words()}")
        for name, why in shown.unfortunate:
            console.out(f"  {name}: {why}")
    if not quiet:
        console.err(
            f"Results in {run.folder}; read them with `buildplan study summary {run.folder}`"
        )
