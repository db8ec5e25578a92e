"""participants: one row a person, under a pseudonym."""

from __future__ import annotations

from casearc.tables.schema import Column, Kind, TableSchema

PARTICIPANTS = TableSchema(
    name="participants",
    row_is="One participant. Further covariates may follow when the study plan or the mapping names them.",
    required=True,
    columns=(
        Column(
            name="participant_id",
            kind=Kind.ID,
            meaning="Pseudonym of the participant; never a name, birth date or case number.",
            required=True,
            unique=True,
        ),
        Column(
            name="age_at_enrollment",
            kind=Kind.NUMBER,
            meaning="Age on the day of the first enrollment.",
            unit="years",
            low=0,
            high=120,
        ),
        Column(name="gender", kind=Kind.TEXT, meaning="Gender, as the agency codes it."),
        Column(
            name="race_ethnicity",
            kind=Kind.CODES,
            meaning="Race and ethnicity, as the agency codes them; several with ; between.",
        ),
        Column(name="language", kind=Kind.TEXT, meaning="Preferred language (code)."),
        Column(name="education", kind=Kind.TEXT, meaning="Education at enrollment (code)."),
        Column(name="housing", kind=Kind.TEXT, meaning="Housing at enrollment (code)."),
        Column(
            name="trafficking_status",
            kind=Kind.CODE,
            meaning="What is known about trafficking at enrollment.",
            codes=("confirmed", "presumed", "not_identified"),
        ),
        Column(
            name="screening_score",
            kind=Kind.NUMBER,
            meaning="Score of the agency's screening instrument at referral.",
            unit="points",
        ),
        Column(
            name="exploitation_types",
            kind=Kind.CODES,
            meaning="Kinds of exploitation, as the agency codes them; several with ; between.",
        ),
        Column(
            name="victimization_types",
            kind=Kind.CODES,
            meaning="Other victimization, as the agency codes it; several with ; between.",
        ),
    ),
    identity=("participant_id",),
)
