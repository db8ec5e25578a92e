"""``analysis.csv`` with the scripts that make the report's main tables of it: R, Quarto, Jupyter."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from casearc.analyses import StudyData, prepare, unmeasured
from casearc.disclosure import Policy
from casearc.errors import UsageError
from casearc.files.exporting.analysis.in_python import python_sections
from casearc.files.exporting.analysis.in_r import r_sections
from casearc.files.exporting.analysis.reproduced import reproduced
from casearc.files.exporting.analysis.rows import analysis_table
from casearc.files.exporting.analysis.script import DATA, Section, comment, one_line, plain_markdown, quoted, told
from casearc.files.exporting.analysis.tables import Reproduced
from casearc.files.exporting.parcel import Parcel
from casearc.files.exporting.rows import write_csv, write_dictionary
from casearc.language import say
from casearc.study import design_deviations, ensure_plan, plan_in_effect


def write_analysis(data: StudyData, folder: Path) -> tuple[str, ...]:
    """Write the rows of a study's analyses, their dictionary, and the scripts.

    Parameters
    ----------
    data
        What `casearc.analyses.prepare` joined.
    folder
        Where ``analysis.csv``, ``dictionary.csv``, ``analysis.R``, ``analysis.qmd`` and ``analysis.ipynb`` go; it is
        there.

    Returns
    -------
    tuple of str
        What the scripts do not make again, and why.

    Raises
    ------
    OSError
        The folder cannot be written to.

    Examples
    --------
    >>> write_analysis(data, Path("analysis"))  # doctest: +SKIP
    ()
    """
    table = analysis_table(data)
    write_csv(table, folder / DATA)
    write_dictionary([table], folder / "dictionary.csv")
    what = reproduced(data, table)
    in_r = r_sections(what)
    for name, text in (
        ("analysis.R", script_text(what, in_r)),
        ("analysis.qmd", quarto_text(what, in_r)),
        ("analysis.ipynb", notebook_text(what, python_sections(what))),
    ):
        (folder / name).write_text(text, encoding="utf-8")
    return tuple(f"Not in the scripts: {each}" for each in what.left_out)


def script_text(what: Reproduced, sections: Sequence[Section]) -> str:
    """A script that runs from the folder of its rows."""
    head = "".join(comment(line) for line in (what.title, *told(what)))
    return head + "".join(
        f"\n# {one_line(each.heading)} ----\n{comment(each.said)}\n{each.code}\n" for each in sections
    )


def quarto_text(what: Reproduced, sections: Sequence[Section]) -> str:
    """A Quarto document with the sections as chunks of R."""
    title = quoted(one_line(what.title))
    head = f"---\ntitle: {title}\nlang: en\nformat:\n  html:\n    embed-resources: true\n---\n\n"
    said = "\n\n".join(plain_markdown(line) for line in told(what))
    parts = (
        f"\n\n## {plain_markdown(each.heading)}\n\n{plain_markdown(each.said)}\n\n```{{r}}\n{each.code}\n```"
        for each in sections
    )
    return head + said + "".join(parts) + "\n"


def notebook_text(what: Reproduced, sections: Sequence[Section]) -> str:
    """A Jupyter notebook with the sections as cells of Python."""
    title = f"# {plain_markdown(what.title)}\n\n" + "\n\n".join(plain_markdown(line) for line in told(what))
    cells = [_cell("markdown", "title", title)]
    for number, each in enumerate(sections, start=1):
        heading = f"## {plain_markdown(each.heading)}\n\n{plain_markdown(each.said)}"
        cells += [_cell("markdown", f"section-{number}", heading), _cell("code", f"code-{number}", each.code)]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    whole = {
        "cells": cells,
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _cell(kind: str, name: str, text: str) -> dict[str, object]:
    cell: dict[str, object] = {
        "cell_type": kind,
        "id": name,
        "metadata": {},
        "source": text.splitlines(keepends=True),
    }
    return cell | ({"execution_count": None, "outputs": []} if kind == "code" else {})


def write_parcel(parcel: Parcel, folder: Path) -> tuple[str, ...]:
    """The same from a parcel, whose plan is checked and put into effect as an evaluation does it.

    Parameters
    ----------
    parcel
        The tables, instruments and the plan.
    folder
        Where to; it is there.

    Returns
    -------
    tuple of str
        What the scripts do not make again, and where the data keep the plan from being followed.

    Raises
    ------
    UsageError
        There is no plan.
    PlanRefusedError
        The plan does not fit the data.
    ScoringError
        Responses cannot be scored.

    Examples
    --------
    >>> write_parcel(parcel, Path("analysis"))  # doctest: +SKIP
    """
    plan = parcel.plan
    if plan is None:
        raise UsageError(say("The rows and scripts of the analyses need the study plan."))
    policy = Policy()
    ensure_plan(plan, parcel.instruments, parcel.tables, floor=policy.floor)
    data = prepare(
        plan_in_effect(plan, parcel.tables),
        parcel.tables,
        threshold=policy.threshold(plan.disclosure.threshold),
        instruments=parcel.instruments,
    )
    return (*design_deviations(plan, parcel.tables), *unmeasured(data), *write_analysis(data, folder))
