"""`buildplan schema`: the JSON Schema of the instance format, or of study files."""

import click

from optimizer.cli import console


@click.command("schema")
@click.option("--study", is_flag=True, help="The schema of study files instead.")
def command(study: bool) -> None:
    """Print the JSON Schema of the instance format, for editors."""
    from optimizer.schema import schema_text, study_schema_text

    console.out((study_schema_text() if study else schema_text()).rstrip("\n"))
