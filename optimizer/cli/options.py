"""What verbs share: the instance with its changes, and options of output and solving."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar, get_args

import click

from models.entities.method import Method

if TYPE_CHECKING:
    from models.instance import Instance
    from optimizer.own import OwnFamily
    from optimizer.study.case import Study
    from optimizer.study.trial import Tell

F = TypeVar("F", bound=Callable[..., Any])
Decorator = Callable[[F], F]


class Amount(click.ParamType):  # type: ignore[type-arg]
    """A finite number within bounds, in words that say the unit."""

    name = "number"

    def __init__(self, what: str, fits: Callable[[float], bool]) -> None:
        self.what, self.fits = what, fits

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Read the number, or fail and say what it must be."""
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if not (math.isfinite(number) and self.fits(number)):
            self.fail(f"must be {self.what}, but is '{value}'.", param, ctx)
        return number


def instance_argument(function: F) -> F:
    """INSTANCE and `--set`."""
    return click.argument("instance")(set_option(function))


def study_argument(function: F) -> F:
    """STUDY and `--set`."""
    return click.argument("study")(set_option(function))


def set_option(function: F) -> F:
    """`--set`."""
    return click.option(
        "--set",
        "changes",
        metavar="PATH=VALUE",
        multiple=True,
        help="Change the instance, for example sites.oslo.grid_mw=40. May be given again.",
    )(function)


def output_options(function: F) -> F:
    """`--json` and `--quiet`."""
    function = click.option(
        "--quiet", is_flag=True, help="No progress and no messages; only results and errors."
    )(function)
    return click.option(
        "--json", "as_json", is_flag=True, help="The result as one JSON object on standard output."
    )(function)


def family_option(function: F) -> F:
    """`--family`."""
    return click.option(
        "--family",
        "family_files",
        metavar="FILE",
        multiple=True,
        help="Python file with a rule of your own, which is run. May be given again.",
    )(function)


def families(files: tuple[str, ...]) -> list["OwnFamily"]:
    """The families in the files of `--family`; raises FamilyError."""
    if not files:
        return []
    from optimizer.own import load_family

    return [load_family(file) for file in files]


def solve_options(function: F) -> F:
    """`--gap`, `--time-limit`, `--threads` and `--seed`."""
    options = (
        click.option(
            "--gap",
            type=Amount("a ratio of at least 0 and below 1", lambda x: 0 <= x < 1),
            help="Relative gap at which the plan is good enough, for example 0.01.",
        ),
        click.option(
            "--time-limit",
            type=Amount("a number of seconds above 0", lambda x: x > 0),
            help="Longest time for the search, in seconds.",
        ),
        click.option("--threads", type=click.IntRange(1, 256), help="Cores to use."),
        click.option(
            "--seed", type=click.IntRange(0, 2_000_000_000), help="Seed of random choices."
        ),
    )
    for option in reversed(options):
        function = option(function)
    return function


def method_option(function: F) -> F:
    """`--method`."""
    return click.option(
        "--method",
        type=click.Choice(get_args(Method)),
        help="How to solve: branch and bound on one model (monolith), a search guided by its "
        "relaxation, by operating states (decompose), or what suits the size (auto).",
    )(function)


def dask_option(what: str) -> Callable[[F], F]:
    """`--dask`, which does what is told."""
    return click.option(
        "--dask",
        metavar="ADDRESS",
        callback=_address,
        help=f"{what}: tcp://HOST:PORT, tls://HOST:PORT, or 'local'.",
    )


def _address(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    from optimizer.cluster.client import is_address

    if value is None or is_address(value):
        return value
    message = f"must be tcp://HOST:PORT, tls://HOST:PORT or 'local', but is '{value}'."
    raise click.BadParameter(message)


def check(
    inst: "Instance",
    gap: float | None,
    time_limit: float | None,
    threads: int | None,
    seed: int | None,
    method: Method | None = None,
    families: Sequence["OwnFamily"] = (),
) -> None:
    """Refuse what neither the command line nor the instance's own format has refused."""
    from models.problems import InstanceError, Problem
    from optimizer.method import way
    from optimizer.options import resolve

    try:
        asked = resolve(inst, gap, time_limit, threads, seed, method)
        if asked.method == "decompose":
            way(inst, asked.method, families)
    except ValueError as error:
        raise InstanceError([Problem(("solve",), str(error))]) from error


def load(instance: str, changes: Iterable[str]) -> "Instance":
    """Read an instance and make the changes of `--set`; raises InstanceError."""
    from optimizer.instance_io import parse_set, read_instance

    inst = read_instance(instance)
    with _naming_the_option():
        changed = parse_set(changes)
        return inst.with_changes(changed) if changed else inst


def load_study(study: str, changes: Iterable[str], tell: "Tell | None") -> "Study":
    """Read a study and make the changes of `--set` to its base; raises InstanceError."""
    from optimizer.instance_io import parse_set
    from optimizer.study.reading import read_study

    with _naming_the_option():
        changed = parse_set(changes)
        return read_study(study, tell, changed)


@contextmanager
def _naming_the_option() -> Iterator[None]:
    """What is wrong and stands in no file came with `--set`."""
    from models.problems import InstanceError

    try:
        yield
    except InstanceError as error:
        found = [one if one.file else replace(one, file="--set") for one in error.problems]
        raise InstanceError(found) from None


def warnings_of(inst: "Instance") -> list[Any]:
    """What is worth a second look in an instance, with its places."""
    from models.checks import find_warnings
    from optimizer.instance_io import located

    return located(inst, find_warnings(inst))
