# Latent profiles: normal mixtures with diagonal variances of each profile, by an EM written out here and by mclust (VVI).
# Run: Rscript profiles.R (mclust).
args <- commandArgs(FALSE)
source(file.path(dirname(sub("^--file=", "", grep("^--file=", args, value = TRUE))), "common.R"))
suppressPackageStartupMessages(library(mclust))
set.seed(20268)

logsum <- function(L) { m <- apply(L, 1, max); m + log(rowSums(exp(L - m))) }

joint <- function(X, share, mean, variance) sapply(seq_along(share), function(k)
  log(share[k]) + rowSums(dnorm(X, rep(mean[, k], each = nrow(X)), rep(sqrt(variance[, k]), each = nrow(X)), log = TRUE)))

em <- function(X, z) {
  last <- -Inf
  for (step in 1:20000) {
    share <- colMeans(z)
    mean <- t(X) %*% z / rep(colSums(z), each = ncol(X))
    variance <- t(X^2) %*% z / rep(colSums(z), each = ncol(X)) - mean^2
    if (any(!is.finite(variance)) || any(variance < 0.01 * apply(X, 2, function(x) mean((x - mean(x))^2)))) return(NULL)
    L <- joint(X, share, mean, variance)
    total <- logsum(L)
    z <- exp(L - total)
    value <- sum(total)
    if (abs(value - last) < 1e-11) break
    last <- value
  }
  list(value = value, share = share, mean = mean, variance = variance, z = z)
}

best <- function(X, k, truth) {
  n <- nrow(X)
  starts <- c(list(truth), lapply(1:30, function(i) { u <- matrix(runif(n * k), n); u / rowSums(u) }))
  found <- Filter(Negate(is.null), lapply(starts, function(z) em(X, z)))
  found[[which.max(vapply(found, function(f) f$value, 0))]]
}

data <- NULL
out <- NULL
for (set in 1:36) {
  k <- c(1, 2, 3)[(set - 1) %% 3 + 1]
  p <- c(2, 3, 4)[(set - 1) %/% 3 %% 3 + 1]
  n <- c(120, 160)[set %% 2 + 1]
  z <- rep(seq_len(k), length.out = n)
  centers <- matrix(rnorm(k * p, 0, 0.5) + rep(4 * (seq_len(k) - 1), p), k)
  X <- round(centers[z, , drop = FALSE] + matrix(rnorm(n * p), n) * runif(p, 0.7, 1.3)[col(diag(0, n, p))], 3)
  padded <- matrix(0, n, 4)
  padded[, seq_len(p)] <- X
  data <- rbind(data, data.frame(set, p = p, a = padded[, 1], b = padded[, 2], c = padded[, 3], d = padded[, 4]))
  fit <- best(X, k, unmap(z))
  parameters <- 2 * p * k + k - 1
  if (k > 1) {
    theirs <- me(X, "VVI", fit$z, control = emControl(tol = 1e-13))
    stopifnot(abs(theirs$loglik - fit$value) < 1e-6)
    stopifnot(nMclustParams("VVI", p, k) == parameters)
  }
  order <- order(fit$mean[1, ])
  entropy <- if (k == 1) 1 else 1 + sum(fit$z * log(pmax(fit$z, 1e-300))) / (n * log(k))
  out <- rbind(out, reference(set, profiles = k, log_likelihood = fit$value, bic = parameters * log(n) - 2 * fit$value,
    aic = 2 * parameters - 2 * fit$value, sabic = parameters * log((n + 2) / 24) - 2 * fit$value, entropy = entropy,
    setNames(fit$share[order], paste0("share", seq_len(k))),
    setNames(as.vector(fit$mean[, order]), paste0("mean", seq_len(k * p))),
    setNames(as.vector(sqrt(fit$variance[, order])), paste0("sd", seq_len(k * p)))))
}
write_table(data, "profiles_data.csv")
write_table(out, "profiles_reference.csv")
