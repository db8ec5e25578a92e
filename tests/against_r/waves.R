# Three waves or more: Friedman, repeated measures with corrections, paired contrasts. Run: Rscript waves.R
args <- commandArgs(FALSE)
source(file.path(dirname(sub("^--file=", "", grep("^--file=", args, value = TRUE))), "common.R"))
set.seed(20268)

# Every order of every participant's ranks, one by one.
every_order <- function(R) {
  k <- ncol(R)
  grid <- as.matrix(expand.grid(rep(list(seq_len(k)), k)))
  orders <- grid[apply(grid, 1, function(g) !any(duplicated(g))), ]
  sums <- matrix(0, 1, k)
  for (i in seq_len(nrow(R))) {
    row <- matrix(R[i, ][orders], ncol = k)
    sums <- sums[rep(seq_len(nrow(sums)), each = nrow(row)), ] + row[rep(seq_len(nrow(row)), nrow(sums)), ]
  }
  mean(rowSums(sums^2) >= sum(colSums(R)^2) - 1e-9)
}

data <- NULL
out <- NULL
sizes <- c(5, 8, 12, 20, 40, 95)
for (set in 1:204) {
  n <- sizes[(set - 1) %% 6 + 1]
  k <- c(3, 4, 5, 2)[(set - 1) %/% 6 %% 4 + 1]
  kind <- c("normal", "whole numbers", "skewed")[(set - 1) %/% 24 %% 3 + 1]
  walk <- t(apply(matrix(rnorm(n * k), n), 1, cumsum))
  Y <- switch(kind, normal = round(4 + walk, 3), "whole numbers" = round(4 + walk), skewed = round(exp(walk / 2), 3))
  Y <- round(Y + rep(seq_len(k), each = n) * 0.2 * (kind != "whole numbers"), 3)
  data <- rbind(data, data.frame(set, row = as.vector(row(Y)), column = as.vector(col(Y)), value = sprintf("%.3f", as.vector(Y))))
  long <- data.frame(y = as.vector(Y), who = factor(row(Y)), wave = factor(col(Y)))
  fit <- lm(Y ~ 1)
  a <- anova(fit, X = ~1, test = "Spherical")
  e <- stats:::sphericity(stats:::SSD.mlm(fit), X = ~1)
  m <- anova(fit, X = ~1, test = "Hotelling-Lawley")
  s <- summary(aov(y ~ wave + Error(who), long))
  waves <- s[["Error: Within"]][[1]][["Sum Sq"]]
  people <- s[["Error: who"]][[1]][["Sum Sq"]][1]
  row <- reference(set, f = a$F[1], p = a[1, 5], gg = e$GG.eps, hf = max(e$GG.eps, min(1, e$HF.eps)), p_gg = a[1, 6],
    p_hf = a[1, 7], multivariate = m[1, 3], multivariate_p = m[1, 6], partial = waves[1] / sum(waves),
    generalized = waves[1] / (sum(waves) + people))
  if (k > 2) {
    contrasts <- contr.helmert(k) %*% diag(1 / sqrt(colSums(contr.helmert(k)^2)))
    inside <- mauchly.test(lm(Y %*% contrasts ~ 1))  # on contrasts: see the page on agreement
    printed <- mauchly.test(fit, X = ~1)
    row <- rbind(row, reference(set, w = unname(printed$statistic), mauchly_p = inside$p.value,
                                mauchly_printed = printed$p.value))
    fr <- friedman.test(Y)
    R <- t(apply(Y, 1, rank))
    ranks <- data.frame(r = as.vector(R), who = factor(row(R)), wave = factor(col(R)))
    if (any(apply(R, 1, sd) > 0)) {
      f <- anova(lm(r ~ who + wave, ranks))["wave", ]
      row <- rbind(row, reference(set, friedman = unname(fr$statistic), friedman_p = fr$p.value, iman = f$`F value`,
                                  iman_p = f$`Pr(>F)`))
    }
    if (n == 5 && k <= 4 || n == 8 && k == 3) row <- rbind(row, reference(set, friedman_exact = every_order(R)))
  }
  spread <- sapply(combn(k, 2, simplify = FALSE), function(ij) sd(Y[, ij[2]] - Y[, ij[1]]))
  if (all(spread > 0)) {
    h <- pairwise.t.test(long$y, long$wave, paired = TRUE, p.adjust.method = "holm")$p.value
    h <- h[lower.tri(h, TRUE)]
    names(h) <- paste0("holm", seq_along(h))
    row <- rbind(row, reference(set, h))
  }
  out <- rbind(out, row)
}
write_table(data, "waves_data.csv")
write_table(out, "waves_reference.csv")
