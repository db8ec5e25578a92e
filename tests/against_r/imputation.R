# Pooling and joint tests on data imputed by mice (imputation_*), and mice's own answers from many imputations
# (imputation_chains_*). Run: Rscript imputation.R
args <- commandArgs(FALSE)
source(file.path(dirname(sub("^--file=", "", grep("^--file=", args, value = TRUE))), "common.R"))
suppressPackageStartupMessages({library(mice); library(mitml); library(nnet)})
set.seed(20268)

named <- function(prefix, values) setNames(as.numeric(values), paste0(prefix, seq_along(values) - 1))

# Data have two decimals, which 15 digits hold exactly.
write_short <- function(frame, name) {
  frame[] <- lapply(frame, function(x) sprintf("%.15g", x))
  write.csv(frame, file.path(folder, name), row.names = FALSE, quote = FALSE)
}

# Incomplete data of one program: outcome after, score before, a yes-no, a stage of three levels.
program <- function(n) {
  before <- round(rnorm(n, 4, 1), 2)
  housed <- rbinom(n, 1, plogis(0.4 * (before - 4)))
  stage <- 1 + findInterval(0.7 * (before - 4) + rlogis(n), c(-0.6, 0.9))
  after <- round(1.2 + 0.6 * before + 0.4 * housed + 0.2 * (stage == 3) + rnorm(n, 0, 0.8), 2)
  frame <- data.frame(after, before, housed, stage)
  gone <- runif(n) < plogis(-1 + 0.8 * (before - 4))
  frame$after[gone] <- NA
  frame$before[runif(n) < 0.1] <- NA
  frame$housed[runif(n) < 0.15] <- NA
  frame$stage[runif(n) < 0.15] <- NA
  frame
}

usable <- function(frame) {
  seen <- na.omit(frame)
  nrow(seen) >= 12 && all(table(factor(frame$housed, 0:1)) >= 6) && all(table(factor(frame$stage, 1:3)) >= 5)
}

factored <- function(frame) transform(frame, housed = factor(housed, 0:1), stage = factor(stage, 1:3))

pooled <- function(prefix, fits, df) {
  out <- pool(fits, dfcom = df)$pooled
  c(named(paste0(prefix, ".b"), out$estimate), named(paste0(prefix, ".se"), sqrt(out$t)),
    named(paste0(prefix, ".df"), out$df), named(paste0(prefix, ".fmi"), out$fmi))
}

joint <- function(prefix, test) setNames(as.numeric(test$test), paste0(prefix, c(".f", ".df1", ".df2", ".p", ".riv")))

# Meng & Rubin (1992) written out for a logit: every coefficient held at its mean over imputations.
d3_logit <- function(full, reduced, k) {
  at <- function(fits) {
    b <- colMeans(do.call(rbind, lapply(fits, coef)))
    sapply(fits, function(f) {
      p <- plogis(as.vector(model.matrix(f) %*% b))
      sum(log(ifelse(f$y == 1, p, 1 - p)))
    })
  }
  own <- sapply(full, logLik) - sapply(reduced, logLik)
  m <- length(full)
  gap <- 2 * mean(own) - 2 * mean(at(full) - at(reduced))
  r <- (m + 1) / (k * (m - 1)) * gap
  c(d3_logit.f = 2 * mean(at(full) - at(reduced)) / (k * (1 + r)), d3_logit.riv = r)
}

data <- NULL
out <- NULL
set <- 0
while (set < 200) {
  n <- c(30, 40, 35)[set %% 3 + 1]
  m <- c(3, 4, 6)[set %% 3 + 1]
  raw <- program(n)
  if (!usable(raw)) next
  imp <- mice(factored(raw), m = m, maxit = 2, method = c("pmm", "pmm", "logreg", "polyreg"), printFlag = FALSE)
  sets <- complete(imp, "all")
  full <- lapply(sets, function(d) lm(after ~ before + housed, d))
  small <- lapply(sets, function(d) lm(after ~ before, d))
  none <- lapply(sets, function(d) lm(after ~ 1, d))
  logit <- lapply(sets, function(d) glm(housed ~ after + before, binomial, d, epsilon = 1e-14, maxit = 100))
  logit0 <- lapply(sets, function(d) glm(housed ~ 1, binomial, d, epsilon = 1e-14, maxit = 100))
  if (any(sapply(logit, function(f) max(abs(coef(f))) > 8 || !f$converged))) next
  many <- lapply(sets, function(d) multinom(stage ~ before, d, trace = FALSE, reltol = 1e-16, maxit = 2000))
  if (any(sapply(many, function(f) max(abs(coef(f))) > 12))) next
  d3 <- testModels(as.mitml.result(full), as.mitml.result(none), method = "D3")
  if (d3$test[5] <= 0) next
  tests <- c(
    joint("d1", testModels(as.mitml.result(full), as.mitml.result(none), method = "D1", df.c = n - 3)),
    joint("d1_inf", testModels(as.mitml.result(logit), as.mitml.result(logit0), method = "D1")),
    joint("d3", d3), d3_logit(logit, logit0, 2),
    joint("d4", testModels(as.mitml.result(full), as.mitml.result(small), method = "D4", ariv = "positive")),
    joint("d4_robust", testModels(as.mitml.result(full), as.mitml.result(none), method = "D4", ariv = "robust")),
    joint("d4_logit", testModels(as.mitml.result(logit), as.mitml.result(logit0), method = "D4", ariv = "robust")))
  if (any(tests[grep("riv$", names(tests))] <= 1e-6)) next
  set <- set + 1
  r2 <- pool.r.squared(as.mira(full))
  quick <- quickpred(data.frame(lapply(raw, as.numeric)), mincor = 0.2)[, 1:3]
  scalar <- pool.scalar(sapply(none, coef), sapply(none, vcov), n = n, k = 1)
  out <- rbind(out, reference(set, pooled("lm", full, n - 3), pooled("logit", logit, Inf), pooled("multi", many, n - 4),
    tests, r2 = r2[1], r2_fmi = r2[4], scalar.t = scalar$t, scalar.df = scalar$df, scalar.fmi = scalar$fmi,
    named("quick", quick[1:3, 1:3])))
  stored <- rbind(cbind(imp = 0, raw), do.call(rbind, lapply(1:m, function(i)
    cbind(imp = i, data.frame(lapply(sets[[i]], function(x) as.numeric(as.character(x))))))))
  stored[is.na(stored)] <- NaN
  data <- rbind(data, cbind(set, stored))
}
write_short(data, "imputation_data.csv")
write_table(out, "imputation_reference.csv")

# What mice finds with 200 imputations, for sets whose columns are imputed by each method.
methods <- list(pmm = c("pmm", "pmm", "pmm", "pmm"), norm = c("norm", "norm", "norm", "norm"),
  logreg = c("pmm", "pmm", "logreg", "pmm"), polyreg = c("pmm", "norm", "logreg", "polyreg"))
data <- NULL
out <- NULL
set <- 0
for (n in c(60, 95, 200)) for (method in names(methods)) {
  set <- set + 1
  raw <- program(n)
  while (!usable(raw)) raw <- program(n)
  frame <- raw
  how <- methods[[method]]
  if (how[3] == "logreg") frame$housed <- factor(frame$housed, 0:1)
  if (how[4] == "polyreg") frame$stage <- factor(frame$stage, 1:3)
  imp <- mice(frame, m = 400, maxit = 10, method = how, printFlag = FALSE)
  fits <- with(imp, lm(as.numeric(after) ~ before + I(as.numeric(as.character(housed))) +
    I(as.numeric(as.character(stage)))))
  found <- pool(fits)$pooled
  mean_after <- pool(with(imp, lm(as.numeric(after) ~ 1)))$pooled
  found <- rbind(found[, c("estimate", "ubar", "b")], mean_after[, c("estimate", "ubar", "b")])
  out <- rbind(out, reference(set, method = match(method, names(methods)), named("b", found$estimate),
    named("within", found$ubar), named("between", found$b)))
  raw[is.na(raw)] <- NaN
  data <- rbind(data, cbind(set, raw))
}
write_short(data, "imputation_chains_data.csv")
write_table(out, "imputation_chains_reference.csv")
