"""A user's own constraint families: rules beside ours, with a check of their own if they like.

A family is a module, or any object, with `add_to(m, inst)`; a function of that kind will do. It may
also have `check(inst, tables)`, `limits(inst, tables)` and `KEEP_STREAMS` (docs/own-family.md).
"""

import importlib.util
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pyomo.environ as pyo

from models.build import FAMILIES, Family, build_model
from models.instance import Instance
from optimizer.compiling import CompiledModel, compile_model
from optimizer.errors import FamilyError
from optimizer.options import Options
from optimizer.plan.limit_rows import limit_row, limits_frame
from optimizer.verify import Verification, Violation, verify_tables
from optimizer.verify.findings import TOLERANCE
from optimizer.verify.uncertain import verify_uncertain

Tables = Mapping[str, pd.DataFrame]

Limit = tuple[str, str, float, float, str]
"""Place, period, use, allowed, unit."""


@dataclass(frozen=True)
class OwnFamily:
    """A user's rule.

    Attributes:
        name: what messages, `plan.options` and the limits table call it.
        add_to: adds the rule to a model.
        check: what is wrong with a plan's tables, in words; empty if nothing is.
        limits: rows for the table of limits.
        keep_streams: True if the model must keep equivalent streams apart.
    """

    name: str
    add_to: Family
    check: Callable[[Instance, Tables], Iterable[str]] | None = None
    limits: Callable[[Instance, Tables], Iterable[Limit]] | None = None
    keep_streams: bool = False


def own_families(sources: Sequence[object]) -> tuple[OwnFamily, ...]:
    """The families in modules, objects or functions. Raises FamilyError for anything else."""
    found = tuple(_family(source) for source in sources)
    names = [family.name for family in found]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise FamilyError(f"two families are called '{twice}'; give one of them another name")
    return found


def _family(source: Any) -> OwnFamily:
    if isinstance(source, OwnFamily):
        return source
    add_to = getattr(source, "add_to", None) or source
    if not callable(add_to):
        raise FamilyError(f"{_name(source)} is no family: it has no function add_to(m, inst)")
    return OwnFamily(
        name=_name(source),
        add_to=add_to,
        check=getattr(source, "check", None),
        limits=getattr(source, "limits", None),
        keep_streams=bool(getattr(source, "KEEP_STREAMS", False)),
    )


@contextmanager
def _running(family: OwnFamily, part: str) -> Iterator[None]:
    """Say whose code it is that fails."""
    try:
        yield
    except Exception as error:
        why = f"{type(error).__name__}: {error}"
        raise FamilyError(f"{part} of the family {family.name} failed: {why}") from error


def _name(source: object) -> str:
    name = str(getattr(source, "__name__", type(source).__name__)).rpartition(".")[2]
    return str(source.__module__).rpartition(".")[2] if name == "add_to" else name


def load_family(path: str | Path) -> OwnFamily:
    """Run a Python file and return the family in it; only files that the caller names are run.

    Raises FamilyError if there is none, or the file fails.
    """
    file = Path(path)
    if not file.is_file():
        raise FamilyError(f"{file} is not a file")
    spec = importlib.util.spec_from_file_location(file.stem, file)
    if spec is None or spec.loader is None:
        raise FamilyError(f"{file} is not a Python module")
    module = importlib.util.module_from_spec(spec)
    # Known by name while it runs: what it defines (a dataclass, say) may look its module up.
    known = sys.modules.get(file.stem)
    sys.modules[file.stem] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise FamilyError(f"{file} cannot be run: {type(error).__name__}: {error}") from error
    finally:
        if known is None:
            del sys.modules[file.stem]
        else:
            sys.modules[file.stem] = known
    return own_families((module,))[0]


def compile_with(own: Sequence[OwnFamily], inst: Instance) -> CompiledModel:
    """The model of an instance with further families, compiled."""
    return compile_model(build_with(own, inst), inst)


def build_with(
    own: Sequence[OwnFamily], inst: Instance, *, merge: bool = True
) -> pyo.ConcreteModel:
    """The model of an instance with further families; equivalent streams are one if they agree."""
    merge = merge and not any(family.keep_streams for family in own)

    def careful(family: OwnFamily) -> Family:
        def add_to(m: pyo.ConcreteModel, inst: Instance) -> None:
            with _running(family, "add_to"):
                family.add_to(m, inst)

        return add_to

    families = (*FAMILIES, *(careful(family) for family in own))
    return build_model(inst, families, merge=merge)


def with_limits(own: Sequence[OwnFamily], inst: Instance, tables: Tables) -> dict[str, Any]:
    """The tables, with the rows of further families below those of our limits."""
    rows = _rows(own, inst, tables)
    if not rows:
        return dict(tables)
    both = pd.concat([tables["limits"], limits_frame(rows)], ignore_index=True)
    return {**tables, "limits": both}


def _rows(own: Sequence[OwnFamily], inst: Instance, tables: Tables) -> list[Any]:
    rows = []
    for family in own:
        if family.limits is not None:
            with _running(family, "limits"):
                rows += [
                    limit_row(family.name, at, t, float(use), float(allowed), unit)
                    for at, t, use, allowed, unit in family.limits(inst, tables)
                ]
    return rows


def told_options(options: Options, own: Sequence[OwnFamily]) -> dict[str, Any]:
    """The options of a solve as a plan tells them, with the names of further families."""
    names = [family.name for family in own]
    return options.as_dict() | ({"families": names} if names else {})


def verify_with(
    own: Sequence[OwnFamily], inst: Instance, tables: Tables, claim: Mapping[str, Any]
) -> Verification:
    """Check a plan as ever, then by the checks of further families and the limits they tell."""
    if not own:
        return verify_tables(inst, tables, claim)
    if inst.scenarios:
        return verify_uncertain(inst, tables, claim, partial(verify_with, own))
    ours, told = dict(tables), pd.DataFrame()
    if isinstance(limits := tables.get("limits"), pd.DataFrame) and "limit" in limits:
        theirs = limits["limit"].isin([family.name for family in own])
        ours["limits"], told = limits[~theirs], limits[theirs]
    result = verify_tables(inst, ours, claim)
    largest = dict(result.largest) | dict.fromkeys((family.name for family in own), 0.0)
    if result.violations:
        # Tables that may be broken are not for the eyes of functions that trust them.
        return Verification(result.violations, largest)
    found = []
    for family in own:
        if family.check is not None:
            with _running(family, "check"):
                messages = list(family.check(inst, ours))
            found += [Violation(family.name, str(message), 1.0) for message in messages]
    found += _exceeded(_rows(own, inst, ours), told)
    for one in found:
        largest[one.family] = max(largest[one.family], one.amount)
    return Verification(tuple(found), largest)


def _exceeded(rows: list[Any], told: pd.DataFrame) -> list[Violation]:
    """Limits that are not kept, and those that the table does not tell as they are."""
    found = [
        Violation(name, f"{at} {t} uses {use:g} {unit}, but {allowed:g} is allowed", -slack)
        for name, at, t, use, allowed, slack, unit, _ in rows
        if slack < -TOLERANCE * max(1.0, abs(allowed))
    ]
    known = {row[:3]: row for row in rows}
    written = {row[:3]: row for row in told.itertuples(index=False, name=None)}
    for key in known | written:
        ours, theirs = known.get(key), written.get(key)
        if ours is None or theirs is None or not _same(ours, theirs):
            where = " ".join(key)
            found.append(Violation(key[0], f"the table limits is wrong about {where}", 1.0))
    return found


def _same(ours: Sequence[Any], theirs: Sequence[Any]) -> bool:
    figures = zip(ours[3:6], theirs[3:6], strict=True)
    close = all(abs(a - b) <= TOLERANCE * max(1.0, abs(a)) for a, b in figures)
    return close and ours[6] == theirs[6] and bool(ours[7]) == bool(theirs[7])
