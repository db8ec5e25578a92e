"""What is fitted by likelihood, in R: tools that models of levels and counts have in common."""

from __future__ import annotations

LIKELIHOOD = r"""# A model is a function of its coefficients: it gives the log-likelihood (value), its first derivatives
# (slope) and the information. nnet::multinom, MASS::polr and MASS::glm.nb fit the same models by maximum likelihood,
# to fewer digits; they know no penalty for separated levels.
normal_quantile <- qnorm(1 - (1 - confidence) / 2)

# Newton's steps, halved where the likelihood would fall, and from there on where they begin to circle the top (the
# information ignores how a penalty bends). Coefficients that are held stay where they are.
climb <- function(model, start, held = integer()) {
  b <- start
  free <- setdiff(seq_along(b), held)
  here <- model(b)
  share <- 1
  before <- Inf
  for (round in 1:500) {
    step <- numeric(length(b))
    step[free] <- inverse(here$information[free, free, drop = FALSE]) %*% here$slope[free]
    promised <- sum(step * here$slope)
    if (!is.finite(promised)) break
    if (before < 0.01 && promised > before) share <- share / 2
    before <- promised
    for (halving in 0:40) {
      ahead <- b + share * step / 2^halving
      there <- model(ahead)
      risen <- isTRUE(there$value >= here$value - 1e-12 * (abs(here$value) + 1))
      if (risen) break
    }
    if (!risen) break
    b <- ahead
    here <- there
    if (promised < 1e-18) break
  }
  if (!isTRUE(promised < 1e-12)) stop("The fit did not settle.")
  c(list(b = b, covariance = inverse(here$information)), here)
}

# The top where some coefficients are held; the others set out as they follow the held ones near the top of all.
held_fit <- function(model, top, held, at, from = top$b) {
  V <- top$covariance
  start <- from + as.vector(V[, held, drop = FALSE] %*% inverse(V[held, held, drop = FALSE]) %*% (at - from[held]))
  start[held] <- at
  climb(model, if (is.finite(model(start)$value)) start else replace(from, held, at), held)
}

# Twice what the log-likelihood loses where some coefficients are zero.
loss <- function(model, top, held) max(2 * (top$value - held_fit(model, top, held, 0)$value), 0)

# The values of a coefficient that the likelihood-ratio test does not reject. Beyond 12, or where there is no end, open.
profile_limits <- function(model, top, place) {
  from <- top$b
  too_far <- function(value) {
    fit <- tryCatch(held_fit(model, top, place, value, from), error = function(e) NULL)
    if (is.null(fit)) return(NA)
    from <<- fit$b
    2 * (top$value - fit$value) - normal_quantile^2
  }
  end <- function(side) {
    from <<- top$b
    inner <- top$b[place]
    reach <- side * normal_quantile * sqrt(top$covariance[place, place])
    for (attempt in 1:60) {
      lost <- too_far(inner + reach)
      if (isTRUE(lost >= 0) || abs(inner) >= 12) break
      if (!is.na(lost)) inner <- inner + reach
      reach <- if (is.na(lost)) reach / 2 else 1.5 * reach
    }
    if (!isTRUE(lost >= 0)) return(NA)
    found <- uniroot(too_far, sort(c(inner, inner + reach)), tol = 1e-12 * abs(reach))$root
    if (abs(found) < 12) found else NA
  }
  c(end(-1), end(1))
}

# By how much each part of what `f` gives changes with each coefficient: central differences, a row a part.
derivative <- function(f, b, covariance) {
  width <- 1e-4 * sqrt(diag(covariance))
  one <- function(i) (f(replace(b, i, b[i] + width[i])) - f(replace(b, i, b[i] - width[i]))) / (2 * width[i])
  matrix(vapply(seq_along(b), one, f(b)), ncol = length(b))
}

# Each person's level as a number: 1 for the first. `levels` has the codes that make up each level.
coded <- function(values, levels) {
  level <- integer(length(values))
  for (place in seq_along(levels)) level[values %in% levels[[place]]] <- place
  level
}

# What is alike within clusters: covariance CR1 (as sandwich::vcovCL(type = "HC1")), from each person's slope.
clustered <- function(covariance, slopes, cluster) {
  groups <- length(unique(cluster))
  totals <- rowsum(slopes, cluster)
  factor <- groups / (groups - 1) * (nrow(slopes) - 1) / (nrow(slopes) - ncol(slopes))
  covariance %*% crossprod(totals) %*% covariance * factor
}

bounded <- function(limits) ifelse(abs(limits) < 12, limits, NA)

# z, or with clusters t on their number less one.
upper_tail <- function(statistic, df) if (is.null(df)) pnorm(-statistic) else pt(-statistic, df)
reach_of <- function(df) if (is.null(df)) normal_quantile else qt(1 - (1 - confidence) / 2, df)"""
