"""The script in R: base R alone, no packages."""

from __future__ import annotations

from casearc.files.exporting.analysis.in_r_counts import COUNTS
from casearc.files.exporting.analysis.in_r_levels import EFFECTS, MULTINOMIAL, ORDINAL
from casearc.files.exporting.analysis.in_r_likelihood import LIKELIHOOD
from casearc.files.exporting.analysis.in_r_matrix import people_and_matrix, title
from casearc.files.exporting.analysis.in_r_mixed import CLUSTERED, INTERCEPTS, MIXED, MIXED_TOOLS
from casearc.files.exporting.analysis.script import RESULTS_R, Code, Language, Section, listed, quoted, sections_in
from casearc.files.exporting.analysis.tables import ChangeTable, LinearTable, MovesTable, Reproduced

_START = """\
confidence <- {level}
text_columns <- c({text_columns})
people <- read.csv({data},
  check.names = FALSE, na.strings = "", fileEncoding = "UTF-8",
  colClasses = setNames(rep("character", length(text_columns)), text_columns)
)
results <- list()

heading <- function(...) cat("\\n", paste(..., sep = ", "), "\\n", sep = "")

keep_results <- function(table, row, values) {{
  rows <- data.frame(table = table, row = row, column = names(values), value = unlist(values, use.names = FALSE))
  results[[length(results) + 1]] <<- rows[is.finite(rows$value), ]
}}

# Scaled first: coefficients differ in unit.
inverse <- function(matrix) {{
  size <- sqrt(diag(matrix))
  solve(matrix / outer(size, size)) / outer(size, size)
}}

capital <- function(text) paste0(toupper(substr(text, 1, 1)), substring(text, 2))

measured_twice <- function(before, after, day_before, day_after) {{
  kept <- !is.na(people[[before]]) & !is.na(people[[after]])
  kept <- kept & !is.na(people[[day_before]]) & !is.na(people[[day_after]])
  kept[kept] <- people[[day_after]][kept] > people[[day_before]][kept]
  data.frame(before = people[[before]][kept], after = people[[after]][kept])
}}"""

_CHANGE = """\
# Differences closer than this share of the largest are tied: scores are means of items.
tied <- 1e-10

signed_rank <- function(change) {
  size <- abs(change)
  closest <- tied * max(size)
  changed <- size > closest
  size <- size[changed]
  sorted <- order(size)
  group <- cumsum(c(TRUE, diff(size[sorted]) > closest))
  rank <- numeric(length(size))
  rank[sorted] <- ave(as.numeric(seq_along(size)), group)
  v <- sum(rank[change[changed] > 0])
  c(signed_rank = v, p_wilcoxon = if (length(rank) > 2000) normal_p(rank, v) else exact_p(rank, v))
}

# Every pattern of signs is as likely as any other; ranks are doubled to be whole.
exact_p <- function(rank, v) {
  doubled <- round(2 * rank)
  share <- 1
  for (step in doubled) share <- (c(share, numeric(step)) + c(numeric(step), share)) / 2
  smaller <- min(round(2 * v), sum(doubled) - round(2 * v))
  min(1, 2 * sum(share[seq_len(smaller + 1)]))
}

normal_p <- function(rank, v) {
  distance <- max(abs(v - sum(rank) / 2) - 0.5, 0)
  2 * pnorm(-distance / sqrt(sum(rank^2) / 4))
}

paired_change <- function(table, row, scores) {
  change <- scores$after - scores$before
  n <- length(change)
  error <- sd(change) / sqrt(n)
  t <- mean(change) / error
  reach <- qt(1 - (1 - confidence) / 2, n - 1) * error
  described <- c(
    n = n, mean_before = mean(scores$before), sd_before = sd(scores$before),
    mean_after = mean(scores$after), sd_after = sd(scores$after),
    estimate = mean(change), conf_low = mean(change) - reach, conf_high = mean(change) + reach
  )
  tested <- c(statistic = t, df = n - 1, p_value = 2 * pt(-abs(t), n - 1), signed_rank(change))
  keep_results(table, row, described)
  keep_results(paste0(table, "-tests"), row, tested)
  heading(table, row)
  print(c(described, tested))
}"""

_COEFFICIENTS = """\
# Least squares' table: p and intervals from t; none where the df are missing. The last column is B in standard
# deviations of outcome and term.
coefficients_table <- function(table, X, y, b, error, df) {
  reach <- qt(1 - (1 - confidence) / 2, df) * error
  shown <- data.frame(
    estimate = b, conf_low = b - reach, conf_high = b + reach, std_error = error, statistic = b / error,
    p_value = 2 * pt(-abs(b / error), df), std_estimate = b * apply(X, 2, sd) / sd(y), row.names = colnames(X)
  )
  shown$std_estimate[1] <- NA
  for (term in rownames(shown)) keep_results(table, term, shown[term, ])
  heading(table)
  print(shown)
}

fit_measures <- function(X, y, left) {
  n <- nrow(X)
  k <- ncol(X)
  r_squared <- 1 - sum(left^2) / sum((y - mean(y))^2)
  c(
    "n" = n, "R\\u00b2" = r_squared, "Adjusted R\\u00b2" = 1 - (1 - r_squared) * (n - 1) / (n - k),
    "df, model" = k - 1, "df, residual" = n - k, "Residual SD" = sqrt(sum(left^2) / (n - k))
  )
}

keep_measures <- function(table, measures) {
  keep_results(table, names(measures), list(value = measures))
  print(measures)
}"""

_LINEAR = """\
# Least squares with the standard errors that the plan names (HC3 by default); t and F with n - k df.
linear_model <- function(model, X, y, covariance) {
  n <- nrow(X)
  k <- ncol(X)
  decomposed <- qr(X, LAPACK = FALSE)
  b <- as.vector(qr.coef(decomposed, y))
  left <- y - as.vector(X %*% b)
  bread <- chol2inv(qr.R(decomposed))
  leverage <- rowSums(qr.Q(decomposed)^2)
  weight <- switch(covariance,
    classical = NULL, HC0 = 1, HC1 = n / (n - k), HC2 = 1 / (1 - leverage), HC3 = 1 / (1 - leverage)^2
  )
  V <- if (is.null(weight)) {
    bread * sum(left^2) / (n - k)
  } else {
    bread %*% crossprod(X * left * sqrt(weight)) %*% bread
  }
  coefficients_table(paste0("model_", model), X, y, b, sqrt(diag(V)), n - k)
  f <- sum(b[-1] * (inverse(V[-1, -1, drop = FALSE]) %*% b[-1])) / (k - 1)
  tested <- c("F" = f, "p (F)" = pf(f, k - 1, n - k, lower.tail = FALSE))
  keep_measures(paste0("model_", model, "-fit"), c(fit_measures(X, y, left), tested))
}"""

_MOVES = """\
moves <- function(table, scores, levels, merged = c()) {
  into <- function(level) ifelse(level %in% names(merged), merged[level], level)
  counted <- table(factor(into(scores$before), levels), factor(into(scores$after), levels))
  shown <- addmargins(counted)
  dimnames(shown) <- list(from = c(levels, "All"), to = c(levels, "All"))
  for (level in rownames(shown)) {
    keep_results(table, level, setNames(as.numeric(shown[level, ]), c(paste0("to_", levels), "total")))
  }
  heading(table)
  print(shown)
}"""

_END = """\
everything <- do.call(rbind, results)
everything$value <- formatC(everything$value, digits = 17, format = "g")
write.csv(everything, {results}, row.names = FALSE, fileEncoding = "UTF-8")"""


def r_sections(what: Reproduced) -> tuple[Section, ...]:
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
    >>> r_sections(what)[0].heading  # doctest: +SKIP
    'The rows'
    """
    return tuple(sections_in(_LANGUAGE, what))


def _change(table: ChangeTable) -> str:
    return "\n".join(
        f"paired_change({quoted(table.id)}, {quoted(pair.between)}, measured_twice(\n"
        f"  {quoted(pair.before)}, {quoted(pair.after)},\n"
        f"  {quoted(pair.day_before)}, {quoted(pair.day_after)}\n"
        "))"
        for pair in table.pairs
    )


def _linear(table: LinearTable) -> str:
    call = f"linear_model({quoted(table.model)}, X, inside[[{quoted(table.outcome)}]], {quoted(table.covariance)})"
    return title(table.title) + people_and_matrix(table) + call


def _moved(table: MovesTable) -> str:
    pair = table.pair
    merged = ", ".join(f"{quoted(old)} = {quoted(new)}" for old, new in table.merged)
    return (
        f"moves({quoted(table.id)}, measured_twice(\n"
        f"  {quoted(pair.before)}, {quoted(pair.after)},\n"
        f"  {quoted(pair.day_before)}, {quoted(pair.day_after)}\n"
        f"), c({listed(table.levels)}){f', c({merged})' if merged else ''})"
    )


_LANGUAGE = Language(
    start=_START,
    end=_END,
    results=RESULTS_R,
    shared={"coefficients": _COEFFICIENTS, "likelihood": LIKELIHOOD, "effects": EFFECTS, "mixed": MIXED_TOOLS},
    codes={
        "changes": Code(definition=_CHANGE, call=_change),
        "linear": Code(definition=_LINEAR, call=_linear, needs=("coefficients",)),
        "clustered": CLUSTERED,
        "intercepts": INTERCEPTS,
        "multinomial": MULTINOMIAL,
        "ordinal": ORDINAL,
        "counts": COUNTS,
        "mixed": MIXED,
        "moves": Code(definition=_MOVES, call=_moved),
    },
    between="\n\n",
)
