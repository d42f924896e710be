"""`buildplan study export`: hand a study's results to spreadsheets."""

import click

from optimizer.cli import console
from optimizer.cli.endings import Ending


@click.command("export")
@click.argument("folder", metavar="DIR")
@click.option("--csv", "csv_folder", metavar="FOLDER", help="Write a CSV file for each table.")
@click.option("--excel", "excel", metavar="FILE.xlsx", help="Write one Excel file.")
@click.option("--force", is_flag=True, help="Replace files of the same names.")
def command(folder: str, csv_folder: str | None, excel: str | None, force: bool) -> Ending:
    """Write the results of the study in DIR as CSV files, as an Excel file, or both."""
    if not csv_folder and not excel:
        raise click.UsageError("give --csv FOLDER or --excel FILE.xlsx.")
    from optimizer.study.export import export_csv, export_excel

    if csv_folder:
        console.out(f"written: {export_csv(folder, csv_folder, force=force)}")
    if excel:
        console.out(f"written: {export_excel(folder, excel, force=force)}")
    return Ending.DONE
