"""Clustered errors, intercepts for clusters and mixed models, in R. Base R alone."""

from __future__ import annotations

from casearc.dose import DAYS_IN_MONTH
from casearc.files.exporting.analysis.in_r_matrix import people_and_matrix, term, title
from casearc.files.exporting.analysis.script import Code, quoted
from casearc.files.exporting.analysis.tables import LinearTable, MixedTable

MIXED_TOOLS = r"""# Outcomes of a group vary together: their covariance is V = residual variance * I + own G own'. The
# columns of `own` are what differs from group to group. nlme::lme(..., method = "REML") and lme4::lmer give the same
# estimates, pbkrtest and lmerTest the same degrees of freedom.
mixed <- function(X, y, group, own, satterthwaite = FALSE) {
  own <- sweep(own, 2, sqrt(colMeans(own^2)), "/")
  groups <- lapply(split(seq_along(y), group), function(rows) {
    list(X = X[rows, , drop = FALSE], y = y[rows], own = own[rows, , drop = FALSE])
  })
  lower <- lower.tri(diag(ncol(own)), diag = TRUE)
  G_at <- function(theta) tcrossprod(replace(0 * lower, lower, theta)) # over the residual variance
  criterion <- function(theta) least_squares(groups, G_at(theta))$criterion
  start <- diag(ncol(own))[lower]
  control <- list(rel.tol = 1e-15, x.tol = 1e-12, iter.max = 1000, eval.max = 5000)
  theta <- nlminb(nlminb(start, criterion, control = control)$par, criterion, control = control)$par
  if (length(theta) > 1) theta <- optim(theta, criterion, control = list(reltol = 1e-16, maxit = 5000))$par
  if (length(theta) == 1 && abs(theta) < 1e-4) theta <- 0
  at <- least_squares(groups, G_at(theta))
  G <- at$variance * G_at(theta)
  c(at, small_sample(groups, at, G, satterthwaite), list(between = G[1, 1]))
}

# Generalized least squares at a G, the residual variance there, and -2 log restricted likelihood.
least_squares <- function(groups, G) {
  parts <- lapply(groups, function(each) {
    root <- chol(diag(length(each$y)) + each$own %*% G %*% t(each$own))
    whitened <- backsolve(root, cbind(each$X, each$y), transpose = TRUE)
    list(products = crossprod(whitened), log_det = 2 * sum(log(diag(root))), n = length(each$y))
  })
  products <- Reduce(`+`, lapply(parts, `[[`, "products"))
  k <- ncol(products) - 1
  XX <- products[1:k, 1:k]
  b <- as.vector(inverse(XX) %*% products[1:k, k + 1])
  rss <- products[k + 1, k + 1] - sum(b * products[1:k, k + 1])
  df <- sum(vapply(parts, `[[`, 0, "n")) - k
  log_det <- sum(vapply(parts, `[[`, 0, "log_det")) + as.vector(determinant(XX)$modulus)
  list(b = b, variance = rss / df, criterion = log_det + df * (log(2 * pi * rss / df) + 1))
}

# Standard errors and degrees of freedom of the coefficients. The variances are the elements of G and the residual one;
# V is linear in them, with derivatives E. Kenward and Roger adjust the covariance and use the expected information of
# the variances, Satterthwaite's method the observed one.
small_sample <- function(groups, at, G, satterthwaite) {
  q <- ncol(G)
  pairs <- which(lower.tri(G, diag = TRUE), arr.ind = TRUE)
  spans <- lapply(seq_len(nrow(pairs)), function(i) {
    span <- matrix(0, q, q)
    span[pairs[i, 1], pairs[i, 2]] <- span[pairs[i, 2], pairs[i, 1]] <- 1
    span
  })
  every <- seq_len(length(spans) + 1)
  XHX <- 0
  first <- lapply(every, function(i) 0)
  second <- lapply(every, function(i) first)
  pulled <- matrix(0, length(at$b), length(every))
  traces <- curved <- matrix(0, length(every), length(every))
  for (each in groups) {
    unit <- diag(length(each$y))
    H <- chol2inv(chol(at$variance * unit + each$own %*% G %*% t(each$own)))
    E <- c(lapply(spans, function(span) each$own %*% span %*% t(each$own)), list(unit))
    HX <- H %*% each$X
    u <- H %*% (each$y - each$X %*% at$b)
    XHX <- XHX + crossprod(each$X, HX)
    for (i in every) {
      first[[i]] <- first[[i]] + crossprod(HX, E[[i]] %*% HX)
      pulled[, i] <- pulled[, i] + crossprod(HX, E[[i]] %*% u)
      for (j in every) {
        both <- E[[i]] %*% H %*% E[[j]]
        second[[i]][[j]] <- second[[i]][[j]] + crossprod(HX, both %*% HX)
        traces[i, j] <- traces[i, j] + sum(H * both)
        curved[i, j] <- curved[i, j] + crossprod(u, both %*% u)
      }
    }
  }
  covariance <- inverse(XHX)
  bent <- lapply(first, function(one) covariance %*% one)
  twice <- traces # twice the expected information
  for (i in every) for (j in every) {
    twice[i, j] <- traces[i, j] - 2 * sum(covariance * second[[i]][[j]]) + sum(bent[[i]] * t(bent[[j]]))
  }
  adjusted <- covariance
  if (satterthwaite) {
    spread <- inverse(curved - t(pulled) %*% covariance %*% pulled - twice / 2)
  } else {
    spread <- 2 * inverse(twice)
    for (i in every) for (j in every) {
      middle <- second[[i]][[j]] - first[[i]] %*% bent[[j]]
      adjusted <- adjusted + spread[i, j] * covariance %*% (middle + t(middle)) %*% covariance
    }
  }
  slopes <- vapply(bent, function(one) diag(one %*% covariance), at$b)
  list(error = sqrt(diag(adjusted)), df = 2 * diag(covariance)^2 / rowSums((slopes %*% spread) * slopes))
}"""

_MIXED = r"""# One row a measurement, in the order of the waves; what was measured twice on a day counts once.
measurements <- function(people, waves) {
  parts <- lapply(waves, function(wave) {
    data.frame(people, day = people[[wave[1]]], value = people[[wave[2]]], check.names = FALSE)
  })
  rows <- do.call(rbind, parts)
  rows <- rows[!is.na(rows$day) & !is.na(rows$value), ]
  rows[!duplicated(rows[c("participant_id", "day")]), ]
}

mixed_model <- function(model, X, rows, own, satterthwaite = FALSE) {
  fit <- mixed(X, rows$value, rows$participant_id, own, satterthwaite)
  reach <- qt(1 - (1 - confidence) / 2, fit$df) * fit$error
  shown <- data.frame(
    estimate = fit$b, conf_low = fit$b - reach, conf_high = fit$b + reach, std_error = fit$error,
    statistic = fit$b / fit$error, p_value = 2 * pt(-abs(fit$b / fit$error), fit$df), row.names = capital(colnames(X))
  )
  table <- paste0("model_", model)
  for (term in rownames(shown)) keep_results(table, term, shown[term, ])
  heading(table)
  print(shown)
}"""

_INTERCEPTS = r"""cluster_intercepts <- function(model, X, y, cluster, called) {
  fit <- mixed(X, y, cluster, own = matrix(1, nrow(X), 1))
  coefficients_table(paste0("model_", model), X, y, fit$b, fit$error, fit$df)
  share <- fit$between / (fit$between + fit$variance)
  measures <- c(length(y), sqrt(fit$between), sqrt(fit$variance), share, fit$criterion)
  names(measures) <- c(
    "n", paste0("SD between ", called, "s"), paste("SD within a", called), paste("Correlation within a", called),
    "-2 log likelihood (restricted)"
  )
  keep_measures(paste0("model_", model, "-fit"), measures)
}"""

_CLUSTERED = r"""# The inverse root of a symmetric matrix; directions that a cluster decides alone are left out.
inverse_root <- function(matrix) {
  eigen <- eigen(matrix, symmetric = TRUE)
  kept <- eigen$values > 1e-12
  eigen$vectors[, kept] %*% (t(eigen$vectors[, kept]) / sqrt(eigen$values[kept]))
}

clustered_model <- function(model, X, y, cluster) {
  n <- nrow(X)
  k <- ncol(X)
  decomposed <- qr(X, LAPACK = FALSE)
  Q <- qr.Q(decomposed)
  back <- backsolve(qr.R(decomposed), diag(k))
  b <- as.vector(back %*% crossprod(Q, y))
  left <- y - X %*% b
  groups <- split(seq_len(n), cluster)
  # Each cluster's rows of Q, made larger by what fitting took from their residuals: the 2 of CR2.
  grown <- lapply(groups, function(rows) {
    own <- Q[rows, , drop = FALSE]
    inverse_root(diag(length(rows)) - tcrossprod(own)) %*% own
  })
  scores <- t(mapply(function(rows, own) crossprod(own, left[rows]), groups, grown))
  V <- back %*% crossprod(matrix(scores, ncol = k)) %*% t(back)
  # What the clusters add to a combination of coefficients, and how this varies together between clusters (rows and
  # columns) if people have equal spread.
  added <- function(contrast) {
    own <- lapply(grown, function(own) own %*% crossprod(back, contrast))
    common <- mapply(function(rows, part) crossprod(Q[rows, , drop = FALSE], part), groups, own)
    list(own = own, common = matrix(common, nrow = k))
  }
  together <- function(one, other) {
    own <- mapply(function(a, b) sum(a * b), one$own, other$own)
    diag(own, length(groups)) - crossprod(one$common, other$common)
  }
  # Satterthwaite: the df of the chi-square with the mean and variance of the squared error.
  df <- vapply(1:k, function(i) {
    B <- together(added(diag(k)[, i]), added(diag(k)[, i]))
    sum(diag(B))^2 / sum(B^2)
  }, 0)
  coefficients_table(paste0("model_", model), X, y, b, sqrt(diag(V)), ifelse(df < 4, NA, df))
  measures <- c(fit_measures(X, y, left), whole_model(b[-1], V[-1, -1, drop = FALSE], added, together, k))
  keep_measures(paste0("model_", model, "-fit"), measures)
}

# Hotelling's T2 of all slopes as F, its df from the mean and variance of the estimated covariance (Pustejovsky and
# Tipton 2018); nothing where its df are fewer than four.
whole_model <- function(b, V, added, together, k) {
  q <- k - 1
  every <- seq_len(q)
  parts <- lapply(every, function(i) added(diag(k)[, i + 1]))
  mean <- outer(every, every, Vectorize(function(i, j) sum(diag(together(parts[[i]], parts[[j]])))))
  eigen <- eigen(mean, symmetric = TRUE)
  if (eigen$values[q] <= 1e-11 * eigen$values[1] || qr(V)$rank < q) return(c())
  turned <- rbind(0, eigen$vectors %*% diag(1 / sqrt(eigen$values), q))
  parts <- lapply(every, function(i) added(turned[, i]))
  variance <- outer(every, every, Vectorize(function(i, j) {
    within <- sum(together(parts[[i]], parts[[i]]) * together(parts[[j]], parts[[j]]))
    within + sum(together(parts[[i]], parts[[j]]) * together(parts[[j]], parts[[i]]))
  }))
  eta <- q * (q + 1) / sum(variance)
  df <- eta - q + 1
  if (df < 4) return(c())
  f <- df / (eta * q) * sum(b * (inverse(V) %*% b))
  c("F" = f, "p (F)" = pf(f, q, df, lower.tail = FALSE))
}"""


def _clustered(table: LinearTable) -> str:
    outcome, cluster = quoted(table.outcome), quoted(table.cluster)
    call = f"clustered_model({quoted(table.model)}, X, inside[[{outcome}]], cluster = inside[[{cluster}]])"
    return title(table.title) + people_and_matrix(table) + call


def _intercepts(table: LinearTable) -> str:
    call = (
        f"cluster_intercepts(\n  {quoted(table.model)}, X, inside[[{quoted(table.outcome)}]],\n"
        f"  cluster = inside[[{quoted(table.cluster)}]], called = {quoted(table.clusters)}\n)"
    )
    return title(table.title) + people_and_matrix(table) + call


def _mixed(table: MixedTable) -> str:
    waves = ",\n".join(f"  c({quoted(day)}, {quoted(score)})" for day, score in table.waves)
    own = "cbind(1, months)" if table.slope else "matrix(1, nrow(inside), 1)"
    satterthwaite = ", satterthwaite = TRUE" if table.satterthwaite else ""
    return (
        f"{title(table.title)}inside <- people[people[[{quoted(table.member)}]] == 1, ]\n"
        f"inside <- measurements(inside, list(\n{waves}\n))\n"
        f"months <- inside$day / {DAYS_IN_MONTH}\n{_time(table)}\n"
        f"mixed_model({quoted(table.model)}, X, inside, own = {own}{satterthwaite})"
    )


def _time(table: MixedTable) -> str:
    """The matrix, with time in one piece or two and the products of doses with its last piece."""
    lines, pieces, last = "", [("Months since the start", "months")], "months"
    if table.turn is not None:
        column, day = table.turn
        lines = (
            f"turn <- inside[[{quoted(column)}]]\nturn[is.na(turn)] <- {day}\n"
            f"before <- pmin(inside$day, turn) / {DAYS_IN_MONTH}\n"
            f"during <- pmax(inside$day - turn, 0) / {DAYS_IN_MONTH}\n"
        )
        last = "during"
        pieces = [("Months before the second pretest", "before"), ("Months since the second pretest", "during")]
    columns = ['"Intercept" = rep(1, nrow(inside))']
    columns += [f"{quoted(label)} = {name}" for label, name in pieces]
    columns += [term(each) for each in table.terms]
    doses = {each.label: each.column for each in table.terms if each.label in table.doses}
    columns += [f"{quoted(f'{label}, a month')} = inside[[{quoted(name)}]] * {last}" for label, name in doses.items()]
    listed = ",\n".join(f"  {column}" for column in columns)
    return f"{lines}X <- cbind(\n{listed}\n)"


CLUSTERED = Code(definition=_CLUSTERED, call=_clustered, needs=("coefficients",))
INTERCEPTS = Code(definition=_INTERCEPTS, call=_intercepts, needs=("coefficients", "mixed"))
MIXED = Code(definition=_MIXED, call=_mixed, needs=("mixed",))
