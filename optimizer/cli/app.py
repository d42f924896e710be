"""The command `buildplan`: finds the verb, runs it, and turns every ending into an exit code."""

import os
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module
from typing import Any, NoReturn

import click

from models.problems import InstanceError, Problem, did_you_mean
from optimizer import shortage
from optimizer.cli import console, guard, problems
from optimizer.cli.endings import Ending
from optimizer.errors import ClusterError, FamilyError, PlanError, SolveError, StudyError

VERBS = (
    "init",
    "check",
    "solve",
    "verify",
    "explain",
    "values",
    "alternatives",
    "study",
    "compare",
    "replan",
    "report",
    "schema",
)
"""Each verb is the function `command` of the module of its name."""


class _App(click.Group):
    """Imports a verb when it is asked for, and ends every run with a code of `Ending`."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in VERBS:
            return None
        command: click.Command = import_module(f"optimizer.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in VERBS and not args[0].startswith("-"):
            known = f"no verb is called '{args[0]}'; there are: {', '.join(VERBS)}."
            ctx.fail(known + did_you_mean(args[0], VERBS))
        return super().resolve_command(ctx, args)

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = "buildplan",
        *others: Any,
        **extra: Any,
    ) -> NoReturn:
        """Run a verb and exit."""
        given = list(sys.argv[1:] if args is None else args)
        console.make_safe()
        as_json = "--json" in given
        try:
            if guard.is_needed():
                guard.check_room()
            extra["standalone_mode"] = False
            code = super().main(given, prog_name, *others, **extra)
        except Exception as error:  # noqa: BLE001 - the one place where every error ends
            code = _ending_of(error, as_json)
        except KeyboardInterrupt:
            code = _interrupted(as_json)
        sys.exit(int(code or 0))


def _ending_of(error: Exception, as_json: bool) -> Ending:
    """Tell an error in words, and give the exit code that stands for it."""
    if isinstance(error, click.Abort):
        return _interrupted(as_json)
    if isinstance(error, InstanceError):
        return problems.refuse(error.problems, as_json)
    if isinstance(error, click.ClickException):
        return _misused(error, as_json)
    if isinstance(error, PlanError) and shortage.of_room(error):
        return _failed(str(error), as_json)
    if isinstance(error, FamilyError | PlanError):
        return problems.refuse_in_words(str(error), as_json)
    if os.environ.get("BUILDPLAN_DEBUG") == "1":
        traceback.print_exception(error)
    return _failed(_in_words(error), as_json)


def _in_words(error: Exception) -> str:
    if isinstance(error, ClusterError):
        return str(error)
    if isinstance(error, SolveError):
        return f"the solver failed: {error}"
    if isinstance(error, StudyError):
        return f"the study stopped: {error}; finished cases are kept"
    if shortage.of_memory(error):
        said = f": {error}" if isinstance(error, MemoryError) and str(error) else ""
        return f"out of memory{said}; solve a smaller instance, or with more memory"
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        return f"{where}{error.strerror or error}"
    said = " ".join(str(error).split())
    return f"internal error: {type(error).__name__}: {said[:500]}; please report it"


def _misused(error: click.ClickException, as_json: bool) -> Ending:
    message = error.format_message()
    context = error.ctx if isinstance(error, click.UsageError) else None
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        console.err(message)
        return Ending.BAD_INPUT
    verb = context.command_path if context else "buildplan"
    if as_json:
        problems.say_json([Problem((), message)])
    console.err(f"{verb}: {message}\nTry '{verb} --help'.")
    return Ending.BAD_INPUT


def _failed(message: str, as_json: bool) -> Ending:
    console.err(message)
    if as_json:
        problems.say_failed(message)
    return Ending.NO_PLAN


def _interrupted(as_json: bool) -> Ending:
    console.err("interrupted; there is no plan")
    if as_json:
        problems.say_failed("interrupted")
    return Ending.INTERRUPTED


@click.group("buildplan", cls=_App, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="buildplan", prog_name="buildplan")
def cli() -> None:
    """Plan where, when and how many AI-factory units to build.

    An INSTANCE is a folder with an instance.yaml, such a file itself, or '-' for standard input.

    Exit codes: 0 done, within the gap; 1 infeasible; 2 bad input; 3 stopped at a limit with a plan;
    4 no plan, or the solver failed; 5 the plan failed verification; 130 interrupted.
    """


def main() -> NoReturn:
    """Run the command line of this process."""
    if guard.is_needed():
        guard.guarded(cli.main, lambda message: _failed(message, "--json" in sys.argv))
    cli.main()
