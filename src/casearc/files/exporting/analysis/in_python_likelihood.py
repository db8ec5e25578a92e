"""What is fitted by likelihood, in Python: tools that models of levels and counts have in common."""

from __future__ import annotations

LIKELIHOOD = r'''# A model is a function of its coefficients: it gives the log-likelihood, its first derivatives
# (slope) and the information.
normal_quantile = stats.norm.isf((1 - confidence) / 2)


def climb(model, start, held=()):
    """Newton's steps, halved where the likelihood would fall; coefficients that are held stay where they are.

    Where steps begin to circle the top they are halved from there on: the information ignores how a penalty bends.
    """
    b = np.array(start, dtype=float)
    free = np.setdiff1d(np.arange(b.size), held)
    value, slope, information = model(b)
    share, before = 1.0, np.inf
    for _ in range(500):
        step = np.zeros(b.size)
        step[free] = inverse(information[np.ix_(free, free)]) @ slope[free]
        promised = step @ slope
        if promised > before and before < 0.01:
            share = share / 2
        before = promised
        for halving in range(41):
            there = b + share * step / 2**halving
            found = model(there)
            if found[0] >= value - 1e-12 * (abs(value) + 1):
                break
        else:
            break
        b, (value, slope, information) = there, found
        if promised < 1e-18:
            break
    if not promised < 1e-12:
        raise ValueError("The fit did not settle.")
    return {"b": b, "value": value, "covariance": inverse(information)}


def held_fit(model, top, held, at, start=None):
    """The top where some coefficients are held; the others set out as they follow the held ones near the top of all."""
    start, V, held = top["b"] if start is None else start, top["covariance"], np.atleast_1d(held)
    along = start + V[:, held] @ inverse(V[np.ix_(held, held)]) @ (at - start[held])
    along[held] = at
    if not np.isfinite(model(along)[0]):
        along = start.copy()
        along[held] = at
    return climb(model, along, held)


def loss(model, top, held):
    """Twice what the log-likelihood loses where some coefficients are zero."""
    return max(2 * (top["value"] - held_fit(model, top, held, 0.0)["value"]), 0)


def profile_limits(model, top, place):
    """The values of a coefficient that the likelihood-ratio test does not reject.

    Beyond 12, or where there is no end, a limit is open.
    """
    last = {}

    def too_far(value):
        try:
            fit = held_fit(model, top, place, value, last["b"])
        except (ValueError, np.linalg.LinAlgError):
            return np.nan
        last["b"] = fit["b"]
        return 2 * (top["value"] - fit["value"]) - normal_quantile**2

    def end(side):
        last["b"], inner = top["b"], top["b"][place]
        reach = side * normal_quantile * np.sqrt(top["covariance"][place, place])
        for _ in range(60):
            lost = too_far(inner + reach)
            if lost >= 0 or abs(inner) >= 12:
                break
            if np.isnan(lost):
                reach = reach / 2
            else:
                inner, reach = inner + reach, 1.5 * reach
        if not lost >= 0:
            return np.nan
        found = optimize.brentq(too_far, inner, inner + reach, xtol=1e-12 * abs(reach), rtol=1e-14)
        return found if abs(found) < 12 else np.nan

    return end(-1), end(1)


def derivative(f, b, covariance):
    """By how much each part of what f gives changes with each coefficient: central differences, a column each."""
    columns = []
    for place, width in enumerate(1e-4 * np.sqrt(np.diag(covariance))):
        shift = np.zeros(b.size)
        shift[place] = width
        columns.append((f(b + shift) - f(b - shift)) / (2 * width))
    return np.stack(columns, axis=-1)


def coded(values, levels):
    """Each person's level as a number: 0 for the first. `levels` has the codes that make up each level."""
    code = {each: place for place, codes in enumerate(levels.values()) for each in codes}
    return values.map(code).to_numpy(int)


def clustered(covariance, slopes, cluster):
    """Covariance CR1 for what is alike within clusters, from each person's slope."""
    totals = pd.DataFrame(slopes).groupby(np.asarray(cluster)).sum().to_numpy()
    (n, k), groups = slopes.shape, len(totals)
    factor = groups / (groups - 1) * (n - 1) / (n - k)
    return covariance @ (totals.T @ totals) @ covariance * factor


def law_of(cluster):
    """The normal distribution, or with clusters t on their number less one."""
    return stats.norm if cluster is None else stats.t(len(np.unique(cluster)) - 1)


def bounded(limits):
    return [limit if abs(limit) < 12 else np.nan for limit in limits]'''
