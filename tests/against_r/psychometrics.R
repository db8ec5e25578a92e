# Alpha, omega, item statistics, intraclass and retest correlations, one-factor fit, reliable change.
# Run: Rscript psychometrics.R (psych, lavaan). Answers of one participant are the digits of one number.
args <- commandArgs(FALSE)
source(file.path(dirname(sub("^--file=", "", grep("^--file=", args, value = TRUE))), "common.R"))
quiet <- function(x) suppressWarnings(suppressMessages(x))
quiet({library(psych); library(lavaan)})
set.seed(20267)

RELIABILITY <- 0.8
numbered <- function(x, name) setNames(as.numeric(x), paste0(name, seq_along(x)))

consistency <- function(X) {
  n <- nrow(X); k <- ncol(X)
  a <- quiet(alpha(X, check.keys = FALSE))
  raw <- a$total$raw_alpha
  # Feldt's limits written out: psych prints them from the same quantiles.
  low <- 1 - (1 - raw) * qf(0.975, n - 1, (n - 1) * (k - 1))
  high <- 1 - (1 - raw) * qf(0.025, n - 1, (n - 1) * (k - 1))
  printed <- alpha.ci(raw, n, k)
  stopifnot(abs(low - printed$lower.ci) < 1e-8, abs(high - printed$upper.ci) < 1e-8)
  c(alpha = raw, low = low, high = high, numbered(a$item.stats$r.drop, "rest"), numbered(a$item.stats$sd, "sd"),
    numbered(a$alpha.drop$raw_alpha, "drop"))
}

omega1 <- function(X) {
  fit <- quiet(fa(X, 1, fm = "minres"))
  # Left out: loadings near 1, where psych's bound on uniqueness is 0.005 and ours 0, and near 0, where psych's optimizer,
  # which works on uniquenesses, stands at their other bound before it has arrived.
  if (min(fit$uniquenesses) < 0.02 || max(fit$uniquenesses) > 0.995) return(NULL)
  1 - sum(fit$uniquenesses) / sum(cor(X))
}

# Resample d takes participant i (i + d) mod n, from 0: enough to compare values of resamples, drawn how they may be.
resampled <- function(X, d) {
  i <- seq_len(nrow(X)) - 1
  X[(i * (i + d)) %% nrow(X) + 1, ]
}

replicates <- function(X) {
  out <- NULL
  for (d in 1:3) {
    Y <- resampled(X, d)
    if (any(apply(Y, 2, sd) == 0)) next
    C <- cov(Y)
    out[paste0("alpha_of_", d)] <- ncol(X) / (ncol(X) - 1) * (1 - sum(diag(C)) / sum(C))
    value <- omega1(Y)
    if (!is.null(value)) out[paste0("omega_of_", d)] <- value
  }
  out
}

intraclass <- function(X) {
  r <- quiet(ICC(X, lmer = FALSE))$results
  c(numbered(r$ICC, "icc"), numbered(r$F, "icc_f"), numbered(r$p, "icc_p"), numbered(r$"lower bound", "icc_low"),
    numbered(r$"upper bound", "icc_high"))
}

retest <- function(x, y) {
  test <- cor.test(x, y)
  n <- length(x)
  sem <- sqrt(var(y - x) / 2)
  c(pearson = unname(test$estimate), pearson_low = test$conf.int[1], pearson_high = test$conf.int[2], sem = sem,
    sem_low = sem * sqrt((n - 1) / qchisq(0.975, n - 1)), sem_high = sem * sqrt((n - 1) / qchisq(0.025, n - 1)))
}

noncentrality <- function(chi2, df, tail) {
  if (pchisq(chi2, df) <= tail) return(0)
  root(function(nc) pchisq(chi2, df, nc) - tail, 0, 10 * chi2 + 100)
}

one_factor <- function(X) {
  n <- nrow(X); k <- ncol(X)
  frame <- as.data.frame(X)
  model <- paste("f =~", paste(names(frame), collapse = " + "))
  control <- list(rel.tol = 1e-14, iter.max = 1000, eval.max = 5000)
  fit <- quiet(cfa(model, frame, std.lv = TRUE, optim.force.converged = TRUE, control = control))
  loadings <- lavInspect(fit, "est")$lambda[, 1]
  theta <- diag(lavInspect(fit, "est")$theta)
  if (min(theta / diag(cov(X))) < 0.02) return(NULL)
  m <- fitMeasures(fit, c("chisq", "df", "pvalue", "cfi", "tli", "rmsea", "rmsea.ci.lower", "rmsea.ci.upper", "srmr",
    "logl"))
  # lavaan finds the limits of the RMSEA to four digits only; here to all.
  limits <- sqrt(c(noncentrality(m["chisq"], m["df"], 0.95), noncentrality(m["chisq"], m["df"], 0.05)) / (m["df"] * n))
  stopifnot(abs(limits - m[c("rmsea.ci.lower", "rmsea.ci.upper")]) < 1e-3)
  m[c("rmsea.ci.lower", "rmsea.ci.upper")] <- limits
  standardized <- standardizedSolution(fit)[seq_len(k), ]
  sign <- if (sum(standardized$est.std) < 0) -1 else 1
  names(m) <- c("chi2", "df", "p", "cfi", "tli", "rmsea", "rmsea_low", "rmsea_high", "srmr", "log_likelihood")
  ml <- quiet(fa(X, 1, fm = "ml"))
  stopifnot(abs(ml$STATISTIC / (n - 1 - (2 * k + 5) / 6 - 2 / 3) - m["chi2"] / n) < 1e-6)  # one maximum, two programs
  c(unclass(m), numbered(sign * standardized$est.std, "loading"), numbered(standardized$se, "se"),
    congeneric = sum(loadings)^2 / (sum(loadings)^2 + sum(theta)), bartlett = ml$STATISTIC,
    bartlett_p = pchisq(ml$STATISTIC, ml$dof, lower.tail = FALSE), bartlett_null = ml$null.chisq)
}

# Formulas of the papers, written out: R has no package in Debian for them.
reliable <- function(x, y, r) {
  s <- sd(x); m <- mean(x); error <- s * sqrt(1 - r); n <- length(x)
  predicted <- m + r * (x - m)
  counts <- function(index, by) c(sum(index < -by), sum(index > by))
  jt <- (y - x) / (sqrt(2) * error)
  en <- (y - predicted) / error
  gln <- (y - predicted) / (s * sqrt(1 - r^2))
  out <- c(jt_first = jt[1], en_first = en[1], gln_first = gln[1], numbered(counts(jt, 1.96), "jt"),
    numbered(counts(en, 2), "en"), numbered(counts(gln, 1.96), "gln"))
  s2 <- sd(y); r12 <- cor(x, y)
  r11 <- (s^2 - error^2) / s^2
  r22 <- (s2^2 - error^2) / s2^2
  rd <- (s^2 * r11 + s2^2 * r22 - 2 * s * s2 * r12) / (s^2 + s2^2 - 2 * s * s2 * r12)
  if (rd > 0.01) {
    ha <- ((y - x) * rd + (mean(y) - mean(x)) * (1 - rd)) / (sqrt(rd) * sqrt(2 * error^2))
    out <- c(out, ha_first = ha[1], ha_rd = rd, numbered(counts(ha, 1.65), "ha"))
  }
  out
}

data <- NULL
out <- NULL
for (set in 1:200) {
  repeat {
    k <- c(4, 5, 6, 8, 12)[(set - 1) %% 5 + 1]
    n <- c(30, 45, 60, 95)[(set - 1) %% 4 + 1]
    strength <- runif(k, 0.7, 1.3)
    X <- round(pmin(pmax(4 + outer(rnorm(n), strength) + matrix(rnorm(n * k), n) + rnorm(k, 0, 0.3)[col(diag(0, n, k))],
      1), 7))
    colnames(X) <- paste0("i", seq_len(k))
    factor <- one_factor(X)
    total <- omega1(X)
    if (!is.null(factor) && !is.null(total)) break
  }
  data <- rbind(data, data.frame(set, answers = apply(X, 1, paste, collapse = "")))
  half <- seq_len(k %/% 2)
  changed <- reliable(rowMeans(X[, half]), rowMeans(X[, -half]), RELIABILITY)
  out <- rbind(out, reference(set, consistency(X), omega = total, replicates(X), intraclass(X), retest(X[, 1], X[, 2]),
    factor, changed))
}
write_table(data, "psychometrics_data.csv")
out$value <- signif(out$value, 15)
write_table(out, "psychometrics_reference.csv")
