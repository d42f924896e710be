"""`buildplan study`: many what-ifs of one instance."""

from importlib import import_module

import click

from models.problems import did_you_mean

VERBS = ("check", "run", "summary", "query", "export")
"""Each is the function `command` of the module of its name."""


class _Group(click.Group):
    """Imports a verb when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in VERBS:
            return None
        command: click.Command = import_module(f"optimizer.cli.study.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in VERBS and not args[0].startswith("-"):
            known = f"no verb of study is called '{args[0]}'; there are: {', '.join(VERBS)}."
            ctx.fail(known + did_you_mean(args[0], VERBS))
        return super().resolve_command(ctx, args)


@click.group("study", cls=_Group)
def command() -> None:
    """Many what-ifs of one instance: list them, solve them, read the results.

    A STUDY is a YAML file that names a base instance and the cases to solve; DIR is the folder that
    holds what came of it.
    """
