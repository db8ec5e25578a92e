# Count models: glm (Poisson, quasi-Poisson), MASS::glm.nb, brglm2 (Firth), sandwich, AER; profiles by constrained fits.
# Run: Rscript count.R
args <- commandArgs(FALSE)
source(file.path(dirname(sub("^--file=", "", grep("^--file=", args, value = TRUE))), "common.R"))
suppressPackageStartupMessages({library(MASS); library(brglm2); library(sandwich); library(AER)})
set.seed(202632)
TIGHT <- glm.control(epsilon = 1e-15, maxit = 500)
numbered <- function(prefix, values) setNames(unname(values), paste0(prefix, seq_along(values)))
FORMULA <- events ~ months + support + housed + offset(log(time))

limit <- function(gap, best, side, se) uniroot(gap, sort(best + side * se * c(0.8, 3)), tol = 1e-11,
  extendInt = "yes", maxiter = 500)$root

# Firth's penalized Poisson log-likelihood, maximized over all but one coefficient.
firth_objective <- function(b, X, y, offset) {
  mu <- exp(as.vector(X %*% b) + offset)
  sum(dpois(y, mu, log = TRUE)) + as.numeric(determinant(crossprod(X, X * mu))$modulus) / 2
}
firth_held <- function(X, y, offset, which, value, start) {
  f <- function(rest) -firth_objective(append(rest, value, which - 1), X, y, offset)
  a <- nlminb(start[-which], f, control = list(rel.tol = 1e-15, x.tol = 1e-12, eval.max = 2000, iter.max = 2000))
  -a$objective
}

data <- NULL
out <- NULL
for (set in 1:210) {
  n <- c(30, 50, 95)[(set - 1) %% 3 + 1]
  size <- c(0.7, 1.5, 4, Inf)[(set - 1) %/% 3 %% 4 + 1]
  separated <- set > 200
  repeat {
    months <- round(rexp(n, 1 / 6), 2)
    support <- round(rnorm(n, 4, 1.2), 2)
    housed <- rbinom(n, 1, 0.4)
    time <- round(runif(n, 1, 6), 2)
    site <- sample(rep(1:10, length.out = n))
    mu <- time * exp(-0.5 + 0.05 * months + 0.1 * support - 0.4 * housed)
    events <- if (is.finite(size)) rnbinom(n, mu = mu, size = size) else rpois(n, mu)
    if (separated) events[housed == 1] <- 0
    if (sum(housed) > 4 && (separated || sum(events[housed == 1] > 0) > 4)) break
  }
  frame <- data.frame(set, months, support, housed, time, site, events)
  data <- rbind(data, frame)
  X <- cbind(1, months, support, housed)
  row <- NULL
  if (separated || set %% 4 == 0) {
    firth <- glm(FORMULA, poisson, frame, method = brglmFit, type = "AS_mean", epsilon = 1e-13, maxit = 10000)
    row <- reference(set, numbered("firth", coef(firth)), numbered("firth_se", sqrt(diag(vcov(firth)))))
    best <- firth_objective(coef(firth), X, events, log(time))
    for (which in if (separated) 2 else c(2, 4)) {
      gap <- function(value) firth_held(X, events, log(time), which, value, coef(firth)) - best + qchisq(0.95, 1) / 2
      ends <- vapply(c(-1, 1), function(side) limit(gap, coef(firth)[which], side, sqrt(vcov(firth)[which, which])), 0)
      row <- rbind(row, reference(set, setNames(ends, paste0(c("firth_low", "firth_high"), which))))
    }
  }
  if (separated) {
    out <- rbind(out, row)
    next
  }
  fit <- glm(FORMULA, poisson, frame, control = TIGHT)
  null <- glm(events ~ 1 + offset(log(time)), poisson, frame, control = TIGHT)
  quasi <- glm(FORMULA, quasipoisson, frame, control = TIGHT)
  lr <- vapply(c("months", "support", "housed"), function(term)
    deviance(update(fit, as.formula(paste(". ~ . -", term)))) - deviance(fit), 0)
  row <- rbind(row, reference(set, numbered("b", coef(fit)), numbered("se", sqrt(diag(vcov(fit)))),
    numbered("quasi", sqrt(diag(vcov(quasi)))), log_likelihood = as.numeric(logLik(fit)), deviance = deviance(fit),
    null = as.numeric(logLik(null)), aic = AIC(fit), numbered("lr", lr),
    pearson = sum(residuals(fit, "pearson")^2), CR1 = numbered("x", sqrt(diag(vcovCL(fit, ~site, type = "HC1"))))))
  for (kind in c("HC0", "HC1", "HC2", "HC3"))
    row <- rbind(row, reference(set, numbered(paste0(kind, "."), sqrt(diag(vcovHC(fit, type = kind))))))
  held <- function(value) {  # months held
    less <- suppressWarnings(glm(events ~ support + housed + offset(log(time) + value * months), poisson, frame,
      control = TIGHT))
    as.numeric(logLik(less) - logLik(fit)) + qchisq(0.95, 1) / 2
  }
  ends <- vapply(c(-1, 1), function(side) limit(held, coef(fit)[2], side, sqrt(vcov(fit)[2, 2])), 0)
  spread <- dispersiontest(fit, trafo = 2)
  mu <- fitted(fit)
  p0 <- exp(-mu)
  across <- crossprod(X, mu)
  zero <- sum((events == 0) / p0 - 1)^2 /
    (sum((1 - p0) / p0) - as.numeric(t(across) %*% solve(crossprod(X, X * mu), across)))
  at <- predict(fit, data.frame(months = 6, support = 4, housed = 1, time = 2), se.fit = TRUE)
  one <- poisson.test(sum(events), sum(time))
  row <- rbind(row, reference(set, low = ends[1], high = ends[2], alpha = unname(spread$estimate),
    alpha_t = unname(spread$statistic), zeros = sum(p0), zero_score = zero, at = unname(at$fit),
    at_se = unname(at$se.fit), rate = unname(one$estimate), rate_low = one$conf.int[1], rate_high = one$conf.int[2]))
  moment <- sum((events - mu)^2 - events) / 2
  if (moment > 0) {
    nb <- suppressWarnings(try(glm.nb(FORMULA, frame, control = TIGHT), silent = TRUE))
    if (!inherits(nb, "try-error") && nb$theta < 50) {
      theta <- theta.ml(events, fitted(nb), eps = 1e-13, limit = 500)
      stopifnot(abs(theta - nb$theta) < 1e-5 * nb$theta)
      # glm.nb stops when its deviance does: go on until theta and coefficients agree.
      nb_null <- suppressWarnings(glm.nb(events ~ 1 + offset(log(time)), frame, control = TIGHT))
      row <- rbind(row, reference(set, numbered("nb", coef(nb)), numbered("nb_se", sqrt(diag(vcov(nb)))),
        theta = nb$theta, theta_se = as.numeric(attr(theta, "SE")), nb_value = as.numeric(logLik(nb)),
        nb_deviance = deviance(nb), nb_null = as.numeric(logLik(nb_null)),
        numbered("nb_HC3.", sqrt(diag(vcovHC(nb, type = "HC3")))),
        nb_zeros = sum(dnbinom(0, size = nb$theta, mu = fitted(nb)))))
      if (set %% 2 == 0) {
        held <- function(value) {
          less <- suppressWarnings(glm.nb(events ~ support + housed + offset(log(time) + value * months), frame,
            control = TIGHT))
          as.numeric(logLik(less) - logLik(nb)) + qchisq(0.95, 1) / 2
        }
        ends <- try(vapply(c(-1, 1), function(side) limit(held, coef(nb)[2], side, sqrt(vcov(nb)[2, 2])), 0),
          silent = TRUE)
        if (!inherits(ends, "try-error")) row <- rbind(row, reference(set, nb_low = ends[1], nb_high = ends[2]))
      }
    }
  }
  out <- rbind(out, row)
}
out$statistic <- sub("^CR1\\.x", "CR1.", out$statistic)
write_table(data, "count_data.csv")
write_table(out, "count_reference.csv")
