# Multinomial logit: maximum likelihood (nnet; glm for two levels), Firth (brglm2), cluster-robust. Run: Rscript multinomial.R
args <- commandArgs(FALSE)
source(file.path(dirname(sub("^--file=", "", grep("^--file=", args, value = TRUE))), "common.R"))
suppressPackageStartupMessages({library(nnet); library(brglm2); library(sandwich); library(lmtest)})
set.seed(20263)

flat <- function(prefix, M) {  # level by level, term by term
  values <- as.vector(t(M))
  setNames(values, paste0(prefix, seq_along(values)))
}

# The sandwich around a multinomial fit, written out: scores are (y - p) times the row.
clustered <- function(X, Y, P, site) {
  J <- ncol(Y)
  scores <- do.call(cbind, lapply(2:J, function(j) (Y[, j] - P[, j]) * X))
  info <- do.call(rbind, lapply(2:J, function(a) do.call(cbind, lapply(2:J, function(b)
    crossprod(X, X * (P[, a] * ((a == b) - P[, b])))))))
  G <- length(unique(site))
  meat <- crossprod(rowsum(scores, site))
  bread <- solve(info)
  bread %*% meat %*% bread * G / (G - 1) * (nrow(X) - 1) / (nrow(X) - ncol(scores))
}

data <- NULL
out <- NULL
for (set in 1:36) {
  J <- c(2, 3, 4)[(set - 1) %% 3 + 1]
  n <- c(60, 95, 150)[(set - 1) %/% 3 %% 3 + 1]
  separated <- set > 27
  repeat {
    months <- round(rexp(n, 1 / 6), 2)
    housed <- rbinom(n, 1, 0.35)
    site <- sample(rep(1:10, length.out = n))
    eta <- cbind(0, outer(months, seq_len(J - 1) * 0.08) + outer(housed, rep(0.4, J - 1)) - 0.5)
    y <- apply(eta, 1, function(e) sample(J, 1, prob = exp(e)))
    if (separated) housed[y == J] <- 0
    frame <- data.frame(set, months, housed, site, y = y - 1)
    enough <- table(factor(y, 1:J), factor(housed, 0:1))
    if (separated) enough <- enough[-J, , drop = FALSE]
    if (all(enough >= 3)) break
  }
  data <- rbind(data, frame)
  X <- cbind(1, months, housed)
  frame$level <- factor(y)
  firth <- brmultinom(level ~ months + housed, frame, ref = 1, type = "AS_mean", epsilon = 1e-12, maxit = 1000)
  row <- reference(set, flat("firth_b", coef(firth)), flat("firth_se", matrix(summary(firth)$standard.errors, J - 1)))
  if (!separated) {
    fit <- multinom(level ~ months + housed, frame, trace = FALSE, reltol = 1e-15, abstol = 1e-15, maxit = 10000)
    null <- multinom(level ~ 1, frame, trace = FALSE, reltol = 1e-15)
    less <- multinom(level ~ months, frame, trace = FALSE, reltol = 1e-15, maxit = 10000)
    # nnet stops early and takes its standard errors from a numerical Hessian: finish with Newton steps.
    B <- matrix(coef(fit), J - 1)
    Y <- outer(y, 1:J, "==") * 1
    for (step in 1:8) {
      P <- exp(cbind(0, X %*% t(B)))
      P <- P / rowSums(P)
      score <- as.vector(t(crossprod(Y - P, X)[-1, , drop = FALSE]))
      info <- do.call(rbind, lapply(2:J, function(a) do.call(cbind, lapply(2:J, function(b)
        crossprod(X, X * (P[, a] * ((a == b) - P[, b])))))))
      B <- B + matrix(solve(info, score), J - 1, byrow = TRUE)
    }
    stopifnot(max(abs(B - matrix(coef(fit), J - 1))) < 1e-3)
    se <- matrix(sqrt(diag(solve(info))), J - 1, byrow = TRUE)
    cr <- matrix(sqrt(diag(clustered(X, Y, P, site))), J - 1, byrow = TRUE)
    if (J == 2) {
      logit <- glm(level ~ months + housed, binomial, frame, control = glm.control(epsilon = 1e-15, maxit = 100))
      stopifnot(max(abs(coef(logit) - B)) < 1e-8)
      other <- sqrt(diag(vcovCL(logit, cluster = ~site, type = "HC1")))
      stopifnot(max(abs(other - cr)) < 1e-8)
    }
    lr <- anova(less, fit)
    row <- rbind(row, reference(set, flat("b", B), flat("se", se), flat("cr", cr),
      deviance = fit$deviance, null_deviance = null$deviance, lr = lr$`LR stat.`[2], lr_p = lr$`Pr(Chi)`[2],
      mcfadden = 1 - fit$deviance / null$deviance, flat("prob", P[1:2, , drop = FALSE])))
  }
  out <- rbind(out, row)
}
write_table(data, "multinomial_data.csv")
write_table(out, "multinomial_reference.csv")
