"""CSV and its relatives, spoiled."""

from __future__ import annotations

import gzip
import io
import zipfile
from datetime import date

from spoiled_files.agency import CONTACTS_HEADER, MARK, Rows, as_csv, contacts
from spoiled_files.kinds import Change, Kind, above, cell, changed, column, heading, more, octets, text, wider

PAGE = f"<html><head><title>Sign in</title></head><body>{MARK}</body></html>"
NOTE = f"La niña dijo {MARK}"
WHO, WHEN, LONG = "column Client ID (enrollment_id)", "column When (date)", "column Minutes (minutes)"
ALL = "rows 2 to 25"


def day_before_month(day: str) -> str:
    return f"{day[:4]}-{day[8:]}-{day[5:7]}"


def serial(day: str) -> str:
    return str((date.fromisoformat(day) - date(1899, 12, 30)).days)


def american(day: str) -> str:
    return f"{int(day[5:7])}/{int(day[8:])}/{day[:4]}"


def european(day: str) -> str:
    return f"{int(day[8:])}/{int(day[5:7])}/{day[:4]}"


def zipped() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("inner.zip", b"PK\x03\x04")
        archive.writestr("contacts.csv", as_csv(contacts()))
    return content.getvalue()


def exchanged(first: str, second: str) -> Change:
    """The cells of two columns under each other's names."""

    def change(rows: Rows) -> None:
        one, two = rows[0].index(first), rows[0].index(second)
        for row in rows[1:]:
            row[one], row[two] = row[two], row[one]

    return change


def backwards(rows: Rows) -> None:
    for row in rows:
        row.reverse()


def ten_thousand(rows: Rows) -> None:
    for at, row in enumerate(rows):
        row += [f"c{number}" if at == 0 else "1" for number in range(9_992)]


def shifted(rows: Rows) -> None:
    """Answers one column to the left, as after a column was deleted in a spreadsheet program."""
    for row in rows[1:]:
        row[3:16] = [*row[4:16], "84"]


def ids_of_contacts(rows: Rows) -> None:
    for row in rows[1:]:
        row[1] = row[0]


def put_together() -> bytes:
    """Two files, each with its mark and its names, one behind the other."""
    mark = b"\xef\xbb\xbf"
    return mark + as_csv(contacts()[:12]) + mark + as_csv([CONTACTS_HEADER, *contacts()[12:]])


def titled(*rows: list[str]) -> Change:
    return above(["Contacts of Harbor Light"], *rows)


TEXT_KINDS: dict[str, Kind] = {
    # the bytes
    "cut off in a row": Kind(
        made=octets("contacts", lambda data: data[:-30]), said=["fewer cells than the header"], at=["row 25"]),
    "cut off within quotation marks": Kind(
        made=text("contacts", lambda whole: whole.replace(MARK, f'"{MARK}, said so"')[:-9]),
        said=["quotation mark is left open"], at=["row 25"]),
    "empty": Kind(made=lambda: b"", said=["The file is empty"]),
    "only blanks": Kind(made=lambda: b" \r\n \r\n", said=["The file is empty"]),
    "only the names": Kind(
        made=lambda: as_csv([CONTACTS_HEADER]), rows={"contacts": 0}, noted=["no row below the column names"]),
    "Windows-1252": Kind(
        made=text("contacts", lambda whole: whole.replace(MARK, NOTE), "windows-1252"),
        said=["not UTF-8 from here on", "Windows-1252"], at=["row 2"]),
    "Windows-1252, declared": Kind(
        made=text("contacts", lambda whole: whole.replace(MARK, NOTE), "windows-1252"),
        entry='encoding = "windows-1252"'),
    "UTF-16": Kind(made=text("contacts", str, "utf-16"), said=["UTF-16 (little endian)", "CSV UTF-8"]),
    "UTF-16 without a mark": Kind(made=text("contacts", str, "utf-16-le"), said=["UTF-16 (without a byte-order mark)"]),
    "UTF-16, declared": Kind(made=text("contacts", str, "utf-16"), entry='encoding = "utf-16"'),
    "UTF-16 declared, and is not": Kind(
        made=changed("contacts"), entry='encoding = "utf-16"', said=["not in utf-16, as the mapping says"]),
    "an encoding that is none": Kind(
        made=changed("contacts"), entry='encoding = "undefined"', said=["not in undefined, as the mapping says"]),
    "UTF-32": Kind(made=text("contacts", str, "utf-32"), said=["UTF-32"]),
    "two byte-order marks": Kind(made=text("contacts", lambda whole: f"\ufeff{whole}", "utf-8-sig")),
    "a byte-order mark in the middle": Kind(made=put_together, said=["repeats the column names"], at=["row 13"]),
    "NUL bytes": Kind(
        made=octets("contacts", lambda data: data.replace(b"Parent", b"Par\0nt", 1)), said=["NUL bytes"], at=["row 3"]),
    "the end sign of DOS": Kind(made=octets("contacts", lambda data: data + b"\x1a")),
    "a bell in a code": Kind(
        made=octets("contacts", lambda data: data.replace(b"Parent", b"Par\aent", 1)),
        said=["a code that the mapping does not cover"], at=["row 3, column Type (contact_type)"]),
    "a zip archive with one inside": Kind(made=zipped, said=["a spreadsheet or a zip archive"]),
    "gzip": Kind(made=octets("contacts", gzip.compress), said=["packed (gzip)"]),
    "a PDF": Kind(made=lambda: b"%PDF-1.7\n" + MARK.encode(), said=["a PDF"]),
    "a picture": Kind(made=lambda: b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)), said=["a picture"]),
    "a sign-in page": Kind(made=f"<!DOCTYPE html>\n{PAGE}".encode, said=["a web page", "sign-in"]),
    "a sign-in page behind blank lines": Kind(
        made=lambda: f"\n\n  <!-- portal -->\n{PAGE}".encode("utf-8-sig"), said=["a web page", "sign-in"]),
    "XML": Kind(made=f"<?xml version='1.0'?>\n<records><r>{MARK}</r></records>".encode, said=["is XML"]),
    "an answer in JSON": Kind(made=f'{{"error": "expired", "why": "{MARK}"}}'.encode, said=["is JSON"]),
    # lines and quotation marks
    "two kinds of line ends": Kind(made=octets("contacts", lambda data: data.replace(b"\n", b"\r\n", 5))),
    "line ends of old Macs": Kind(made=changed("contacts", end="\r")),
    "line ends of old Macs among others": Kind(
        made=octets("contacts", lambda data: data.replace(b"Notes\n", b"Notes\r")),
        said=["A carriage return stands alone"], at=["row 1"]),
    "blank lines between": Kind(made=octets("contacts", lambda data: data.replace(b"\n", b"\n\n"))),
    "a quotation mark never closed": Kind(
        made=text("contacts", lambda whole: whole.replace(MARK, f'"{MARK}', 1)),
        said=["quotation mark is left open"], at=["row 2"]),
    "quotation marks inside a cell": Kind(
        made=text("contacts", lambda whole: whole.replace(MARK, f'{MARK} "said" so', 1)),
        said=["stands inside a cell"], at=["row 2"]),
    "quotation marks behind a backslash": Kind(
        made=text("contacts", lambda whole: whole.replace(MARK, f'"{MARK} \\"said\\" so"', 1)),
        said=["stands inside a cell"], at=["row 2"]),
    "a comma in a cell": Kind(
        made=text("contacts", lambda whole: whole.replace(MARK, f"{MARK}, said so", 1)),
        said=["more cells than the header", "A comma inside a cell"], at=["row 2"]),
    "lines within a cell above a fault": Kind(
        made=changed("contacts", cell(3, "Notes", "a\nb\nc"), cell(9, "Minutes", MARK)),
        said=["Text stands where a number belongs"], at=[f"row 9, {LONG}"]),
    # names
    "a column without a name": Kind(
        made=changed("contacts", heading("Hours", "")), said=["cells but no name"], at=["row 1, column number 7"]),
    "delimiters behind every row": Kind(made=changed("contacts", wider(""))),
    "delimiters behind every row but the first": Kind(
        made=text("contacts", lambda whole: whole.replace("\n", ",\n").replace(",\n", "\n", 1)),
        said=["more cells than the header"], at=[ALL]),
    "a name twice": Kind(
        made=changed("contacts", heading("Hours", "Minutes")), said=["number 6 and 7 have the same name"],
        at=["row 1"]),
    "the names again further down": Kind(
        made=changed("contacts", lambda rows: rows.insert(12, list(rows[0]))),
        said=["repeats the column names"], at=["row 13"]),
    "titles above": Kind(
        made=changed("contacts", titled([], [MARK])),
        said=["a title seems to stand above", "header_row = 4"], at=["row 1"]),
    "titles above, filled up": Kind(
        made=changed("contacts", above(["Contacts", *[""] * 7])), said=["a title may stand above"], at=["row 1"]),
    "titles above, declared": Kind(made=changed("contacts", titled([], [MARK])), entry="header_row = 4"),
    "a row of names too far down": Kind(
        made=changed("contacts"), entry="header_row = 400", said=["There is no row 400"]),
    "no names": Kind(
        made=changed("contacts", lambda rows: rows.pop(0)), said=["numbers and dates, and no column names"],
        at=["row 1"]),
    "a column renamed": Kind(
        made=changed("contacts", heading("Client ID", "Client Id")),
        said=["speaks of a column Client ID", "Did you mean Client Id?"]),
    "columns in another order": Kind(made=changed("contacts", backwards)),
    "a line for spreadsheet programs": Kind(
        made=lambda: b"sep=;\n" + changed("contacts", sign=";")(),
        said=["which sign stands between cells", "header_row = 2"], at=["row 1"]),
    "semicolons": Kind(
        made=changed("contacts", sign=";"), said=["semicolons, not by commas", "delimiter"], at=["row 1"]),
    "semicolons, declared": Kind(made=changed("contacts", sign=";"), entry='delimiter = ";"'),
    "tabs": Kind(
        name="contacts.tsv", made=changed("contacts", sign="\t"), said=["tabs, not by commas"], at=["row 1"]),
    "tabs, declared": Kind(name="contacts.tsv", made=changed("contacts", sign="\t"), entry='delimiter = "\\t"'),
    "tabs between and within": Kind(
        name="contacts.tsv",
        made=text("contacts", lambda whole: whole.replace(",", "\t").replace(MARK, f"{MARK}\tx", 1)),
        entry='delimiter = "\\t"', said=["more cells than the header", "A tab inside a cell"], at=["row 2"]),
    "ten thousand columns": Kind(
        made=changed("contacts", ten_thousand), said=["10,000 columns", "up to 5,000"]),
    "a cell of a megabyte": Kind(made=changed("contacts", cell(4, "Notes", f"{MARK} " * 100_000))),
    # rows that are none
    "a row of totals": Kind(
        made=changed("contacts", more(["Total", "", "", "", "", "780", "", MARK])),
        said=["this column must be filled"], at=[f"row 26, {WHO}", f"row 26, {WHEN}"]),
    "a row of totals without a word": Kind(
        made=changed("contacts", more(["", "", "", "", "", "780", "", MARK])),
        said=["this column must be filled"], at=["row 26, column Contact ID (contact_id)", f"row 26, {WHO}"]),
    "everything pasted twice": Kind(
        made=changed("contacts", lambda rows: rows.extend(list(row) for row in rows[1:])),
        said=["Another row has the same id (first in row 2)"], at=["row 26, column Contact ID (contact_id)"]),
    # ids
    "ids in scientific notation": Kind(
        made=changed("contacts", column("Client ID", lambda who: f"{float(who):.2E}")),
        said=["scientific notation", "formatted as text"], at=[f"{ALL}, {WHO}"]),
    "ids without their zeros": Kind(
        made=changed("contacts", column("Client ID", lambda who: who.lstrip("0"))),
        said=["has no such enrollment_id", "leading zeros"], at=[f"{ALL}, {WHO}"]),
    "ids of another file": Kind(
        made=changed("contacts", ids_of_contacts), said=["has no such enrollment_id"], at=[f"{ALL}, {WHO}"]),
    "an id twice": Kind(
        made=changed("contacts", cell(9, "Contact ID", "K003")),
        said=["the same id (first in row 4)"], at=["row 9, column Contact ID (contact_id)"]),
    "a client twice": Kind(
        table="clients", made=changed("clients", cell(9, "Client ID", "0101")),
        said=["the same id (first in row 2)"], at=["row 9, column Client ID (participant_id)"]),
    "an id missing": Kind(
        made=changed("contacts", cell(9, "Client ID", "")), said=["must be filled"], at=[f"row 9, {WHO}"]),
    "a sign of no width in an id": Kind(
        made=changed("contacts", cell(4, "Client ID", "01\u200b01")), said=["cannot be seen"], at=[f"row 4, {WHO}"]),
    "an id that turns the direction of writing": Kind(
        made=changed("contacts", cell(4, "Client ID", "\u202e0101")), said=["cannot be seen"], at=[f"row 4, {WHO}"]),
    "a tab in an id": Kind(
        made=changed("contacts", cell(4, "Client ID", "01\t01")), said=["cannot be seen"], at=[f"row 4, {WHO}"]),
    "no-break spaces around ids": Kind(made=changed("contacts", column("Client ID", lambda who: f"\u00a0{who} "))),
    "an emoji in an id": Kind(
        made=changed("contacts", cell(4, "Contact ID", "K😀3")), rows={"contacts": 24},
        holds={"contacts": ("contact_id", "K😀3")}),
    "an id that would run": Kind(
        made=changed("contacts", cell(4, "Contact ID", "=cmd|'/C calc'!A0")), rows={"contacts": 24},
        holds={"contacts": ("contact_id", "'=cmd|'/C calc'!A0")}),
    # days
    "day and month exchanged half-way": Kind(
        made=changed("contacts", column("When", day_before_month, rows=slice(12, None))),
        said=["month and day look swapped"], at=["rows 13 to 14, 16, 18, 20 and 22 to 24, column When (date)"]),
    "months before days": Kind(
        made=changed("contacts", column("When", american)),
        said=["looks like month, day, year", "nobody can tell"], at=["rows 4 to 5, 9 to 11, 15, 17, 19, 21 and 25"]),
    "months before days, declared": Kind(
        made=changed("contacts", column("When", american)), entry='dates = { When = "month day year" }'),
    "months before days half-way, declared": Kind(
        made=changed(
            "contacts", column("When", american, rows=slice(1, 12)), column("When", european, rows=slice(12, None))),
        entry='dates = { When = "month day year" }',
        said=['no date written as "month day year"'], at=["rows 13 to 14, 16, 18, 20 and 22 to 24, column When"]),
    "serial numbers": Kind(
        made=changed("contacts", column("When", serial)), said=["serial number"], at=[f"{ALL}, {WHEN}"]),
    "serial numbers, declared": Kind(
        made=changed("contacts", column("When", serial)), entry='dates = { When = "days since 1900" }'),
    "two digits of the year": Kind(
        made=changed("contacts", column("When", lambda day: american(day)[:-4] + day[2:4])),
        said=["two-digit year"], at=[f"{ALL}, {WHEN}"]),
    "a day that never was": Kind(
        made=changed("contacts", cell(4, "When", "2024-02-31")), said=["no such day"], at=[f"row 4, {WHEN}"]),
    # numbers and codes
    "decimal commas": Kind(
        made=changed("contacts", column("Minutes", lambda long: f"{long},5"), sign=";"), entry='delimiter = ";"',
        said=["a comma in it"], at=[f"{ALL}, {LONG}"]),
    "decimal commas, declared": Kind(
        made=changed("contacts", column("Minutes", lambda long: f"{long},0"), sign=";"),
        entry='delimiter = ";"\ndecimal = ","'),
    "decimal commas among points": Kind(
        made=changed("contacts", column("Minutes", lambda long: f"{long},5"), cell(4, "Minutes", "12.5"), sign=";"),
        entry='delimiter = ";"\ndecimal = ","', said=["a comma in it"], at=[f"rows 2 to 3 and 5 to 25, {LONG}"]),
    "a comma between thousands": Kind(
        made=changed("contacts", cell(4, "Minutes", "1,200")), said=["between thousands"], at=[f"row 4, {LONG}"]),
    "words among numbers": Kind(
        made=changed("contacts", cell(4, "Minutes", "n/a"), cell(5, "Minutes", MARK), cell(6, "Minutes", "30 min")),
        said=["word or sign for missing", "Text stands", "word or unit behind it"],
        at=[f"row 4, {LONG}", f"row 5, {LONG}", f"row 6, {LONG}"]),
    "numbers that are none": Kind(
        made=changed("contacts", cell(4, "Minutes", "NaN"), cell(5, "Minutes", "inf"), cell(6, "Minutes", "#N/A")),
        said=["word or sign for missing", "infinite"], at=[f"rows 4 and 6, {LONG}", f"row 5, {LONG}"]),
    "formulas": Kind(
        made=changed("contacts", cell(4, "Minutes", "=1+1"), cell(5, "Minutes", "=cmd|'/C calc'!A0")),
        said=["Text stands where a number belongs"], at=[f"rows 4 to 5, {LONG}"]),
    "an age below zero": Kind(
        table="clients", made=changed("clients", cell(4, "Age", "-15")),
        said=["negative", "from 0 to 120"], at=["row 4, column Age (age_at_enrollment)"]),
    "two columns exchanged": Kind(
        made=changed("contacts", exchanged("Type", "Outcome")), said=["a code that the mapping does not cover"],
        at=[f"{ALL}, column Type (contact_type)", f"{ALL}, column Outcome (outcome)"]),
    "a code nobody knows": Kind(
        made=changed("contacts", cell(9, "Type", MARK)), asked=True,
        said=["a code that the mapping does not cover"], at=["row 9, column Type (contact_type)"]),
    # answers
    "an answer out of range": Kind(
        table="survey", made=changed("survey", cell(9, "Q3", "99")),
        said=["not within the range", "1 to 7"], at=["row 9, column Q3 (mspss_3)"]),
    "an answer in words": Kind(
        table="survey", made=changed("survey", cell(9, "Q3", "Agree")),
        said=["Text stands where a number belongs"], at=["row 9, column Q3 (mspss_3)"]),
    "sums that contradict the answers": Kind(
        table="survey", made=changed("survey", column("SUM", lambda total: str(84 - int(total)))),
        said=["own mspss_total is not that of its items", "of 16 complete rows 0 agree"], at=["rows 2 to 17"]),
    "answers one column to the left": Kind(
        table="survey", made=changed("survey", shifted),
        said=["not within the range"], at=["rows 2 to 17, column Q12 (mspss_12)"]),
}  # fmt: skip
