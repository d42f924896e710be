"""`buildplan init`: a commented starter instance."""

import click

from optimizer import shortage
from optimizer.cli import console, problems
from optimizer.cli.endings import Ending


@click.command("init")
@click.argument("folder", metavar="DIR")
@click.option("--quiet", is_flag=True, help="No messages; only errors.")
def command(folder: str, quiet: bool) -> Ending:
    """Write a commented starter instance into a new folder."""
    from optimizer.init import write_starter

    try:
        files = write_starter(folder)
    except OSError as error:
        if shortage.of_room(error):
            raise
        reason = f"{folder}: {error.strerror}" if error.strerror else str(error)
        return problems.refuse_in_words(reason, as_json=False)
    if not quiet:
        for file in files:
            console.err(f"Written: {file}")
        console.err(f"Next: buildplan solve {folder}")
    return Ending.DONE
