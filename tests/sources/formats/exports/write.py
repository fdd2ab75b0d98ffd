"""Bytes of files, as the libraries behind exporters write them."""

from __future__ import annotations

import csv
import io
import zipfile
from html import escape

import openpyxl

Rows = list[list[object]]


def delimited(
    rows: Rows,
    separator: str = ",",
    *,
    quoting: int = csv.QUOTE_ALL,
    encoding: str = "utf-8",
    end: str = "\r\n",
) -> bytes:
    """Return delimited text."""
    stream = io.StringIO()
    csv.writer(stream, delimiter=separator, quoting=quoting, lineterminator=end).writerows(rows)
    return stream.getvalue().encode(encoding)


def workbook(sheets: dict[str, Rows]) -> bytes:
    """Return an XLSX workbook; use :func:`book` for merged cells and styles."""
    return saved(book(sheets))


def book(sheets: dict[str, Rows]) -> openpyxl.Workbook:
    """Return a workbook in memory, cells as they are given."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for r, row in enumerate(rows, 1):
            for c, value in enumerate(row, 1):
                if value not in ("", None):
                    cell = sheet.cell(r, c, value)
                    if isinstance(value, str):
                        cell.data_type = "s"
    return made


def saved(made: openpyxl.Workbook) -> bytes:
    """Return the bytes of a workbook."""
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def ods_by_rodf(sheets: dict[str, Rows]) -> bytes:
    """Return an ODS as Ruby's rodf writes it: no ``mimetype`` entry, a DOCTYPE in the manifest, one paragraph per line."""
    tables = "".join(
        f'<table:table table:name="{escape(name)}">'
        + "".join(
            "<table:table-row>"
            + "".join(
                '<table:table-cell office:value-type="string">'
                + "".join(f"<text:p>{escape(line)}</text:p>" for line in str(cell).split("\n"))
                + "</table:table-cell>"
                if str(cell)
                else "<table:table-cell/>"
                for cell in row
            )
            + "</table:table-row>"
            for row in rows
        )
        + "</table:table>"
        for name, rows in sheets.items()
    )
    spaces = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
        for short, long in (("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"))
    )
    content = f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces} office:version="1.2"><office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>'
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE manifest:manifest PUBLIC "-//OpenOffice.org//DTD Manifest 1.0//EN" "Manifest.dtd">'
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        '<manifest:file-entry manifest:media-type="application/vnd.oasis.opendocument.spreadsheet" manifest:full-path="/"/>'
        '<manifest:file-entry manifest:media-type="text/xml" manifest:full-path="content.xml"/></manifest:manifest>'
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", content)
    return stream.getvalue()


def html_table(rows: Rows) -> bytes:
    """Return the HTML page that web sites send as « .xls »."""
    cells = "".join(
        "<tr>"
        + "".join(
            f"<{'th' if not r else 'td'}>"
            + escape(str(v)).replace("\n", "<br />")
            + f"</{'th' if not r else 'td'}>"
            for v in row
        )
        + "</tr>"
        for r, row in enumerate(rows)
    )
    return f'<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"></head><body><table border="1">{cells}</table></body></html>'.encode()
