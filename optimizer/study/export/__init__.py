"""Hand a study's results to spreadsheets.

`csv_files` writes a CSV file for each table · `workbook` one Excel file with a sheet for each table
· `cover` is its first sheet · `batches` reads tables piece by piece.
"""

from optimizer.study.export.csv_files import export_csv
from optimizer.study.export.workbook import export_excel

__all__ = ["export_csv", "export_excel"]
