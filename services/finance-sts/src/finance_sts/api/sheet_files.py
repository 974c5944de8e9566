"""A table as the answer of an operation whose path ends in its form: `.csv` or `.xlsx`, sent from the file it was written to."""

from flask import Response
from werkzeug.wsgi import FileWrapper

from finance_sts.use_cases.sheets import CSV, XLSX, Sheet, as_csv, as_xlsx

WRITES = {"csv": (as_csv, CSV), "xlsx": (as_xlsx, XLSX)}
FORM = "<any(csv, xlsx):form>"


def as_file(sheet: Sheet, form: str, name: str) -> Response:
    """The table as `form` (`csv`, `xlsx`), to be saved as `name`."""
    write, content_type = WRITES[form]
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form}"', "X-Content-Type-Options": "nosniff"}
    return Response(FileWrapper(write(sheet)), content_type=content_type, headers=headers, direct_passthrough=True)
