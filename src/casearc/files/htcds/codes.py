"""Codes of the contract's tables and of HTCDS, both ways.

Where the two do not mean the same, the way back is left out: a program that has not identified trafficking has not
found that there was none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CodePair:
    """A column of the contract and the field that answers the same question.

    to_field
        Code of the contract, or one that agencies often use for it -> code of the field.
    to_column
        Code of the field -> code of the contract, for proposals when a file of the standard is read.
    several
        Whether a cell can hold several codes.
    """

    column: str
    field: str
    to_field: Mapping[str, str]
    to_column: Mapping[str, str]
    several: bool = False


TRAFFICKING_STATUS = CodePair(
    column="trafficking_status",
    field="vic_TraffickingStatus",
    to_field={"confirmed": "ActualVictimOfTrafficking", "presumed": "PossibleVictimOfTrafficking"},
    to_column={
        "ActualVictimOfTrafficking": "confirmed",
        "PossibleVictimOfTrafficking": "presumed",
        "NotAVictimOfTrafficking": "not_identified",
    },
)
GENDER = CodePair(
    column="gender",
    field="prs_Gender",
    to_field={
        "girl": "Feminine",
        "female": "Feminine",
        "woman": "Feminine",
        "boy": "Masculine",
        "male": "Masculine",
        "man": "Masculine",
        "transgender_girl": "TransgenderFeminine",
        "transgender_female": "TransgenderFeminine",
        "transgender_boy": "TransgenderMasculine",
        "transgender_male": "TransgenderMasculine",
        "nonbinary": "NonConforming",
        "gender_nonconforming": "NonConforming",
        "unknown": "NonSpecifiedUnknown",
    },
    to_column={
        "Feminine": "girl",
        "Masculine": "boy",
        "TransgenderFeminine": "transgender_girl",
        "TransgenderMasculine": "transgender_boy",
        "NonConforming": "nonbinary",
        "NonSpecifiedUnknown": "unknown",
    },
)
_LANGUAGES = {
    "am": "amh", "ar": "ara", "bn": "ben", "de": "deu", "en": "eng", "es": "spa", "fa": "fas", "fr": "fra", "hi": "hin",
    "ht": "hat", "it": "ita", "ja": "jpn", "km": "khm", "ko": "kor", "ne": "nep", "pl": "pol", "pt": "por",
    "ro": "ron", "ru": "rus", "so": "som", "sw": "swa", "th": "tha", "ti": "tir", "tl": "tgl", "uk": "ukr", "ur": "urd",
    "vi": "vie", "zh": "zho",
}  # fmt: skip
"""ISO 639-1 -> ISO 639-2, of languages that agencies in the United States often note."""

LANGUAGE = CodePair(
    column="language",
    field="prs_PrimaryLanguage",
    to_field=_LANGUAGES | {three: three for three in _LANGUAGES.values()} | {"english": "eng", "spanish": "spa"},
    to_column={three: two for two, three in _LANGUAGES.items()} | {two: two for two in _LANGUAGES},
)
EDUCATION = CodePair(
    column="education",
    field="prs_HighestLevelOfEducation",
    to_field={
        "primary": "PrimaryEducation",
        "lower_secondary": "LowerSecondaryEducation",
        "upper_secondary": "UpperSecondaryEducation",
    },
    to_column={
        "PrimaryEducation": "primary",
        "LowerSecondaryEducation": "lower_secondary",
        "UpperSecondaryEducation": "upper_secondary",
    },
)
EXPLOITATION = CodePair(
    column="exploitation_types",
    field="vic_TypeOfExploitation",
    to_field={
        "sexual_exploitation": "SexualExploitation",
        "commercial_sexual_exploitation": "SexualExploitation",
        "sex_trafficking": "SexualExploitation",
        "forced_labor": "ForcedLabour",
        "labor_trafficking": "ForcedLabour",
        "child_labor": "ChildLabour",
        "forced_marriage": "ForcedMarriage",
        "servitude": "Servitude",
        "domestic_servitude": "Servitude",
        "forced_begging": "ForcedBegging",
        "organ_removal": "OrganRemoval",
        "forced_adoption": "ForcedAdoption",
        "surrogacy": "Surrogacy",
        "other": "Other",
    },
    to_column={
        "SexualExploitation": "sexual_exploitation",
        "ForcedLabour": "forced_labor",
        "ChildLabour": "child_labor",
        "ForcedMarriage": "forced_marriage",
        "Servitude": "servitude",
        "ForcedMilitaryByNonStateActors": "forced_military_service",
        "OrganRemoval": "organ_removal",
        "ForcedBegging": "forced_begging",
        "ForcedAdoption": "forced_adoption",
        "Surrogacy": "surrogacy",
        "Other": "other",
    },
    several=True,
)

PAIRS = (TRAFFICKING_STATUS, GENDER, LANGUAGE, EDUCATION, EXPLOITATION)
"""Every column of participants that a field of the standard answers."""

STATUS_FIELD = "cas_Status"
OPEN, CLOSED, REFERRED = "Active", "Closed", "ClosedReferred"
REFERRED_REASONS = frozenset({"referred", "referral", "transferred", "transfer"})
"""Reasons of an exit that mean a referral to somebody else."""
