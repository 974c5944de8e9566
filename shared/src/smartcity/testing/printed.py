"""A document as it lies on a desk: printed, and its QR codes read by a decoder of another hand."""

import pypdfium2
import zxingcpp

DOTS_PER_INCH = 150


def scanned(pdf: bytes) -> list[str]:
    """What the QR codes on its pages say, from page to page."""
    with pypdfium2.PdfDocument(pdf) as document:
        pages = [page.render(scale=DOTS_PER_INCH / 72, grayscale=True).to_pil() for page in document]
    return [
        code.text for page in pages for code in zxingcpp.read_barcodes(page, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
    ]
