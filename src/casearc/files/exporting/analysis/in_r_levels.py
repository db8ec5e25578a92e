"""Models of levels, multinomial and ordinal, in R."""

from __future__ import annotations

from casearc.files.exporting.analysis.in_r_matrix import people_and_matrix, title, vector
from casearc.files.exporting.analysis.script import Code, quoted
from casearc.files.exporting.analysis.tables import LevelsTable

EFFECTS = r"""# `shares` gives the probability of each level (columns) of each person, `slopes` how these change with a
# column of X. A column of zeros and ones is told as the change from 0 to 1, the other indicators of the same factor
# at 0. Intervals by the delta method.
average_effects <- function(model, levels, effects_of, X, fit, shares, slopes, df) {
  table <- paste0("effects_", model)
  heading(table)
  for (term in names(effects_of)) {
    effect <- function(b) {
      if (!all(X[, term] %in% c(0, 1))) return(100 * colMeans(slopes(b, X, term)))
      on <- off <- X
      off[, c(term, effects_of[[term]])] <- 0
      on[, effects_of[[term]]] <- 0
      on[, term] <- 1
      100 * colMeans(shares(b, on) - shares(b, off))
    }
    points <- effect(fit$b)
    J <- derivative(effect, fit$b, fit$covariance)
    reach <- reach_of(df) * sqrt(diag(J %*% fit$covariance %*% t(J)))
    shown <- data.frame(estimate = points, conf_low = points - reach, conf_high = points + reach)
    rownames(shown) <- capital(levels)
    for (level in rownames(shown)) keep_results(table, paste0(term, ": ", level), shown[level, ])
    print(term)
    print(shown)
  }
}"""

_MULTINOMIAL = r"""level_shares <- function(b, X) {
  eta <- cbind(0, X %*% matrix(b, ncol(X)))
  odds <- exp(eta - apply(eta, 1, max))
  odds / rowSums(odds)
}

level_slopes <- function(b, X, term) {
  own <- c(0, matrix(b, ncol(X))[match(term, colnames(X)), ])
  P <- level_shares(b, X)
  P * outer(-as.vector(P %*% own), own, "+")
}

# Coefficients level by level. Penalized: half the log determinant of the information is added (Firth, Jeffreys).
multinomial_likelihood <- function(X, level, penalized) {
  k <- ncol(X)
  free <- max(level) - 1
  block <- function(a) (a - 1) * k + 1:k
  function(b) {
    all_shares <- level_shares(b, X)
    value <- sum(log(all_shares[cbind(seq_along(level), level)]))
    P <- all_shares[, -1, drop = FALSE]
    left <- outer(level, 1 + 1:free, "==") - P
    information <- matrix(0, free * k, free * k)
    for (one in 1:free) for (other in 1:free) {
      spread <- P[, one] * ((one == other) - P[, other])
      information[block(one), block(other)] <- crossprod(X, X * spread)
    }
    if (penalized) {
      value <- value + determinant(information)$modulus / 2
      left <- left + firth(X, P, inverse(information), block)
    }
    list(value = as.vector(value), slope = as.vector(crossprod(X, left)), information = information, left = left)
  }
}

# Half the derivative of the log determinant, for each person and level.
firth <- function(X, P, V, block) {
  free <- ncol(P)
  own <- matrix(0, nrow(P), free)
  for (one in 1:free) for (other in 1:free) {
    variance <- rowSums((X %*% V[block(one), block(other)]) * X)
    own[, one] <- own[, one] + variance * ((one == other) - 2 * P[, other])
  }
  P * (own - rowSums(P * own)) / 2
}

multinomial <- function(model, X, level, levels, effects_of, penalized = FALSE, cluster = NULL, tests = c()) {
  table <- paste0("model_", model)
  k <- ncol(X)
  equations <- length(levels) - 1
  likelihood <- multinomial_likelihood(X, level, penalized)
  fit <- climb(likelihood, numeric(k * equations))
  df <- NULL
  if (!is.null(cluster)) {
    df <- length(unique(cluster)) - 1
    slopes <- do.call(cbind, lapply(1:equations, function(a) X * fit$left[, a]))
    fit$covariance <- clustered(fit$covariance, slopes, cluster)
  }
  heading(table)
  for (equation in 1:equations) {
    places <- (equation - 1) * k + 1:k
    rows <- lapply(places, function(place) odds_row(likelihood, fit, place, penalized, df, place == places[1]))
    shown <- data.frame(do.call(rbind, rows), row.names = colnames(X))
    against <- paste0(capital(levels[equation + 1]), ", against ", levels[1])
    for (term in rownames(shown)) keep_results(table, paste0(against, ": ", term), shown[term, ])
    print(against)
    print(shown)
  }
  multinomial_fit(paste0(table, "-fit"), likelihood, fit, X, level, penalized, cluster)
  for (term in names(tests)) {
    places <- match(term, colnames(X)) + (1:equations - 1) * k
    p <- over_levels(likelihood, fit, places, df)
    keep_results("all_tests", tests[[term]], c(p_value = p))
    heading(term, paste("over all levels: p =", signif(p, 3)))
  }
  average_effects(model, levels, effects_of, X, fit, level_shares, level_slopes, df)
}

odds_row <- function(likelihood, fit, place, penalized, df, intercept) {
  b <- fit$b[place]
  error <- sqrt(fit$covariance[place, place])
  statistic <- if (penalized) sign(b) * sqrt(loss(likelihood, fit, place)) else b / error
  limits <- c(NA, NA)
  if (!intercept) {
    reach <- reach_of(df) * error
    limits <- if (penalized) profile_limits(likelihood, fit, place) else bounded(b + c(-reach, reach))
  }
  odds <- c(odds_ratio = if (intercept) NA else exp(b), conf_low = exp(limits[1]), conf_high = exp(limits[2]))
  c(odds, estimate = b, std_error = error, statistic = statistic, p_value = 2 * upper_tail(abs(statistic), df))
}

# One test of a term over all levels: by likelihood ratio, with clusters by Wald's F.
over_levels <- function(likelihood, fit, places, df) {
  if (is.null(df)) return(pchisq(loss(likelihood, fit, places), length(places), lower.tail = FALSE))
  b <- fit$b[places]
  wald <- sum(b * (inverse(fit$covariance[places, places]) %*% b))
  pf(wald / length(places), length(places), df, lower.tail = FALSE)
}

multinomial_fit <- function(table, likelihood, fit, X, level, penalized, cluster) {
  n <- length(level)
  value <- sum(log(level_shares(fit$b, X)[cbind(1:n, level)]))
  counts <- tabulate(level)
  null <- sum(counts * log(counts / n))
  slopes <- setdiff(seq_along(fit$b), 1 + (seq_len(max(level) - 1) - 1) * ncol(X))
  rows <- c("n" = n, "Log-likelihood" = value)
  if (is.null(cluster)) {
    ratio <- if (penalized) loss(likelihood, fit, slopes) else 2 * (value - null)
    tested <- c(ratio, length(slopes), pchisq(ratio, length(slopes), lower.tail = FALSE))
    rows <- c(rows, setNames(tested, c("Likelihood ratio \u03c7\u00b2, whole model", "df", "p")))
  }
  cox_snell <- 1 - exp(2 * (null - value) / n)
  measures <- c(1 - value / null, cox_snell, cox_snell / (1 - exp(2 * null / n)))
  rows <- c(rows, setNames(measures, paste(c("McFadden", "Cox-Snell", "Nagelkerke"), "R\u00b2")))
  keep_results(table, names(rows), list(value = rows))
  print(rows)
}"""


_ORDINAL = r"""splits_below <- function(b, X) {
  free <- length(b) - ncol(X)
  plogis(outer(-as.vector(X %*% b[-(1:free)]), b[1:free], "+"))
}

ordered_shares <- function(b, X) {
  below <- splits_below(b, X)
  cbind(below, 1) - cbind(0, below)
}

ordered_slopes <- function(b, X, term) {
  below <- splits_below(b, X)
  density <- below * (1 - below)
  b[ncol(below) + match(term, colnames(X))] * (cbind(0, density) - cbind(density, 0))
}

# logit P(this level or below) = threshold - X b: thresholds come first. Penalized: half the log determinant of the
# expected information is added (Jeffreys).
ordinal_likelihood <- function(X, level, penalized) {
  n <- nrow(X)
  free <- max(level) - 1
  nothing <- matrix(0, n, free + ncol(X))
  splits <- lapply(1:free, function(split) cbind(matrix(1:free == split, n, free, byrow = TRUE), -X))
  padded <- c(list(nothing), splits, list(nothing))
  by_level <- function(b) {
    below <- splits_below(b, X)
    density <- cbind(0, below * (1 - below), 0)
    steps <- lapply(1:(free + 1), function(j) padded[[j + 1]] * density[, j + 1] - padded[[j]] * density[, j])
    shares <- pmax(cbind(below, 1) - cbind(0, below), 1e-300)
    list(shares = shares, steps = steps, bend = density * (1 - 2 * cbind(0, below, 0)))
  }
  expected <- function(b) {
    at <- by_level(b)
    Reduce(`+`, lapply(1:(free + 1), function(j) crossprod(at$steps[[j]], at$steps[[j]] / at$shares[, j])))
  }
  penalty <- function(b) as.vector(determinant(expected(b))$modulus) / 2
  function(b) {
    if (any(diff(b[1:free]) <= 0)) return(list(value = -Inf))
    at <- by_level(b)
    mine <- at$shares[cbind(1:n, level)]
    left <- Reduce(`+`, lapply(1:(free + 1), function(j) at$steps[[j]] * (level == j))) / mine
    here <- list(value = sum(log(mine)), slope = colSums(left), left = left)
    if (penalized) {
      here$information <- expected(b)
      here$value <- here$value + penalty(b)
      here$slope <- here$slope + as.vector(derivative(penalty, b, inverse(here$information)))
    } else {
      here$information <- crossprod(left)
      for (split in 1:free) {
        weight <- at$bend[, split + 1] * ((level == split) - (level == split + 1)) / mine
        here$information <- here$information - crossprod(splits[[split]], splits[[split]] * weight)
      }
    }
    here
  }
}

ordinal <- function(model, X, level, levels, effects_of, penalized = FALSE, cluster = NULL) {
  table <- paste0("model_", model)
  likelihood <- ordinal_likelihood(X, level, penalized)
  below <- cumsum(tabulate(level))[-length(levels)] / length(level)
  fit <- climb(likelihood, c(qlogis(below), numeric(ncol(X))))
  df <- NULL
  if (!is.null(cluster)) {
    df <- length(unique(cluster)) - 1
    fit$covariance <- clustered(fit$covariance, fit$left, cluster)
  }
  one <- function(place) {
    b <- fit$b[place]
    error <- sqrt(fit$covariance[place, place])
    if (is.null(df)) {
      limits <- profile_limits(likelihood, fit, place)
      p <- pchisq(loss(likelihood, fit, place), 1, lower.tail = FALSE)
    } else {
      limits <- bounded(b + c(-1, 1) * reach_of(df) * error)
      p <- 2 * upper_tail(abs(b / error), df)
    }
    odds <- c(odds_ratio = exp(b), conf_low = exp(limits[1]), conf_high = exp(limits[2]))
    c(odds, estimate = b, std_error = error, p_value = p)
  }
  shown <- data.frame(do.call(rbind, lapply(length(below) + seq_len(ncol(X)), one)), row.names = colnames(X))
  for (term in rownames(shown)) keep_results(table, term, shown[term, ])
  heading(table)
  print(shown)
  average_effects(model, levels, effects_of, X, fit, ordered_shares, ordered_slopes, df)
}"""


def _levels(table: LevelsTable) -> str:
    levels = ",\n".join(f"  {quoted(name)} = {vector(codes)}" for name, codes in table.levels)
    return f"levels <- list(\n{levels}\n)\nlevel <- coded(inside[[{quoted(table.outcome)}]], levels)\n"


def _fit(function: str, table: LevelsTable, *more: str) -> str:
    effects = ", ".join(f"{quoted(term)} = {vector(others)}" for term, others in table.effects)
    penalized = ", penalized = TRUE" if table.penalized else ""
    cluster = f", cluster = inside[[{quoted(table.cluster)}]]" if table.cluster else ""
    return (
        f"{function}({quoted(table.model)}, X, level, names(levels),\n"
        f"  effects_of = list({effects}){penalized}{cluster}{''.join(more)}\n)"
    )


def _multinomial(table: LevelsTable) -> str:
    told = ", ".join(f"{quoted(term)} = {quoted(label)}" for term, label in table.tests)
    tests = f",\n  tests = c({told})" if told else ""
    return title(table.title) + people_and_matrix(table) + _levels(table) + _fit("multinomial", table, tests)


def _ordinal(table: LevelsTable) -> str:
    return title(table.title) + people_and_matrix(table, intercept=False) + _levels(table) + _fit("ordinal", table)


MULTINOMIAL = Code(definition=_MULTINOMIAL, call=_multinomial, needs=("likelihood", "effects"))
ORDINAL = Code(definition=_ORDINAL, call=_ordinal, needs=("likelihood", "effects"))
