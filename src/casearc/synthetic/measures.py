"""How the three instruments answer to true levels.

An answer is a latent answer, normal around the true level, cut at the half points of the response range:
``latent = mean + shift of the item + SD * (loading * trait + facet loading * facet + uniqueness)``. Facets are the
subscales. Item numbers are those of the instruments' definitions; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from casearc.synthetic.draws import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """A group of items that share more than the trait: its latent mean, and the sign of the trait in it."""

    name: str
    items: tuple[int, ...]
    mean: float
    sign: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureModel:
    """One instrument. `weights` says how the score that truth is told in adds up item answers, by facet name."""

    instrument: str
    trait: str
    score: str
    low: int
    high: int
    facets: tuple[Facet, ...]
    sd: float
    loading: float
    facet_loading: float
    weights: Mapping[str, float]

    @property
    def n_items(self) -> int:
        """Number of items given, scored or not."""
        return sum(len(facet.items) for facet in self.facets)

    @property
    def item_names(self) -> tuple[str, ...]:
        """Column names of wide responses: ``mspss_1`` and so on."""
        return tuple(f"{self.instrument}_{number}" for number in range(1, self.n_items + 1))

    def by_item(self, values: Mapping[str, float]) -> Floats:
        """A value a facet, spread over the items in their order; 0 where the facet has none."""
        spread = np.zeros(self.n_items)
        for facet in self.facets:
            spread[np.asarray(facet.items) - 1] = values.get(facet.name, 0.0)
        return spread

    @property
    def facet_of_item(self) -> Ints:
        """Position of each item's facet, in item order."""
        positions = {facet.name: float(index) for index, facet in enumerate(self.facets)}
        return self.by_item(positions).astype(np.int64)

    @property
    def item_means(self) -> Floats:
        """Latent means: the facet's, with easier and harder items around it."""
        golden = (np.arange(1, self.n_items + 1) * 0.6180339887) % 1.0  # even, without pattern, without a draw
        return self.by_item({facet.name: facet.mean for facet in self.facets}) + 0.5 * self.sd * (golden - 0.5)

    @property
    def item_loadings(self) -> Floats:
        """Signed loadings on the trait."""
        return self.loading * self.by_item({facet.name: float(facet.sign) for facet in self.facets})

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
        return float(slope @ self.by_item(self.weights))


MSPSS = MeasureModel(
    instrument="mspss",
    trait="support",
    score="mspss_total",
    low=1,
    high=7,
    facets=(
        Facet(name="significant_other", items=(1, 2, 5, 10), mean=4.95),
        Facet(name="family", items=(3, 4, 8, 11), mean=4.25),
        Facet(name="friends", items=(6, 7, 9, 12), mean=4.75),
    ),
    sd=2.0,
    loading=0.66,
    facet_loading=0.40,
    weights={"significant_other": 1 / 12, "family": 1 / 12, "friends": 1 / 12},
)

COP_SE = MeasureModel(
    instrument="cop_se",
    trait="coping",
    score="cop_se_total",
    low=0,
    high=10,
    facets=(
        Facet(name="problem", items=(3, 5, 6, 7, 8, 20), mean=5.5),
        Facet(name="emotion", items=(10, 12, 15, 19), mean=4.9),
        Facet(name="support", items=(4, 16, 17), mean=5.7),
        Facet(name="other", items=(1, 2, 9, 11, 13, 14, 18, 21, 22, 23, 24, 25, 26), mean=5.4),
    ),
    sd=2.7,
    loading=0.64,
    facet_loading=0.25,
    weights={"problem": 1.0, "emotion": 1.0, "support": 1.0, "other": 1.0},
)

URICA = MeasureModel(
    instrument="urica",
    trait="readiness",
    score="urica_readiness",
    low=1,
    high=5,
    facets=(
        Facet(name="precontemplation", items=(1, 5, 11, 13, 23, 26, 29), mean=2.15, sign=-1),
        Facet(name="contemplation", items=(2, 8, 12, 15, 19, 21, 24), mean=4.1),
        Facet(name="action", items=(3, 7, 10, 14, 17, 25, 30), mean=3.9),
        Facet(name="maintenance", items=(6, 16, 18, 22, 27, 28, 32), mean=3.35),
        Facet(name="unscored", items=(4, 9, 20, 31), mean=3.0),
    ),
    sd=1.1,
    loading=0.47,
    facet_loading=0.58,
    weights={"precontemplation": -1 / 7, "contemplation": 1 / 7, "action": 1 / 7, "maintenance": 1 / 7},
)

MEASURES: Mapping[str, MeasureModel] = MappingProxyType({model.instrument: model for model in (MSPSS, COP_SE, URICA)})
