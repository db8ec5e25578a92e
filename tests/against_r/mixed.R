# Linear mixed models: lme4, lmerTest, pbkrtest, and roots of their own for exact intervals. Run: Rscript mixed.R
args <- commandArgs(FALSE)
source(file.path(dirname(sub("^--file=", "", grep("^--file=", args, value = TRUE))), "common.R"))
suppressPackageStartupMessages({library(lme4); library(lmerTest); library(pbkrtest)})
set.seed(202611)

# nloptwrap's default stops at a change of 1e-8 of the criterion; here it goes to the end.
control <- lmerControl(optimizer = "nloptwrap", calc.derivs = FALSE, check.conv.singular = "ignore",
  optCtrl = list(algorithm = "NLOPT_LN_BOBYQA", xtol_abs = 1e-13, xtol_rel = 1e-13, ftol_abs = 1e-15,
    ftol_rel = 1e-15, maxeval = 100000))
fit <- function(f, d, reml = TRUE) suppressMessages(suppressWarnings({
  first <- lmerTest::lmer(f, d, REML = reml, control = control)
  lmerTest::lmer(f, d, REML = reml, control = control, start = getME(first, "theta"))
}))

# The second fit of the same model, unless it is stuck at an edge: with theta at a bound lme4 can stop short of the optimum.
lower <- function(first, second) {
  value <- function(m) getME(m, "devcomp")$cmp[[if (isREML(m)) "REML" else "dev"]]
  if (value(second) < value(first) + 1e-7) second else first
}

kinds <- c("intercept", "intercept missing", "slope", "slope missing", "uncorrelated", "little", "little slope",
  "clusters")
formulas <- c("(1 | g)", "(1 | g)", "(1 + t | g)", "(1 + t | g)", "(1 + t || g)", "(1 | g)", "(1 + t | g)",
  "(1 | cm/g)")
grid <- function(x) round(x * 64) / 64

simulate_set <- function(set, kind) {
  n <- c(12, 20, 30)[(set %/% 8) %% 3 + 1]
  waves <- if (grepl("slope|unc", kinds[kind])) c(0, 3, 6, 12) else c(0, 6, 12)
  if (kinds[kind] == "slope missing") waves <- c(6, 7, 8, 9, 10)
  g <- rep(seq_len(n), each = length(waves))
  t <- rep(waves, n)
  cm <- rep(sample(rep(1:5, length.out = n)), each = length(waves))
  x <- grid(rnorm(n))[g]
  flag <- sample(rep(0:1, length.out = n))[g]
  little <- grepl("little", kinds[kind])
  sd0 <- if (little) runif(1, 0, 0.25) else runif(1, 0.4, 1.5)
  late <- t - mean(waves)
  sd1 <- if (little) runif(1, 0, 0.02) else runif(1, 0.05, 0.25)
  if (kinds[kind] == "slope missing") sd1 <- 3 * sd1
  y <- 4 + 0.1 * late + 0.4 * x - 0.3 * flag + rnorm(n, 0, sd0)[g] + rnorm(length(g))
  if (grepl("slope|unc", kinds[kind])) y <- y + rnorm(n, 0, sd1)[g] * late
  if (kinds[kind] == "clusters") y <- y + rnorm(5, 0, 0.8)[cm]
  d <- data.frame(set, kind, g, cm, t, x, flag, y = grid(y))
  if (!kinds[kind] %in% c("intercept", "slope")) {
    gone <- runif(nrow(d)) < 0.25 & d$t > min(waves)
    d <- d[!gone, ]
  }
  d[sample(nrow(d)), ]
}

# Exact limits of the variance ratio from residual sums of squares of generalized least squares (Wald).
exact <- function(d) {
  X <- model.matrix(~ t + x + flag, d)
  Z <- model.matrix(~ factor(g) - 1, d)
  inside <- lm.fit(cbind(X, Z), d$y)
  within <- sum(inside$residuals^2)
  r <- inside$rank - ncol(X)
  m <- nrow(d) - inside$rank
  f <- function(ratio) {
    R <- chol(diag(nrow(d)) + ratio * tcrossprod(Z))
    gls <- lm.fit(backsolve(R, X, transpose = TRUE), backsolve(R, d$y, transpose = TRUE))
    (sum(gls$residuals^2) - within) / r / (within / m)
  }
  limit <- function(p) if (f(0) <= qf(p, r, m)) 0 else root(function(u) f(exp(u)) - qf(p, r, m), -16, 12)
  ends <- c(limit(0.975), limit(0.025))
  ends <- ifelse(ends == 0, 0, exp(ends))
  c(exact_low = ends[1] / (1 + ends[1]), exact_high = ends[2] / (1 + ends[2]), exact_f = f(0),
    exact_p = pf(f(0), r, m, lower.tail = FALSE), residual_low = sqrt(within / qchisq(0.975, m)),
    residual_high = sqrt(within / qchisq(0.025, m)))
}

# -2 log restricted likelihood in the logarithms of the SDs, z of the correlation and the logarithm of the residual SD.
restricted <- function(d) {
  X <- model.matrix(~ t + x + flag, d)
  same <- outer(d$g, d$g, "==")
  function(v) {
    s <- exp(v[1:2])
    G <- matrix(c(s[1]^2, s[1] * s[2] * tanh(v[3]), s[1] * s[2] * tanh(v[3]), s[2]^2), 2)
    Z <- cbind(1, d$t)
    R <- chol(same * (Z %*% G %*% t(Z)) + diag(exp(2 * v[4]), nrow(d)))
    gls <- qr(backsolve(R, X, transpose = TRUE))
    e <- qr.resid(gls, backsolve(R, d$y, transpose = TRUE))
    (nrow(d) - ncol(X)) * log(2 * pi) + 2 * sum(log(diag(R))) + 2 * sum(log(abs(diag(qr.R(gls))))) + sum(e^2)
  }
}

spreads <- function(m, kind) {
  v <- as.data.frame(VarCorr(m))
  own <- v[v$grp != "Residual" & v$grp != "cm" & is.na(v$var2), ]
  c(sd = setNames(own$sdcor, seq_along(own$sdcor) - 1),
    if (kinds[kind] == "clusters") c(cluster_sd = v$sdcor[v$grp == "cm"]),
    if (grepl("slope", kinds[kind])) c(rho = v$sdcor[!is.na(v$var2)]), sigma = sigma(m))
}

numbered <- function(name, x) setNames(unname(x), paste0(name, seq_along(x) - 1))

data <- NULL
out <- NULL
L <- rbind(c(0, 1, 0, 0), c(0, 0, 1, 1))
for (set in 1:208) {
  kind <- (set - 1) %% 8 + 1
  d <- simulate_set(set, kind)
  data <- rbind(data, d)
  f <- as.formula(paste("y ~ t + x + flag +", formulas[kind]))
  m <- fit(f, d)
  theta <- getME(m, "theta")
  flat <- isSingular(m, tol = 1e-4)
  V <- as.matrix(vcovAdj(m))
  # the same model with time in the random part counted from its middle: lmerTest differentiates numerically, and loses
  # the digits of its df where intercept and slope are all but collinear
  middle <- transform(d, late = t - mean(unique(t)))
  centered <- if (kind %in% c(3, 4, 7)) lower(m, fit(y ~ t + x + flag + (1 + late | g), middle)) else m
  s <- summary(centered)$coefficients
  joint <- contest(centered, L, joint = TRUE)
  kr <- KRmodcomp(m, L)$stats
  each <- contest1D(centered, L[2, ])
  ml <- fit(f, d, FALSE)
  mc <- if (kind %in% c(3, 4, 7)) lower(ml, fit(y ~ t + x + flag + (1 + late | g), middle, FALSE)) else ml
  sml <- summary(mc)$coefficients
  values <- c(
    numbered("b", fixef(m)), numbered("se", s[, 2]), numbered("df", s[, 3]), numbered("p", s[, 5]),
    numbered("raw_df", summary(m)$coefficients[, 3]), numbered("kr_se", sqrt(diag(V))), numbered("kr_df", sapply(1:4, function(i) get_Lb_ddf(m, diag(4)[i, ]))),
    spreads(m, kind), reml = REMLcrit(m), aic = AIC(m), bic = BIC(m), singular = as.numeric(flat),
    f = joint$`F value`, f_df = joint$DenDF, f_p = joint$`Pr(>F)`, each_df = each$df, each_se = each$`Std. Error`,
    kr_f = kr$Fstat, kr_ddf = kr$ddf, kr_p = kr$p.value,
    numbered("ml_b", fixef(ml)), numbered("ml_df", sml[, 3]), ml = deviance(ml), ml_aic = AIC(ml),
    ml_singular = as.numeric(isSingular(ml, tol = 1e-4)))
  if (kind %in% c(3, 4, 5, 7)) {
    smaller <- fit(y ~ t + x + flag + (1 | g), d)
    values <- c(values, lr = REMLcrit(smaller) - REMLcrit(m))
  }
  if (kind %in% c(1, 2, 6)) {
    values <- c(values, exact(d), lr = -2 * as.numeric(logLik(lm(y ~ t + x + flag, d), REML = TRUE)) - REMLcrit(m))
  }
  if (kind != 8) values <- c(values, blup = as.matrix(ranef(m)$g)[1:3, 1])
  if (kind == 3 && set < 90 && !flat) {
    dev <- restricted(d)
    at <- c(log(attr(VarCorr(m)$g, "stddev")), atanh(attr(VarCorr(m)$g, "correlation")[2, 1]), log(sigma(m)))
    se <- sqrt(diag(2 * solve(numDeriv::hessian(dev, at))))
    back <- function(v) c(exp(v[1:2]), tanh(v[3]), exp(v[4]))
    values <- c(values, numbered("wald_low", back(at - qnorm(0.975) * se)), numbered("wald_high", back(at + qnorm(0.975) * se)))
  }
  if (kind == 1 && set < 90 && !flat) {
    dev <- restricted(d)
    profile <- function(u) optimize(function(v) dev(c(u, -Inf, 0, v)), log(sigma(m)) + c(-2, 2), tol = 1e-9)$objective
    top <- log(as.data.frame(VarCorr(m))$sdcor[1])
    over <- function(u) profile(u) - REMLcrit(m) - qchisq(0.95, 1)
    least <- if (over(-12) <= 0) 0 else exp(uniroot(over, c(-12, top), tol = 1e-12)$root)
    values <- c(values, profile_low = least, profile_high = exp(uniroot(over, c(top, top + 4), tol = 1e-12)$root))
  }
  names(values) <- gsub("[^A-Za-z0-9_]", "", names(values))
  out <- rbind(out, reference(set, values))
}
write_table(data, "mixed_data.csv")
write_table(out, "mixed_reference.csv")
