"""What is compared: a plan, a plan's folder, or a case of a study."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from models.calendar import parse_day
from models.instance import Instance
from models.problems import InstanceError, did_you_mean
from optimizer.errors import PlanError
from optimizer.hashing import instance_sha256
from optimizer.plan.plan import Plan
from optimizer.plan.store import read_plan
from optimizer.study.folder import StudyFolder

COLUMNS = {
    "openings": {"site", "period", "opened"},
    "halls": {"site", "period", "blocks"},
    "orders": {"site", "unit_type", "period", "units"},
    "online": {"site", "unit_type", "period", "units"},
    "runs": {"site", "unit_type", "workload", "period", "slice", "units"},
    "power": {"site", "period", "energy_gwh"},
    "flows": {"workload", "site", "period", "slice", "mtok_s"},
    "shortfall": {"workload", "period", "slice", "mtok_s"},
    "cash": {"period", "pool", "term", "discounted_musd"},
    "limits": {"limit", "at", "period", "use", "allowed", "unit", "binds"},
}
"""What a comparison reads of a plan's tables."""


@dataclass(frozen=True)
class Side:
    """One of the two that are compared.

    Attributes:
        label: how it was named.
        plan: the plan, or the knowledge that there is none.
        instance: its instance; None where it is not known.
        note: why the instance is not known; else ''.
    """

    label: str
    plan: Plan
    instance: Instance | None
    note: str = ""

    @property
    def has_plan(self) -> bool:
        """False if there is only the knowledge that there is no plan, or none was found."""
        return self.plan.objective_musd is not None


def is_study(given: object) -> bool:
    """True for the folder of a study."""
    return not isinstance(given, Plan) and (Path(str(given)) / "study.json").is_file()


def read_side(given: Plan | str | Path) -> Side:
    """A plan, the plan in a folder, or that of a case written DIR:CASE, with its instance.

    Raises PlanError, saying what is wrong, if it cannot be read.
    """
    if isinstance(given, Plan):
        side = _with_instance(given.name, given, None)
    elif is_study(given):
        raise PlanError(f"{given} is a study; name one of its cases: {given}:CASE")
    elif (Path(given) / "plan.json").is_file():
        folder = Path(given)
        side = _with_instance(str(given), read_plan(folder), _study_around(folder))
    else:
        side = _case(str(given))
    if side.has_plan:
        if side.plan.by_scenario:
            names = ", ".join(side.plan.by_scenario)
            raise PlanError(
                f"{side.label} has scenarios; compare plans of one: Plan.scenario(NAME), of {names}"
            )
        _check_figures(side)
        _check_tables(side)
    return side


def _case(given: str) -> Side:
    """A case written DIR:CASE; any of several colons may be the one between them."""
    ends = [place for place, ch in enumerate(given) if ch == ":"]
    end = next((place for place in ends if is_study(given[:place])), None)
    if end is None:
        raise PlanError(f"{given} holds no plan; name a plan's folder, or a study's case: DIR:CASE")
    study, name = StudyFolder(given[:end]), given[end + 1 :]
    if name not in study.keys:
        raise PlanError(
            f"no case of {study.path} is called '{name}'.{did_you_mean(name, study.keys)}"
        )
    if not study.is_finished(name):
        told = study.summary(name)
        reasons = "; ".join(map(str, (told or {}).get("reasons", ())))
        why = f"failed: {reasons}" if told else "has not been solved yet"
        raise PlanError(f"the case '{name}' of {study.path} {why}")
    return _with_instance(given, read_plan(study.plan_folder(name)), (study, name))


def _study_around(folder: Path) -> tuple[StudyFolder, str] | None:
    """The study that a case's folder belongs to, and the case's name."""
    place = folder.resolve()
    if place.parent.name != "cases" or not is_study(place.parent.parent):
        return None
    study = StudyFolder(place.parent.parent)
    names = [name for name, key in study.keys.items() if key == place.name]
    return (study, names[0]) if names else None


def _with_instance(label: str, plan: Plan, case: tuple[StudyFolder, str] | None) -> Side:
    """A side with its instance: the plan's own, else that of the study's case."""
    try:
        inst, note = plan.instance, "the plan's folder has no instance.json"
    except PlanError as error:
        inst, note = None, str(error)
    if inst is None and case is not None:
        study, name = case
        try:
            inst = study.study.instance(next(c for c in study.study.cases if c.name == name))
        except InstanceError as error:
            note = f"the changes of the case cannot be made: {error}"
        if inst is not None and instance_sha256(inst) != plan.instance_sha256:
            inst, note = None, "the study's base instance is not the one the case was solved with"
    return Side(label, plan, inst, "" if inst is not None else note)


def _check_figures(side: Side) -> None:
    """Raise PlanError if a cost or a key figure is no number."""
    plan = side.plan
    bound = 0.0 if plan.bound_musd is None else plan.bound_musd
    figures: list[object] = [plan.objective_musd, bound]
    for named in (plan.costs_musd, plan.kpis):
        figures += named.values() if isinstance(named, Mapping) else [named]
    for figure in figures:
        if not isinstance(figure, int | float):
            raise PlanError(f"{side.label}: plan.json has '{figure}' where a number must be")


def _check_tables(side: Side) -> None:
    """Raise PlanError if a table, a column or the start of a period cannot be read."""
    tables = side.plan.tables
    for name, columns in COLUMNS.items():
        if name not in tables:
            raise PlanError(f"{side.label}: the table {name} is missing")
        if missing := sorted(columns.difference(tables[name].columns)):
            raise PlanError(f"{side.label}: the table {name} has no column {', '.join(missing)}")
        for t in tables[name]["period"].unique():
            if t:
                _check_period(side, t)


def _check_period(side: Side, t: object) -> None:
    try:
        parse_day(t)
    except ValueError as error:
        raise PlanError(f"{side.label}: the period '{t}' {error}") from error
