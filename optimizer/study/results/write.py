"""Write the results of a study: whole or not at all, and always the same for the same cases."""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from optimizer.errors import PlanError
from optimizer.study.folder import StudyFolder
from optimizer.study.results.listing import listing
from optimizer.study.results.lock import exclusive
from optimizer.study.results.outcomes import Outcome, outcomes
from optimizer.study.results.schemas import fitted, schemas, unreadable

RESULTS = "results"
"""The folder of the dataset in a study's folder."""

LOCK = ".results.lock"
NEW, OLD = ".results-new-", ".results-old-"
"""What the folders of a writer at work begin with."""

GROUP_ROWS = 131_072
"""Rows that are gathered before they are written: a row group [rows]."""


def write_results(folder: StudyFolder) -> Path:
    """Write what came of all cases so far to `results/*.parquet` in the study's folder.

    The older results are replaced in one step. The files depend on nothing but the study and its
    finished cases. Tables are written case by case, so that memory does not grow with the study.
    Returns the folder of the results; raises PlanError if a plan cannot be read, or the results
    cannot be written.
    """
    place = folder.path / RESULTS
    try:
        with exclusive(folder.path / LOCK):
            _tidy(place)
            new = Path(tempfile.mkdtemp(prefix=NEW, dir=folder.path))
            try:
                _fill(new, outcomes(folder))
                new.chmod(0o755)
                _swap(new, place)
            finally:
                shutil.rmtree(new, ignore_errors=True)
    except OSError as error:
        reason = error.strerror or error
        raise PlanError(f"the results cannot be written to {place}: {reason}") from error
    return place


def _tidy(place: Path) -> None:
    """Remove what a killed writer left, after taking back results that it had moved away."""
    for old in sorted(place.parent.glob(f"{OLD}*")):
        if not place.exists() and (old / RESULTS).is_dir():
            (old / RESULTS).rename(place)
        shutil.rmtree(old, ignore_errors=True)
    for new in place.parent.glob(f"{NEW}*"):
        shutil.rmtree(new, ignore_errors=True)


def _swap(new: Path, place: Path) -> None:
    old = Path(tempfile.mkdtemp(prefix=OLD, dir=place.parent))
    moved = old / RESULTS
    try:
        if place.exists():
            place.rename(moved)
        new.rename(place)
    except BaseException:
        if moved.exists() and not place.exists():
            moved.rename(place)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)


def _fill(new: Path, found: Sequence[Outcome]) -> None:
    for name, table in listing(found).items():
        pq.write_table(table, new / f"{name}.parquet", compression="zstd")
    folders = dict.fromkeys(one.tables for one in found if one.tables)
    for name, schema in schemas(folders).items():
        with pq.ParquetWriter(new / f"{name}.parquet", schema, compression="zstd") as writer:
            for rows in _gathered(_parts(found, name, schema)):
                writer.write_table(rows, row_group_size=GROUP_ROWS)


def _parts(found: Sequence[Outcome], name: str, schema: pa.Schema) -> Iterator[pa.Table]:
    """A table of each plan in turn, with the names of its cases."""
    for one in found:
        file = one.tables / f"{name}.parquet" if one.tables else None
        if file is None or not file.exists():
            continue
        try:
            yield fitted(pq.ParquetFile(file).read(), schema, one.case.name)
        except (ValueError, pa.ArrowException) as error:
            raise unreadable(file, error) from error


def _gathered(parts: Iterator[pa.Table]) -> Iterator[pa.Table]:
    """The rows of the parts, in tables of about GROUP_ROWS."""
    kept: list[pa.Table] = []
    for part in parts:
        kept.append(part)
        if sum(len(one) for one in kept) >= GROUP_ROWS:
            yield pa.concat_tables(kept)
            kept = []
    if kept:
        yield pa.concat_tables(kept)
