# Inference for logistic and multinomial models: predictors' likelihood-ratio tests (nnet), profiles of the likelihood and
# of Firth's penalized likelihood by optim, marginal effects and risk ratios by central differences, calibration.
# Run: Rscript multinomial_inference.R
args <- commandArgs(FALSE)
source(file.path(dirname(sub("^--file=", "", grep("^--file=", args, value = TRUE))), "common.R"))
suppressPackageStartupMessages({library(nnet); library(brglm2); library(MASS)})
set.seed(202611)

flat <- function(prefix, M) {  # level by level, term by term
  values <- as.vector(t(M))
  setNames(values, paste0(prefix, seq_along(values)))
}

shares <- function(X, b, J) {  # b level by level
  eta <- cbind(0, X %*% t(matrix(b, J - 1, byrow = TRUE)))
  e <- exp(eta - apply(eta, 1, max))
  e / rowSums(e)
}

information <- function(X, P) {
  J <- ncol(P)
  do.call(rbind, lapply(2:J, function(a) do.call(cbind, lapply(2:J, function(b)
    crossprod(X, X * (P[, a] * ((a == b) - P[, b])))))))
}

# Log-likelihood, and with Firth's penalty half the log determinant of the information of the full model.
objective <- function(b, X, y, J, firth) {
  P <- shares(X, b, J)
  value <- sum(log(P[cbind(seq_along(y), y)]))
  if (firth) value <- value + 0.5 * as.numeric(determinant(information(X, P))$modulus)
  value
}

# Maximum over the coordinates that are not held: quasi-Newton, then, where the point itself is wanted and not only the
# height, Newton with a numerical Hessian.
maximum <- function(start, held, X, y, J, firth, polish = FALSE) {
  free <- setdiff(seq_along(start), held)
  if (length(free) == 0) return(list(b = start, value = objective(start, X, y, J, firth)))
  f <- function(u) { b <- start; b[free] <- u; -objective(b, X, y, J, firth) }
  found <- optim(start[free], f, method = "BFGS", control = list(reltol = 1e-13, maxit = 500))
  u <- found$par
  if (polish) for (step in 1:3) {
    H <- optimHess(u, f, control = list(ndeps = rep(1e-4, length(u))))
    h <- 1e-5
    g <- vapply(seq_along(u), function(i) { e <- h * (seq_along(u) == i); (f(u + e) - f(u - e)) / (2 * h) }, 0)
    v <- u - tryCatch(solve(H, g), error = function(e) 0 * u)
    if (f(v) > f(u)) break
    u <- v
  }
  b <- start
  b[free] <- u
  list(b = b, value = -f(u))
}

limits <- function(at, best, se, X, y, J, firth) {
  top <- objective(best, X, y, J, firth)
  one <- function(side) {
    previous <- best
    gap <- function(distance) {
      start <- previous
      start[at] <- best[at] + side * distance
      m <- maximum(start, at, X, y, J, firth)
      previous <<- m$b
      2 * (top - m$value) - qchisq(0.95, 1)
    }
    far <- 2 * se
    while (gap(far) < 0) far <- 1.5 * far
    best[at] + side * uniroot(gap, c(0.5 * se, far), tol = 1e-7, extendInt = "upX")$root
  }
  c(one(-1), one(1))
}

derivative <- function(f, b) {
  h <- 1e-5
  sapply(seq_along(b), function(i) { e <- h * (seq_along(b) == i); (f(b + e) - f(b - e)) / (2 * h) })
}

data <- NULL
out <- NULL
for (set in 1:200) {
  J <- c(2, 3, 4)[(set - 1) %% 3 + 1]
  n <- c(30, 45, 60, 95)[(set - 1) %/% 3 %% 4 + 1]
  separated <- set > 150
  repeat {
    months <- round(rexp(n, 1 / 6), 2)
    group <- sample(rep(1:3, length.out = n))
    eta <- cbind(0, outer(months, seq_len(J - 1) * 0.06) + outer(group == 3, rep(0.5, J - 1)) - 0.6)
    y <- apply(eta, 1, function(e) sample(J, 1, prob = exp(e)))
    if (separated) group[y == J] <- 1
    cells <- table(factor(y, 1:J), factor(group, 1:3))
    if (separated) cells <- cells[-J, , drop = FALSE]
    if (all(cells >= 2) && all(table(factor(y, 1:J)) >= 3)) break
  }
  frame <- data.frame(set, months, group, y = y - 1)
  data <- rbind(data, frame)
  X <- cbind(1, months / 5, group == 2, group == 3)  # in units of five months: optim likes terms of one size
  p <- (J - 1) * 4
  frame$level <- factor(y)
  frame$group <- factor(group)
  at <- c(2, p)[set %% 2 + 1]  # the dose in the first equation, or the last group in the last one
  zero <- rep(0, p)

  firth <- maximum(as.vector(t(matrix(coef(brmultinom(level ~ I(months / 5) + group, frame, ref = 1, type = "AS_mean")),
    J - 1))), NULL, X, y, J, TRUE, polish = TRUE)
  se <- sqrt(diag(solve(information(X, shares(X, firth$b, J)))))
  row <- reference(set, flat("firth", matrix(firth$b, J - 1, byrow = TRUE)))
  for (i in seq_along(at)) {
    lim <- limits(at[i], firth$b, se[at[i]], X, y, J, TRUE)
    held <- firth$b
    held[at[i]] <- 0
    chi <- 2 * (firth$value - maximum(held, at[i], X, y, J, TRUE)$value)
    row <- rbind(row, reference(set, setNames(c(lim, chi), paste0("firth_", c("low", "high", "chi"), i))))
  }
  for (predictor in c("months", "group")) {
    columns <- if (predictor == "months") 2 else 3:4
    which <- as.vector(outer(columns, (seq_len(J - 1) - 1) * 4, "+"))
    held <- firth$b
    held[which] <- 0
    chi <- 2 * (firth$value - maximum(held, which, X, y, J, TRUE)$value)
    row <- rbind(row, reference(set, setNames(chi, paste0("firth_lr_", predictor))))
  }

  if (!separated) {
    fit <- multinom(level ~ I(months / 5) + group, frame, trace = FALSE, reltol = 1e-15, abstol = 1e-15, maxit = 10000)
    less_months <- multinom(level ~ group, frame, trace = FALSE, reltol = 1e-15, abstol = 1e-15, maxit = 10000)
    less_group <- multinom(level ~ I(months / 5), frame, trace = FALSE, reltol = 1e-15, abstol = 1e-15, maxit = 10000)
    row <- rbind(row, reference(set, lr_months = anova(less_months, fit)$`LR stat.`[2],
      lr_group = anova(less_group, fit)$`LR stat.`[2], lr_p = anova(less_group, fit)$`Pr(Chi)`[2]))
    best <- maximum(as.vector(t(matrix(coef(fit), J - 1))), NULL, X, y, J, FALSE, polish = TRUE)
    V <- solve(information(X, shares(X, best$b, J)))
    row <- rbind(row, reference(set, flat("ml", matrix(best$b, J - 1, byrow = TRUE)),
      setNames(limits(2, best$b, sqrt(V[2, 2]), X, y, J, FALSE), c("ml_low", "ml_high"))))
    if (J == 2) {
      logit <- glm(level ~ I(months / 5) + group, binomial, frame, control = glm.control(epsilon = 1e-14, maxit = 100))
      ci <- suppressMessages(confint(logit, "I(months/5)"))
      stopifnot(max(abs(ci - row$value[match(c("ml_low", "ml_high"), row$statistic)])) < 1e-2)  # MASS interpolates
    }
    # Marginal effects and risk ratios, every derivative a central difference of probabilities.
    effect_months <- function(b) {
      h <- 1e-4
      up <- X; up[, 2] <- up[, 2] + h
      down <- X; down[, 2] <- down[, 2] - h
      colMeans(shares(up, b, J) - shares(down, b, J)) / (2 * h)
    }
    moved <- function(column, value, off) { Z <- X; Z[, off] <- 0; Z[, column] <- value; Z }
    effect_group <- function(b) colMeans(shares(moved(4, 1, 3:4), b, J) - shares(moved(4, 0, 3:4), b, J))
    log_ratio <- function(b) log(colMeans(shares(moved(2, 2, 2), b, J))) - log(colMeans(shares(moved(2, 0.2, 2), b, J)))
    difference <- function(b) colMeans(shares(moved(2, 2, 2), b, J)) - colMeans(shares(moved(2, 0.2, 2), b, J))
    for (name in c("effect_months", "effect_group", "log_ratio", "difference")) {
      f <- get(name)
      G <- derivative(f, best$b)
      row <- rbind(row, reference(set, setNames(f(best$b), paste0(name, 1:J)),
        setNames(sqrt(diag(G %*% V %*% t(G))), paste0(name, "_se", 1:J))))
    }
    # Calibration of the Firth fit's own predictions: intercepts alone, then a slope for each equation.
    B <- matrix(firth$b, J - 1, byrow = TRUE)
    L <- X %*% t(B)
    recalibrated <- function(a, s) { e <- exp(cbind(0, sweep(sweep(L, 2, s, "*"), 2, a, "+"))); e / rowSums(e) }
    lik <- function(a, s) -sum(log(recalibrated(a, s)[cbind(seq_along(y), y)]))
    m <- J - 1
    large <- optim(rep(0, m), function(a) lik(a, rep(1, m)), method = "BFGS", control = list(reltol = 1e-15))
    slope <- optim(c(rep(0, m), rep(1, m)), function(t) lik(t[1:m], t[m + 1:m]), method = "BFGS",
      control = list(reltol = 1e-15, maxit = 1000))
    row <- rbind(row, reference(set, setNames(large$par, paste0("large", 1:m)),
      setNames(slope$par[m + 1:m], paste0("slope", 1:m)), calibration_lr = 2 * (lik(rep(0, m), rep(1, m)) - slope$value)))
    # Fagerland, Hosmer and Bofin (2008): groups by one minus the probability of the first level.
    P <- shares(X, best$b, J)
    groups <- 6
    order_of <- order(1 - P[, 1])
    edge <- floor(seq_len(groups) * n / groups)
    bin <- findInterval(seq_len(n) - 1, c(0, edge[-groups]))
    Y <- outer(y, 1:J, "==") * 1
    O <- rowsum(Y[order_of, ], bin)
    E <- rowsum(P[order_of, ], bin)
    chi <- sum((O - E)^2 / E)
    row <- rbind(row, reference(set, fhb = chi, fhb_p = pchisq(chi, (groups - 2) * (J - 1), lower.tail = FALSE)))
    # Classification and leave-one-out.
    correct <- mean(apply(P, 1, which.max) == y)
    most <- max(table(y))
    row <- rbind(row, reference(set, accuracy = correct,
      accuracy_p = binom.test(sum(apply(P, 1, which.max) == y), n, most / n, alternative = "greater")$p.value))
  }
  out <- rbind(out, row)
  if (set %% 10 == 0) cat(set, "\n", file = stderr())
}
write_table(data, "multinomial_inference_data.csv")
write_table(out, "multinomial_inference_reference.csv")
