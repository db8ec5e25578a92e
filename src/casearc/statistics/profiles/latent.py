"""Latent profile analysis: normal mixtures with one to several profiles, what speaks for each, and the one chosen."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from casearc.errors import StatisticsRefusedError
from casearc.statistics._arrays import Matrix, Vector, Whole, frozen, has_no_spread, listed, matrix
from casearc.statistics.profiles._mixture import Mixture, fit_mixture, stepmix
from casearc.statistics.results import Result, Row

LEAST_PEOPLE = 100
"""The fewest that Wurpts & Geiser (2014) simulated; so few served only where indicators were many or good."""

LEAST_PER_PROFILE = 30
"""So many profiles are not even tried that they would have fewer people than this on average."""

LEAST_IN_PROFILE = 25
LEAST_SHARE = 0.05
"""A profile with fewer people, or a smaller share of them, is more often chance than a kind of people."""

LEAST_VALUES = 5
"""An indicator with fewer different scores is no continuous one."""

LEAST_REPLICATED = 2
POOR_ENTROPY = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileFit(Result):
    """Fit of a number of profiles.

    Attributes
    ----------
    profiles, parameters
        How many profiles; free parameters: means and variances of each, and shares.
    log_likelihood, aic, bic, sabic
        In the indicators' own units; SABIC is BIC with (n + 2) / 24 for n.
    entropy
        1 where everybody's membership is certain, 0 where nobody's is (entropy R-squared); None for one profile.
    smallest_share
        Of the people, by posterior probability.
    converged, replicated, starts
        Whether the steps ended by themselves; how many random starts reached this maximum, of how many.
    usable, reason
        Whether these profiles may be read, and if not, why.
    """

    profiles: int
    parameters: int
    log_likelihood: float | None
    aic: float | None
    bic: float | None
    sabic: float | None
    entropy: float | None
    smallest_share: float | None
    converged: bool
    replicated: int
    starts: int
    usable: bool
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LatentProfiles(Result):
    """Latent profiles.

    Attributes
    ----------
    labels
        ``profile 1`` has the lowest mean of the first indicator, and so on; order is not worth.
    shares
        Of the people, by posterior probability, shape (K,).
    means, sds
        Of each profile, shape (K, p), in the indicators' units.
    posterior, assigned
        Probability of each person to belong to each profile, (n, K), and the likeliest one, (n,), from 0.
    certainty
        Mean posterior probability of those assigned to each profile, (K,); above 0.8 is usually asked for.
    fit, table
        Of this number of profiles, and of all that were tried.
    """

    labels: tuple[str, ...]
    indicators: tuple[str, ...]
    shares: Vector
    means: Matrix
    sds: Matrix
    posterior: Matrix
    assigned: Whole
    certainty: Vector
    fit: ProfileFit
    table: tuple[ProfileFit, ...]
    n: int
    notes: tuple[str, ...] = ()

    def rows(self) -> list[Row]:
        """One row a profile and indicator."""
        return [
            {
                "profile": label,
                "share": float(self.shares[i]),
                "term": indicator,
                "estimate": float(self.means[i, j]),
                "sd": float(self.sds[i, j]),
            }
            for i, label in enumerate(self.labels)
            for j, indicator in enumerate(self.indicators)
        ]


def latent_profiles(
    indicators: ArrayLike,
    *,
    names: Sequence[str],
    rng_or_seed: np.random.Generator | int,
    most: int = 4,
    profiles: int | None = None,
    starts: int = 40,
) -> LatentProfiles:
    """Look for kinds of people in several scores, and say how far to trust them.

    Exploratory: a mixture of normals also fits scores that are merely skewed. Within a profile indicators are taken to
    be unrelated and normal, each with a variance of its own in each profile.

    Parameters
    ----------
    indicators
        Shape (n, p), p >= 2, scores of one wave, complete.
    names
        Names of the indicators; the first one orders the profiles.
    rng_or_seed
        Seed or generator of the random starts.
    most
        The most profiles to try; fewer where n / 30 is less.
    profiles
        The number of profiles to report, if a plan names one; by default the usable one of lowest BIC.
    starts
        Random starts of each number of profiles.

    Raises
    ------
    StatisticsRefusedError
        Fewer than 100 people, missing values, an indicator without spread or with fewer than five different scores;
        or the number asked for is not usable: a profile of fewer than 25 people or 5 %, a maximum that one start alone
        reached, or none that is no collapse onto equal scores.
    MissingExtraError
        StepMix is not installed.

    Notes
    -----
    StepMix (Morin et al. 2025, Journal of Statistical Software 113:8) without its regularization of variances; at
    least 100 people: Wurpts & Geiser (2014), Frontiers in Psychology 5:920; BIC: Nylund, Asparouhov & Muthén (2007),
    Structural Equation Modeling 14:535-569. Checked against an EM written out in R and ``mclust`` (model VVI).

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> low, high = rng.normal(2.0, 0.5, (60, 3)), rng.normal(5.0, 0.5, (60, 3))
    >>> scores = np.vstack([low, high])
    >>> found = latent_profiles(scores, names=["hope", "trust", "sleep"], rng_or_seed=1, most=2, starts=5)
    >>> found.labels, found.shares.round(2).tolist(), found.fit.usable
    (('profile 1', 'profile 2'), [0.5, 0.5], True)
    """
    stepmix()
    X = matrix(indicators, name="The table of indicators")
    terms = _checked(X, names)
    n = X.shape[0]
    tried = _numbers(n, most, profiles)
    rng = np.random.default_rng(rng_or_seed)
    center, spread = X.mean(axis=0), X.std(axis=0)
    Z = (X - center) / spread
    jacobian = n * float(np.log(spread).sum())
    found = {k: fit_mixture(Z, k, starts=starts, rng=rng) for k in tried}
    table = tuple(_fit(found[k], k, X, jacobian, starts) for k in tried)
    chosen = _chosen(table, profiles)
    best = found[chosen.profiles]
    if best is None:
        raise _refusal(chosen)
    order = np.argsort(best.means[:, 0], kind="stable")
    posterior = best.posterior[:, order]
    assigned = posterior.argmax(axis=1).astype(np.int64)
    return LatentProfiles(
        labels=tuple(f"profile {i + 1}" for i in range(order.size)),
        indicators=terms,
        shares=frozen(posterior.mean(axis=0)),
        means=frozen(center + spread * best.means[order]),
        sds=frozen(spread * np.sqrt(best.variances[order])),
        posterior=frozen(posterior),
        assigned=assigned,
        certainty=frozen(_certainty(posterior, assigned)),
        fit=chosen,
        table=table,
        n=n,
        notes=_notes(chosen, table, asked=profiles is not None),
    )


def _checked(X: Matrix, names: Sequence[str]) -> tuple[str, ...]:
    terms = tuple(str(name) for name in names)
    n, p = X.shape
    if len(terms) != p:
        raise StatisticsRefusedError(f"The table has {p} indicators and {len(terms)} names.")
    if p < 2:
        raise StatisticsRefusedError("Profiles need at least two indicators.", alternative="Describe the one score.")
    if n < LEAST_PEOPLE:
        raise StatisticsRefusedError(
            f"Latent profiles of {n} people are not trustworthy; at least {LEAST_PEOPLE} are needed.",
            alternative="Describe the scores side by side, or group people by a cut score the plan names.",
        )
    flat = [term for term, column in zip(terms, X.T, strict=True) if has_no_spread(column)]
    if flat:
        raise StatisticsRefusedError(
            f"Everybody has the same score on {listed(flat)}.", alternative="Leave it out of the profiles."
        )
    coarse = [term for term, column in zip(terms, X.T, strict=True) if np.unique(column).size < LEAST_VALUES]
    if coarse:
        raise StatisticsRefusedError(
            f"Fewer than {LEAST_VALUES} different scores occur on {listed(coarse)}, so no normal curve describes it.",
            alternative="Use total scores as indicators, not single items.",
        )
    return terms


def _numbers(n: int, most: int, profiles: int | None) -> tuple[int, ...]:
    """Numbers of profiles to try, from 1."""
    highest = most if profiles is None else max(most, profiles)
    if highest < 1 or (profiles is not None and profiles < 1):
        raise StatisticsRefusedError("The number of profiles is a whole number from 1 up.")
    if profiles is not None and profiles * LEAST_PER_PROFILE > n:
        raise StatisticsRefusedError(
            f"{profiles} profiles of {n} people would have fewer than {LEAST_PER_PROFILE} each on average.",
            alternative="Ask for fewer profiles.",
        )
    return tuple(range(1, min(highest, n // LEAST_PER_PROFILE) + 1))


def _fit(mixture: Mixture | None, profiles: int, X: Matrix, jacobian: float, starts: int) -> ProfileFit:
    n, p = X.shape
    parameters = 2 * p * profiles + profiles - 1
    fit = ProfileFit(
        profiles=profiles,
        parameters=parameters,
        log_likelihood=None,
        aic=None,
        bic=None,
        sabic=None,
        entropy=None,
        smallest_share=None,
        converged=False,
        replicated=0,
        starts=starts,
        usable=False,
        reason="every start ends in a profile of a few equal scores",
    )
    if mixture is None:
        return fit
    value = mixture.log_likelihood - jacobian
    shares = mixture.posterior.mean(axis=0)
    reason = _why_not(mixture, float(shares.min()), n)
    return replace(
        fit,
        log_likelihood=value,
        aic=2.0 * parameters - 2.0 * value,
        bic=parameters * math.log(n) - 2.0 * value,
        sabic=parameters * math.log((n + 2.0) / 24.0) - 2.0 * value,
        entropy=_entropy(mixture.posterior) if profiles > 1 else None,
        smallest_share=float(shares.min()),
        converged=mixture.converged,
        replicated=starts if profiles == 1 else mixture.reached,
        usable=not reason,
        reason=reason,
    )


def _why_not(mixture: Mixture, smallest: float, n: int) -> str:
    if not mixture.converged:
        return "the steps did not end by themselves"
    if mixture.reached < LEAST_REPLICATED:
        return "one random start alone reached this maximum, so it may be a chance one"
    if smallest * n < LEAST_IN_PROFILE or smallest < LEAST_SHARE:
        return f"the smallest profile has fewer than {LEAST_IN_PROFILE} people or {LEAST_SHARE:.0%} of them"
    return ""


def _entropy(posterior: Matrix) -> float:
    n, k = posterior.shape
    doubt = -(posterior * np.log(np.where(posterior > 0.0, posterior, 1.0))).sum()
    return 1.0 - float(doubt) / (float(n) * math.log(k))


def _certainty(posterior: Matrix, assigned: Whole) -> Vector:
    top = posterior.max(axis=1)
    counts = np.bincount(assigned, minlength=posterior.shape[1])
    return np.bincount(assigned, weights=top, minlength=posterior.shape[1]) / np.maximum(counts, 1)


def _chosen(table: tuple[ProfileFit, ...], profiles: int | None) -> ProfileFit:
    if profiles is not None:
        asked = next(fit for fit in table if fit.profiles == profiles)
        if not asked.usable:
            raise _refusal(asked)
        return asked
    usable = [fit for fit in table if fit.usable]
    if not usable:
        raise _refusal(table[0])
    return min(usable, key=lambda fit: math.inf if fit.bic is None else fit.bic)


def _refusal(fit: ProfileFit) -> StatisticsRefusedError:
    number = f"{fit.profiles} profile{'' if fit.profiles == 1 else 's'}"
    return StatisticsRefusedError(
        f"A solution with {number} cannot be trusted: {fit.reason}.",
        alternative="Ask for fewer profiles, or describe the scores side by side.",
    )


def _notes(chosen: ProfileFit, table: tuple[ProfileFit, ...], *, asked: bool) -> tuple[str, ...]:
    notes = [f"{fit.profiles} profiles are not usable: {fit.reason}." for fit in table if not fit.usable]
    by_bic = min((fit for fit in table if fit.bic is not None), key=lambda fit: fit.bic or 0.0)
    if by_bic.profiles != chosen.profiles:
        asked_for = "was asked for" if asked else "is the usable one of lowest BIC"
        notes.append(f"{chosen.profiles} {asked_for}; BIC is lowest with {by_bic.profiles}.")
    if chosen.profiles == 1:
        notes.append("One profile describes these scores best: nothing in them speaks for kinds of people.")
    if chosen.entropy is not None and chosen.entropy < POOR_ENTROPY:
        notes.append("Membership is doubtful for many people; do not treat it as known in further analyses.")
    return tuple(notes)
