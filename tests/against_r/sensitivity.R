# E-values, robustness values with benchmarks, expected regression to the mean: the papers' formulas written again.
# Run: Rscript sensitivity.R
args <- commandArgs(FALSE)
source(file.path(dirname(sub("^--file=", "", grep("^--file=", args, value = TRUE))), "common.R"))
set.seed(20269)

e <- function(rr) { rr <- ifelse(rr < 1, 1 / rr, rr); rr + sqrt(rr * (rr - 1)) }
data <- NULL
out <- NULL
for (set in 1:70) {
  n <- c(30, 40, 60, 95)[(set - 1) %% 4 + 1]
  dose <- rexp(n)
  age <- rnorm(n) + 0.4 * dose
  score <- 0.3 * dose + 0.4 * age + rnorm(n)
  data <- rbind(data, data.frame(set, dose, age, score))
  fit <- lm(score ~ dose + age)
  s <- summary(fit)$coefficients
  df <- fit$df.residual
  t <- s["dose", 3]
  f <- abs(t) / sqrt(df)
  crit <- qt(0.975, df - 1) / sqrt(df - 1)
  rv <- function(f) 0.5 * (sqrt(f^4 + 4 * f^2) - f^2)
  alpha <- if (f <= crit) 0 else if (f > 1 / crit) (f^2 - crit^2) / (1 + f^2) else rv(f - crit)
  # benchmark: partial R2 from nested models, then the bound of Cinelli & Hazlett, section 4.4
  r2_dose <- 1 - deviance(lm(dose ~ age)) / deviance(lm(dose ~ 1))
  r2_outcome <- 1 - deviance(fit) / deviance(lm(score ~ dose))
  bound <- function(k) {
    rd <- k * r2_dose / (1 - r2_dose)
    rz <- k * r2_dose^2 / ((1 - k * r2_dose) * (1 - r2_dose))
    ry <- min(((sqrt(k) + sqrt(rz)) / sqrt(1 - rz))^2 * r2_outcome / (1 - r2_outcome), 1)
    bias <- s["dose", 2] * sqrt(df) * sqrt(ry * rd / (1 - rd))
    c(estimate = unname(s["dose", 1] - sign(s["dose", 1]) * bias),
      se = unname(s["dose", 2] * sqrt((1 - ry) / (1 - rd)) * sqrt(df / (df - 1))))
  }
  d <- confint(fit)["dose", ] / sd(score)
  b <- s["dose", 1] / sd(score)
  rr <- exp(0.91 * c(b, d))
  limit <- if (rr[2] <= 1 && rr[3] >= 1) 1 else e(if (rr[1] > 1) rr[2] else rr[3])
  or <- exp(rnorm(1, 0.5, 0.5))
  or_low <- or / 1.4
  mu <- rnorm(1, 5, 0.5); sd0 <- runif(1, 0.5, 2); r <- runif(1, 0.3, 0.95); cut <- mu + runif(1, -2, 2) * sd0
  z <- (cut - mu) / sd0
  out <- rbind(out, reference(set,
    t = t, df = df, rv = rv(f), rv_alpha = alpha, r2 = unname(t^2 / (t^2 + df)),
    r2_dose = r2_dose, r2_outcome = r2_outcome, bound = bound(0.5), est = unname(s["dose", 1]), error = unname(s["dose", 2]),
    b = unname(s["dose", 1]), low = unname(confint(fit)["dose", 1]), high = unname(confint(fit)["dose", 2]), sd = sd(score),
    e = unname(e(rr[1])), e_limit = unname(limit),
    or = or, or_low = or_low, e_common = e(sqrt(or)), e_common_limit = if (or_low <= 1 && or * 1.4 >= 1) 1 else e(sqrt(if (or > 1) or_low else or * 1.4)),
    mu = mu, sd0 = sd0, retest = r, cut = cut, regression = sd0 * (1 - r) * dnorm(z) / pnorm(z),
    enrolled = mu - sd0 * dnorm(z) / pnorm(z)))
}
write_table(data, "sensitivity_data.csv")
write_table(out, "sensitivity_reference.csv")
