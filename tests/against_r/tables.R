# Square tables, cross tables and kappa. Run: Rscript tables.R
args <- commandArgs(FALSE)
source(file.path(dirname(sub("^--file=", "", grep("^--file=", args, value = TRUE))), "common.R"))
suppressPackageStartupMessages({library(coin); library(psych)})
set.seed(20264)

data <- NULL
out <- NULL
keep <- function(set, M) {
  data <<- rbind(data, data.frame(set, row = as.vector(row(M)), column = as.vector(col(M)), count = as.vector(M)))
}
for (set in 1:36) {  # square: the same levels before and after
  k <- c(2, 3, 4)[(set - 1) %% 3 + 1]
  repeat {
    p <- matrix(rexp(k * k), k) + diag(k) * 1.5
    M <- matrix(rmultinom(1, c(30, 60, 95)[(set - 1) %/% 3 %% 3 + 1], p), k)
    moved <- M + t(M)
    if (all(moved[upper.tri(moved)] > 0) && all(rowSums(M) > 0) && all(colSums(M) > 0)) break
  }
  keep(set, M)
  b <- mcnemar.test(M, correct = FALSE)
  m <- mh_test(as.table(M))
  kappa <- suppressMessages(cohen.kappa(M))
  row <- reference(set, bowker = unname(b$statistic), bowker_p = b$p.value,
    stuart_maxwell = as.numeric(statistic(m)), stuart_maxwell_p = as.numeric(pvalue(m)),
    kappa = kappa$kappa, kappa_se = sqrt(kappa$var.kappa))
  row <- rbind(row, reference(set, quadratic_kappa = kappa$weighted.kappa))
  if (k == 2) {
    row <- rbind(row, reference(set, exact = binom.test(M[1, 2], M[1, 2] + M[2, 1])$p.value))
  } else {  # every way the pairs can fall, one by one
    pairs <- which(upper.tri(M), arr.ind = TRUE)
    totals <- moved[pairs]
    if (prod(totals + 1) <= 2e6) {
      grid <- expand.grid(lapply(totals, function(n) 0:n))
      weight <- Reduce(`*`, lapply(seq_along(totals), function(i) dbinom(grid[[i]], totals[i], 0.5)))
      value <- Reduce(`+`, lapply(seq_along(totals), function(i) (2 * grid[[i]] - totals[i])^2 / totals[i]))
      row <- rbind(row, reference(set, exact = sum(weight[value >= b$statistic * (1 - 1e-9)])))
    }
  }
  out <- rbind(out, row)
}
shapes <- list(c(2, 2), c(2, 3), c(2, 5), c(3, 3), c(3, 4), c(4, 2))
for (set in 101:136) {  # two different things
  shape <- shapes[[(set - 1) %% 6 + 1]]
  repeat {
    n <- c(20, 40, 60)[(set - 1) %/% 6 %% 3 + 1]
    M <- matrix(rmultinom(1, n, rexp(prod(shape)) + 0.2), shape[1])
    if (all(rowSums(M) > 0) && all(colSums(M) > 0)) break
  }
  keep(set, M)
  x <- suppressWarnings(chisq.test(M, correct = FALSE))
  f <- fisher.test(M, workspace = 2e7)
  out <- rbind(out, reference(set, chi_square = unname(x$statistic), chi_square_p = x$p.value,
    smallest = min(x$expected), fisher = f$p.value))
}
write_table(data, "tables_data.csv")
write_table(out, "tables_reference.csv")
