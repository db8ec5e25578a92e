"""The codebook in DDI-Codebook 2.5, the form in which data archives and catalogs take it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree import ElementTree

from casearc.files.exporting.codebook.variables import GISTS, STAYS, CodebookTable, Study, Variable
from casearc.files.sheet import Holds

NAMESPACE = "ddi:codebook:2_5"
VERSION = "2.5"
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DATES = {Holds.DATE: "date", Holds.MOMENT: "date", Holds.TIME: "time"}

Element = ElementTree.Element


def codebook_xml(tables: Sequence[CodebookTable], study: Study) -> str:
    """The codebook as DDI-Codebook 2.5.

    Parameters
    ----------
    tables
        What `codebook_tables` gave; counts go in where they have any.
    study
        Whose tables they are.

    Returns
    -------
    str
        XML text: a file description (``fileDscr``) a table, a ``var`` a column.

    Examples
    --------
    >>> codebook_xml([], Study()).splitlines()[1][:9]
    '<codeBook'
    """
    root = Element("codeBook", {"xmlns": NAMESPACE, "version": VERSION, "xml:lang": "en"})
    _study(root, study)
    for number, table in enumerate(tables, start=1):
        _file(root, table, f"F{number}")
    data = ElementTree.SubElement(root, "dataDscr")
    variables = [(each, f"F{number}") for number, table in enumerate(tables, start=1) for each in table.variables]
    for number, (variable, file) in enumerate(variables, start=1):
        _variable(data, variable, own=f"V{number}", file=file)
    ElementTree.indent(root, " ")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'


def _add(parent: Element, path: str, text: str = "", **attributes: str) -> Element:
    """A new element at the end of a path of new elements."""
    for name in path.split("/"):
        parent = ElementTree.SubElement(parent, name)
    parent.text = _NOT_IN_XML.sub("", text) or None
    for key, value in attributes.items():
        parent.set(key, _NOT_IN_XML.sub("", value))
    return parent


def _study(root: Element, study: Study) -> None:
    described = _add(root, "stdyDscr")
    citation = _add(described, "citation")
    _add(citation, "titlStmt/titl", study.title or "Records of a case management program")
    if study.program:
        _add(citation, "prodStmt/producer", study.program)
    _add(described, "stdyInfo/abstract", GISTS)
    _add(described, "dataAccs/useStmt/restrctn", STAYS)


def _file(root: Element, table: CodebookTable, own: str) -> None:
    described = _add(root, "fileDscr", ID=own)
    text = _add(described, "fileTxt")
    _add(text, "fileName", table.name)
    _add(text, "fileCont", table.title)
    size = _add(text, "dimensns")
    if table.rows is not None:
        _add(size, "caseQnty", str(table.rows))
    _add(size, "varQnty", str(len(table.variables)))


def _variable(parent: Element, variable: Variable, *, own: str, file: str) -> None:
    said, counts = variable.field, variable.counts
    continuous = variable.numeric and not said.choices
    whole = _add(parent, "var", ID=own, name=variable.name, files=file, intrvl="contin" if continuous else "discrete")
    if said.label:
        _add(whole, "labl", said.label)
    if said.missing:
        refused = _add(whole, "invalrng")
        for each in said.missing:
            _add(refused, "item", VALUE=each.code)
    _statistics(whole, variable)
    if variable.unit:
        _add(whole, "txt", f"Unit: {variable.unit}")
    for code, label in said.choices.items():
        _category(whole, code, label, None if counts is None else counts.codes[code])
    for each in said.missing:
        times = None if counts is None else counts.reasons[each.code]
        _category(whole, each.code, each.name.replace("_", " "), times, missing="Y")
    kind = _add(whole, "varFormat", type="numeric" if variable.numeric else "character", schema="other")
    if said.holds in _DATES:
        kind.set("category", _DATES[said.holds])


def _category(parent: Element, code: str, label: str, times: int | None, **attributes: str) -> None:
    category = _add(parent, "catgry", **attributes)
    _add(category, "catValu", code)
    _add(category, "labl", label)
    if times is not None:
        _add(category, "catStat", str(times), type="freq")


def _statistics(parent: Element, variable: Variable) -> None:
    counts = variable.counts
    if counts is None:
        return
    known = {
        "vald": counts.valid,
        "invd": counts.missing,
        "mean": counts.mean,
        "stdev": counts.sd,
        "min": counts.low,
        "max": counts.high,
    }
    for kind, value in known.items():
        if value is not None:
            _add(parent, "sumStat", repr(value), type=kind)
