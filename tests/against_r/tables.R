# Square tables (McNemar, Bowker, Stuart-Maxwell, ordered), cross tables, Cramer's V and kappa. Run: Rscript tables.R
args <- commandArgs(FALSE)
source(file.path(dirname(sub("^--file=", "", grep("^--file=", args, value = TRUE))), "common.R"))
suppressPackageStartupMessages({library(coin); library(psych)})
set.seed(20264)

data <- NULL
out <- NULL
keep <- function(set, M) {
  data <<- rbind(data, data.frame(set, row = as.vector(row(M)), column = as.vector(col(M)), count = as.vector(M)))
}
# Sum of scores of the moves when each may be turned around: convolved move by move.
moves_one_by_one <- function(M, scores) {
  move <- outer(scores, scores, function(a, b) b - a)
  moves <- rep(as.vector(move), as.vector(M))
  moves <- moves[moves != 0]
  p <- c("0" = 1)
  for (m in abs(moves)) {
    value <- as.numeric(names(p))
    both <- tapply(c(p, p) / 2, c(value - m, value + m), sum)
    p <- setNames(as.vector(both), names(both))
  }
  sum(p[abs(as.numeric(names(p))) >= abs(sum(moves)) - 1e-9])
}

for (set in 1:108) {  # square: the same levels before and after
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
  up <- sum(M[upper.tri(M)])
  down <- sum(M[lower.tri(M)])
  sides <- binom.test(up, up + down)
  scores <- if (set %% 2) seq_len(k) else c(1, 2, 4, 7)[seq_len(k)]
  ordered <- mh_test(as.table(M), scores = list(response = scores))
  row <- rbind(row, reference(set, ordered = as.numeric(statistic(ordered))^2, ordered_p = as.numeric(pvalue(ordered)),
    up_down = sides$p.value, share_low = sides$conf.int[1], share_high = sides$conf.int[2],
    mid_p = if (up == down) 1 else sides$p.value - dbinom(up, up + down, 0.5),
    ordered_exact = moves_one_by_one(M, scores)))
  if (k == 2) {
    plain <- mcnemar.test(M, correct = FALSE)
    corrected <- mcnemar.test(M)
    n <- sum(M)
    score <- function(d) {
      b <- -up - down + (2 * n - up + down) * d
      q <- (sqrt(b^2 + 8 * n * down * d * (1 - d)) - b) / (4 * n)
      (up - down - n * d) / sqrt(n * (2 * q + d * (1 - d)))
    }
    shift <- sapply(c(1, -1) * qnorm(0.975), function(z) root(function(d) score(d) - z, -1 + 1e-9, 1 - 1e-9))
    odds <- sides$conf.int / (1 - sides$conf.int)
    row <- rbind(row, reference(set, mcnemar = unname(plain$statistic), mcnemar_p = plain$p.value,
      corrected = unname(corrected$statistic), corrected_p = corrected$p.value, shift_low = shift[1],
      shift_high = shift[2], odds_low = odds[1]))
    if (down > 0) row <- rbind(row, reference(set, odds_high = odds[2]))
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
v_limit <- function(x, df, p) if (pchisq(x, df) <= p) 0 else
  root(function(l) pchisq(x, df, ncp = l) - p, 0, 10 * x + 50)
shapes <- list(c(2, 2), c(2, 3), c(2, 5), c(3, 3), c(3, 4), c(4, 2))
for (set in 201:308) {  # two different things
  shape <- shapes[[(set - 1) %% 6 + 1]]
  repeat {
    n <- c(20, 40, 60)[(set - 1) %/% 6 %% 3 + 1]
    M <- matrix(rmultinom(1, n, rexp(prod(shape)) + 0.2), shape[1])
    if (all(rowSums(M) > 0) && all(colSums(M) > 0)) break
  }
  keep(set, M)
  x <- suppressWarnings(chisq.test(M, correct = FALSE))
  f <- fisher.test(M, workspace = 2e7)
  df <- unname(x$parameter)
  size <- sum(M) * (min(dim(M)) - 1)
  limits <- sqrt(c(v_limit(x$statistic, df, 0.975), v_limit(x$statistic, df, 0.025)) / size)
  beyond <- max(0, unname(x$statistic) / sum(M) - df / (sum(M) - 1))
  smaller <- min(dim(M) - (dim(M) - 1)^2 / (sum(M) - 1)) - 1
  out <- rbind(out, reference(set, v = sqrt(unname(x$statistic) / size), v_corrected = min(1, sqrt(beyond / smaller)),
    v_low = min(1, limits[1]), v_high = min(1, limits[2])))
  out <- rbind(out, reference(set, chi_square = unname(x$statistic), chi_square_p = x$p.value,
    smallest = min(x$expected), fisher = f$p.value))
}
write_table(data, "tables_data.csv")
write_table(out, "tables_reference.csv")
