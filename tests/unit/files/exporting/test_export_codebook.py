"""Codebooks: every column is in both; counts only where they were asked for; a page that anybody can read; XML that
catalogs take."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casearc.analyses import named_instruments
from casearc.files.described import Described
from casearc.files.exporting.codebook import CodebookTable, Study, codebook_page, codebook_tables, codebook_xml
from casearc.files.exporting.counts import counts_of
from casearc.files.exporting.tables import described
from casearc.files.sheet import Field, Holds, MissingCode
from casearc.synthetic import make_program
from casearc.tables import build

DDI = "{ddi:codebook:2_5}"
IN_ORDER = ("labl", "invalrng", "sumStat", "txt", "catgry", "varFormat")
"""The children of ``var`` that are used, in the order in which the standard's schema wants them."""
STUDY = Study(title='Is <b>support</b> & "more"?', program="Harbor Light (made up)")


@pytest.fixture(scope="module")
def going() -> tuple[Described, ...]:
    tables = build(make_program(participants=20, seed=4).tables)
    return described(tables, named_instruments(tables))


@pytest.fixture(scope="module", params=[False, True], ids=["plain", "counted"])
def tables(request: pytest.FixtureRequest, going: tuple[Described, ...]) -> tuple[CodebookTable, ...]:
    return codebook_tables(going, counts=request.param)


def names(element: ElementTree.Element) -> list[str]:
    return [child.tag.removeprefix(DDI) for child in element]


def test_the_xml_has_what_the_standard_wants_in_its_order(
    tables: tuple[CodebookTable, ...], going: tuple[Described, ...]
) -> None:
    root = ElementTree.fromstring(codebook_xml(tables, STUDY))
    assert root.tag == f"{DDI}codeBook"
    assert names(root) == ["stdyDscr", *["fileDscr"] * len(going), "dataDscr"]
    assert root.findtext(f"{DDI}stdyDscr/{DDI}citation/{DDI}titlStmt/{DDI}titl") == STUDY.title
    variables = root.findall(f"{DDI}dataDscr/{DDI}var")
    assert [each.get("name") for each in variables] == [column for table in going for column in table.frame.columns]
    files = {each.get("ID"): each.findtext(f"{DDI}fileTxt/{DDI}fileName") for each in root.findall(f"{DDI}fileDscr")}
    assert [files[each.get("files")] for each in variables] == [t.name for t in going for _ in t.frame.columns]
    ids = [each.get("ID") for each in (*variables, *root.findall(f"{DDI}fileDscr"))]
    assert len(set(ids)) == len(ids)
    for variable in variables:
        places = [IN_ORDER.index(name) for name in names(variable)]
        assert places == sorted(places)


def test_the_xml_names_codes_and_codes_for_missing(tables: tuple[CodebookTable, ...]) -> None:
    root = ElementTree.fromstring(codebook_xml(tables, STUDY))
    (item,) = [each for each in root.iter(f"{DDI}var") if each.get("name") == "mspss_1"]
    categories = {each.findtext(f"{DDI}catValu"): each for each in item.findall(f"{DDI}catgry")}
    assert list(categories) == [*"1234567", *(str(code) for code in range(-91, -97, -1))]
    assert categories["-91"].get("missing") == "Y"
    assert categories["-91"].findtext(f"{DDI}labl") == "declined"
    refused = item.findall(f"{DDI}invalrng/{DDI}item")
    assert [each.get("VALUE") for each in refused] == [str(code) for code in range(-91, -97, -1)]


def test_counts_stand_in_neither_unless_asked_for(going: tuple[Described, ...]) -> None:
    plain, counted = (codebook_tables(going, counts=counts) for counts in (False, True))
    for mark in ("catStat", "sumStat", "caseQnty"):
        assert mark not in codebook_xml(plain, STUDY)
        assert mark in codebook_xml(counted, STUDY)
    for mark in ("<dt>Filled</dt>", '<th scope="col">Rows</th>'):
        assert mark not in codebook_page(plain, STUDY)
        assert mark in codebook_page(counted, STUDY)


@pytest.mark.parametrize(
    ("cells", "said", "expected"),
    [
        (
            [1, 2, 2, None, -91],
            Field(
                name="c", choices={"1": "a", "2": "b", "3": "c"}, missing=(MissingCode(code="-91", name="declined"),)
            ),
            (3, 2, {"1": 1, "2": 2, "3": 0}, {"-91": 1}, None),
        ),
        ([1.0, 4.0, None], Field(name="c", holds=Holds.NUMBER), (2, 1, {}, {}, 2.5)),
        ([None, None], Field(name="c"), (0, 2, {}, {}, None)),
        (["x", "y"], Field(name="c"), (2, 0, {}, {}, None)),
    ],
)
def test_columns_are_counted(
    cells: list[object], said: Field, expected: tuple[int, int, dict[str, int], dict[str, int], float | None]
) -> None:
    found = counts_of(pl.Series("c", cells), said)
    assert (found.valid, found.missing, found.codes, found.reasons, found.mean) == expected


class _Page(HTMLParser):
    """Notes what the page is made of."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.attributes: list[tuple[str, str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]
        self.ids += [value or "" for name, value in attrs if name == "id"]


def test_the_page_can_be_read_by_anybody_and_asks_nobody_for_anything(
    tables: tuple[CodebookTable, ...], going: tuple[Described, ...]
) -> None:
    text = codebook_page(tables, STUDY)
    page = _Page()
    page.feed(text)
    assert ("html", "lang", "en") in page.attributes
    assert ("meta", "name", "viewport") in page.attributes
    assert page.tags.count("h1") == page.tags.count("main") == 1
    assert page.tags.count("h3") == sum(table.frame.width for table in going)
    assert page.tags.count("table") == page.tags.count("caption")
    assert page.tags.count("th") == sum(tag == "th" and name == "scope" for tag, name, _ in page.attributes)
    assert len(set(page.ids)) == len(page.ids)
    assert {value for _, name, value in page.attributes if name == "href"} <= {f"#{each}" for each in page.ids}
    assert not {"script", "link", "img", "iframe"} & set(page.tags)
    assert not re.search(r"url\(|@import|https?:", text)
    assert "prefers-color-scheme: dark" in text
    assert "&lt;b&gt;support&lt;/b&gt;" in text
    assert "stay in the house" in text


@settings(max_examples=40, deadline=None)
@given(st.text(), st.text(max_size=6), st.text(max_size=6))
def test_whatever_labels_hold_the_xml_can_be_read(label: str, code: str, name: str) -> None:
    said = Field(name="x", label=label, choices={code: label}, missing=(MissingCode(code="-91", name=name),))
    table = Described(name="t", title=label, frame=pl.DataFrame({"x": ["1"]}), fields={"x": said})
    made = codebook_tables([table], counts=True)
    text = codebook_xml(made, Study(title=label, program=name))
    ElementTree.fromstring(text.encode("utf-8", "surrogatepass"))
    codebook_page(made, Study(title=label))
