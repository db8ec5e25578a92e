"""`casearc instruments export` and `draft`: instruments as forms of other programs, and forms as drafts of
instruments."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from casearc.files.form import Form
    from casearc.files.questionnaires import Wording
    from casearc.instruments import Instrument

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
ENDS = {"redcap": ".csv", "xlsform": ".xlsx", "fhir": ".json"}


@click.command(name="export")
@click.argument("instrument", metavar="ID[:VARIANT]")
@click.option("--format", "form", type=click.Choice(list(ENDS)), required=True, help="What the file is for.")
@click.option("--wording", type=FILE, multiple=True, help="Official wording (wording.en.toml); repeat for languages.")
@click.option("--instruments", type=FOLDER, multiple=True, help="Folder with instruments of your own.")
@click.option("--fhir-version", type=click.Choice(["R4", "R5"]), default="R4", show_default=True)
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The file.")
@click.option("--json", "as_json", is_flag=True, help="Print what was written as JSON.")
def export_command(
    instrument: str,
    form: str,
    wording: tuple[Path, ...],
    instruments: tuple[Path, ...],
    fhir_version: str,
    output: Path,
    as_json: bool,
) -> None:
    """Write an instrument as a REDCap data dictionary, an XLSForm or a FHIR Questionnaire.

    Without official wording the questions are short gists for staff, and the form must not be given to anybody.
    """
    if output.suffix.lower() != ENDS[form]:
        raise click.UsageError(f"The file is a {form} file: let its name end in {ENDS[form]}.")
    if output.exists():
        raise click.UsageError(f"{output} is there already. Name a new file.")
    from casearc.files.questionnaires import form_of
    from casearc.files.whole import written_whole
    from casearc.instruments import load

    chosen = load(instrument, folders=instruments)
    made = form_of(chosen, wording=_wordings(wording, chosen))
    output.absolute().parent.mkdir(parents=True, exist_ok=True)
    write = _writer(form, fhir_version)
    with written_whole(output.absolute()) as beside:
        notes = (*made.notes, *write(made, beside))
    _tell(f"{chosen.reference} as {form}: {output}", output, notes, as_json=as_json)


def _wordings(files: tuple[Path, ...], instrument: Instrument) -> dict[str, Wording]:
    from casearc.errors import UsageError
    from casearc.files.questionnaires import read_wording

    found: dict[str, Wording] = {}
    for path in files:
        pack = read_wording(path, instrument)
        if pack.language in found:
            raise UsageError(f"Two wordings are in {pack.language}. Give one for each language.")
        found[pack.language] = pack
    return found


def _writer(form: str, fhir_version: str) -> Callable[[Form, Path], tuple[str, ...]]:
    """The function that writes a form; MissingExtraError where its library is not installed."""
    from casearc.errors import optional_part

    if form == "redcap":
        from casearc.files.redcap.dictionary_out import write_dictionary

        return write_dictionary
    if form == "fhir":
        from casearc.files.fhir import write_questionnaire

        return lambda made, path: write_questionnaire(made, path, version=fhir_version)
    with optional_part(purpose="Writing XLSForms", extra="xlsform"):
        from casearc.files.xlsform.write import write_form
    return write_form


@click.command(name="draft")
@click.argument("file", type=FILE)
@click.option("--id", "own", required=True, help="The instrument's id: small letters, digits and underscores.")
@click.option("--form", "name", help="Which form, where the file defines several.")
@click.option("--low", type=int, help="Lowest answer; default: the one that most questions have.")
@click.option("--high", type=int, help="Highest answer.")
@click.option("-o", "--output", type=click.Path(file_okay=False, path_type=Path), help="Folder; default: ./ID.")
@click.option("--json", "as_json", is_flag=True, help="Print what was written as JSON.")
def draft_command(
    file: Path, own: str, name: str | None, low: int | None, high: int | None, output: Path | None, as_json: bool
) -> None:
    """Draft an instrument from FILE: a REDCap data dictionary, an XLSForm or a FHIR Questionnaire.

    Writes a folder that `casearc instruments check` finds sound. How answers become scores is guessed from nothing:
    every key in it is marked unverified and has to be confirmed by somebody who knows the instrument.
    """
    from casearc.files.questionnaires import draft_instrument
    from casearc.files.questionnaires.found import forms_in

    form = _chosen(dict(forms_in(file)), name)
    folder = output or Path(own)
    notes = (*form.notes, *draft_instrument(form, folder, id=own, low=low, high=high))
    _tell(f"Drafted {own}: {folder}", folder, notes, as_json=as_json)


def _chosen(forms: dict[str, Form], name: str | None) -> Form:
    from casearc.errors import UsageError

    if name is None and len(forms) == 1:
        return next(iter(forms.values()))
    if name in forms:
        return forms[name]
    start = "The file defines several forms" if name is None else f"The file defines no form {name}"
    raise UsageError(f"{start}: name one with --form. There are: {', '.join(forms)}.")


def _tell(done: str, written: Path, notes: tuple[str, ...], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"written": str(written), "notes": list(notes)}, ensure_ascii=False, indent=2))
        return
    click.echo(done)
    for note in dict.fromkeys(notes):
        click.echo(f"Note: {note}")
