"""`casearc evaluate`: plan and files in, report out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from casearc_cli.from_records import Records, evaluate_from_records
from casearc_cli.progress import Steps
from casearc_cli.web.asking import in_folder, with_passphrase_file

if TYPE_CHECKING:
    from casearc.evaluation import Evaluation
    from casearc.reports import Rendered

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command(name="evaluate")
@click.argument("study", type=FILE)
@click.option("--data", type=FOLDER, help="Folder with the program's files.")
@click.option("--from-records", is_flag=True, help="Evaluate the agency's own records instead of files.")
@click.option("--mapping", type=FILE, help="mapping.toml: how the files become the contract's tables.")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="Folder for the report.")
@click.option("--edition", type=click.Choice(["outside", "in-house"]), help="Default: the plan's, else outside.")
@click.option("--policy", type=FILE, help="The agency's policy.toml, with [disclosure] floor.")
@click.option("--json", "as_json", is_flag=True, help="Print what was written as JSON.")
@in_folder
@with_passphrase_file
@click.option("--agency", help="With --from-records: which agency, where there are several.")
@click.option("--program", "programs", multiple=True, help="With --from-records: code of a program; default all.")
@click.option("--evaluator", help="With --from-records: as clients' authorizations name it; default the agency.")
@click.option("--consented-study", default="", help="With --from-records: as clients' research consents name it.")
def evaluate_command(
    study: Path,
    data: Path | None,
    from_records: bool,
    mapping: Path | None,
    output: Path,
    edition: str | None,
    policy: Path | None,
    as_json: bool,
    folder: Path | None,
    passphrase_file: IO[str] | None,
    agency: str | None,
    programs: tuple[str, ...],
    evaluator: str | None,
    consented_study: str,
) -> None:
    """Evaluate a program by its STUDY plan and write the report.

    Writes report.html, report.pdf, report.docx, results.json, data-report.json and tables/*.csv into the output
    folder. The outside edition (the default) shows only what may leave the agency.

    With --from-records the agency's own records are read in place of files: those of clients who agreed to this
    evaluation, without names, dates or words. The agency's settings say what may leave.
    """
    from casearc.reports import check_folder

    if (data is None) != from_records:
        raise click.UsageError("Say where the data are: either --data FOLDER or --from-records.")
    if from_records and (mapping or policy):
        raise click.UsageError("With --from-records there is nothing to map, and the agency's settings are the policy.")
    check_folder(output.absolute())
    records = Records(
        folder=folder,
        passphrase_file=passphrase_file,
        agency=agency,
        programs=programs,
        evaluator=evaluator,
        study_consent=consented_study,
    )
    with Steps(quiet=as_json) as steps:
        if data is None:
            evaluation, left_out = evaluate_from_records(study, records, edition=edition, steps=steps)
        else:
            left_out = 0
            evaluation = run_evaluation(study, data, mapping=mapping, edition=edition, policy=policy, steps=steps)
        steps.step("Writing the report")
        rendered = evaluation.write(output)
    if left_out and not as_json:
        click.echo(f"Clients without authorization for this evaluation, left out: {left_out}")
    announce(evaluation, rendered, as_json=as_json)


def run_evaluation(
    study: Path,
    data: Path,
    *,
    mapping: Path | None = None,
    edition: str | None = None,
    policy: Path | None = None,
    steps: Steps,
) -> Evaluation:
    """Read the plan, then the files it needs, and evaluate."""
    from casearc.disclosure import read_policy
    from casearc.evaluation import evaluate
    from casearc.files import read_folder
    from casearc.study import read_plan

    in_force = read_policy(policy)
    plan = read_plan(study, floor=in_force.floor)
    steps.step("Reading and checking the files")
    tables = read_folder(data, mapping, plan=plan)
    return evaluate(plan, tables, edition=edition, policy=in_force, progress=steps.step)


def announce(evaluation: Evaluation, rendered: Rendered, *, as_json: bool) -> None:
    """Say where the report is, what its main findings are, and what in it is not as planned."""
    told, deviations = rendered.headlines[:3], evaluation.details.deviations
    if as_json:
        content = {
            "edition": str(evaluation.release.edition),
            "files": [str(path) for path in rendered.paths],
            "headlines": list(told),
            "deviations": list(deviations),
        }
        click.echo(json.dumps(content, ensure_ascii=False, indent=2))
        return
    click.echo(f"Report: {rendered.folder / 'report.html'} (also as PDF and DOCX beside it)")
    click.echo("Main findings:" if told else "No main finding can be told; each section of the report says why.")
    for number, sentence in enumerate(told, start=1):
        click.echo(f"  {number}. {sentence}")
    if deviations:
        click.echo("Not as planned:")
    for sentence in deviations:
        click.echo(f"  - {sentence}")
