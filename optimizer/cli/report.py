"""`buildplan report`: a plan, a study … as a page to look at, as pictures, as an Excel file."""

from pathlib import Path

import click

from optimizer.cli import console
from optimizer.cli.endings import Ending


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
    """Write the report of what is in DIR: one HTML file that needs no network.

    DIR is the folder of a plan, a study, alternatives, a frontier or a replay.
    """
    written: dict[str, object] = {}
    if out is not None or not (png or svg or excel):
        from optimizer.report import report

        written["page"] = str(report(folder, out, force=force, scenario=scenario))
    for kind, place in (("png", png), ("svg", svg)):
        if place:
            from optimizer.report.pictures import save_pictures
            from optimizer.report.sources import contents_of

            made = save_pictures(contents_of(folder, scenario).figures, place, kind)  # type: ignore[arg-type]
            written[kind] = [str(file) for file in made]
    if excel:
        written["excel"] = str(_excel(folder, excel, force))
    if as_json:
        console.out_json(written)
    elif not quiet:
        for what in written.values():
            console.out(f"written: {_told(what)}")
    return Ending.DONE


def _told(what: object) -> str:
    if not isinstance(what, list):
        return str(what)
    return (
        f"{len(what)} pictures, {what[0]} and others"
        if len(what) > 1
        else "".join(what) or "no picture"
    )


def _excel(folder: str, file: str, force: bool) -> Path:
    from optimizer.compare.sources import is_study
    from optimizer.report.sources import contents_of, holds_plan
    from optimizer.report.workbook import export_contents, export_plan

    if is_study(folder):
        from optimizer.study.export import export_excel

        return export_excel(folder, file, force=force)
    if holds_plan(folder):
        return export_plan(folder, file, force=force)
    return export_contents(contents_of(folder), file, force=force)
