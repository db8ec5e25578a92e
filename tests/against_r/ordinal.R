# Proportional-odds models: ordinal::clm and MASS::polr; profiles, Jeffreys' penalty, Brant and score tests by scripts of
# their formulas. Run: Rscript ordinal.R
args <- commandArgs(FALSE)
source(file.path(dirname(sub("^--file=", "", grep("^--file=", args, value = TRUE))), "common.R"))
suppressPackageStartupMessages({library(MASS); library(ordinal)})
set.seed(202631)
TIGHT <- clm.control(gradTol = 1e-11, maxIter = 200L)

levels_probability <- function(par, X, J) {
  cum <- plogis(outer(rep(1, nrow(X)), par[1:(J - 1)]) - as.vector(X %*% par[-(1:(J - 1))]))
  cbind(cum, 1) - cbind(0, cum)
}
log_likelihood <- function(par, X, y, J) {
  if (is.unsorted(par[1:(J - 1)], strictly = TRUE)) return(-1e10)
  P <- levels_probability(par, X, J)
  sum(log(P[cbind(seq_along(y), y)]))
}
# Expected information from first principles: sum over people and levels of dp dp' / p.
expected_information <- function(par, X, J) {
  n <- nrow(X)
  cum <- plogis(outer(rep(1, n), par[1:(J - 1)]) - as.vector(X %*% par[-(1:(J - 1))]))
  P <- cbind(cum, 1) - cbind(0, cum)
  f <- cbind(0, cum * (1 - cum), 0)
  info <- 0
  for (j in 1:J) {
    D <- matrix(0, n, J - 1)
    if (j < J) D[, j] <- f[, j + 1]
    if (j > 1) D[, j - 1] <- -f[, j]
    D <- cbind(D, -(f[, j + 1] - f[, j]) * X)
    info <- info + crossprod(D, D / P[, j])
  }
  info
}
penalized <- function(par, X, y, J) {
  value <- log_likelihood(par, X, y, J)
  if (value < -1e9) return(value)
  value + as.numeric(determinant(expected_information(par, X, J))$modulus) / 2
}
# Fourth-order differences, and Newton's method with them.
gradient <- function(f, x, h = 1e-3) vapply(seq_along(x), function(j) {
  e <- replace(numeric(length(x)), j, h)
  (8 * (f(x + e) - f(x - e)) - (f(x + 2 * e) - f(x - 2 * e))) / (12 * h)
}, 0)
curvature <- function(f, x, h = 1e-2) {
  p <- length(x)
  H <- matrix(0, p, p)
  for (j in 1:p) {
    e <- replace(numeric(p), j, h)
    H[, j] <- (gradient(f, x + e) - gradient(f, x - e)) / (2 * h)
  }
  (H + t(H)) / 2
}
maximize <- function(f, x) {
  x <- optim(x, f, method = "BFGS", control = list(fnscale = -1, reltol = 1e-12, maxit = 500))$par
  H <- solve(curvature(f, x))
  for (step in 1:12) {
    move <- as.vector(H %*% gradient(f, x))
    x <- x - move
    if (max(abs(move)) < 1e-9) break
  }
  x
}
# Limits by the definition: where the objective, maximized over the rest, has fallen by half the chi-square.
profile_limit <- function(f, best, which, side, se) {
  target <- f(best) - qchisq(0.95, 1) / 2
  rest <- best[-which]
  gap <- function(value) {
    g <- function(par) f(append(par, value, which - 1))
    rest <<- maximize(g, rest)
    g(rest) - target
  }
  uniroot(gap, sort(best[which] + side * se * c(1.2, 3)), tol = 1e-9, extendInt = "yes")$root
}
brant <- function(X, y, J) {
  Z <- cbind(1, X)
  k <- ncol(X)
  fits <- lapply(1:(J - 1), function(j) glm.fit(Z, as.numeric(y > j), family = binomial(),
    control = glm.control(epsilon = 1e-14, maxit = 100)))
  p <- sapply(fits, function(f) f$fitted.values)
  bread <- lapply(1:(J - 1), function(j) solve(crossprod(Z, Z * (p[, j] * (1 - p[, j])))))
  V <- matrix(0, (J - 1) * k, (J - 1) * k)
  place <- function(j) (j - 1) * k + 1:k
  for (a in 1:(J - 1)) for (b in a:(J - 1)) {
    block <- (bread[[a]] %*% crossprod(Z, Z * (p[, b] - p[, a] * p[, b])) %*% bread[[b]])[-1, -1]
    V[place(a), place(b)] <- block
    V[place(b), place(a)] <- t(block)
  }
  beta <- unlist(lapply(fits, function(f) f$coefficients[-1]))
  test <- function(chosen) {
    D <- do.call(rbind, lapply(2:(J - 1), function(j) {
      M <- matrix(0, length(chosen), (J - 1) * k)
      M[cbind(seq_along(chosen), chosen)] <- 1
      M[cbind(seq_along(chosen), (j - 1) * k + chosen)] <- -1
      M
    }))
    d <- D %*% beta
    as.numeric(t(d) %*% solve(D %*% V %*% t(D), d))
  }
  c(test(1:k), vapply(1:k, test, 0))
}
# Score test against slopes a split: gradient and expected information of the larger model at the smaller one's fit.
score_test <- function(par, X, y, J) {
  n <- nrow(X)
  k <- ncol(X)
  cum <- plogis(outer(rep(1, n), par[1:(J - 1)]) - as.vector(X %*% par[-(1:(J - 1))]))
  P <- cbind(cum, 1) - cbind(0, cum)
  f <- cbind(0, cum * (1 - cum), 0)
  size <- (J - 1) * (k + 1)
  info <- matrix(0, size, size)
  S <- numeric(size)
  for (j in 1:J) {
    D <- matrix(0, n, size)
    if (j < J) D[, (j - 1) * (k + 1) + 1:(k + 1)] <- f[, j + 1] * cbind(1, -X)
    if (j > 1) D[, (j - 2) * (k + 1) + 1:(k + 1)] <- -f[, j] * cbind(1, -X)
    info <- info + crossprod(D, D / P[, j])
    S <- S + colSums((y == j) * D / P[, j])
  }
  as.numeric(t(S) %*% solve(info, S))
}
effects <- function(par, X, J) {  # months: derivative; housed: change from 0 to 1
  b <- par[-(1:(J - 1))]
  cum <- plogis(outer(rep(1, nrow(X)), par[1:(J - 1)]) - as.vector(X %*% b))
  f <- cbind(0, cum * (1 - cum), 0)
  slope <- -colMeans(f[, -1] - f[, -(J + 1)]) * b[1]
  on <- off <- X
  on[, 3] <- 1
  off[, 3] <- 0
  c(slope, colMeans(levels_probability(par, on, J)) - colMeans(levels_probability(par, off, J)),
    colMeans(levels_probability(par, X, J)))
}

data <- NULL
out <- NULL
for (set in 1:210) {
  J <- c(3, 4, 5)[(set - 1) %% 3 + 1]
  n <- c(40, 60, 95)[(set - 1) %/% 3 %% 3 + 1]
  separated <- set > 200
  repeat {
    months <- round(rexp(n, 1 / 6), 2)
    support <- round(rnorm(n, 4, 1.2), 2)
    housed <- rbinom(n, 1, 0.4)
    latent <- 0.1 * months + 0.4 * support - 0.3 * housed + rlogis(n)
    y <- as.integer(cut(latent, c(-Inf, quantile(latent, (1:(J - 1)) / J), Inf)))
    if (separated) y[housed == 1] <- J
    if (min(table(factor(y, 1:J))) < 3) next
    frame <- data.frame(set, months, support, housed, y = y - 1)
    if (separated) break
    crossed <- sapply(1:(J - 1), function(j) min(table(factor(y > j, c(FALSE, TRUE)), factor(housed, 0:1))))
    if (min(crossed) >= 2) break
  }
  data <- rbind(data, frame)
  frame$level <- factor(y, ordered = TRUE)
  X <- cbind(months, support, housed)
  if (separated || set %% 8 == 0) {
    f <- function(par) penalized(par, X, y, J)
    start <- if (separated) c(qlogis(cumsum(table(y))[-J] / n), 0, 0, 1) else
      unname(c(clm(level ~ months + support + housed, data = frame)$coefficients))
    best <- maximize(f, start)
    V <- solve(expected_information(best, X, J))
    row <- reference(set, setNames(best, paste0("jeffreys", seq_along(best))),
      setNames(sqrt(diag(V)), paste0("jeffreys_se", seq_along(best))), jeffreys_value = f(best),
      jeffreys_low = profile_limit(f, best, J, -1, sqrt(V[J, J])),
      jeffreys_high = profile_limit(f, best, J, 1, sqrt(V[J, J])))
    out <- rbind(out, row)
  }
  if (separated) next
  fit <- clm(level ~ months + support + housed, data = frame, control = TIGHT)
  other <- polr(level ~ months + support + housed, data = frame, Hess = TRUE)
  par <- unname(fit$coefficients)
  stopifnot(max(abs(c(other$zeta, other$coefficients) - par)) < 5e-3)
  lr <- vapply(c("months", "support", "housed"), function(term) {
    less <- update(fit, as.formula(paste(". ~ . -", term)), control = TIGHT)
    2 * (as.numeric(logLik(fit)) - as.numeric(logLik(less)))
  }, 0)
  null <- clm(level ~ 1, data = frame, control = TIGHT)
  f <- function(p) log_likelihood(p, X, y, J)
  se <- sqrt(diag(vcov(fit)))
  G <- sapply(seq_along(par), function(j) {
    h <- 1e-5
    e <- replace(numeric(length(par)), j, h)
    (effects(par + e, X, J) - effects(par - e, X, J)) / (2 * h)
  })
  ame_se <- sqrt(diag(G %*% vcov(fit) %*% t(G)))
  row <- reference(set, setNames(par, paste0("b", seq_along(par))), setNames(unname(se), paste0("se", seq_along(par))),
    log_likelihood = as.numeric(logLik(fit)), null = as.numeric(logLik(null)), setNames(unname(lr), paste0("lr", 1:3)),
    setNames(effects(par, X, J), paste0("effect", 1:(3 * J))), setNames(ame_se, paste0("effect_se", 1:(3 * J))),
    setNames(brant(X, y, J), paste0("brant", 1:4)), score = score_test(par, X, y, J))
  if (set %% 2 == 0) {
    row <- rbind(row, reference(set, low = profile_limit(f, par, J, -1, se[J]),
      high = profile_limit(f, par, J, 1, se[J])))
  }
  free <- suppressWarnings(try(clm(level ~ 1, nominal = ~ months + support + housed, data = frame, control = TIGHT),
    silent = TRUE))
  if (!inherits(free, "try-error") && free$convergence$code == 0 && all(is.finite(vcov(free))))
    row <- rbind(row, reference(set, nominal = as.numeric(2 * (logLik(free) - logLik(fit)))))
  partial <- suppressWarnings(try(clm(level ~ months + support, nominal = ~ housed, data = frame, control = TIGHT),
    silent = TRUE))
  if (!inherits(partial, "try-error") && partial$convergence$code == 0)
    row <- rbind(row, reference(set, partial = as.numeric(2 * (logLik(partial) - logLik(fit)))))
  out <- rbind(out, row)
}
write_table(data, "ordinal_data.csv")
write_table(out, "ordinal_reference.csv")
