"""Clustered errors, intercepts for clusters and mixed models, in Python. NumPy and SciPy alone."""

from __future__ import annotations

from casearc.dose import DAYS_IN_MONTH
from casearc.files.exporting.analysis.in_python_matrix import inside_and_terms, named_terms, numbers, title
from casearc.files.exporting.analysis.script import Code, quoted
from casearc.files.exporting.analysis.tables import LinearTable, MixedTable

MIXED_TOOLS = r'''def mixed(X, y, group, own, satterthwaite=False):
    """Outcomes of a group vary together: their covariance is V = residual variance * I + own G own'.

    The columns of `own` are what differs from group to group. Estimates maximize the restricted likelihood.
    """
    own = own / np.sqrt((own**2).mean(axis=0))
    by_size = {}  # groups of equal size are worked on together
    for _, rows in pd.Series(range(len(y))).groupby(np.asarray(group)):
        by_size.setdefault(len(rows), []).append(rows.to_numpy())
    groups = [(X[rows], y[rows][:, :, None], own[rows]) for rows in map(np.array, by_size.values())]
    lower = np.tril_indices(own.shape[1])

    def G_at(theta):  # over the residual variance
        L = np.zeros((own.shape[1], own.shape[1]))
        L[lower] = theta
        return L @ L.T

    def criterion(theta):
        return least_squares(groups, G_at(theta))["criterion"]

    theta = np.eye(own.shape[1])[lower]
    for _ in range(2):
        close = {"xatol": 1e-8, "fatol": 1e-10, "maxiter": 2000, "maxfev": 2000}
        theta = optimize.minimize(criterion, theta, method="Nelder-Mead", options=close).x
    if theta.size == 1 and abs(theta[0]) < 1e-4:
        theta = np.zeros(1)
    at = least_squares(groups, G_at(theta))
    G = at["variance"] * G_at(theta)
    error, df = small_sample(groups, at, G, satterthwaite)
    return at | {"error": error, "df": df, "between": G[0, 0]}


def turned(matrices):
    return np.swapaxes(matrices, -1, -2)


def least_squares(groups, G):
    """Generalized least squares at a G, the residual variance there, and -2 log restricted likelihood."""
    products, log_det, n = 0.0, 0.0, 0
    for x, y, own in groups:
        root = np.linalg.cholesky(np.eye(y.shape[1]) + own @ G @ turned(own))
        whitened = np.linalg.solve(root, np.concatenate([x, y], axis=2))
        products = products + (turned(whitened) @ whitened).sum(axis=0)
        log_det += 2 * np.log(np.diagonal(root, axis1=1, axis2=2)).sum()
        n += y.size
    XX, Xy = products[:-1, :-1], products[:-1, -1]
    b = inverse(XX) @ Xy
    rss, df = products[-1, -1] - b @ Xy, n - b.size
    criterion = log_det + np.linalg.slogdet(XX)[1] + df * (np.log(2 * np.pi * rss / df) + 1)
    return {"b": b, "variance": rss / df, "criterion": criterion}


def small_sample(groups, at, G, satterthwaite):
    """Standard errors and degrees of freedom of the coefficients.

    The variances are the elements of G and the residual one; V is linear in them, with derivatives E. Kenward and Roger
    adjust the covariance and use the expected information of the variances, Satterthwaite's method the observed one.
    """
    spans = []
    for i, j in zip(*np.tril_indices(len(G))):
        span = np.zeros(G.shape)
        span[i, j] = span[j, i] = 1
        spans.append(span)
    every = range(len(spans) + 1)
    k, r = at["b"].size, len(every)
    XHX, first, second = np.zeros((k, k)), np.zeros((r, k, k)), np.zeros((r, r, k, k))
    pulled, traces, curved = np.zeros((k, r)), np.zeros((r, r)), np.zeros((r, r))
    for x, y, own in groups:
        unit = np.eye(y.shape[1])
        H = np.linalg.inv(at["variance"] * unit + own @ G @ turned(own))
        E = [*(own @ span @ turned(own) for span in spans), unit]
        HX, u = H @ x, H @ (y - x @ at["b"][:, None])
        XHX += (turned(x) @ HX).sum(axis=0)
        for i in every:
            first[i] += (turned(HX) @ E[i] @ HX).sum(axis=0)
            pulled[:, i] += (turned(HX) @ E[i] @ u).sum(axis=0)[:, 0]
            for j in every:
                both = E[i] @ H @ E[j]
                second[i, j] += (turned(HX) @ both @ HX).sum(axis=0)
                traces[i, j] += (H * both).sum()
                curved[i, j] += (turned(u) @ both @ u).sum()
    covariance = inverse(XHX)
    bent = covariance @ first
    twice = traces - 2 * np.einsum("ij,klji->kl", covariance, second) + np.einsum("kij,lji->kl", bent, bent)
    adjusted = covariance
    if satterthwaite:
        spread = inverse(curved - pulled.T @ covariance @ pulled - twice / 2)
    else:
        spread = 2 * inverse(twice)
        middle = np.einsum("kl,klij->ij", spread, second) - np.einsum("kl,kim,lmj->ij", spread, first, bent)
        adjusted = covariance + covariance @ (middle + middle.T) @ covariance
    slopes = np.einsum("kij,ji->ik", bent, covariance)
    return np.sqrt(np.diag(adjusted)), 2 * np.diag(covariance) ** 2 / ((slopes @ spread) * slopes).sum(axis=1)'''

_MIXED = r'''def measurements(people, waves):
    """One row a measurement, in the order of the waves; what was measured twice on a day counts once."""
    parts = [people.assign(day=people[day], value=people[score]) for day, score in waves]
    rows = pd.concat(parts).dropna(subset=["day", "value"])
    return rows.drop_duplicates(["participant_id", "day"])


def mixed_model(model, terms, rows, own, satterthwaite=False):
    X = np.column_stack(list(terms.values()))
    fit = mixed(X, rows["value"].to_numpy(float), rows["participant_id"], np.column_stack(own), satterthwaite)
    b, error, df = fit["b"], fit["error"], fit["df"]
    reach = stats.t.isf((1 - confidence) / 2, df) * error
    shown = pd.DataFrame(
        {
            "estimate": b,
            "conf_low": b - reach,
            "conf_high": b + reach,
            "std_error": error,
            "statistic": b / error,
            "p_value": 2 * stats.t.sf(np.abs(b / error), df),
        },
        index=[capital(term) for term in terms],
    )
    for term, row in shown.iterrows():
        keep_results(f"model_{model}", term, row)
    print(f"model_{model}", shown, sep="\n")'''

_INTERCEPTS = r"""def cluster_intercepts(model, terms, y, cluster, called):
    X = np.column_stack([np.ones(len(y)), *terms.values()])
    fit = mixed(X, y, cluster, own=np.ones((len(y), 1)))
    coefficients_table(f"model_{model}", terms, X, y, fit["b"], fit["error"], fit["df"])
    measures = {
        "n": len(y),
        f"SD between {called}s": np.sqrt(fit["between"]),
        f"SD within a {called}": np.sqrt(fit["variance"]),
        f"Correlation within a {called}": fit["between"] / (fit["between"] + fit["variance"]),
        "-2 log likelihood (restricted)": fit["criterion"],
    }
    keep_measures(f"model_{model}-fit", measures)"""

_CLUSTERED = r'''def inverse_root(matrix):
    """The inverse root of a symmetric matrix; directions that a cluster decides alone are left out."""
    values, vectors = np.linalg.eigh(matrix)
    kept = values > 1e-12
    return (vectors[:, kept] / np.sqrt(values[kept])) @ vectors[:, kept].T


def clustered_model(model, terms, y, cluster):
    X = np.column_stack([np.ones(len(y)), *terms.values()])
    Q, R = np.linalg.qr(X)
    back = np.linalg.inv(R)
    b = back @ (Q.T @ y)
    left = y - X @ b
    cluster = pd.factorize(np.asarray(cluster))[0]
    groups = [np.flatnonzero(cluster == each) for each in range(cluster.max() + 1)]
    # Each cluster's rows of Q, made larger by what fitting took from their residuals: the 2 of CR2.
    grown = [inverse_root(np.eye(len(rows)) - Q[rows] @ Q[rows].T) @ Q[rows] for rows in groups]
    scores = np.array([own.T @ left[rows] for rows, own in zip(groups, grown)])
    V = back @ (scores.T @ scores) @ back.T

    def added(contrast):
        """What the clusters add to a combination of coefficients: of their own, and in common."""
        own = [each @ (back.T @ contrast) for each in grown]
        return own, np.array([Q[rows].T @ part for rows, part in zip(groups, own)])

    # Satterthwaite: the df of the chi-square with the mean and variance of the squared error.
    B = [together(added(contrast), added(contrast)) for contrast in np.eye(len(b))]
    df = np.array([np.trace(each) ** 2 / (each**2).sum() for each in B])
    coefficients_table(f"model_{model}", terms, X, y, b, np.sqrt(np.diag(V)), np.where(df < 4, np.nan, df))
    measures = fit_measures(X, y, left) | whole_model(b[1:], V[1:, 1:], added)
    keep_measures(f"model_{model}-fit", measures)


def together(one, other):
    """How what clusters add varies together between them, if people have equal spread."""
    return np.diag([a @ b for a, b in zip(one[0], other[0])]) - one[1] @ other[1].T


def whole_model(b, V, added):
    """Hotelling's T2 of all slopes as F; nothing where its df are fewer than four.

    The df come from the mean and variance of the estimated covariance (Pustejovsky and Tipton 2018).
    """
    q = b.size
    slopes = np.eye(q + 1)[1:]
    parts = [added(contrast) for contrast in slopes]
    mean = np.array([[np.trace(together(one, other)) for other in parts] for one in parts])
    values, vectors = np.linalg.eigh(mean)
    if values[0] <= 1e-11 * values[-1] or np.linalg.matrix_rank(V) < q:
        return {}
    parts = [added(contrast) for contrast in (vectors / np.sqrt(values)).T @ slopes]
    variance = 0.0
    for one in parts:
        for other in parts:
            variance += (together(one, one) * together(other, other)).sum()
            variance += (together(one, other) * together(other, one)).sum()
    eta = q * (q + 1) / variance
    df = eta - q + 1
    if df < 4:
        return {}
    f = df / (eta * q) * (b @ inverse(V) @ b)
    return {"F": f, "p (F)": stats.f.sf(f, q, df)}'''


def _clustered(table: LinearTable) -> str:
    call = (
        f"outcome = {numbers(table.outcome)}\n"
        f"clustered_model({quoted(table.model)}, terms, outcome, inside[{quoted(table.cluster)}])"
    )
    return title(table.title) + inside_and_terms(table) + call


def _intercepts(table: LinearTable) -> str:
    call = (
        f"outcome = {numbers(table.outcome)}\ncluster = inside[{quoted(table.cluster)}]\n"
        f"cluster_intercepts({quoted(table.model)}, terms, outcome, cluster, {quoted(table.clusters)})"
    )
    return title(table.title) + inside_and_terms(table) + call


def _mixed(table: MixedTable) -> str:
    waves = "".join(f"        ({quoted(day)}, {quoted(score)}),\n" for day, score in table.waves)
    own = "[np.ones(len(inside)), months]" if table.slope else "[np.ones(len(inside))]"
    satterthwaite = ", satterthwaite=True" if table.satterthwaite else ""
    return (
        f"{title(table.title)}inside = measurements(\n    people[people[{quoted(table.member)}] == 1],\n"
        f"    [\n{waves}    ],\n)\n"
        f'months = inside["day"].to_numpy(float) / {DAYS_IN_MONTH}\n{_terms(table)}'
        f"mixed_model({quoted(table.model)}, terms, inside, own={own}{satterthwaite})"
    )


def _terms(table: MixedTable) -> str:
    """The columns of the matrix, with time in one piece or two and the products of doses with its last piece."""
    lines, pieces, last = "", {"Months since the start": "months"}, "months"
    if table.turn is not None:
        column, day = table.turn
        lines = (
            f'day = inside["day"].to_numpy(float)\nturn = inside[{quoted(column)}].fillna({day}).to_numpy(float)\n'
            f"before = np.minimum(day, turn) / {DAYS_IN_MONTH}\nduring = np.maximum(day - turn, 0) / {DAYS_IN_MONTH}\n"
        )
        last = "during"
        pieces = {"Months before the second pretest": "before", "Months since the second pretest": "during"}
    time = "".join(f"    {quoted(label)}: {name},\n" for label, name in pieces.items())
    doses = {each.label: each.column for each in table.terms if each.label in table.doses}
    products = "".join(
        f"    {quoted(f'{label}, a month')}: {numbers(column)} * {last},\n" for label, column in doses.items()
    )
    intercept = '    "Intercept": np.ones(len(inside)),\n'
    return f"{lines}terms = {{\n{intercept}{time}{named_terms(table.terms)}{products}}}\n"


CLUSTERED = Code(definition=_CLUSTERED, call=_clustered, needs=("coefficients",))
INTERCEPTS = Code(definition=_INTERCEPTS, call=_intercepts, needs=("coefficients", "mixed"))
MIXED = Code(definition=_MIXED, call=_mixed, needs=("mixed",))
