# Percentile and BCa intervals (boot) and exact permutation tests (all rearrangements). Run: Rscript resampling.R
# Draws come from a Lehmer generator that the test repeats, so that both sides resample the same participants.
args <- commandArgs(FALSE)
source(file.path(dirname(sub("^--file=", "", grep("^--file=", args, value = TRUE))), "common.R"))
suppressPackageStartupMessages(library(boot))
set.seed(20273)

draws <- function(seed, count, n) {
  state <- seed
  values <- numeric(count * n)
  for (i in seq_along(values)) {
    state <- (state * 16807) %% 2147483647
    values[i] <- state %% n + 1
  }
  matrix(values, count, n, byrow = TRUE)
}

permutations <- function(items) {
  if (length(items) == 1) return(matrix(items, 1))
  do.call(rbind, lapply(seq_along(items), function(i) cbind(items[i], permutations(items[-i]))))
}

slope_t <- function(X, y) {
  fit <- lm.fit(X, y)
  s2 <- sum(fit$residuals^2) / (nrow(X) - ncol(X))
  fit$coefficients[2] / sqrt(s2 * chol2inv(qr.R(fit$qr))[2, 2])
}

share <- function(values, observed) mean(abs(values) >= abs(observed) * (1 - 1e-9))

orders <- permutations(1:6)
flips <- as.matrix(expand.grid(rep(list(c(-1, 1)), 8)))
data <- NULL
out <- NULL
for (set in 1:200) {
  n <- c(14, 20, 30)[(set - 1) %% 3 + 1]
  x <- round(rexp(n), 2)
  z <- round(rnorm(n), 2)
  y <- round(1 + 0.4 * x + 0.3 * z + (if (set %% 2) rnorm(n) else rexp(n)), 3)
  data <- rbind(data, data.frame(set, x, z, y))
  X <- cbind(1, x, z)
  statistic <- function(i) c(mean(y[i]), lm.fit(X[i, ], y[i])$coefficients)
  count <- 499
  index <- draws(set + 1000, count, n)
  t <- t(apply(index, 1, statistic))
  t0 <- statistic(1:n)
  left_out <- t(sapply(1:n, function(i) statistic(setdiff(1:n, i))))
  object <- structure(list(t0 = t0, t = t, R = count, data = y, sim = "ordinary", stype = "i",
    strata = rep(1, n), weights = rep(1 / n, n), call = quote(boot())), class = "boot")
  values <- NULL
  for (j in 1:4) {
    L <- (n - 1) * (mean(left_out[, j]) - left_out[, j])
    ci <- boot.ci(object, type = c("perc", "bca"), index = j, L = L)
    found <- c(ci$percent[4:5], ci$bca[4:5], sd(t[, j]))
    values <- c(values, setNames(found, paste0(c("perc_low", "perc_high", "bca_low", "bca_high", "se"), j - 1)))
  }
  small <- 1:6
  Z <- X[small, -2]
  reduced <- lm.fit(Z, y[small])
  permuted <- apply(orders, 1, function(o) slope_t(X[small, ], reduced$fitted.values + reduced$residuals[o]))
  flagged <- combn(10, 4)
  group_t <- function(who) slope_t(cbind(1, 1:10 %in% who), y[1:10])
  change <- y[1:8] - 1.5
  out <- rbind(out, reference(set, values,
    freedman_lane_t = unname(slope_t(X[small, ], y[small])), freedman_lane_p = share(permuted, slope_t(X[small, ], y[small])),
    groups_p = share(apply(flagged, 2, group_t), group_t(1:4)), flip_p = mean(abs(flips %*% change) >= abs(sum(change)) - 1e-9)))
}
write_table(data, "resampling_data.csv")
write_table(out, "resampling_reference.csv")
