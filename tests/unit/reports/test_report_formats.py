"""The formats: valid, self-contained, accessible, the same bytes each time."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import docx
import jsonschema
import made_up_release as made_up
import pytest
from pypdf import PdfReader

from casearc.disclosure import Edition
from casearc.findings import Section
from casearc.reports import Rendered, render, results_schema, words
from casearc.reports.csv_tables import neutral

CONTENT = {
    "title": "“Ärger” & <b>bold</b> #heading $x^2$ *stars* _under_ @ref \\n",
    "deviations": ("{braces} & <script>alert(1)</script>", "=SUM(A1:A9) `code` [link](x)"),
}


@pytest.fixture(scope="module", params=list(Edition), ids=str)
def rendered(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    where = tmp_path_factory.mktemp("reports") / "report"
    return render(made_up.release(request.param), made_up.details(**CONTENT), where)


def test_results_json_keeps_the_published_schema(rendered: Rendered) -> None:
    schema = results_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    results = json.loads((rendered.folder / "results.json").read_text())
    jsonschema.Draft202012Validator(schema).validate(results)
    assert results["sections"][0]["id"] == "change"
    assert len(results["summary"]) == 5


def test_the_schema_refuses_what_a_report_must_not_hold(rendered: Rendered) -> None:
    """A mark with a reason, or a cell of no known kind, is not a valid result."""
    results = json.loads((rendered.folder / "results.json").read_text())
    cells = results["sections"][0]["findings"][0]["tables"][0]["rows"][0]["cells"]
    for wrong in ({"kind": "hidden", "text": "[c]", "reason": "4"}, {"kind": "secret", "value": 4}):
        cells[0] = wrong
        assert not jsonschema.Draft202012Validator(results_schema()).is_valid(results)


def test_primary_results_lead_the_summary_in_the_order_of_the_report(rendered: Rendered) -> None:
    summary = [said["text"] for said in json.loads((rendered.folder / "results.json").read_text())["summary"]]
    assert any("perceived social support was on average 0.41 points higher" in text for text in summary)
    assert any("Each further month of service" in text for text in summary)
    assert not any("support from family" in text for text in summary), "exploratory results give way"


class Page(HTMLParser):
    """What a reader's program sees of an HTML page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, Any]]:
        return [attrs for name, attrs in self.tags if name == tag]


def test_html_asks_nobody_for_anything(rendered: Rendered) -> None:
    """No script, no request: neither by an element nor by the style."""
    text = (rendered.folder / "report.html").read_text()
    page = Page(text)
    assert not {tag for tag, _ in page.tags} & {"script", "link", "img", "iframe", "object", "embed", "base"}
    targets = [attrs[key] for _, attrs in page.tags for key in ("href", "src", "xlink:href", "action") if key in attrs]
    assert targets
    assert all(target.startswith("#") for target in targets if target)
    assert not re.search(r"@import|url\((?!#)", text)
    assert not re.search(r"https?://(?!www\.w3\.org/)", text)  # names of XML vocabularies are not addresses


def test_html_can_be_read_without_seeing_it(rendered: Rendered) -> None:
    page = Page((rendered.folder / "report.html").read_text())
    assert page.all("html")[0]["lang"] == "en-US"
    ids = [attrs["id"] for _, attrs in page.tags if attrs.get("id")]
    assert len(ids) == len(set(ids))
    links = [attrs["href"][1:] for attrs in page.all("a") + page.all("use") if attrs.get("href")]
    assert set(links) <= set(ids)
    assert len(page.all("caption")) == len(page.all("table"))
    assert all(attrs.get("scope") for attrs in page.all("th"))
    drawings = [attrs for attrs in page.all("div") if attrs.get("role") == "img"]
    assert len(drawings) == len(page.all("svg"))
    assert all(len(attrs["aria-label"]) > 10 for attrs in drawings)
    headings = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert headings.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(headings))


def test_colors_are_told_apart_by_weak_eyes() -> None:
    """Each color of text on each ground it stands on: a contrast of 4.5 at least (WCAG 2.2 AA)."""
    style = (Path(words.__file__).parent / "html/style.css").read_text()
    color = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", style))
    pairs = [("ink", "faint"), ("soft", "faint"), ("accent", "faint"), ("ink", "warm")]
    pairs_on_white = [(name, "#ffffff") for name in ("ink", "soft", "accent", "alarm")]
    for front, ground in [(color[a], color[b]) for a, b in pairs] + [(color[a], b) for a, b in pairs_on_white]:
        assert contrast(front, ground) >= 4.5, (front, ground)


def contrast(one: str, other: str) -> float:
    def light(color: str) -> float:
        channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


def test_words_are_never_read_as_markup(rendered: Rendered) -> None:
    html = (rendered.folder / "report.html").read_text()
    assert "<script>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    pdf = "\n".join(page.extract_text() for page in PdfReader(rendered.folder / "report.pdf").pages)
    assert "#heading" in pdf
    assert "<script>alert(1)</script>" in pdf
    word = "\n".join(p.text for p in docx.Document(str(rendered.folder / "report.docx")).paragraphs)
    assert CONTENT["title"] in word
    assert CONTENT["deviations"][1] in word


def test_the_pdf_is_tagged_titled_and_whole(rendered: Rendered) -> None:
    reader = PdfReader(rendered.folder / "report.pdf")
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert str(root["/Lang"]).startswith("en")
    assert b"pdfuaid:part" in reader.xmp_metadata.stream.get_data()
    text = "\n".join(page.extract_text() for page in reader.pages)
    for section, said in words.SECTIONS.items():
        assert said.heading in text or section in (Section.TRUST, Section.ACTION)  # these stand on the first page
    for heading in (words.SUMMARY, words.HOW_TO_READ, words.DEVIATIONS, words.PLAN, words.PROVENANCE):
        assert heading in text
    assert f"Page {len(reader.pages)} of {len(reader.pages)}" in text


def test_tables_behind_the_findings_are_pointed_to_and_counted_by_themselves(rendered: Rendered) -> None:
    results = json.loads((rendered.folder / "results.json").read_text())
    told = [t for section in results["sections"] for finding in section["findings"] for t in finding["tables"]]
    behind = [table for table in told if table["behind"]]
    assert [table["number"] for table in behind] == list(range(1, len(behind) + 1))
    assert all((rendered.folder / "tables" / f"{table['id']}.csv").exists() for table in behind)
    page = (rendered.folder / "report.html").read_text()
    assert page.count('<details class="behind">') == len(behind)  # one a finding here
    word = "\n".join(paragraph.text for paragraph in docx.Document(str(rendered.folder / "report.docx")).paragraphs)
    pdf = "\n".join(page.extract_text() for page in PdfReader(rendered.folder / "report.pdf").pages)
    for text in (word, pdf):
        assert "Behind this: Table A1, near the end of the report." in text
        assert words.BEHIND.heading in text


def test_word_tables_are_real_and_say_the_same_as_the_csv(rendered: Rendered) -> None:
    file = docx.Document(str(rendered.folder / "report.docx"))
    results = json.loads((rendered.folder / "results.json").read_text())
    told = [t for section in results["sections"] for finding in section["findings"] for t in finding["tables"]]
    told.sort(key=lambda table: table["behind"])  # those stand near the end
    assert len(file.tables) == len(told) + 1  # and the data report
    for made, meant in zip(file.tables, told, strict=False):
        assert made.rows[0]._tr.xpath("./w:trPr/w:tblHeader"), "the heading repeats on each page"
        assert len(made.rows) == len(meant["rows"]) + 1
        for row, expected in zip(made.rows[1:], meant["rows"], strict=True):
            first = row.cells[0].text.replace("\N{NO-BREAK SPACE}", " ")
            assert first == expected["cells"][0]["text"]
    pictures = file.element.body.xpath(".//wp:docPr")
    assert len(pictures) == sum(len(f["figures"]) for section in results["sections"] for f in section["findings"])
    assert all(len(picture.get("descr")) > 10 for picture in pictures)
    styles = {paragraph.style.name for paragraph in file.paragraphs}
    assert {"Title", "Heading 1", "Heading 2", "Caption", "List Bullet"} <= styles


def test_every_table_is_a_csv_of_machine_names(rendered: Rendered) -> None:
    results = json.loads((rendered.folder / "results.json").read_text())
    names = {t["id"] for s in results["sections"] for f in s["findings"] for t in f["tables"]}
    assert {path.stem for path in (rendered.folder / "tables").iterdir()} == names | {"data_report"}
    lines = list(csv.DictReader(io.StringIO((rendered.folder / "tables/support_by_months.csv").read_text())))
    assert list(lines[0]) == ["term", "estimate", "std_error", "statistic", "p_value", "conf_low", "conf_high"]
    assert float(lines[3]["estimate"]) == -0.004


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "|calc", "%0A"])
def test_a_spreadsheet_runs_nothing(text: str) -> None:
    assert neutral(text) == f"'{text}"
    assert neutral("plain text, 1 to 7") == "plain text, 1 to 7"


def test_a_section_without_findings_says_why(rendered: Rendered) -> None:
    results = json.loads((rendered.folder / "results.json").read_text())
    empty = {section["id"]: section["empty"] for section in results["sections"] if not section["findings"]}
    assert empty["data"] == "Nothing in the data was ambiguous."
    html = (rendered.folder / "report.html").read_text()
    assert empty["data"] in html
    assert "Exploratory: not in the plan" in html
    assert "Answers plan item: model.support_by_months (primary)" in html


def test_a_caution_is_given_whole_once_a_section(rendered: Rendered) -> None:
    html = (rendered.folder / "report.html").read_text()
    assert html.count("Stages from readiness are a research convention") == 2  # stages, and dose-response
    assert html.count(words.CAUTION_AGAIN) == 1


def test_the_same_release_gives_the_same_bytes(tmp_path: Path) -> None:
    def digests(name: str) -> dict[str, str]:
        made = render(made_up.release(), made_up.details(), tmp_path / name)
        return {
            str(path.relative_to(made.folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in made.paths
        }

    assert digests("one") == digests("two")
