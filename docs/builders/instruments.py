"""instruments.md, from the instrument folders."""

from __future__ import annotations

from casearc.instruments import Cut, CutSet, Instrument, PublishedStatistics, ScoreDefinition, available, load

_INTRODUCTION = """\
# Instruments

<!-- Written by docs/build.py from src/casearc/instruments/; change the folder there, not this page. -->

What each instrument's folder says. Items stand as gists in this project's own words; the wording belongs to the
authors and is not here. An agency adds an instrument by a folder of its own (`casearc instruments check FOLDER`).

Beside each key, figure and cut score stands how far it can be trusted: **A** read in the author's or the host
institution's own material · **unverified** widely reproduced and not seen at its source · **D** a decision of this
project.
"""
_FIGURES = ("n", "mean", "sd", "alpha", "retest")


def page() -> str:
    """Every shipped instrument; a variant only says what it changes."""
    found = [load(name) for name in available()]
    return "\n".join([_INTRODUCTION, *(_variant(i) if i.variant else _full(i) for i in found)]).rstrip() + "\n"


def _full(instrument: Instrument) -> str:
    lines = [*_head(instrument), "### Scores", "", *_scores(instrument), "### Items", "", *_items(instrument)]
    cuts = list(_cut_sets(instrument))
    if cuts:
        lines += ["### Cut scores", "", *(line for cut_set in cuts for line in _cut_set(cut_set))]
    if instrument.permitted_use:
        lines += ["### Permitted use", ""]
        lines += [f"- {', '.join(f'`{s}`' for s in use.scores)}: {use.warning}" for use in instrument.permitted_use]
        lines.append("")
    lines += ["### Notes and sources", "", *(f"- {note}" for note in (*instrument.notes, *instrument.sources)), ""]
    return "\n".join(lines)


def _variant(instrument: Instrument) -> str:
    changes = [f"- {change.kind}: {change.detail}" for change in instrument.changes]
    return "\n".join([*_head(instrument), *changes, "", "### Scores", "", *_scores(instrument)])


def _head(instrument: Instrument) -> list[str]:
    return [
        f"## {instrument.reference}",
        "",
        f"{instrument.title}. {len(instrument.items)} items, answered {instrument.low} to {instrument.high}. "
        f"Key version `{instrument.key_version}`. Languages: {', '.join(instrument.languages)}.",
        "",
    ]


def _scores(instrument: Instrument) -> list[str]:
    header = ["| score | label | made of | skipped items | better | key |", "|---|---|---|---|---|---|"]
    rows = [_score(score) for score in instrument.scores]
    figures = [_published(score.id, score.published) for score in instrument.scores if score.published]
    return [*header, *rows, "", *(["Published:", "", *figures, ""] if figures else [])]


def _score(score: ScoreDefinition) -> str:
    skipped = ""
    if not score.terms and not score.levels:
        rule = score.missing_rule.value.replace("_", " ")
        skipped = f"{score.minimum_answered} of {len(score.items)} needed; {rule} ({score.missing_confidence})"
    cells = (f"`{score.id}`", score.label, _made_of(score), skipped, score.direction, str(score.confidence))
    return f"| {' | '.join(cells)} |"


def _made_of(score: ScoreDefinition) -> str:
    if score.of and score.stage_cuts:
        return f"`{score.of}`, cut by {score.stage_cuts.id}"
    if score.terms:
        signed = " ".join(f"{'+' if term.sign > 0 else '−'} `{term.score}`" for term in score.terms)
        return signed.removeprefix("+ ")
    return f"{score.unit}; items {', '.join(score.items)}"


def _published(score_id: str, published: PublishedStatistics) -> str:
    given = [(name, getattr(published, name)) for name in _FIGURES if getattr(published, name) is not None]
    figures = ", ".join(f"{name} {value:.4g} ({published.confidence_of(name)})" for name, value in given)
    return f"- `{score_id}`: {figures}; {published.population}. {published.source}"


def _items(instrument: Instrument) -> list[str]:
    header = ["| item | gist | scored | reversed |", "|---|---|---|---|"]
    rows = [
        f"| `{instrument.column(item.id)}` | {item.gist} | {'yes' if item.scored else 'no'} | "
        f"{'yes' if item.reverse else ''} |"
        for item in instrument.items
    ]
    return [*header, *rows, ""]


def _cut_sets(instrument: Instrument) -> dict[CutSet, None]:
    sets = (
        cut_set
        for score in instrument.scores
        for cut_set in (*((score.stage_cuts,) if score.stage_cuts else ()), *score.bands)
    )
    return dict.fromkeys(sets)


def _cut_set(cut_set: CutSet) -> list[str]:
    on = " on the sum of the items" if cut_set.on_sum else ""
    kind = "used unless another is named" if cut_set.default else "used where it is asked for by name"
    boundaries = [_boundary(cut_set, index, cut) for index, cut in enumerate(cut_set.cuts)]
    return [
        f"**{cut_set.id}**: {cut_set.label}. Cuts {', '.join(f'`{score}`' for score in cut_set.scores)}{on}; {kind}. "
        f"Source: {cut_set.source} ({cut_set.confidence}). {cut_set.note}".strip(),
        "",
        *boundaries,
        "",
    ]


def _boundary(cut_set: CutSet, index: int, cut: Cut) -> str:
    lower, upper = cut_set.levels[index], cut_set.levels[index + 1]
    return f"- {float(cut.at):g}: {lower} | {upper}; exactly there is {cut.boundary_belongs_to}"
