"""`casearc import`: a mapping proposed for files nobody has mapped yet, said back, and run."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import click

from casearc_cli.fetch import fetch_command
from casearc_cli.progress import Steps

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from casearc.files.importing import Imported, Written
    from casearc.files.proposal import Proposal

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
OWN = click.option("--instruments", type=FOLDER, multiple=True, help="Folder with instruments of your own.")
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print what was found or done as JSON.")
ANSWERS = click.option(
    "--answer", "answers", multiple=True, metavar="ID=ANSWER", help="Answer a question of the mapping; repeat for more."
)


@click.group(name="import")
def import_group() -> None:
    """Bring in files as other programs wrote them: inspect, look at the mapping, run."""


import_group.add_command(fetch_command)


@import_group.command(name="inspect")
@click.argument("files", type=FILE, nargs=-1, required=True)
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write the mapping there.")
@OWN
@ANSWERS
@AS_JSON
def inspect_command(
    files: tuple[Path, ...], output: Path | None, instruments: tuple[Path, ...], answers: tuple[str, ...], as_json: bool
) -> None:
    """Look at FILES and propose how they become Casearc's tables.

    Give everything that belongs together: data, and what describes them (a REDCap dictionary, an XLSForm, a FHIR
    Questionnaire). The proposal is a mapping.toml with its reasons beside each line, to be looked at and changed; what
    only a person can know stands in it as a question. Nothing is imported.
    """
    from casearc.files.proposal import propose

    if output is not None and output.exists():
        raise click.UsageError(f"{output} is there already. Name a new file: a mapping may hold somebody's work.")
    with Steps(quiet=as_json) as steps:
        proposal = propose(files, folders=instruments, progress=steps.step)
    text = with_answers(proposal.text, parse_answers(answers))
    if output is not None and text:
        output.write_text(text, encoding="utf-8")
    _announce(proposal, text, output, as_json=as_json)


@import_group.command(name="example")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="Folder for the files.")
@click.option("--participants", default=95, show_default=True, help="People in the made-up program.")
@click.option("--seed", default=2024, show_default=True, help="Another seed makes up other people.")
def example_command(output: Path, participants: int, seed: int) -> None:
    """Write made-up exports to try an import with: a survey service's and a case database's.

    Everybody in them is made up, names and phone numbers included, which are there to be kept out.
    """
    from casearc.errors import optional_part
    from casearc.synthetic import make_program

    with optional_part(purpose="Writing a workbook", extra="spreadsheets"):
        from casearc.synthetic.exports import write_exports
    for path in write_exports(make_program(participants=participants, seed=seed), output):
        click.echo(path)


@import_group.command(name="explain")
@click.argument("mapping", type=FILE)
@AS_JSON
def explain_command(mapping: Path, as_json: bool) -> None:
    """Say MAPPING back in plain sentences."""
    from casearc.files.mapping import explain_mapping, open_questions
    from casearc.files.mapping.parse import load_mapping

    content = load_mapping(mapping)
    sentences, asked = explain_mapping(content), open_questions(content)
    if as_json:
        click.echo(json.dumps({"sentences": sentences, "questions": asked}, ensure_ascii=False, indent=2))
        return
    for sentence in sentences:
        click.echo(sentence)
    _ask(asked)


@import_group.command(name="run")
@click.argument("mapping", type=FILE)
@click.option("--data", type=FOLDER, help="Folder with the files; default: the mapping's own.")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="Folder for the tables.")
@OWN
@ANSWERS
@AS_JSON
def run_command(
    mapping: Path,
    data: Path | None,
    output: Path,
    instruments: tuple[Path, ...],
    answers: tuple[str, ...],
    as_json: bool,
) -> None:
    """Run MAPPING: read, check and score the files, and lay the tables into OUTPUT.

    All or nothing: where one row is refused, nothing is written, and every fault is named. A second run adds no row
    twice. OUTPUT/import-report.json tells what was read and done, OUTPUT/import-rows.csv what became of every row;
    neither holds anybody's answer. The tables are rows of people: they stay in the house.
    """
    from casearc.files.importing import import_files, write_import

    folder = data or mapping.absolute().parent
    with Steps(quiet=as_json) as steps:
        imported = import_files(
            mapping, folder, answers=parse_answers(answers), folders=instruments, progress=steps.step
        )
        steps.step("Writing the tables")
        written = write_import(imported, output, mapping=mapping, folder=folder)
    _tell(imported, written, as_json=as_json)


def parse_answers(answers: tuple[str, ...]) -> dict[str, str]:
    """``ID=ANSWER`` pairs; an id may hold a ``=`` no more than an answer may lack one."""
    pairs = [answer.partition("=") for answer in answers]
    wrong = [whole for whole, (name, sign, value) in zip(answers, pairs, strict=True) if not (name and sign and value)]
    if wrong:
        raise click.UsageError("An answer is written ID=ANSWER, such as cop_se-coding=1-10.")
    return {name.strip(): value.strip() for name, _, value in pairs}


def with_answers(text: str, answers: dict[str, str]) -> str:
    """The mapping with answers written in, each of them one that its question takes."""
    from casearc.errors import UsageError
    from casearc.files.mapping import write_answers

    asked = {str(question["id"]): question for question in tomllib.loads(text).get("question", [])}
    for name, answer in answers.items():
        if name not in asked:
            raise UsageError(f"The mapping asks no question {name}. It asks: {', '.join(asked) or 'none'}.")
        takes = [str(each) for each in asked[name].get("answers", [])]
        if takes and answer not in takes:
            raise UsageError(f"The question {name} takes one of: {', '.join(takes)}.")
    return write_answers(text, answers)


def _announce(proposal: Proposal, text: str, output: Path | None, *, as_json: bool) -> None:
    from casearc.files.mapping import explain_mapping, open_questions

    content = tomllib.loads(text)
    asked = open_questions(content)
    if as_json:
        told = {
            "files": list(proposal.files),
            "mapping": None if output is None else str(output),
            "sentences": explain_mapping(content),
            "questions": asked,
            **proposal.around(),
        }
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    for each in proposal.definitions:
        count = f" of {each.questions} questions" if each.questions else ""
        click.echo(f"{each.file}: a definition{count} ({each.program}, {each.role}); it holds no answers.")
    if not text:
        click.echo(
            "Nothing here can become one of Casearc's tables by itself. Give the exports that belong to it, or write "
            "the mapping by hand (docs/reference/mapping.md). `casearc instruments draft` makes an instrument of one."
        )
    for sentence in explain_mapping(content):
        click.echo(sentence)
    _say_left(proposal)
    for note in proposal.notes:
        click.echo(f"Note: {note}")
    _ask(asked)
    if text and output is None:
        click.echo("Nothing was written. With -o mapping.toml the mapping is, to be looked at and run.")
    elif text:
        then = "answer the questions in it and run" if asked else "look at it and run"
        click.echo(f"Mapping: {output}. Next: {then} `casearc import run {output} -o tables/`.")


def _say_left(proposal: Proposal) -> None:
    """Columns left behind, those of one file and reason together."""
    together: dict[tuple[str, str], list[str]] = {}
    for left in proposal.left:
        together.setdefault((left.file, left.why), []).append(left.column)
    for (file, why), columns in together.items():
        shown = ", ".join(columns[:12]) + (f" and {len(columns) - 12} more" if len(columns) > 12 else "")
        click.echo(f"Left out of {file} ({why}): {shown}.")


def _ask(asked: Sequence[Mapping[str, object]]) -> None:
    for number, question in enumerate(asked, start=1):
        answers = question.get("answers")
        takes = f" [{' | '.join(str(each) for each in answers)}]" if isinstance(answers, list) and answers else ""
        click.echo(f"Question {number}, {question['id']}: {question['asks']}{takes}")
        if question.get("why"):
            click.echo(f"    {question['why']}")


def _tell(imported: Imported, written: Written, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(written.report.content, ensure_ascii=False, indent=2))
        return
    for sentence in written.report.sentences():
        click.echo(sentence)
    for use in imported.tables.report.files:
        for aside in use.set_aside:
            click.echo(f"Set aside from {use.file} for {use.purpose}: {aside.rows:,} rows ({aside.reason}).")
    for version, count in imported.scored.items():
        click.echo(f"Scored: {count:,} administrations ({version}).")
    for each in imported.agreements:
        click.echo(f"The file's own {each.score} agrees with its items in {each.agree:,} of {each.compared:,} rows.")
    for note in imported.tables.report.notes:
        click.echo(f"Note: {note}")
    click.echo(f"Tables: {written.folder}. What became of each row: {written.folder / 'import-rows.csv'}.")
