"""Read the results of a study."""

import time
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pyarrow as pa

from models.problems import did_you_mean
from optimizer.columns import read_columns
from optimizer.errors import PlanError
from optimizer.study.folder import StudyFolder
from optimizer.study.results.write import RESULTS
from optimizer.verify.specs import SPECS

TRIES, PAUSE_S = 10, 0.05
"""How often, and how long apart [s], to look for results that are just being replaced."""

ORDER = ("cases", "levers", "changes", *SPECS)


def open_tables(path: str | Path) -> dict[str, pa.NativeFile]:
    """The open files of a study's results by table, all of the same writing.

    They stay readable when the results are replaced meanwhile. Raises PlanError if there are none.
    """
    results = Path(path) / RESULTS
    for attempt in range(TRIES):
        if attempt:
            time.sleep(PAUSE_S)
        try:
            before = results.stat().st_ino
            found = sorted(results.glob("*.parquet"), key=lambda file: _place(file.stem))
            files = {file.stem: pa.memory_map(str(file)) for file in found}
            if files and results.stat().st_ino == before:
                return files
        except FileNotFoundError:
            if not Path(path).is_dir():
                break
        except OSError as error:
            raise PlanError(f"{results} cannot be read: {error}") from error
    if not (Path(path) / "study.json").is_file():
        raise PlanError(f"{path} holds no study")
    raise PlanError(
        f"{path} holds no results yet; `buildplan study run` writes them{_finished(path)}"
    )


def results_table(
    path: str | Path, name: str, columns: Sequence[str] | None = None
) -> pd.DataFrame:
    """One table of a study's results, or some of its columns.

    Raises PlanError if there are no results or they cannot be read, KeyError, naming the tables
    there are, for a table that is not one of them.
    """
    files = open_tables(path)
    if name not in files:
        known = f"no table is called '{name}'; there are: {', '.join(files)}."
        raise KeyError(known + did_you_mean(name, files))
    return _frame(path, name, files[name], columns)


def read_results(path: str | Path) -> dict[str, pd.DataFrame]:
    """All tables of a study's results; `results_table` reads one alone.

    Raises PlanError if there are no results, or they cannot be read.
    """
    return {name: _frame(path, name, file) for name, file in open_tables(path).items()}


def _finished(path: str | Path) -> str:
    """How many cases are finished, though no run came to its end and gathered them."""
    folder = StudyFolder(path)
    count = sum(map(folder.is_finished, folder.keys))
    if not count:
        return ""
    return (
        f": {count} of {len(folder.keys)} cases are finished; run the study again, and it gathers "
        "them and solves the rest"
    )


def _frame(
    path: str | Path, name: str, file: pa.NativeFile, columns: Sequence[str] | None = None
) -> pd.DataFrame:
    try:
        frame: pd.DataFrame = read_columns(file, columns).to_pandas(use_threads=False)
    except (OSError, ValueError, pa.ArrowException) as error:
        raise PlanError(f"{Path(path) / RESULTS / name}.parquet cannot be read: {error}") from error
    return frame


def _place(name: str) -> tuple[int, str]:
    return (ORDER.index(name) if name in ORDER else len(ORDER)), name
