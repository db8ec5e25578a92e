"""The words a plan may say: closed lists, as `study.toml` spells them."""

from __future__ import annotations

from enum import StrEnum


class Design(StrEnum):
    """Designs of one group measured over time."""

    DOUBLE_PRETEST = "double-pretest"
    PRETEST_POSTTEST = "pretest-posttest"


class Direction(StrEnum):
    """Which way is better. NONE: the measure has no good side (the plan must say so)."""

    HIGHER = "higher"
    LOWER = "lower"
    NONE = "none"


class ModelKind(StrEnum):
    """Kinds of model."""

    LINEAR = "linear"  # a number at one wave
    MULTINOMIAL = "multinomial"  # a stage at one wave, each level against the reference
    ORDINAL = "ordinal"  # a stage at one wave, its levels in order
    COUNT = "count"  # how many contacts, services or goals in a window
    MIXED = "mixed"  # a number at every wave, several rows a participant


class Family(StrEnum):
    """Whether a model was planned as a test or as a search."""

    CONFIRMATORY = "confirmatory"
    EXPLORATORY = "exploratory"


class Covariance(StrEnum):
    """Standard errors of a linear model without clusters; the words of `statistics.linear`."""

    HC3 = "HC3"
    HC2 = "HC2"
    HC1 = "HC1"
    HC0 = "HC0"
    CLASSICAL = "classical"


class ClusterMethod(StrEnum):
    """How a linear model allows for people of one cluster being alike."""

    CR2 = "cr2"  # bias-reduced cluster-robust errors, Satterthwaite df
    RANDOM_INTERCEPT = "random-intercept"  # a mixed model with one intercept a cluster


class Penalty(StrEnum):
    """Likelihood of a model for stages."""

    AUTO = "auto"  # maximum likelihood, Firth's where the levels are separated
    NONE = "none"  # maximum likelihood or nothing
    FIRTH = "firth"  # Firth's in every case


class RandomPart(StrEnum):
    """What of a mixed model differs from participant to participant."""

    AUTO = "auto"  # a slope where the plan has three waves or more
    INTERCEPT = "intercept"
    SLOPE = "slope"  # intercept and slope over time

    def has_slope(self, waves: int) -> bool:
        """Whether each participant has a slope of their own, with so many waves."""
        return self is RandomPart.SLOPE or (self is RandomPart.AUTO and waves > 2)


class DenominatorDf(StrEnum):
    """Degrees of freedom of the tests of a mixed model."""

    KENWARD_ROGER = "kenward-roger"
    SATTERTHWAITE = "satterthwaite"


class Waves(StrEnum):
    """Who is analyzed where waves are missing. ALL_ENROLLED comes beside completers, not in their place."""

    COMPLETERS = "completers"
    ALL_ENROLLED = "all-enrolled"


class Multiplicity(StrEnum):
    """Adjustment of p values for their number. HOLM_BH: Holm's over the confirmatory family, Benjamini and
    Hochberg's over the exploratory one."""

    NONE = "none"
    HOLM_BH = "holm-bh"


class Side(StrEnum):
    """Which side of the cut people were enrolled from."""

    BELOW = "below"
    ABOVE = "above"


class IepDimension(StrEnum):
    """Dimensions of the Intentions to Exit model (of leaving exploitation)."""

    ATTITUDES = "attitudes"
    NORMS = "norms"
    EFFICACY_BELIEFS = "efficacy beliefs"
    INTENTION = "intention"
    AGENCY_CONTEXT = "agency context"
    SOCIETAL_CONTEXT = "societal context"


class EcologicalLevel(StrEnum):
    """Levels of the ecological model, from the person outward."""

    INDIVIDUAL = "individual"
    RELATIONSHIP = "relationship"
    COMMUNITY = "community"
    SOCIETY = "society"
