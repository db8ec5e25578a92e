"""The script in Python: pandas, NumPy and SciPy, without Casearc."""

from __future__ import annotations

from casearc.files.exporting.analysis.in_python_counts import COUNTS
from casearc.files.exporting.analysis.in_python_levels import EFFECTS, MULTINOMIAL, ORDINAL
from casearc.files.exporting.analysis.in_python_likelihood import LIKELIHOOD
from casearc.files.exporting.analysis.in_python_matrix import inside_and_terms, numbers, title
from casearc.files.exporting.analysis.in_python_mixed import CLUSTERED, INTERCEPTS, MIXED, MIXED_TOOLS
from casearc.files.exporting.analysis.script import RESULTS_PYTHON, Code, Language, Section, listed, quoted, sections_in
from casearc.files.exporting.analysis.tables import ChangeTable, LinearTable, MovesTable, Reproduced

_START = """\
import numpy as np
import pandas as pd
from scipy import optimize, special, stats

confidence = {level}
text_columns = [{text_columns}]
people = pd.read_csv(
    {data},
    dtype=dict.fromkeys(text_columns, str),
    keep_default_na=False,
    na_values=[""],
)
results = []


def keep_results(table, row, values):
    results.extend((table, row, column, value) for column, value in values.items() if np.isfinite(value))


def keep_measures(table, measures):
    for name, value in measures.items():
        keep_results(table, name, {{"value": value}})
    print(table, pd.Series(measures), sep="\\n")


def capital(text):
    return text[:1].upper() + text[1:]


def inverse(matrix):
    \"\"\"Scaled first: coefficients differ in unit.\"\"\"
    size = np.sqrt(np.diag(matrix))
    return np.linalg.inv(matrix / np.outer(size, size)) / np.outer(size, size)


def measured_twice(before, after, day_before, day_after):
    kept = people[[before, after, day_before, day_after]].dropna()
    kept = kept[kept[day_after] > kept[day_before]]
    return kept[before].to_numpy(), kept[after].to_numpy()"""

_CHANGE = """\
# Differences closer than this share of the largest are tied: scores are means of items.
TIED = 1e-10


def signed_rank(change):
    size = np.abs(change)
    closest = TIED * size.max()
    changed = size > closest
    size = size[changed]
    order = np.argsort(size, kind="stable")
    group = np.concatenate([[0], np.cumsum(np.diff(size[order]) > closest)])
    places = np.arange(1.0, len(size) + 1)
    means = np.bincount(group, weights=places) / np.bincount(group)
    rank = np.empty(len(size))
    rank[order] = means[group]
    v = rank[change[changed] > 0].sum()
    return v, normal_p(rank, v) if len(rank) > 2000 else exact_p(rank, v)


def exact_p(rank, v):
    \"\"\"Every pattern of signs is as likely as any other; ranks are doubled to be whole.\"\"\"
    doubled = np.rint(2 * rank).astype(int)
    share = np.ones(1)
    for step in doubled:
        nothing = np.zeros(step)
        share = (np.concatenate([share, nothing]) + np.concatenate([nothing, share])) / 2
    smaller = min(round(2 * v), doubled.sum() - round(2 * v))
    return min(1.0, 2 * share[: smaller + 1].sum())


def normal_p(rank, v):
    distance = max(abs(v - rank.sum() / 2) - 0.5, 0)
    return 2 * stats.norm.sf(distance / np.sqrt((rank**2).sum() / 4))


def paired_change(table, row, before, after):
    change = after - before
    n = len(change)
    error = change.std(ddof=1) / np.sqrt(n)
    t = change.mean() / error
    reach = stats.t.isf((1 - confidence) / 2, n - 1) * error
    v, p_wilcoxon = signed_rank(change)
    described = {
        "n": n,
        "mean_before": before.mean(),
        "sd_before": before.std(ddof=1),
        "mean_after": after.mean(),
        "sd_after": after.std(ddof=1),
        "estimate": change.mean(),
        "conf_low": change.mean() - reach,
        "conf_high": change.mean() + reach,
    }
    tested = {
        "statistic": t,
        "df": n - 1,
        "p_value": 2 * stats.t.sf(abs(t), n - 1),
        "signed_rank": v,
        "p_wilcoxon": p_wilcoxon,
    }
    keep_results(table, row, described)
    keep_results(f"{table}-tests", row, tested)
    print(table, row, pd.Series(described | tested), sep="\\n")"""

_COEFFICIENTS = """\
def coefficients_table(table, terms, X, y, b, error, df):
    \"\"\"p and intervals from t; none where the df are missing. The last column is B in standard deviations.\"\"\"
    reach = stats.t.isf((1 - confidence) / 2, df) * error
    shown = pd.DataFrame(
        {
            "estimate": b,
            "conf_low": b - reach,
            "conf_high": b + reach,
            "std_error": error,
            "statistic": b / error,
            "p_value": 2 * stats.t.sf(np.abs(b / error), df),
            "std_estimate": b * X.std(axis=0, ddof=1) / y.std(ddof=1),
        },
        index=["Intercept", *terms],
    )
    shown.loc["Intercept", "std_estimate"] = np.nan
    for term, row in shown.iterrows():
        keep_results(table, term, row)
    print(table, shown, sep="\\n")


def fit_measures(X, y, left):
    n, k = X.shape
    r_squared = 1 - (left**2).sum() / ((y - y.mean()) ** 2).sum()
    return {
        "n": n,
        "R\\u00b2": r_squared,
        "Adjusted R\\u00b2": 1 - (1 - r_squared) * (n - 1) / (n - k),
        "df, model": k - 1,
        "df, residual": n - k,
        "Residual SD": np.sqrt((left**2).sum() / (n - k)),
    }"""

_LINEAR = """\
def linear_model(model, terms, y, covariance):
    \"\"\"Least squares with the standard errors that the plan names (HC3 by default); t and F with n - k df.\"\"\"
    X = np.column_stack([np.ones(len(y)), *terms.values()])
    n, k = X.shape
    Q, R = np.linalg.qr(X)
    b = np.linalg.solve(R, Q.T @ y)
    left = y - X @ b
    back = np.linalg.inv(R)
    bread = back @ back.T
    leverage = (Q**2).sum(axis=1)
    weights = {
        "HC0": np.ones(n),
        "HC1": np.full(n, n / (n - k)),
        "HC2": 1 / (1 - leverage),
        "HC3": 1 / (1 - leverage) ** 2,
    }
    if covariance == "classical":
        V = bread * (left**2).sum() / (n - k)
    else:
        half = X @ back * (left * np.sqrt(weights[covariance]))[:, None]
        V = back @ (half.T @ half) @ back.T
    coefficients_table(f"model_{model}", terms, X, y, b, np.sqrt(np.diag(V)), n - k)
    f = b[1:] @ inverse(V[1:, 1:]) @ b[1:] / (k - 1)
    tested = {"F": f, "p (F)": stats.f.sf(f, k - 1, n - k)}
    keep_measures(f"model_{model}-fit", fit_measures(X, y, left) | tested)"""

_MOVES = """\
def moves(table, before, after, levels, merged=None):
    before, after = (pd.Series(side).replace(merged or {}) for side in (before, after))
    counted = pd.crosstab(before, after).reindex(index=levels, columns=levels, fill_value=0)
    shown = counted.assign(total=counted.sum(axis=1))
    shown.loc["All"] = shown.sum()
    shown.columns = [*(f"to_{level}" for level in levels), "total"]
    for level, row in shown.iterrows():
        keep_results(table, level, row.to_dict())
    print(table, shown, sep="\\n")"""

_END = """\
everything = pd.DataFrame(results, columns=["table", "row", "column", "value"])
everything.to_csv({results}, index=False)"""


def python_sections(what: Reproduced) -> tuple[Section, ...]:
    """The script's sections.

    Parameters
    ----------
    what
        What is made again.

    Returns
    -------
    tuple of Section

    Examples
    --------
    >>> python_sections(what)[0].heading  # doctest: +SKIP
    'The rows'
    """
    return tuple(sections_in(_LANGUAGE, what))


def _change(table: ChangeTable) -> str:
    return "\n".join(
        f"paired_change(\n    {quoted(table.id)},\n    {quoted(pair.between)},\n    *measured_twice(\n"
        f"        {quoted(pair.before)}, {quoted(pair.after)},\n"
        f"        {quoted(pair.day_before)}, {quoted(pair.day_after)},\n    ),\n)"
        for pair in table.pairs
    )


def _linear(table: LinearTable) -> str:
    call = f"linear_model({quoted(table.model)}, terms, {numbers(table.outcome)}, {quoted(table.covariance)})"
    return title(table.title) + inside_and_terms(table) + call


def _moved(table: MovesTable) -> str:
    pair = table.pair
    merged = ", ".join(f"{quoted(old)}: {quoted(new)}" for old, new in table.merged)
    return (
        f"moves(\n    {quoted(table.id)},\n    *measured_twice(\n"
        f"        {quoted(pair.before)}, {quoted(pair.after)},\n"
        f"        {quoted(pair.day_before)}, {quoted(pair.day_after)},\n    ),\n"
        f"    levels=[{listed(table.levels)}],\n{f'    merged={{{merged}}},' + chr(10) if merged else ''})"
    )


_LANGUAGE = Language(
    start=_START,
    end=_END,
    results=RESULTS_PYTHON,
    shared={"coefficients": _COEFFICIENTS, "likelihood": LIKELIHOOD, "effects": EFFECTS, "mixed": MIXED_TOOLS},
    codes={
        "changes": Code(definition=_CHANGE, call=_change, within="\n"),
        "linear": Code(definition=_LINEAR, call=_linear, needs=("coefficients",)),
        "clustered": CLUSTERED,
        "intercepts": INTERCEPTS,
        "multinomial": MULTINOMIAL,
        "ordinal": ORDINAL,
        "counts": COUNTS,
        "mixed": MIXED,
        "moves": Code(definition=_MOVES, call=_moved, within="\n"),
    },
    between="\n\n\n",
)
