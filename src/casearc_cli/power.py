"""`casearc power`: what a plan can show, by simulation."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from casearc.power import PlannedTest, PowerResult

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command(name="power")
@click.argument("study", type=FILE)
@click.option("--instruments", type=FOLDER, help="Folder with instruments of your own, beside those the plan names.")
@click.option("--simulations", type=click.IntRange(100, 100_000), help="Made-up studies for each n (plan: 1,000).")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def power_command(study: Path, instruments: Path | None, simulations: int | None, as_json: bool) -> None:
    """Tell what the plan STUDY can show: power, smallest effects, widths of intervals, empty cells.

    Makes up studies by the plan's [power] section (defaults where it has none), with people who leave and items they
    skip, and runs the plan's own tests on them. Needs no data.
    """
    from casearc.instruments import available, load
    from casearc.power import power
    from casearc.study import ensure_plan, read_plan

    plan = read_plan(study)
    folders: list[str | Path] = [*plan.instrument_folders, *([instruments] if instruments else [])]
    known = [load(name, folders=folders) for name in available(folders)]
    ensure_plan(plan, known, None)
    found = power(plan, known, simulations=simulations)
    click.echo(found.to_json() if as_json else _told(found))


def _told(found: PowerResult) -> str:
    """A block for each planned test, a line for each n; then what was assumed."""
    blocks: dict[str, list[PlannedTest]] = {}
    for test in found.tests:
        blocks.setdefault(test.plan_item, []).append(test)
    lines: list[str] = []
    for tests in blocks.values():
        first = tests[0]
        lines += [
            f"{first.label[:1].upper()}{first.label[1:]} ({first.kind}; effect {first.effect:g} {first.unit})",
            f"  {'enrolled':>8}  {'analyzed':>8}  {'power':>6}  {'smallest effect':>15}  {'interval':>9}",
            *(_line(test, found.target) for test in tests),
            "",
        ]
    lines += [
        f"Smallest effect: what is found in {found.target:.0%} of studies. Interval: plus and minus, expected.",
        f"Assumed ({found.simulations:,} made-up studies a line, alpha {found.alpha:g}, seed {found.seed}):",
        *(f"- {text}" for text in found.assumptions),
    ]
    return "\n".join(lines)


def _line(test: PlannedTest, target: float) -> str:
    smallest = "–" if test.smallest is None else f"{test.smallest:.2f}"
    width = "" if test.half_width is None else f"±{test.half_width:.2f}"
    mark = " *" if test.power >= target else ""
    sparse = "" if not test.sparse else f"  (empty cells in {test.sparse:.0%})"
    return (
        f"  {test.n_enrolled:>8}  {test.n_analyzed:>8.0f}  {test.power:>6.0%}  {smallest:>15}  {width:>9}{mark}{sparse}"
    )
