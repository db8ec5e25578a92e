"""Count models, in R."""

from __future__ import annotations

from casearc.files.exporting.analysis.in_r_matrix import people_and_matrix, title
from casearc.files.exporting.analysis.script import Code, quoted
from casearc.files.exporting.analysis.tables import CountTable

_COUNTS = r"""# Coefficients, and last the logarithm of the spread beyond Poisson's: the variance is mu + spread mu^2.
negative_binomial_likelihood <- function(X, y, offset) {
  own <- seq_len(ncol(X))
  last <- ncol(X) + 1
  function(b) {
    mu <- exp(as.vector(X %*% b[own]) + offset)
    theta <- exp(-b[last])
    value <- lgamma(y + theta) - lgamma(theta) - lgamma(y + 1)
    value <- value + y * log(mu / (mu + theta)) + theta * log(theta / (mu + theta))
    first <- digamma(y + theta) - digamma(theta) + log(theta / (mu + theta)) + 1 - (y + theta) / (mu + theta)
    second <- trigamma(y + theta) - trigamma(theta) + 1 / theta - 2 / (mu + theta) + (y + theta) / (mu + theta)^2
    information <- matrix(0, last, last)
    information[own, own] <- crossprod(X, X * (mu / (1 + mu / theta)))
    information[last, last] <- abs(theta * sum(first) + theta^2 * sum(second)) + 1e-8
    slope <- c(crossprod(X, (y - mu) / (1 + mu / theta)), -theta * sum(first))
    list(value = sum(value), slope = slope, information = information)
  }
}

count_model <- function(model, X, y, months = rep(1, length(y))) {
  offset <- log(months)
  control <- glm.control(epsilon = 1e-12, maxit = 100)
  poisson_fit <- glm(y ~ X - 1, family = poisson, offset = offset, control = control)
  mu <- fitted(poisson_fit)
  excess <- sum((y - mu)^2 - y)
  p_spread <- 1
  if (excess > 0) {
    likelihood <- negative_binomial_likelihood(X, y, offset)
    start <- c(unname(coef(poisson_fit)), log(excess / sum(mu^2)))
    fit <- tryCatch(climb(likelihood, start), error = function(e) list(value = -Inf))
    gain <- fit$value - sum(dpois(y, mu, log = TRUE))
    p_spread <- pchisq(max(2 * gain, 0), 1, lower.tail = FALSE) / 2
  }
  wide <- p_spread < 1 - confidence
  rows <- if (wide) negative_binomial_rows(likelihood, fit, X) else poisson_rows(poisson_fit, mu, X, y)
  shown <- data.frame(do.call(rbind, rows), row.names = capital(colnames(X)[-1]))
  table <- paste0("model_", model)
  for (term in rownames(shown)) keep_results(table, term, shown[term, ])
  told <- paste("more spread than Poisson's: p =", signif(p_spread, 3))
  heading(table, if (wide) "negative binomial" else "Poisson, HC3", told)
  print(shown)
}

negative_binomial_rows <- function(likelihood, fit, X) lapply(2:ncol(X), function(place) {
  rate_row(fit$b[place], sqrt(fit$covariance[place, place]), profile_limits(likelihood, fit, place), df = NULL)
})

poisson_rows <- function(fit, mu, X, y) {
  bread <- inverse(crossprod(X, X * mu))
  left <- (y - mu) / (1 - mu * rowSums((X %*% bread) * X))
  error <- sqrt(diag(bread %*% crossprod(X * left) %*% bread))
  df <- nrow(X) - ncol(X)
  lapply(2:ncol(X), function(place) {
    b <- unname(coef(fit)[place])
    rate_row(b, unname(error[place]), bounded(b + c(-1, 1) * reach_of(df) * unname(error[place])), df)
  })
}

rate_row <- function(b, error, limits, df) {
  ratios <- c(rate_ratio = exp(b), conf_low = exp(limits[1]), conf_high = exp(limits[2]))
  c(ratios, std_error = error, p_value = 2 * upper_tail(abs(b / error), df))
}"""


def _count(table: CountTable) -> str:
    months = f", months = inside[[{quoted(table.exposure)}]]" if table.exposure else ""
    call = f"count_model({quoted(table.model)}, X, inside[[{quoted(table.outcome)}]]{months})"
    return title(table.title) + people_and_matrix(table) + call


COUNTS = Code(definition=_COUNTS, call=_count, needs=("likelihood",))
