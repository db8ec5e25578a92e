"""Good files with a mapping that does not fit them, or that must not be run; and files that are not there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from spoiled_files.agency import MARK, Rows
from spoiled_files.kinds import Kind, cell, changed, column, wider


def saying(old: str, new: str) -> Callable[[str], str]:
    """The mapping with a part that stands in it once replaced."""

    def change(mapping: str) -> str:
        assert mapping.count(old) == 1, f"{old!r} stands {mapping.count(old)} times in the mapping"
        return mapping.replace(old, new)

    return change


def asking(answer: str) -> Callable[[str], str]:
    """A mapping that asks how days are written."""
    question = '[[question]]\nid = "order"\nasks = "Day or month first?"\nanswers = ["day month year"]\n'
    entry = '[file."contacts.csv"]\ndates = { When = "?order" }\n'
    return lambda mapping: f'{mapping}\n{question}answer = "{answer}"\n\n{entry}'


def also(name: str, of: str) -> Callable[[str], str]:
    """A column more of the people."""
    return saying('gender = "Gender" }', f'gender = "Gender", {name} = "{of}" }}')


def mails(rows: Rows) -> None:
    wider("Reached at", f"{MARK}@example.org")(rows)


def names(rows: Rows) -> None:
    wider("Called")(rows)
    column("Called", lambda _: "")(rows)
    for at, row in enumerate(rows[1:]):
        row[-1] = f"Zebra{'abcdefgh'[at]} Madeup"


M: dict[str, Any] = {"made": changed("contacts"), "where": "mapping.toml"}
FOLDER_KINDS: dict[str, Kind] = {
    "a question without an answer": Kind(
        **M, mapping=asking(""), said=["The question order is not answered", "--answer order=", "day month year"]),
    "an answer that is none": Kind(
        **M, mapping=asking("who knows"), said=["answer to the question order is none of those it takes"]),
    "mail addresses mapped": Kind(
        table="clients", made=changed("clients", mails), mapping=also("reach", "Reached at"),
        said=["must not enter the table participants", "mail addresses", "[[vault]]"], at=["column reach"]),
    "names of people mapped": Kind(
        table="clients", made=changed("clients", names), mapping=also("called", "Called"),
        said=["must not enter the table participants", "names of persons"], at=["column called"]),
    "no TOML": Kind(**M, mapping=saying('file = "contacts.csv"', "file = contacts.csv"), said=["not valid TOML"]),
    "a table nobody knows": Kind(
        **M, mapping=saying("[table.contacts]", "[table.contact]"), said=["there is no table contact", "contacts?"]),
    "a column no table has": Kind(
        **M, mapping=saying('minutes = "Minutes"', 'minuts = "Minutes"'), said=["has no column minuts", "minutes?"]),
    "a column twice": Kind(
        **M, mapping=saying('contact_id = "Contact ID",', 'contact_id = "Contact ID", contact_id = "Client ID",'),
        said=["not valid TOML"]),
    "a file outside the folder": Kind(
        **M, mapping=saying('file = "contacts.csv"', 'file = "../contacts.csv"'),
        said=["must lie inside the data folder"]),
    "a file that is not there": Kind(
        made=changed("contacts"), where="contact.csv", mapping=saying('file = "contacts.csv"', 'file = "contact.csv"'),
        said=["no such file", "Did you mean contacts.csv?"]),
    "a file of no known kind": Kind(
        name="contacts.zip", made=changed("contacts"), said=["an archive", "Unpack it"]),
    "a format nobody knows": Kind(
        **M, entry='format = "dbase"', said=["no such format", "spss"]),
    "a delimiter of two signs": Kind(**M, entry='delimiter = "::"', said=["delimiter must be one sign"]),
    "two files with a fault each": Kind(
        made=changed("contacts", cell(4, "Minutes", MARK)),
        beside={"survey.csv": changed("survey", cell(3, "Q1", MARK))},
        said=["2 faults", "survey.csv, row 3, column Q1 (mspss_1)"], at=["row 4, column Minutes (minutes)"]),
}  # fmt: skip
