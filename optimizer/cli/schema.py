"""`buildplan schema`: the JSON Schema of the instance format."""

import click

from optimizer.cli import console


@click.command("schema")
def command() -> None:
    """Print the JSON Schema of the instance format, for editors."""
    from optimizer.schema import schema_text

    console.out(schema_text().rstrip("\n"))
