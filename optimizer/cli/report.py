"""`buildplan report`: a plan or a study as a page to look at, as pictures, as an Excel file."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from optimizer.cli import console
from optimizer.cli.endings import Ending

if TYPE_CHECKING:
    from optimizer.report.figure import Figure


@click.command("report")
@click.argument("folder", metavar="DIR")
@click.option("--out", metavar="FILE.html", help="The page; else DIR/report.html.")
@click.option("--png", metavar="FOLDER", help="Write each chart as PNG instead; no browser needed.")
@click.option("--svg", metavar="FOLDER", help="Write each chart as SVG instead.")
@click.option("--excel", metavar="FILE.xlsx", help="Write an Excel file instead.")
@click.option("--scenario", metavar="NAME", help="Scenario to show in full; else the likeliest.")
@click.option("--force", is_flag=True, help="Replace files that are there.")
@click.option("--json", "as_json", is_flag=True, help="The files written, as one JSON object.")
@click.option("--quiet", is_flag=True, help="No messages; only errors.")
def command(
    *,
    folder: str,
    out: str | None,
    png: str | None,
    svg: str | None,
    excel: str | None,
    scenario: str | None,
    force: bool,
    as_json: bool,
    quiet: bool,
) -> Ending:
    """Write the report of the plan or the study in DIR: one HTML file that needs no network."""
    written: dict[str, object] = {}
    if out is not None or not (png or svg or excel):
        from optimizer.report import report

        written["page"] = str(report(folder, out, force=force, scenario=scenario))
    for kind, place in (("png", png), ("svg", svg)):
        if place:
            from optimizer.report.pictures import save_pictures

            made = save_pictures(_figures(folder, scenario), place, kind)  # type: ignore[arg-type]
            written[kind] = [str(file) for file in made]
    if excel:
        written["excel"] = str(_excel(folder, excel, force))
    if as_json:
        console.out_json(written)
    elif not quiet:
        for what in written.values():
            told = f"{len(what)} pictures, {what[0]} and others" if isinstance(what, list) else what
            console.out(f"written: {told}")
    return Ending.DONE


def _figures(folder: str, scenario: str | None) -> "dict[str, Figure]":
    from optimizer.compare.sources import is_study

    if is_study(folder):
        from optimizer.report.study_contents import study_sections

        return {one.key: one for part in study_sections(folder)[1] for one in part.figures}
    from optimizer.blame import blaming
    from optimizer.plan import read_plan
    from optimizer.report.contents import figures
    from optimizer.report.reading import Reading

    plan = read_plan(folder)
    with blaming(plan):
        return figures(Reading.of(plan, scenario))


def _excel(folder: str, file: str, force: bool) -> Path:
    from optimizer.compare.sources import is_study

    if is_study(folder):
        from optimizer.study.export import export_excel

        return export_excel(folder, file, force=force)
    from optimizer.report.workbook import export_plan

    return export_plan(folder, file, force=force)
