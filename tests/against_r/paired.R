# Paired t, signed rank (exact with ties and zeros: coin), Hodges-Lehmann, d_z and d_av, rank-biserial, sign test, sign
# flips. Run: Rscript paired.R
args <- commandArgs(FALSE)
source(file.path(dirname(sub("^--file=", "", grep("^--file=", args, value = TRUE))), "common.R"))
suppressPackageStartupMessages(library(coin))
set.seed(20261)

# Rank-biserial: estimate from signed ranks; interval by Sen's variance of the mean sign of sums of two, on Fisher's z.
rank_biserial <- function(d) {
  d <- d[d != 0]
  m <- length(d)
  if (m < 4) return(NULL)
  s <- sign(round(outer(d, d, "+"), 9))
  diag(s) <- 0
  own <- rowSums(s) / (m - 1)
  u <- mean(own)
  se <- 2 * sd(own) / sqrt(m)
  if (abs(u) == 1 || se == 0) return(NULL)
  r <- rank(abs(d))
  estimate <- sum(r * sign(d)) / sum(r)
  limits <- tanh(atanh(u) + c(-1, 1) * qnorm(0.975) * se / (1 - u^2))
  c(rb = estimate, rb_low = min(limits[1], estimate), rb_high = max(limits[2], estimate))
}

# Bonett (2008): d_av and its interval, from the covariance matrix of the two waves.
d_av <- function(before, after) {
  S <- cov(cbind(before, after))
  n <- length(before)
  pooled <- mean(diag(S))
  d <- (mean(after) - mean(before)) / sqrt(pooled)
  v <- d^2 * (S[1, 1]^2 + S[2, 2]^2 + 2 * S[1, 2]^2) / (8 * (n - 1) * pooled^2) +
    (S[1, 1] + S[2, 2] - 2 * S[1, 2]) / (pooled * (n - 1))
  c(dav = d, dav_low = d - qnorm(0.975) * sqrt(v), dav_high = d + qnorm(0.975) * sqrt(v))
}

# All shifts the exact signed-rank test (coin) does not reject, at pairwise means and between them: the hull.
conditional <- function(d) {
  n <- length(d)
  walsh <- unique(round(sort(outer(d, d, "+")[lower.tri(diag(n), TRUE)] / 2), 9))
  at <- c(walsh[1] - 1, as.vector(rbind(walsh, c((head(walsh, -1) + walsh[-1]) / 2, tail(walsh, 1) + 1))))
  ok <- sapply(at, function(s) {
    x <- round(d - s, 9)
    if (all(x == 0)) return(TRUE)
    as.numeric(pvalue(wilcoxsign_test(x ~ rep(0, n), distribution = "exact", zero.method = "Wilcoxon"))) > 0.05
  })
  if (ok[1] || ok[length(ok)]) return(NULL)
  first <- min(which(ok))
  last <- max(which(ok))
  low <- if (first %% 2 == 0) at[first] else at[first - 1]
  high <- if (last %% 2 == 0) at[last] else at[last + 1]
  c(given_low = low, given_high = high)
}

# Every sign pattern, one by one.
flips <- function(d) {
  d <- d[d != 0]
  signs <- as.matrix(expand.grid(rep(list(c(-1, 1)), length(d))))
  mean(abs(signs %*% abs(d)) >= abs(sum(d)) - 1e-9)
}

dz_limit <- function(t, n, p) root(function(d) pt(t, n - 1, d * sqrt(n)) - p, t / sqrt(n) - 6, t / sqrt(n) + 6)

data <- NULL
out <- NULL
sizes <- c(6, 8, 10, 12, 15, 20, 25, 30, 40, 60, 95, 120)
for (set in 1:204) {
  n <- sizes[(set - 1) %% 12 + 1]
  kind <- c("whole numbers", "means of items", "continuous", "heavy tail")[(set - 1) %/% 12 %% 4 + 1]
  base <- rnorm(n, 4, 1)
  change <- if (kind == "heavy tail") rt(n, 2) else rnorm(n, 0.3, 0.8)
  round_to <- function(x) switch(kind, "whole numbers" = round(x), "means of items" = round(x * 4) / 4, x)
  before <- round_to(base)
  after <- round_to(base + change)
  d <- after - before
  t <- t.test(after, before, paired = TRUE)
  data <- rbind(data, data.frame(set, before, after))
  row <- reference(set,
    t = unname(t$statistic), p = t$p.value, low = t$conf.int[1], high = t$conf.int[2], difference = unname(t$estimate),
    sd_difference = sd(d), dz = mean(d) / sd(d),
    dz_low = dz_limit(unname(t$statistic), n, 0.975), dz_high = dz_limit(unname(t$statistic), n, 0.025))
  exact <- function(zero) {
    test <- wilcoxsign_test(after ~ before, distribution = "exact", zero.method = zero)
    as.numeric(pvalue(test))
  }
  normal <- function(zero) as.numeric(pvalue(wilcoxsign_test(after ~ before, zero.method = zero)))
  row <- rbind(row, reference(set,
    exact_wilcoxon = exact("Wilcoxon"), exact_pratt = exact("Pratt"),
    normal_wilcoxon = normal("Wilcoxon"), normal_pratt = normal("Pratt")))
  w <- suppressWarnings(wilcox.test(after, before, paired = TRUE, exact = FALSE, correct = TRUE))
  row <- rbind(row, reference(set, v = unname(w$statistic), normal_corrected = w$p.value))
  if (!any(duplicated(abs(d))) && all(d != 0)) {
    e <- wilcox.test(after, before, paired = TRUE, exact = TRUE, conf.int = TRUE)
    row <- rbind(row, reference(set, exact_no_ties = e$p.value, hodges_lehmann = unname(e$estimate),
                                hl_low = e$conf.int[1], hl_high = e$conf.int[2]))
  }
  row <- rbind(row, reference(set, d_av(before, after)))
  rb <- rank_biserial(d)
  if (!is.null(rb)) row <- rbind(row, reference(set, rb))
  sides <- binom.test(sum(d > 0), sum(d != 0))
  k <- qbinom(0.025, n, 0.5)
  row <- rbind(row, reference(set, sign_p = sides$p.value, share_low = sides$conf.int[1], share_high = sides$conf.int[2]))
  if (k > 0) row <- rbind(row, reference(set, median = median(d), median_low = sort(d)[k], median_high = sort(d)[n + 1 - k],
                                         median_coverage = 1 - 2 * pbinom(k - 1, n, 0.5)))
  if (sum(d != 0) <= 12) row <- rbind(row, reference(set, flips = flips(d)))
  if (kind != "continuous" && kind != "heavy tail" && n <= 30) {
    given <- conditional(d)
    if (!is.null(given)) row <- rbind(row, reference(set, given))
  }
  out <- rbind(out, row)
}
write_table(data, "paired_data.csv")
write_table(out, "paired_reference.csv")
