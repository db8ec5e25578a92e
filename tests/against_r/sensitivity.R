# E-values, robustness values and expected regression to the mean by their published formulas. Run: Rscript sensitivity.R
args <- commandArgs(FALSE)
source(file.path(dirname(sub("^--file=", "", grep("^--file=", args, value = TRUE))), "common.R"))
set.seed(20274)

e <- function(rr) { rr <- ifelse(rr < 1, 1 / rr, rr); rr + sqrt(rr * (rr - 1)) }
limit <- function(rr, low, high) if (rr > 1) max(low, 1) else min(high, 1)
hazard <- function(hr) (1 - 0.5^sqrt(hr)) / (1 - 0.5^sqrt(1 / hr))

# Cinelli and Hazlett (2020), sections 4.2 to 4.4.
partial <- function(fit, term) { t <- summary(fit)$coefficients[term, 3]; t^2 / (t^2 + fit$df.residual) }

data <- NULL
out <- NULL
for (set in 1:200) {
  n <- c(24, 50, 95)[(set - 1) %% 3 + 1]
  need <- round(rnorm(n), 2)
  age <- round(runif(n, 12, 20), 1)
  months <- round(6 + need + rnorm(n, 0, 2), 2)
  outcome <- round(0.1 * (set %% 7) * months - 0.8 * need + 0.1 * age + rnorm(n), 3)
  data <- rbind(data, data.frame(set, need, age, months, outcome))
  fit <- lm(outcome ~ months + need + age)
  exposure <- lm(months ~ need + age)
  b <- coef(fit)[["months"]]
  se <- summary(fit)$coefficients["months", 2]
  t <- b / se
  df <- fit$df.residual
  f <- abs(t) / sqrt(df)
  critical <- qt(0.975, df - 1) / sqrt(df - 1)
  rv_alpha <- if (f - critical <= 0) 0 else {
    over <- f - critical
    if (f > 1 / critical) (f^2 - critical^2) / (1 + f^2) else (sqrt(over^4 + 4 * over^2) - over^2) / 2
  }
  half <- (sqrt((f / 2)^4 + 4 * (f / 2)^2) - (f / 2)^2) / 2
  values <- c(t = t, rv = (sqrt(f^4 + 4 * f^2) - f^2) / 2, rv_half = half, rv_alpha = rv_alpha,
    partial = f^2 / (1 + f^2))
  for (k in 1:2) {
    dx <- partial(exposure, "need")
    yx <- partial(fit, "need")
    dz <- k * dx / (1 - dx)
    zx <- k * dx^2 / ((1 - k * dx) * (1 - dx))
    yz <- ((sqrt(k) + sqrt(zx)) / sqrt(1 - zx))^2 * yx / (1 - yx)
    possible <- k * dx < 1 && dz < 1 && zx < 1 && yz < 1
    if (possible) {
      bias <- se * sqrt(df) * sqrt(yz * dz / (1 - dz))
      adjusted <- sign(b) * (abs(b) - bias)
      error <- se * sqrt((1 - yz) / (1 - dz)) * sqrt(df / (df - 1))
      found <- c(dz = dz, yz = yz, estimate = adjusted, error = error)
      values <- c(values, setNames(found, paste0(names(found), k)))
    }
    values <- c(values, setNames(as.numeric(possible), paste0("possible", k)))
  }
  rr <- exp(rnorm(1, 0, 0.8))
  low <- rr * exp(-runif(1, 0, 1))
  high <- rr * exp(runif(1, 0, 1))
  d <- rnorm(1, 0, 0.6)
  d_se <- runif(1, 0.1, 0.4)
  sd <- runif(1, 0.5, 20)
  ratio <- exp(0.91 * d)
  values <- c(values, rr = rr, low = low, high = high, e = e(rr), e_limit = e(limit(rr, low, high)),
    e_or = e(sqrt(rr)), e_or_limit = e(limit(sqrt(rr), sqrt(low), sqrt(high))), e_hr = e(hazard(rr)),
    e_hr_limit = e(limit(hazard(rr), hazard(low), hazard(high))), d = d, d_se = d_se, sd = sd, e_d = e(ratio),
    e_d_limit = e(limit(ratio, exp(0.91 * (d - 1.96 * d_se)), exp(0.91 * (d + 1.96 * d_se)))))
  s <- runif(1, 5, 15)
  r <- runif(1, 0.3, 0.95)
  mu <- runif(1, 45, 55)
  cut <- runif(1, 38, 58)
  density <- function(x) dnorm(x, mu, s)
  share <- integrate(density, -Inf, cut, rel.tol = 1e-12)$value
  first <- cut - integrate(function(x) (cut - x) * density(x), -Inf, cut, rel.tol = 1e-12)$value / share
  second <- mu + r * (first - mu)
  out <- rbind(out, reference(set, values, rtm_s = s, rtm_r = r, rtm_mu = mu, rtm_cut = cut, rtm_first = first,
    rtm_change = second - first, rtm_share = share))
}
write_table(data, "sensitivity_data.csv")
write_table(out, "sensitivity_reference.csv")
