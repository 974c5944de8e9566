"""A table as the answer of an operation whose path ends in its form: `.csv` or `.xlsx`, sent from the file it was written to."""

from collections.abc import Iterator
from typing import IO

from flask import Response
from werkzeug.wsgi import FileWrapper

from finance_sts.use_cases.sheets import CSV, XLSX, Sheet, as_csv, as_xlsx

WRITES = {"csv": (as_csv, CSV), "xlsx": (as_xlsx, XLSX)}
FORM = "<any(csv, xlsx):form>"
SPREADSHEET = {200: {"content": {XLSX: {"schema": {"type": "string", "format": "binary"}}}}}
"""What is answered besides the documented text."""


def as_file(sheet: Sheet, form: str, name: str) -> Response:
    """The table as `form` (`csv`, `xlsx`), to be saved as `name`."""
    write, content_type = WRITES[form]
    file = write(sheet)
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form}"', "X-Content-Type-Options": "nosniff"}
    answer = Response(_parts(file), content_type=content_type, headers=headers, direct_passthrough=True)
    answer.call_on_close(file.close)  # whoever hangs up before the end, or asks for the head alone
    return answer


def _parts(file: IO[bytes]) -> Iterator[bytes]:
    """Closed as soon as it was read to its end, whether or not the reader closes it too."""
    with file:
        yield from FileWrapper(file)
