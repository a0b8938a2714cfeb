"""Small workbooks of the formats that no library of the lock writes: one sheet `Data` with the same three cells."""

import base64
import io
import struct
import zipfile
import zlib

#: id, when, n / 123, 2025-07-01 08:30, 1.5, written by Excel's old binary format (BIFF8 in an OLE container).
XLS = zlib.decompress(
    base64.b64decode(
        "eNrtWE1oE0EU/mazaX5I001MxFYooWDV2h7EiwjtRlF7slRBFBV06wZSalIJBakHrdYcBcGT4qVQD16qXvxBD3rzIFT0IAhCouCl"
        "IAgKHtqsb97uShoRGtFCZb4wb968N2/mZebNm919NZ+ozNzvqKIBAwig5kTQUicTVCJ+wwDpHUeyfh2m4iisKUTCtJEtQTxpfRmS"
        "eyj3uwoN9/TnRIEPVE7gLIbGi7nMKmIP+2AJ6UM/UYFbJImjnb1KMj3NdB3Tu9zzKdMsS64y7ae+FXEM8+ZQz04vio9qXayLQ477"
        "kG3esWQ70ngho/jiNeH2DWJ3adQ6s8YUnXoMs6ANHcwVcyXZTuO2PLKThL5Coc+2M/n8rkKhghRt+Sy+ORngq3+2n2WUfHXlAiT/"
        "vlwe+o08TFvZKL+u6cAUnFN8VMqIIahLjY691oS1iA2UzsGFwnzUJt25fK5IQVOMyqTOScBYlgRa+XDEiNpoYz7BR8Sg+RfvfHl9"
        "YGTYPMmSKU787vWwSfoBB5ekBRnHWaMxlbP3ML+N6WUedSPzHUxTFL9Udw+nPWb/NPe5wtpummcH4425uY7fQnx54eCjzvJHcyvx"
        "c4PV86m5t+YMuui6ssle/qbRK3rFzRsSj02/Fl4qec+0/Ze0EtYMz3fHuwPbsIQoswmmbkuujvjZ0ry1ktaiwfqCFmVZAp+pCtAK"
        "Se+SOExYsD5lXb0c4TgNMaAl8YCXL1t3EUehoKCgoKCgoKCg8EcQ3uN5gF8WQM/d7uN/yPuus0Slpj6T/Lc4hHH6TdDr5D4UqS5h"
        "sqn4WY+g8McSK7TxvxdKHKHZSxjDCPsx1nT80uubqP8/KzY0/t4Ranb+WjN+/uP5fwC04tJW"
    )
)

_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
_ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_ODS_CELLS = (
    "<table:table-cell office:value-type='float' office:value='123'><text:p>123</text:p></table:table-cell>",
    "<table:table-cell office:value-type='date' office:date-value='2025-07-01T08:30:00'/>",
    "<table:table-cell office:value-type='float' office:value='1.5'><text:p>1,50</text:p></table:table-cell>",
)


def zipped(members: dict[str, bytes | str]) -> bytes:
    """Return a zip file of these members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            # readers tell OpenDocument by its first, unpacked member
            method = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(name, content, method)
    return buffer.getvalue()


def ods() -> bytes:
    spaces = " ".join(f"xmlns:{space}='{_OASIS}{space}:1.0'" for space in ("office", "table", "text"))
    header = "<table:table-cell office:value-type='string'><text:p>{}</text:p></table:table-cell>"
    rows = ("".join(map(header.format, ("id", "when", "n"))), "".join(_ODS_CELLS))
    listed = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    content = (
        f"<office:document-content {spaces} office:version='1.2'><office:body><office:spreadsheet>"
        f"<table:table table:name='Data'>{listed}</table:table>"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        f"<manifest:manifest xmlns:manifest='{_OASIS}manifest:1.0'><manifest:file-entry manifest:full-path='/'"
        f" manifest:media-type='{_ODS_TYPE}'/></manifest:manifest>"
    )
    return zipped({"mimetype": _ODS_TYPE, "content.xml": content, "META-INF/manifest.xml": manifest})


def xlsb() -> bytes:
    """The binary format of [MS-XLSB]: records of a number, a length and a body; the time is a number of days."""
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1"'
        ' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"'
        ' Target="worksheets/sheet1.bin"/></Relationships>'
    )
    book = _record(0x83) + _record(0x8F) + _record(0x9C, struct.pack("<II", 0, 1) + _text("rId1") + _text("Data"))
    book += _record(0x90) + _record(0x9D) + _record(0x84)
    cells = [(0x06, _text("id")), (0x06, _text("when")), (0x06, _text("n"))]
    values = [(0x05, struct.pack("<d", number)) for number in (123, 45839.354166666664, 1.5)]
    sheet = _record(0x81) + _record(0x94, struct.pack("<IIII", 0, 1, 0, 2)) + _record(0x91)
    for number, row in enumerate((cells, values)):
        sheet += _record(0x00, struct.pack("<I", number) + bytes(13))
        for column, (kind, body) in enumerate(row):
            sheet += _record(kind, struct.pack("<II", column, 0) + body)
    sheet += _record(0x92) + _record(0x82)
    return zipped({"xl/workbook.bin": book, "xl/_rels/workbook.bin.rels": relations, "xl/worksheets/sheet1.bin": sheet})


def _record(number: int, body: bytes = b"") -> bytes:
    head = bytes([number]) if number < 0x80 else bytes([number & 0xFF, number >> 7])
    return head + bytes([len(body)]) + body


def _text(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")
