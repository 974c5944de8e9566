"""Writes a signature behind a PDF/A and nothing else. Imported when something is signed: it loads pyHanko."""

import io
from typing import Any

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter


class _AddingOnly(IncrementalPdfFileWriter):
    """The version (1.7), the extensions and the metadata stay as they were rendered: PDF/A-2 promises them (ISO 19005-2, 6.1.2, 6.6.2)."""

    def ensure_output_version(self, version: Any) -> None:
        """It stays."""

    def register_extension(self, ext: Any) -> None:
        """None is added: PDF 1.7 knows none for elliptic curves, and readers look into the signature itself."""

    def _update_meta(self) -> None:
        """The library would rewrite the document's metadata as its own."""


def adding_only(pdf: bytes) -> IncrementalPdfFileWriter:
    """A writer that appends to this file."""
    return _AddingOnly(io.BytesIO(pdf))
