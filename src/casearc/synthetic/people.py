"""Made-up participants: who they are, in codes. Shares are chosen so that a demo of 95 has groups above and below a
threshold of 11."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from casearc.synthetic.draws import Flags, Floats, blank, code_sets, exactly, ids, quota
from casearc.synthetic.settings import TRAITS, Effects

_TRAFFICKING = {"confirmed": 0.45, "presumed": 0.40, "not_identified": 0.15}
_GENDER = {"girl": 0.80, "boy": 0.10, "nonbinary": 0.06, "transgender": 0.04}
_RACE = {"black": 0.37, "hispanic": 0.28, "white": 0.19, "black;hispanic": 0.09, "asian": 0.07}
_LANGUAGE = {"en": 0.78, "es": 0.22}
_EDUCATION = {"in_school": 0.58, "ged_program": 0.14, "left_school": 0.18, "graduated": 0.10}
_HOUSING = {"family": 0.42, "foster_care": 0.20, "group_home": 0.18, "own_place": 0.08, "unstable": 0.12}
_EXPLOITATION = {
    "trading_for_needs": 0.45,
    "third_party": 0.40,
    "online": 0.35,
    "family_controlled": 0.10,
}
_VICTIMIZATION = {
    "physical": 0.45,
    "sexual": 0.55,
    "emotional": 0.60,
    "neglect": 0.40,
    "witnessed_violence": 0.35,
}
_SCREENING_MEAN: Mapping[str, float] = {"confirmed": 24.0, "presumed": 18.0, "not_identified": 11.0}
_MAY_BE_DECLINED = ("race_ethnicity", "education", "housing", "exploitation_types", "victimization_types")
MEAN_AGE = 16.4


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """The participants table, and what of it shifts true levels."""

    table: pl.DataFrame
    age: Floats
    confirmed: Flags

    def shift(self, effects: Effects) -> Floats:
        """What age and trafficking status add to the stable part of each trait, (n, 3)."""
        shift = np.zeros((len(self.age), len(TRAITS)))
        shift[:, TRAITS.index("support")] = effects.age_on_support * (self.age - MEAN_AGE)
        centered = self.confirmed - _TRAFFICKING["confirmed"]
        shift[:, TRAITS.index("coping")] = effects.confirmed_on_coping * centered
        return shift


def make_people(rng: np.random.Generator, n: int, *, missing_share: float) -> People:
    """`n` participants. Ages 12 to 21; shares of codes met to within one participant."""
    age = np.clip(np.round(rng.normal(MEAN_AGE, 1.9, n), 1), 12.0, 21.0)
    status = quota(rng, n, _TRAFFICKING)
    means = np.select([status == code for code in _SCREENING_MEAN], list(_SCREENING_MEAN.values()))
    columns: dict[str, object] = {
        "participant_id": ids("P", n, width=3),
        "age_at_enrollment": age,
        "gender": quota(rng, n, _GENDER).tolist(),
        "race_ethnicity": quota(rng, n, _RACE).tolist(),
        "language": quota(rng, n, _LANGUAGE).tolist(),
        "education": quota(rng, n, _EDUCATION).tolist(),
        "housing": quota(rng, n, _HOUSING).tolist(),
        "trafficking_status": status.tolist(),
        "screening_score": np.clip(np.rint(rng.normal(means, 4.0)), 0, 40),
        "exploitation_types": code_sets(rng, n, _EXPLOITATION),
        "victimization_types": code_sets(rng, n, _VICTIMIZATION),
    }
    for name in _MAY_BE_DECLINED:
        columns[name] = blank(columns[name], exactly(rng, n, missing_share))  # type: ignore[arg-type]  # lists of str
    return People(table=pl.DataFrame(columns), age=age, confirmed=status == "confirmed")
