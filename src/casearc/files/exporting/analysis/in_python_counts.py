"""Count models, in Python."""

from __future__ import annotations

from casearc.files.exporting.analysis.in_python_matrix import inside_and_terms, numbers, title
from casearc.files.exporting.analysis.script import Code, quoted
from casearc.files.exporting.analysis.tables import CountTable

_COUNTS = r'''def poisson_likelihood(X, y, offset):
    def likelihood(b):
        mu = np.exp(X @ b + offset)
        value = (y * (X @ b + offset) - mu - special.gammaln(y + 1)).sum()
        return value, X.T @ (y - mu), X.T @ (X * mu[:, None])

    return likelihood


def negative_binomial_likelihood(X, y, offset):
    """Coefficients, and last the logarithm of the spread beyond Poisson's: the variance is mu + spread mu^2."""
    k = X.shape[1]

    def likelihood(b):
        mu, theta = np.exp(X @ b[:k] + offset), np.exp(-b[k])
        value = special.gammaln(y + theta) - special.gammaln(theta) - special.gammaln(y + 1)
        value = value + y * np.log(mu / (mu + theta)) + theta * np.log(theta / (mu + theta))
        first = special.digamma(y + theta) - special.digamma(theta) + np.log(theta / (mu + theta))
        first = (first + 1 - (y + theta) / (mu + theta)).sum()
        second = special.polygamma(1, y + theta) - special.polygamma(1, theta) + 1 / theta
        second = (second - 2 / (mu + theta) + (y + theta) / (mu + theta) ** 2).sum()
        information = np.zeros((k + 1, k + 1))
        information[:k, :k] = X.T @ (X * (mu / (1 + mu / theta))[:, None])
        information[k, k] = abs(theta * first + theta**2 * second) + 1e-8
        slope = np.append(X.T @ ((y - mu) / (1 + mu / theta)), -theta * first)
        return value.sum(), slope, information

    return likelihood


def count_model(model, terms, y, months=1):
    X, offset = np.column_stack([np.ones(len(y)), *terms.values()]), np.log(months) + np.zeros(len(y))
    n, k = X.shape
    start = np.linalg.lstsq(X, np.log(y + 0.1) - offset, rcond=None)[0]
    poisson = climb(poisson_likelihood(X, y, offset), start)
    mu = np.exp(X @ poisson["b"] + offset)
    excess, p_spread = ((y - mu) ** 2 - y).sum(), 1.0
    if excess > 0:
        likelihood = negative_binomial_likelihood(X, y, offset)
        try:
            spread = climb(likelihood, np.append(poisson["b"], np.log(excess / (mu**2).sum())))
            p_spread = stats.chi2.sf(max(2 * (spread["value"] - poisson["value"]), 0), 1) / 2
        except (ValueError, np.linalg.LinAlgError):
            pass
    if p_spread < 1 - confidence:
        family, law, fit = "negative binomial", stats.norm, spread
        error = np.sqrt(np.diag(fit["covariance"]))
        limits = {place: profile_limits(likelihood, fit, place) for place in range(1, k)}
    else:
        family, law, fit = "Poisson, HC3", stats.t(n - k), poisson
        B = fit["covariance"]
        left = (y - mu) / (1 - mu * ((X @ B) * X).sum(axis=1))
        error = np.sqrt(np.diag(B @ ((X * left[:, None]).T @ (X * left[:, None])) @ B))
        reach = law.isf((1 - confidence) / 2) * error
        ends = np.column_stack([fit["b"] - reach, fit["b"] + reach])
        limits = {place: bounded(ends[place]) for place in range(1, k)}
    shown = pd.DataFrame(
        {
            "rate_ratio": np.exp(fit["b"][1:k]),
            "conf_low": [np.exp(low) for low, _ in limits.values()],
            "conf_high": [np.exp(high) for _, high in limits.values()],
            "std_error": error[1:k],
            "p_value": 2 * law.sf(np.abs(fit["b"][1:k] / error[1:k])),
        },
        index=[capital(term) for term in terms],
    )
    for term, row in shown.iterrows():
        keep_results(f"model_{model}", term, row)
    print(f"model_{model}", f"{family}; more spread than Poisson's: p = {p_spread:.3g}", shown, sep="\n")'''


def _count(table: CountTable) -> str:
    months = f", {numbers(table.exposure)}" if table.exposure else ""
    call = f"count_model({quoted(table.model)}, terms, {numbers(table.outcome)}{months})"
    return title(table.title) + inside_and_terms(table) + call


COUNTS = Code(definition=_COUNTS, call=_count, needs=("likelihood",))
