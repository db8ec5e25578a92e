"""What a power simulation found."""

from __future__ import annotations

from dataclasses import dataclass

from casearc.statistics.results import Result, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedTest(Result):
    """One test of the plan at one number of people enrolled.

    Attributes
    ----------
    plan_item, label, kind
        What of the plan is tested, in words, and how.
    n_enrolled, n_analyzed
        People enrolled, and how many of them the test rests on, on average.
    effect, unit
        The effect assumed, and what one of it is.
    power, power_error
        Share of simulated studies in which p fell below alpha, and the simulation's own standard error of it.
    smallest
        The effect found with the power wanted; None where it lies beyond belief. Exact for the studies simulated where
        the effect moves a mean; for stages and counts, where another effect is another study, by a noncentral
        chi-square through a few hundred studies near it, good to some hundredths.
    half_width
        Half the expected width of the interval, in `unit`; None where the test has no interval.
    sparse
        Share of studies in which some level of a stage had nobody beside some group, so that maximum likelihood has
        no answer and Firth's penalty stands in; None where the outcome is a number.
    not_fitted
        Share of studies in which the test could not be made; they count as no finding.
    """

    plan_item: str
    label: str
    kind: str
    n_enrolled: int
    n_analyzed: float
    effect: float
    unit: str
    power: float
    power_error: float
    smallest: float | None
    half_width: float | None
    sparse: float | None = None
    not_fitted: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerResult(Result):
    """Power of a study plan by simulation. One row a planned test and number of people enrolled."""

    tests: tuple[PlannedTest, ...]
    alpha: float
    target: float
    simulations: int
    seed: int
    assumptions: tuple[str, ...]
    notes: tuple[str, ...] = ()

    def rows(self) -> list[Row]:
        """One row a test and n."""
        return [row for test in self.tests for row in test.rows()]
