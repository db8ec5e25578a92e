"""`casearc instruments`: list, show, check, export and draft instruments."""

from __future__ import annotations

import dataclasses
import json
from enum import Enum
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import click

from casearc_cli.instrument_forms import draft_command, export_command

if TYPE_CHECKING:
    from casearc.instruments import CutSet, Instrument, PublishedStatistics, ScoreDefinition

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
OWN = click.option("--instruments", type=FOLDER, multiple=True, help="Folder with instruments of your own.")
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print as JSON.")


@click.group(name="instruments")
def instruments_group() -> None:
    """List, show, check, export and draft instruments."""


instruments_group.add_command(export_command)
instruments_group.add_command(draft_command)


@instruments_group.command(name="list")
@OWN
@AS_JSON
def list_command(instruments: tuple[Path, ...], as_json: bool) -> None:
    """List all instruments and their variants."""
    from casearc.instruments import available, load

    found = [load(name, folders=instruments) for name in available(instruments)]
    if as_json:
        content = [
            {"id": i.reference, "title": i.title, "key_version": i.key_version, "items": len(i.items)} for i in found
        ]
        click.echo(json.dumps(content, ensure_ascii=False, indent=2))
        return
    width = max(len(instrument.reference) for instrument in found)
    for instrument in found:
        click.echo(f"{instrument.reference:<{width}}  {instrument.title} ({len(instrument.items)} items)")


@instruments_group.command(name="show")
@click.argument("instrument", metavar="ID[:VARIANT]")
@OWN
@AS_JSON
def show_command(instrument: str, instruments: tuple[Path, ...], as_json: bool) -> None:
    """Show an instrument: its scores, rules, cut scores, sources and limits of use."""
    from casearc.instruments import load

    found = load(instrument, folders=instruments)
    if as_json:
        click.echo(json.dumps(plain(found), ensure_ascii=False, indent=2))
        return
    for line in describe(found):
        click.echo(line)


@instruments_group.command(name="check")
@click.argument("folder", type=FOLDER)
@AS_JSON
def check_command(folder: Path, as_json: bool) -> None:
    """Say everything that is wrong with the instrument in FOLDER. Ends with exit code 3 where something is."""
    from casearc.errors import InstrumentError
    from casearc.instruments import check

    faults = check(folder)
    if faults:
        raise InstrumentError(f"The instrument in {folder.resolve().name} has faults.", faults=faults)
    if as_json:
        click.echo(json.dumps({"folder": folder.resolve().name, "faults": []}))
    else:
        click.echo(f"The instrument in {folder.resolve().name} is sound, and its worked examples come out.")


def plain(value: object) -> object:
    """A definition as what JSON can hold. Cut scores stay exact: whole numbers, or texts such as "203/20"."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else str(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple | list):
        return [plain(each) for each in value]
    return value


def describe(instrument: Instrument) -> list[str]:
    """An instrument in lines of plain text."""
    lines = [
        f"{instrument.title} [{instrument.key_version}]",
        f"{len(instrument.items)} items, answered {instrument.low} to {instrument.high}. "
        f"Languages: {', '.join(instrument.languages)}.",
        *(f"Differs from the full form: {change.kind}: {change.detail}." for change in instrument.changes),
        "",
    ]
    for score in instrument.scores:
        lines += [*_describe_score(score), ""]
    for use in instrument.permitted_use:
        lines.append(f"Permitted use, {', '.join(use.scores)} ({use.value}): {use.warning}")
    lines += [*(f"Note: {note}" for note in instrument.notes)]
    lines += [*(f"Source: {source}" for source in instrument.sources)]
    if instrument.rights:
        lines.append(f"Rights: {instrument.rights}")
    if instrument.variants:
        lines.append(f"Variants: {', '.join(instrument.variants)}.")
    return lines


def _describe_score(score: ScoreDefinition) -> list[str]:
    rests = f"cuts {score.of}" if score.of else f"items {', '.join(score.items)}"
    about = score.unit if score.terms else f"{score.unit}; {rests}"
    lines = [f"{score.id}: {score.label}", f"  {about} (key: {score.confidence})"]
    if score.terms:
        signs = {1: "plus", -1: "minus"}
        lines.append("  " + " ".join(f"{signs[term.sign]} {term.score}" for term in score.terms))
    elif not score.levels:
        lines.append(
            f"  needs {score.minimum_answered} of {len(score.items)} items; skipped ones: "
            f"{score.missing_rule.value.replace('_', ' ')} (rule: {score.missing_confidence})"
        )
    if score.published:
        lines.append(f"  published: {_describe_published(score.published)}")
    for cut_set in [*([score.stage_cuts] if score.stage_cuts else []), *score.bands]:
        lines += _describe_cuts(cut_set)
    if score.levels and not score.stage_cuts:
        lines.append(f"  levels, lowest response first: {', '.join(score.levels)}")
    if score.note:
        lines.append(f"  note: {score.note}")
    return lines


def _describe_published(published: PublishedStatistics) -> str:
    figures = []
    for name in ("n", "mean", "sd", "alpha", "retest"):
        value = getattr(published, name)
        if value is not None:
            figures.append(f"{name} {value:g} ({published.confidence_of(name)})")
    return f"{', '.join(figures)}; {published.population}"


def _describe_cuts(cut_set: CutSet) -> list[str]:
    """A cut set with the side of each boundary in words."""
    steps = [cut_set.levels[0]]
    for index, cut in enumerate(cut_set.cuts):
        at = plain(cut.at) if cut.at.denominator == 1 else f"{float(cut.at):g}"
        side = "above" if cut_set.lower_holds(index) else "from"
        steps.append(f"{cut_set.levels[index + 1]} {side} {at}")
    kind = " [default]" if cut_set.default else ""
    what = " on the sum" if cut_set.on_sum else ""
    lines = [f"  {cut_set.id}{kind}{what}: {'; '.join(steps)} (cut scores: {cut_set.confidence})"]
    return [*lines, f"    {cut_set.note}"] if cut_set.note else lines
