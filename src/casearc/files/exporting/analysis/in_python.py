"""The script in Python: pandas, NumPy and SciPy, without Casearc."""

from __future__ import annotations

from casearc.files.exporting.analysis.reproduced import ChangeTable, ModelTable, ModelTerm, MovesTable, Reproduced
from casearc.files.exporting.analysis.script import RESULTS_PYTHON, Language, Section, listed, quoted, sections_in

_START = """\
import numpy as np
import pandas as pd
from scipy import stats

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
    results.extend((table, row, column, value) for column, value in values.items())


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

_LINEAR = """\
def linear_model(table, terms, y, covariance):
    \"\"\"Least squares with the standard errors that the plan names; p and intervals from t with n - k df.\"\"\"
    X = np.column_stack([np.ones(len(y)), *terms.values()])
    n, k = X.shape
    Q, R = np.linalg.qr(X)
    b = np.linalg.solve(R, Q.T @ y)
    left = y - X @ b
    inverse = np.linalg.inv(R)
    bread = inverse @ inverse.T
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
        half = X @ inverse * (left * np.sqrt(weights[covariance]))[:, None]
        V = inverse @ (half.T @ half) @ inverse.T
    error = np.sqrt(np.diag(V))
    reach = stats.t.isf((1 - confidence) / 2, n - k) * error
    shown = pd.DataFrame(
        {
            "estimate": b,
            "conf_low": b - reach,
            "conf_high": b + reach,
            "std_error": error,
            "statistic": b / error,
            "p_value": 2 * stats.t.sf(np.abs(b / error), n - k),
            "std_estimate": b * X.std(axis=0, ddof=1) / y.std(ddof=1),
        },
        index=["Intercept", *terms],
    )
    shown.loc["Intercept", "std_estimate"] = np.nan
    for term, row in shown.iterrows():
        keep_results(table, term, row.dropna().to_dict())
    r_squared = 1 - (left**2).sum() / ((y - y.mean()) ** 2).sum()
    keep_results(f"{table}-fit", "n", {"value": n})
    keep_results(f"{table}-fit", "R\\u00b2", {"value": r_squared})
    print(table, shown, sep="\\n")"""

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


def _model(table: ModelTable) -> str:
    terms = "".join(f"    {quoted(term.label)}: {_term(term)},\n" for term in table.terms)
    return (
        f"inside = people[people[{quoted(table.member)}] == 1]\n"
        f"terms = {{\n{terms}}}\n"
        f"outcome = inside[{quoted(table.outcome)}].to_numpy(float)\n"
        f"linear_model({quoted(table.id)}, terms, outcome, {quoted(table.covariance)})"
    )


def _term(term: ModelTerm) -> str:
    column = f"inside[{quoted(term.column)}]"
    return f"{column}.isin([{listed(term.levels)}]).to_numpy(float)" if term.levels else f"{column}.to_numpy(float)"


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
    change=(_CHANGE, _change),
    model=(_LINEAR, _model),
    moves=(_MOVES, _moved),
    within=("\n", "\n\n", "\n"),
    between="\n\n\n",
)
