"""How problem and solutions travel between parent and child: arrays on disk, never pickles."""

import json
import threading
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csc_array, csr_array

from optimizer.cuts import Cuts
from optimizer.highs.job import Arrays
from optimizer.matrix import Floats, Matrix

_READING = threading.Lock()
"""Python 3.11 may fail to parse the heads of arrays in two threads at once (SystemError)."""


def write_problem(
    folder: Path,
    matrix: Matrix,
    settings: dict[str, Any],
    start: Floats | None,
    extra: Arrays | None = None,
) -> None:
    """Write a problem, its settings, a start, if any, and more arrays into the job's folder."""
    arrays: dict[str, Any] = {
        "cost": matrix.cost,
        "data": matrix.rows.data,
        "indices": matrix.rows.indices,
        "indptr": matrix.rows.indptr,
        "row_lower": matrix.row_lower,
        "row_upper": matrix.row_upper,
        "lower": matrix.lower,
        "upper": matrix.upper,
        "whole": matrix.whole,
        "offset": np.array([matrix.offset]),
        **{f"extra_{name}": values for name, values in (extra or {}).items()},
    }
    if start is not None:
        arrays["start"] = start
    np.savez(folder / "problem.npz", allow_pickle=False, **arrays)
    (folder / "settings.json").write_text(json.dumps(settings))


def read_problem(folder: Path) -> tuple[Matrix, dict[str, Any], Floats | None]:
    """Read what write_problem wrote."""
    with np.load(folder / "problem.npz", allow_pickle=False) as arrays:
        shape = len(arrays["row_lower"]), len(arrays["cost"])
        columns = arrays["data"], arrays["indices"], arrays["indptr"]
        matrix = Matrix(
            cost=arrays["cost"],
            offset=float(arrays["offset"][0]),
            rows=csc_array(columns, shape=shape),
            row_lower=arrays["row_lower"],
            row_upper=arrays["row_upper"],
            lower=arrays["lower"],
            upper=arrays["upper"],
            whole=arrays["whole"],
        )
        start = arrays.get("start")
    return matrix, json.loads((folder / "settings.json").read_text()), start


def read_extra(folder: Path) -> Arrays:
    """Read the further arrays that write_problem wrote."""
    with np.load(folder / "problem.npz", allow_pickle=False) as arrays:
        names = [name for name in arrays.files if name.startswith("extra_")]
        return {name.removeprefix("extra_"): arrays[name] for name in names}


def write_cuts(folder: Path, cuts: Cuts) -> str:
    """Write cuts into the job's folder; return the file's name."""
    rows = cuts.rows
    arrays = {"data": rows.data, "indices": rows.indices, "indptr": rows.indptr}
    shape = np.array(rows.shape)
    np.savez(folder / "cuts.npz", allow_pickle=False, shape=shape, most=cuts.most, **arrays)
    return "cuts.npz"


def read_cuts(folder: Path, name: str | None) -> Cuts | None:
    """Read what write_cuts wrote; None if there are none."""
    if name is None:
        return None
    with _READING, np.load(folder / name, allow_pickle=False) as arrays:
        parts = arrays["data"], arrays["indices"], arrays["indptr"]
        return Cuts(csr_array(parts, shape=tuple(arrays["shape"])), arrays["most"])


def write_solution(folder: Path, name: str, values: Floats) -> str:
    """Write values whole or not at all; return the file's name."""
    part = folder / f"{name}.part"
    with part.open("wb") as file:
        np.save(file, values, allow_pickle=False)
    part.replace(folder / name)
    return name


def read_solution(folder: Path, name: str | None) -> Floats | None:
    """Read values that the child wrote; None if there are none."""
    if name is None or not (folder / name).exists():
        return None
    with _READING:
        values: Floats = np.load(folder / name, allow_pickle=False)
    return values
