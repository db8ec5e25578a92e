"""The script in R: base R alone, no packages."""

from __future__ import annotations

from casearc.files.exporting.analysis.reproduced import ChangeTable, ModelTable, ModelTerm, MovesTable, Reproduced
from casearc.files.exporting.analysis.script import RESULTS_R, Language, Section, listed, quoted, sections_in

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
  results[[length(results) + 1]] <<- rows
}}

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

_LINEAR = """\
# Least squares with the standard errors that the plan names (HC3 by default); p and intervals from t with n - k df.
linear_model <- function(table, X, y, covariance) {
  n <- nrow(X)
  k <- ncol(X)
  decomposed <- qr(X, LAPACK = FALSE)
  b <- qr.coef(decomposed, y)
  left <- y - X %*% b
  bread <- chol2inv(qr.R(decomposed))
  leverage <- rowSums(qr.Q(decomposed)^2)
  weight <- switch(covariance,
    classical = NULL, HC0 = 1, HC1 = n / (n - k), HC2 = 1 / (1 - leverage), HC3 = 1 / (1 - leverage)^2
  )
  V <- if (is.null(weight)) {
    bread * sum(left^2) / (n - k)
  } else {
    bread %*% crossprod(X * as.vector(left) * sqrt(weight)) %*% bread
  }
  error <- sqrt(diag(V))
  reach <- qt(1 - (1 - confidence) / 2, n - k) * error
  shown <- data.frame(
    estimate = b, conf_low = b - reach, conf_high = b + reach, std_error = error, statistic = b / error,
    p_value = 2 * pt(-abs(b / error), n - k), std_estimate = b * apply(X, 2, sd) / sd(y), row.names = colnames(X)
  )
  shown$std_estimate[1] <- NA
  for (term in rownames(shown)) keep_results(table, term, shown[term, !is.na(shown[term, ])])
  r_squared <- 1 - sum(left^2) / sum((y - mean(y))^2)
  keep_results(paste0(table, "-fit"), c("n", "R\\u00b2"), list(value = c(n, r_squared)))
  heading(table)
  print(shown)
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


def _model(table: ModelTable) -> str:
    terms = ",\n".join(f"  {quoted(term.label)} = {_term(term)}" for term in table.terms)
    return (
        f"inside <- people[people[[{quoted(table.member)}]] == 1, ]\n"
        f'X <- cbind(\n  "Intercept" = rep(1, nrow(inside)),\n{terms}\n)\n'
        f"linear_model({quoted(table.id)}, X, inside[[{quoted(table.outcome)}]], {quoted(table.covariance)})"
    )


def _term(term: ModelTerm) -> str:
    column = f"inside[[{quoted(term.column)}]]"
    return f"as.numeric({column} %in% c({listed(term.levels)}))" if term.levels else column


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
    change=(_CHANGE, _change),
    model=(_LINEAR, _model),
    moves=(_MOVES, _moved),
    within=("\n\n", "\n\n", "\n\n"),
    between="\n\n",
)
