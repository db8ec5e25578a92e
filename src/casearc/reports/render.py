"""From a release to files: the one entry of this package."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from casearc.disclosure import Release
from casearc.errors import UsageError
from casearc.reports.csv_tables import table_csv
from casearc.reports.details import ReportDetails
from casearc.reports.document import document
from casearc.reports.folder import DATA_REPORT, RESULTS, TABLES, check_folder, write_folder
from casearc.reports.parts import Document
from casearc.reports.results_json import data_report_json, results_json

FORMATS: Final = ("html", "pdf", "docx")


@dataclass(frozen=True, slots=True)
class Rendered:
    """What was written: the folder, each file in it in the order of their names, and the report's summary."""

    folder: Path
    paths: tuple[Path, ...]
    headlines: tuple[str, ...] = ()


def render(release: Release, details: ReportDetails, folder: Path, *, formats: Sequence[str] = FORMATS) -> Rendered:
    """Write a report: results.json, data-report.json, tables/*.csv and one file for each format asked for.

    Parameters
    ----------
    release
        What the gate let through.
    details
        Title, hashes, the plan said back, the data report.
    folder
        Where to. A report of ours that stands there is replaced as a whole; anything else is left alone.
    formats
        Of ``html``, ``pdf`` and ``docx``; empty for data only, which needs no optional part.

    Returns
    -------
    Rendered
        The paths written. The same release and details give the same bytes.

    Raises
    ------
    UsageError
        If a format is unknown, or the folder may not be replaced or written.
    MissingExtraError
        If a format needs a library that is not installed.

    Examples
    --------
    >>> render(evaluation.release, evaluation.details, "report", formats=["html"]).headlines  # doctest: +SKIP
    """
    folder = Path(folder).absolute()
    _check_formats(formats)
    check_folder(folder)
    made = document(release, details)
    files = {**_data_files(made, details), **_documents(made, formats)}
    write_folder(folder, files)
    return Rendered(folder, tuple(folder / name for name in sorted(files)), tuple(said.text for said in made.summary))


def _check_formats(formats: Sequence[str]) -> None:
    if unknown := [name for name in formats if name not in FORMATS]:
        raise UsageError(f"A report cannot be written as {', '.join(unknown)}. Formats are {', '.join(FORMATS)}.")


def _data_files(made: Document, details: ReportDetails) -> dict[str, bytes]:
    tables = {f"{TABLES}/{table.id}.csv": table_csv(table).encode() for table in made.tables}
    return {
        RESULTS: results_json(made).encode(),
        DATA_REPORT: data_report_json(made, details.data_report).encode(),
        **tables,
    }


def _documents(made: Document, formats: Sequence[str]) -> dict[str, bytes]:
    """Each format asked for. typst works beside Python, so the PDF is made while the other two are."""
    if not formats:
        return {}
    from casearc.reports.figures import WIDTH, draw, pngs  # noqa: PLC0415  data-only callers need no drawing

    svgs = {figure.id: draw(figure.drawing, name=figure.id) for figure in made.figures}
    files: dict[str, bytes] = {}
    with ThreadPoolExecutor(max_workers=1) as beside:
        pdf = beside.submit(_pdf, made, svgs) if "pdf" in formats else None
        if "docx" in formats:
            from casearc.reports.docx import docx_report  # noqa: PLC0415

            files["report.docx"] = docx_report(made, pngs(svgs), picture_width=WIDTH)
        if "html" in formats:
            from casearc.reports.html import html_report  # noqa: PLC0415

            files["report.html"] = html_report(made, svgs).encode()
        if pdf is not None:
            files["report.pdf"] = pdf.result()
    return files


def _pdf(made: Document, svgs: Mapping[str, str]) -> bytes:
    from casearc.reports.pdf import pdf_report  # noqa: PLC0415

    return pdf_report(made, svgs)
