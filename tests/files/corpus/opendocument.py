"""Writes ODS files and their flat form, cell by cell."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from xml.sax.saxutils import quoteattr

from ..making import zip_of

KIND = "application/vnd.oasis.opendocument.spreadsheet"
_NAMES = "urn:oasis:names:tc:opendocument:xmlns"
_NAMESPACES = "".join(
    f' xmlns:{short}="{_NAMES}:{name}:1.0"'
    for short, name in (
        ("office", "office"),
        ("table", "table"),
        ("text", "text"),
        ("style", "style"),
        ("number", "datastyle"),
    )
) + (
    ' xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2"'
    ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
)
Row = Sequence[str]


def cell(attributes: str = "", shown: str | None = None, more: str = "") -> str:
    """A cell with these attributes that shows a text."""
    inside = more + ("" if shown is None else f"<text:p>{shown}</text:p>")
    return f"<table:table-cell {attributes}>{inside}</table:table-cell>"


def words(text: str) -> str:
    return cell('office:value-type="string"', text)


def number(value: float, style: str = "") -> str:
    return cell(f'{style} office:value-type="float" office:value="{value}"', str(value))


def formula(text: str, attributes: str = "", shown: str | None = None) -> str:
    return cell(f"table:formula={quoteattr(f'of:={text}')} {attributes}", shown)


def row_of(values: Sequence[Any], *, money: Sequence[int] = (4, 5)) -> list[str]:
    """Cells of the kinds that the values ask for; those at `money` are shown as rupiah."""
    return [_cell_of(value, money=index in money) for index, value in enumerate(values)]


def _cell_of(value: Any, *, money: bool) -> str:
    if value is None:
        return cell()
    if isinstance(value, date):
        return cell(f'table:style-name="day" office:value-type="date" office:date-value="{value:%Y-%m-%d}"', "x")
    if isinstance(value, int | float) and not money:
        return number(value)
    if isinstance(value, int | float):
        return cell(
            f'table:style-name="rupiah" office:value-type="currency" office:currency="IDR" office:value="{value}"',
            f"Rp{value}",
        )
    return words(value)


def _rows(rows: Sequence[Row], repeated: Mapping[int, int], header_rows: int) -> str:
    made = [
        f'<table:table-row table:number-rows-repeated="{repeated.get(index, 1)}">'
        f"{''.join(each or cell() for each in row) or cell()}</table:table-row>"
        for index, row in enumerate(rows)
    ]
    head = (
        f"<table:table-header-rows>{''.join(made[:header_rows])}</table:table-header-rows>" if header_rows else ""
    )
    return head + "".join(made[header_rows:])


_STYLES = (
    '<office:automatic-styles><number:date-style style:name="n1"><number:day number:style="long"/><number:text>/'
    '</number:text><number:month number:style="long"/><number:text>/</number:text><number:year'
    ' number:style="long"/>'
    '</number:date-style><number:number-style style:name="n2"'
    ' number:language="id" number:country="ID"><number:text>Rp</number:text><number:number'
    ' number:grouping="true" number:decimal-places="2" number:min-integer-digits="1"/></number:number-style>'
    '<style:style style:name="day" style:family="table-cell" style:data-style-name="n1"/>'
    '<style:style style:name="rupiah" style:family="table-cell" style:data-style-name="n2"/>'
    '<style:style style:name="shut" style:family="table"><style:table-properties table:display="false"/>'
    "</style:style></office:automatic-styles>"
)


def body(
    rows: Sequence[Row],
    *,
    hidden: Sequence[Row] = (),
    old: Sequence[Row] = (),
    repeated: Mapping[int, int] | None = None,
    header_rows: int = 0,
) -> str:
    """A document's styles and sheets; a hidden one stands before the list, `old` behind it."""
    before, behind = (
        f'<table:table table:name="Lama" table:style-name="shut">{_rows(each, {}, 0)}</table:table>'
        if each
        else ""
        for each in (hidden, old)
    )
    table = f'<table:table table:name="Upah">{_rows(rows, repeated or {}, header_rows)}</table:table>'
    return f"{_STYLES}<office:body><office:spreadsheet>{before}{table}{behind}</office:spreadsheet></office:body>"


def flat(rows: Sequence[Row], **options: Any) -> bytes:
    """A flat ODS document: one XML file, which LibreOffice opens."""
    head = f'<?xml version="1.0" encoding="UTF-8"?><office:document {_NAMESPACES} office:version="1.3"'
    return f'{head} office:mimetype="{KIND}">{body(rows, **options)}</office:document>'.encode()


def ods_of(rows: Sequence[Row], manifest: str = "<manifest/>", **options: Any) -> bytes:
    """An ODS file."""
    return ods_around(body(rows, **options), manifest)


def ods_around(inside: str, manifest: str = "<manifest/>", before: str = "") -> bytes:
    """An ODS file with this inside its content."""
    content = (
        f'<?xml version="1.0"?>{before}<office:document-content {_NAMESPACES}'
        f' office:version="1.3">{inside}</office:document-content>'
    )
    return zip_of({"mimetype": KIND, "content.xml": content, "META-INF/manifest.xml": manifest})
