"""How the three instruments answer to true levels.

An answer is a latent answer, normal around the true level, cut at the half points of the response range:
``latent = mean + shift of the item + SD * (loading * trait + facet loading * facet + uniqueness)``. Facets are the
subscales; which items belong to them, and the range, are read from the instruments' definitions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

import numpy as np

from casearc.instruments import Instrument, load
from casearc.synthetic.draws import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """Items that share more than the trait: those of score `score` ("": the items that no other facet has).

    `mean` is the latent mean, `sign` that of the trait in it, `weight` what one item of it adds to the score that
    the truth is told in.
    """

    score: str
    mean: float
    weight: float
    sign: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureModel:
    """How one instrument answers. The truth about `trait` is told in points of `score`; `sd` is that of a latent
    answer, the loadings are correlations of it with trait and facet."""

    instrument: str
    trait: str
    score: str
    facets: tuple[Facet, ...]
    sd: float
    loading: float
    facet_loading: float

    @property
    def definition(self) -> Instrument:
        """The instrument as Casearc ships it."""
        return _definition(self.instrument)

    @property
    def low(self) -> int:
        """Lowest answer."""
        return self.definition.low

    @property
    def high(self) -> int:
        """Highest answer."""
        return self.definition.high

    @property
    def item_names(self) -> tuple[str, ...]:
        """Column names of wide responses: ``mspss_1`` and so on."""
        return tuple(f"{self.instrument}_{item.id}" for item in self.definition.items)

    @property
    def facet_of_item(self) -> Ints:
        """Position of each item's facet, in item order."""
        scores = {score.id: score.items for score in self.definition.scores}
        remainder = next((index for index, facet in enumerate(self.facets) if not facet.score), 0)
        facet_of = {
            item: index for index, facet in enumerate(self.facets) if facet.score for item in scores[facet.score]
        }
        return np.asarray([facet_of.get(item.id, remainder) for item in self.definition.items], dtype=np.int64)

    @property
    def item_means(self) -> Floats:
        """Latent means: the facet's, with easier and harder items around it."""
        means = np.asarray([facet.mean for facet in self.facets])[self.facet_of_item]
        golden = (np.arange(1, len(means) + 1) * 0.6180339887) % 1.0  # even, without pattern, without a draw
        shifted: Floats = means + 0.5 * self.sd * (golden - 0.5)
        return shifted

    @property
    def item_loadings(self) -> Floats:
        """Signed loadings on the trait."""
        signed: Floats = self.loading * np.asarray([facet.sign for facet in self.facets])[self.facet_of_item]
        return signed

    def respond(self, rng: np.random.Generator, trait: Floats, facet: Floats) -> Floats:
        """Answers (a, items) of administrations with true levels `trait` (a,) and `facet` (a, facets)."""
        unique = np.sqrt(1.0 - self.loading**2 - self.facet_loading**2)
        latent = trait[:, None] * self.item_loadings + self.facet_loading * facet[:, self.facet_of_item]
        latent += unique * rng.standard_normal(latent.shape)
        answers: Floats = np.clip(np.rint(self.item_means + self.sd * latent), self.low, self.high)
        return answers

    def points_per_sd(self, trait: Floats) -> float:
        """Average slope of the expected score over true levels (a,): how many points one SD of the trait is.

        The expected answer is a sum over thresholds of normal probabilities; its slope is a sum of densities.
        """
        rest = self.sd * np.sqrt(1.0 - self.loading**2)
        center = self.item_means + self.sd * trait[:, None] * self.item_loadings
        cuts = np.arange(self.low, self.high) + 0.5
        density = np.zeros_like(center)
        for cut in cuts:  # at most ten thresholds; a third dimension would be large for nothing
            density += np.exp(-0.5 * ((center - cut) / rest) ** 2) / (rest * np.sqrt(2 * np.pi))
        slope = (density * self.sd * self.item_loadings).mean(axis=0)
        return float(slope @ np.asarray([facet.weight for facet in self.facets])[self.facet_of_item])


@cache
def _definition(instrument: str) -> Instrument:
    return load(instrument)


MSPSS = MeasureModel(
    instrument="mspss",
    trait="support",
    score="mspss_total",
    facets=(
        Facet(score="mspss_significant_other", mean=4.95, weight=1 / 12),
        Facet(score="mspss_family", mean=4.25, weight=1 / 12),
        Facet(score="mspss_friends", mean=4.75, weight=1 / 12),
    ),
    sd=2.0,
    loading=0.66,
    facet_loading=0.40,
)

COP_SE = MeasureModel(
    instrument="cop_se",
    trait="coping",
    score="cop_se_total",
    facets=(
        Facet(score="cop_se_problem", mean=5.5, weight=1.0),
        Facet(score="cop_se_emotion", mean=4.9, weight=1.0),
        Facet(score="cop_se_support", mean=5.7, weight=1.0),
        Facet(score="", mean=5.4, weight=1.0),
    ),
    sd=2.7,
    loading=0.64,
    facet_loading=0.25,
)

URICA = MeasureModel(
    instrument="urica",
    trait="readiness",
    score="urica_readiness",
    facets=(
        Facet(score="urica_precontemplation", mean=2.15, weight=-1 / 7, sign=-1),
        Facet(score="urica_contemplation", mean=4.1, weight=1 / 7),
        Facet(score="urica_action", mean=3.9, weight=1 / 7),
        Facet(score="urica_maintenance", mean=3.35, weight=1 / 7),
        Facet(score="", mean=3.0, weight=0.0),
    ),
    sd=1.1,
    loading=0.47,
    facet_loading=0.58,
)

MEASURES: Mapping[str, MeasureModel] = MappingProxyType({model.instrument: model for model in (MSPSS, COP_SE, URICA)})
