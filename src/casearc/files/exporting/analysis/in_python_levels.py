"""Models of levels, multinomial and ordinal, in Python."""

from __future__ import annotations

from casearc.files.exporting.analysis.in_python_matrix import inside_and_terms, title
from casearc.files.exporting.analysis.script import Code, listed, quoted
from casearc.files.exporting.analysis.tables import LevelsTable

EFFECTS = r'''def average_effects(model, terms, levels, effects_of, X, fit, shares, slopes, law):
    """Percentage points in the probability of each level for one unit more, with intervals by the delta method.

    `shares` gives the probability of each level (columns) of each person, `slopes` how these change with a column of X.
    A column of zeros and ones is told as the change from 0 to 1, the other indicators of the same factor at 0.
    """
    for term, others in effects_of.items():
        place, rest = terms.index(term), [terms.index(other) for other in others]
        indicator = np.isin(X[:, place], (0, 1)).all()
        off = X.copy()
        off[:, [place, *rest]] = 0
        on = off.copy()
        on[:, place] = 1

        def effect(b):
            points = shares(b, on) - shares(b, off) if indicator else slopes(b, X, place)
            return 100 * points.mean(axis=0)

        points = effect(fit["b"])
        J = derivative(effect, fit["b"], fit["covariance"])
        reach = law.isf((1 - confidence) / 2) * np.sqrt(((J @ fit["covariance"]) * J).sum(axis=1))
        shown = pd.DataFrame(
            {"estimate": points, "conf_low": points - reach, "conf_high": points + reach},
            index=[capital(level) for level in levels],
        )
        for level, row in shown.iterrows():
            keep_results(f"effects_{model}", f"{term}: {level}", row)
        print(f"effects_{model}", term, shown, sep="\n")'''

_MULTINOMIAL = r'''def level_shares(b, X):
    eta = np.column_stack([np.zeros(len(X)), X @ b.reshape(-1, X.shape[1]).T])
    odds = np.exp(eta - eta.max(axis=1, keepdims=True))
    return odds / odds.sum(axis=1, keepdims=True)


def level_slopes(b, X, place):
    own = np.concatenate([[0], b.reshape(-1, X.shape[1])[:, place]])
    P = level_shares(b, X)
    return P * (own - (P @ own)[:, None])


def left_over(b, X, level):
    """Whether each person is at each level after the first, less its probability."""
    P = level_shares(b, X)
    return (level[:, None] == np.arange(P.shape[1]))[:, 1:] - P[:, 1:]


def multinomial_likelihood(X, level, penalized):
    """Coefficients level by level.

    Penalized: half the log determinant of the information is added (Firth's penalty, Jeffreys' prior).
    """
    free = range(level.max())

    def likelihood(b):
        shares = level_shares(b, X)
        value, P = np.log(np.maximum(shares[np.arange(len(level)), level], 1e-300)).sum(), shares[:, 1:]

        def block(one, other):
            return X.T @ (X * (P[:, one] * ((one == other) - P[:, other]))[:, None])

        information = np.block([[block(one, other) for other in free] for one in free])
        left = left_over(b, X, level)
        if penalized:
            value = value + np.linalg.slogdet(information)[1] / 2
            left = left + firth(X, P, inverse(information))
        return value, (left.T @ X).ravel(), information

    return likelihood


def firth(X, P, V):
    """Half the derivative of the log determinant, for each person and level."""
    k, free = X.shape[1], P.shape[1]
    variance = np.einsum("ni,aicj,nj->nac", X, V.reshape(free, k, free, k), X)
    own = np.einsum("naa->na", variance) - 2 * np.einsum("nac,nc->na", variance, P)
    return P * (own - (P * own).sum(axis=1, keepdims=True)) / 2


def multinomial(model, terms, level, levels, effects_of, penalized=False, cluster=None, tests=None):
    names, X = ["Intercept", *terms], np.column_stack([np.ones(len(level)), *terms.values()])
    k, equations, law = len(names), len(levels) - 1, law_of(cluster)
    likelihood = multinomial_likelihood(X, level, penalized)
    fit = climb(likelihood, np.zeros(k * equations))
    if cluster is not None:
        slopes = left_over(fit["b"], X, level)[:, :, None] * X[:, None, :]
        fit["covariance"] = clustered(fit["covariance"], slopes.reshape(len(X), -1), cluster)
    for equation, name in enumerate(levels[1:]):
        against = f"{capital(name)}, against {levels[0]}"
        rows = [odds_row(likelihood, fit, equation * k + place, penalized, law, place == 0) for place in range(k)]
        shown = pd.DataFrame(rows, index=names)
        for term, row in shown.iterrows():
            keep_results(f"model_{model}", f"{against}: {term}", row)
        print(f"model_{model}", against, shown, sep="\n")
    multinomial_fit(f"model_{model}-fit", likelihood, fit, X, level, penalized, cluster)
    for term, label in (tests or {}).items():
        places = names.index(term) + k * np.arange(equations)
        p = over_levels(likelihood, fit, places, cluster)
        keep_results("all_tests", label, {"p_value": p})
        print(f"{term}, over all levels: p = {p:.3g}")
    average_effects(model, names, levels, effects_of, X, fit, level_shares, level_slopes, law)


def odds_row(likelihood, fit, place, penalized, law, intercept):
    b, error, odds = fit["b"][place], np.sqrt(fit["covariance"][place, place]), {}
    statistic = np.sign(b) * np.sqrt(loss(likelihood, fit, place)) if penalized else b / error
    if not intercept:
        reach = law.isf((1 - confidence) / 2) * error
        limits = profile_limits(likelihood, fit, place) if penalized else bounded([b - reach, b + reach])
        odds = dict(zip(["odds_ratio", "conf_low", "conf_high"], np.exp([b, *limits])))
    return odds | {"estimate": b, "std_error": error, "statistic": statistic, "p_value": 2 * law.sf(abs(statistic))}


def over_levels(likelihood, fit, places, cluster):
    """One test of a term over all levels: by likelihood ratio, with clusters by Wald's F."""
    if cluster is None:
        return stats.chi2.sf(loss(likelihood, fit, places), places.size)
    b = fit["b"][places]
    wald = b @ inverse(fit["covariance"][np.ix_(places, places)]) @ b
    return stats.f.sf(wald / places.size, places.size, len(np.unique(cluster)) - 1)


def multinomial_fit(table, likelihood, fit, X, level, penalized, cluster):
    n, k = X.shape
    value = np.log(level_shares(fit["b"], X)[np.arange(n), level]).sum()
    counts = np.bincount(level)
    null = (counts * np.log(counts / n)).sum()
    slopes = np.setdiff1d(np.arange(fit["b"].size), np.arange(0, fit["b"].size, k))
    measures = {"n": n, "Log-likelihood": value}
    if cluster is None:
        ratio = loss(likelihood, fit, slopes) if penalized else 2 * (value - null)
        measures |= {"Likelihood ratio \u03c7\u00b2, whole model": ratio, "df": slopes.size}
        measures |= {"p": stats.chi2.sf(ratio, slopes.size)}
    cox_snell = 1 - np.exp(2 * (null - value) / n)
    measures |= {"McFadden R\u00b2": 1 - value / null, "Cox-Snell R\u00b2": cox_snell}
    keep_measures(table, measures | {"Nagelkerke R\u00b2": cox_snell / (1 - np.exp(2 * null / n))})'''

_ORDINAL = r'''def splits_below(b, X):
    free = b.size - X.shape[1]
    return special.expit(b[:free] - (X @ b[free:])[:, None])


def ordered_shares(b, X):
    return np.diff(splits_below(b, X), prepend=0, append=1)


def ordered_slopes(b, X, place):
    below = splits_below(b, X)
    return -b[below.shape[1] + place] * np.diff(below * (1 - below), prepend=0, append=0)


def ordinal_parts(b, X, level):
    """Of each person: the shares, their derivatives (levels, people, coefficients), and that of the own log share."""
    below = splits_below(b, X)
    (n, free), k = below.shape, X.shape[1]
    splits = np.concatenate([np.repeat(np.eye(free)[:, None], n, axis=1), np.broadcast_to(-X, (free, n, k))], axis=2)
    shares = np.maximum(np.diff(below, prepend=0, append=1), 1e-300)
    steps = np.diff((below * (1 - below)).T[:, :, None] * splits, axis=0, prepend=0, append=0)
    people = np.arange(n)
    return below, splits, shares, steps, steps[level, people] / shares[people, level][:, None]


def ordinal_likelihood(X, level, penalized):
    """logit P(this level or below) = threshold - X b: thresholds come first.

    Penalized: half the log determinant of the expected information is added (Jeffreys).
    """
    free = level.max()

    def expected(b):
        _, _, shares, steps, _ = ordinal_parts(b, X, level)
        return sum(step.T @ (step / share[:, None]) for step, share in zip(steps, shares.T))

    def penalty(b):
        return np.linalg.slogdet(expected(b))[1] / 2

    def likelihood(b):
        if (np.diff(b[:free]) <= 0).any():
            return -np.inf, None, None
        below, splits, shares, _, left = ordinal_parts(b, X, level)
        mine = shares[np.arange(len(level)), level]
        value, slope = np.log(mine).sum(), left.sum(axis=0)
        if penalized:
            information = expected(b)
            return value + penalty(b), slope + derivative(penalty, b, inverse(information)), information
        information = left.T @ left
        bend = below * (1 - below) * (1 - 2 * below)
        for split, rows in enumerate(splits):
            weight = bend[:, split] * ((level == split) * 1.0 - (level == split + 1)) / mine
            information = information - rows.T @ (rows * weight[:, None])
        return value, slope, information

    return likelihood


def ordinal(model, terms, level, levels, effects_of, penalized=False, cluster=None):
    X, law = np.column_stack(list(terms.values())), law_of(cluster)
    likelihood = ordinal_likelihood(X, level, penalized)
    below = np.cumsum(np.bincount(level))[:-1] / len(level)
    fit = climb(likelihood, np.concatenate([special.logit(below), np.zeros(len(terms))]))
    if cluster is not None:
        fit["covariance"] = clustered(fit["covariance"], ordinal_parts(fit["b"], X, level)[-1], cluster)

    def one(place):
        b, error = fit["b"][place], np.sqrt(fit["covariance"][place, place])
        if cluster is None:
            low, high = profile_limits(likelihood, fit, place)
            p = stats.chi2.sf(loss(likelihood, fit, place), 1)
        else:
            reach = law.isf((1 - confidence) / 2) * error
            low, high = bounded([b - reach, b + reach])
            p = 2 * law.sf(abs(b / error))
        odds = {"odds_ratio": np.exp(b), "conf_low": np.exp(low), "conf_high": np.exp(high)}
        return odds | {"estimate": b, "std_error": error, "p_value": p}

    shown = pd.DataFrame([one(below.size + place) for place in range(len(terms))], index=list(terms))
    for term, row in shown.iterrows():
        keep_results(f"model_{model}", term, row)
    print(f"model_{model}", shown, sep="\n")
    average_effects(model, list(terms), levels, effects_of, X, fit, ordered_shares, ordered_slopes, law)'''


def _levels(table: LevelsTable) -> str:
    levels = "".join(f"    {quoted(name)}: [{listed(codes)}],\n" for name, codes in table.levels)
    return f"levels = {{\n{levels}}}\nlevel = coded(inside[{quoted(table.outcome)}], levels)\n"


def _fit(function: str, table: LevelsTable, *more: str) -> str:
    effects = "".join(f"        {quoted(term)}: [{listed(others)}],\n" for term, others in table.effects)
    given = [f"    effects_of={{\n{effects}    }},\n"]
    given += ["    penalized=True,\n"] if table.penalized else []
    given += [f"    cluster=inside[{quoted(table.cluster)}],\n"] if table.cluster else []
    start = f"{function}(\n    {quoted(table.model)},\n    terms,\n    level,\n    list(levels),\n"
    return start + "".join((*given, *more)) + ")"


def _multinomial(table: LevelsTable) -> str:
    told = "".join(f"        {quoted(term)}: {quoted(label)},\n" for term, label in table.tests)
    tests = f"    tests={{\n{told}    }},\n" if told else ""
    return title(table.title) + inside_and_terms(table) + _levels(table) + _fit("multinomial", table, tests)


def _ordinal(table: LevelsTable) -> str:
    return title(table.title) + inside_and_terms(table) + _levels(table) + _fit("ordinal", table)


MULTINOMIAL = Code(definition=_MULTINOMIAL, call=_multinomial, needs=("likelihood", "effects"))
ORDINAL = Code(definition=_ORDINAL, call=_ordinal, needs=("likelihood", "effects"))
