"""Every fixed word of a report, so that another language needs no other module."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from casearc.disclosure import Edition
from casearc.findings import Role, Section

LANGUAGE: Final = "en-US"

HIDDEN_MARK: Final = "[c]"
"""In place of whatever is not shown. Letters in square brackets are read out by screen readers, where dots, dashes
and colons are skipped (the recommendation of the UK's statistical service for symbols in tables)."""
HIDDEN_IN_SENTENCE: Final = "[not shown]"
HIDDEN_MEANING: Final = "not shown, to protect small groups"
HIDDEN_NOTE: Final = f"{HIDDEN_MARK} = {HIDDEN_MEANING}."
BLANK_MARK: Final = "–"
BLANK_MEANING: Final = "no value"


@dataclass(frozen=True, slots=True)
class SectionWords:
    """Heading of a section, the question it answers, and what stands there when nothing else does."""

    heading: str
    question: str
    empty: str


SECTIONS: Final[dict[Section, SectionWords]] = {
    Section.TRUST: SectionWords("How far this carries", "", ""),
    Section.ACTION: SectionWords("What can be done with it", "", ""),
    Section.FLOW: SectionWords(
        "Who is in this evaluation",
        "How many young people enrolled, were measured at each wave, and where others fell out.",
        "The data hold no enrollments to follow, so there is no flow to tell.",
    ),
    Section.PARTICIPANTS: SectionWords(
        "Who took part",
        "The people behind the numbers, as they were at enrollment.",
        "The plan names no covariate to describe participants by.",
    ),
    Section.INSTRUMENTS: SectionWords(
        "Can the measures be trusted here",
        "How consistently the instruments measured in this program.",
        "No instrument was answered by enough participants to examine it.",
    ),
    Section.CHANGE: SectionWords(
        "Did scores change between waves",
        "Each outcome before and after, for those measured at both waves.",
        "The plan follows no outcome measured as a number.",
    ),
    Section.STAGES: SectionWords(
        "Did stages or levels move",
        "Who stood at which stage, and who moved where.",
        "The plan follows no outcome measured in stages.",
    ),
    Section.DOSE: SectionWords(
        "What was delivered",
        "Contacts and services between waves, as recorded.",
        "The plan defines no dose, so nothing was counted.",
    ),
    Section.DOSE_RESPONSE: SectionWords(
        "Does dose go with outcome",
        "Whether those who received more service fared differently. Association only: nobody was assigned to a dose.",
        "The plan holds no model of outcome on dose.",
    ),
    Section.DESIGN: SectionWords(
        "Was it the program, or only time",
        "What the design can and cannot tell apart: time, chance at the start, and who was served when.",
        "Nothing in this plan tests the design.",
    ),
    Section.ALL_ENROLLED: SectionWords(
        "Would those who left change the answer",
        "Everybody who enrolled, beside those who stayed: models that use every measurement, imputation, and how bad "
        "the missing scores would have to be.",
        "The plan looks at those who stayed only.",
    ),
    Section.ROBUSTNESS: SectionWords(
        "Could something unmeasured explain it",
        "How strong something nobody measured would have to be, and whether people of one worker or site are alike.",
        "The plan holds no model whose strength could be examined.",
    ),
    Section.THREATS: SectionWords(
        "What could be wrong with these conclusions",
        "Each known way to be misled by one group measured over time, and what this study found about it.",
        "No threat was examined.",
    ),
    Section.MAP: SectionWords(
        "What was measured, and what was not",
        "The plan on two maps: the model of intentions to exit, and the levels of a young person's surroundings.",
        "The plan does not say where its measures belong in theory.",
    ),
    Section.TESTS: SectionWords(
        "Every test that was run",
        "All of them, so that nobody has to ask how many were tried.",
        "No test was run.",
    ),
    Section.CHECKLISTS: SectionWords(
        "What reporting guidelines ask",
        "TREND and STROBE, item by item: where it stands in this report, or that the authors still have to say it.",
        "No checklist was filled.",
    ),
    Section.ATTRITION: SectionWords(
        "Who was lost along the way",
        "Whether those who stayed resemble those who left.",
        "The study has too few waves, or too few participants left, to compare those who stayed with the rest.",
    ),
    Section.DATA: SectionWords(
        "What the data could not settle",
        "Ambiguities met in the data and the rule applied to each.",
        "Nothing in the data was ambiguous.",
    ),
}

ROLES: Final[dict[Role, str]] = {
    Role.PRIMARY: "primary",
    Role.SECONDARY: "secondary",
    Role.EXPLORATORY: "exploratory",
    Role.DESCRIPTIVE: "descriptive",
}

KIND_OF_DOCUMENT: Final = "Evaluation report"
EDITION_NAMES: Final[dict[Edition, str]] = {
    Edition.IN_HOUSE: "In-house edition",
    Edition.OUTSIDE: "Outside edition",
}
EDITION_MARKS: Final[dict[Edition, str]] = {
    Edition.IN_HOUSE: "IN-HOUSE EDITION: may identify a participant; do not send",
    Edition.OUTSIDE: "Outside edition: small groups are protected",
}

SKIP: Final = "Skip to the summary"
CONTENTS: Final = "Contents"
SUMMARY: Final = "Summary"
NO_SUMMARY: Final = "No result could be put into a headline sentence; the sections below say why."
HOW_TO_READ: Final = "How to read this report"
DEVIATIONS: Final = "Deviations from the plan"
NO_DEVIATIONS: Final = "None: every analysis was run as planned."
DATA_READ: Final = "The data that were read"
PLAN: Final = "The plan, said back"
PROVENANCE: Final = "How to check this report"


@dataclass(frozen=True, slots=True)
class BehindWords:
    """Words around the tables that only those who check read."""

    letter: str = "A"
    heading: str = "Tables behind the findings"
    question: str = "What the findings rest on, for those who check them."
    more: str = "Tables behind this finding"
    one: str = "Behind this: {}, near the end of the report."
    two: str = "Behind this: {} and {}, near the end of the report."
    several: str = "Behind this: {} to {}, near the end of the report."


BEHIND: Final = BehindWords()
TABLE: Final = "Table"
FIGURE: Final = "Figure"
NOTE: Final = "Note"
CAUTION: Final = "Read with care"
CAUTION_AGAIN: Final = "The caution given above in this section applies here too."
REFUSED: Final = "No result"
PAGE_OF: Final = ("Page", "of")
SCROLLS: Final = "this table can be scrolled sideways"
FIGURE_SCROLLS: Final = "this figure can be scrolled sideways"
OF: Final = "and"


def answers(plan_item: str | None, role: Role) -> str:
    """The small line that ties a result to the plan."""
    if plan_item is None:
        return "Exploratory: not in the plan"
    return f"Answers plan item: {plan_item} ({ROLES[role]})"


def interval_in_sentence(level: str, limits: str) -> str:
    """An interval where the sentence does not name it."""
    return f"{level} interval {limits}"


def levels_note(levels: str) -> str:
    """The level of a table's intervals, said once."""
    return f"Intervals: {levels}."


def band(low: str, high: str) -> str:
    """A count shown as a range."""
    return f"{low} to {high}"


def reading_guide(*, edition: Edition, threshold: int, level: str) -> tuple[str, ...]:
    """How to read this report, for somebody who is not a statistician."""
    common = (
        "The program was measured before and after, without a comparison group. A change over time can have other "
        "causes than the program, and “associated with” never means “caused by”.",
        f"An interval of {level} shows which values the data are compatible with. A wide interval means that the "
        "data say little.",
        "A p value says how surprising the data would be if nothing were going on. It does not measure how large or "
        "how important a difference is.",
        "Primary results are those the plan named beforehand as decisive. Exploratory results are hints for a later "
        "study: among many of them, some look striking by chance alone.",
    )
    if edition is Edition.IN_HOUSE:
        return (
            *common,
            "This edition hides nothing: small groups and single dots may identify a participant. Keep it in the "
            "house, and send the outside edition.",
        )
    return (
        *common,
        f"Groups of fewer than {threshold} people are merged or not shown. {HIDDEN_MARK} stands for anything that is "
        f"{HIDDEN_MEANING}; it never tells how small. Some larger numbers carry the mark too, so that nobody can "
        "work the small ones out. Where a count is given as a range (“85 to 95”), the range holds the true number.",
    )


@dataclass(frozen=True, slots=True)
class FigureWords:
    """Words drawn into figures."""

    not_shown: str = "not shown"
    reliable_band: str = "Shaded, and bars in gray: no reliable change."
    later: str = "teal: to a later stage"
    same: str = "gray: stayed"
    earlier: str = "orange: to an earlier stage"
    hidden_flows: str = (
        "Hatched: movements that are not shown, to protect small groups; the hatched height means nothing."
    )
    hidden_bars: str = "Hatched bars are not shown, to protect small groups; their height means nothing."
    banded_bars: str = "Where a bar ends in a lighter part, the number lies within that part."
    shaded: str = "Shaded: {level} interval."
    no_association: str = "Dashed line: no association."
    dots_band: str = "Shaded: no reliable change."
    interval_level: str = "Lines: confidence intervals; an arrow: it goes on."
    empty: str = "Nothing in this figure may be shown."


FIGURES: Final = FigureWords()


@dataclass(frozen=True, slots=True)
class DataWords:
    """The data report."""

    caption: str = "Rows of each file"
    file: str = "File"
    purpose: str = "Read as"
    read: str = "Rows read"
    kept: str = "Kept"
    set_aside: str = "Set aside"
    refused: str = "Refused"
    reasons: str = "Why rows were set aside"
    none: str = "The data report is empty: no file was read."
    people: str = (
        "Rows of files in which a row stands for a person or a measurement of one are not counted here; "
        "the section on who is in this evaluation tells what may be told."
    )


DATA: Final = DataWords()


@dataclass(frozen=True, slots=True)
class ProvenanceWords:
    """Where a report comes from."""

    intro: str = (
        "The same plan, data and version give the same report, to the byte. "
        "Whoever doubts a number can run it again and compare."
    )
    version: str = "Casearc version"
    plan: str = "Plan (SHA-256)"
    data: str = "Data (SHA-256)"
    seed: str = "Seed"
    alpha: str = "Error rate (alpha)"
    threshold: str = "Smallest group shown"
    edition: str = "Edition"
    nothing_hidden: str = "none: this edition hides nothing"


MADE: Final = ProvenanceWords()
