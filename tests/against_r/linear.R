# Linear regression with classical, HC0-HC3 and cluster-robust covariance. Run: Rscript linear.R
args <- commandArgs(FALSE)
source(file.path(dirname(sub("^--file=", "", grep("^--file=", args, value = TRUE))), "common.R"))
suppressPackageStartupMessages({library(sandwich); library(lmtest)})
set.seed(20262)

data <- NULL
out <- NULL
for (set in 1:40) {
  n <- c(25, 40, 60, 95)[(set - 1) %% 4 + 1]
  months <- round(rexp(n, 1 / 6), 2)
  level <- rnorm(n, 4, 1.2)
  housed <- rbinom(n, 1, 0.4)
  housed[1:3] <- c(1, 1, 0)
  site <- sample(rep(1:8, length.out = n))
  outcome <- 1 + 0.05 * months + 0.5 * level - 0.3 * housed + rnorm(8)[site] * 0.3 +
    rnorm(n) * (0.3 + 0.1 * months)
  frame <- data.frame(set, months, level, housed, site, outcome)
  data <- rbind(data, frame)
  fit <- lm(outcome ~ months + level + housed, frame)
  s <- summary(fit)
  row <- reference(set, b = coef(fit), r_squared = s$r.squared, adjusted = s$adj.r.squared, sd = s$sigma,
    classical_f = unname(s$fstatistic[1]))
  for (kind in c("const", "HC0", "HC1", "HC2", "HC3")) {
    V <- vcovHC(fit, type = kind)
    test <- coeftest(fit, vcov. = V)
    values <- c(test[, 2], test[, 4])
    names(values) <- c(paste0("se", 0:3), paste0("p", 0:3))
    wald <- waldtest(fit, vcov = V, test = "F")
    pair <- waldtest(fit, c("months", "housed"), vcov = V, test = "F")
    ci <- coefci(fit, "months", vcov. = V)
    values <- c(values, f = wald$F[2], f_p = wald$`Pr(>F)`[2], pair_f = pair$F[2], low = ci[1], high = ci[2])
    names(values) <- paste0(kind, ".", names(values))
    row <- rbind(row, reference(set, values))
  }
  V <- vcovCL(fit, cluster = ~site, type = "HC1")
  test <- coeftest(fit, vcov. = V, df = 7)
  values <- c(test[, 2], test[, 4])
  names(values) <- paste0("CR1.", c(paste0("se", 0:3), paste0("p", 0:3)))
  at <- data.frame(months = 6, level = 4, housed = 1)
  mean <- predict(fit, at, interval = "confidence")
  row <- rbind(row, reference(set, values, mean = mean[1], mean_low = mean[2], mean_high = mean[3]))
  out <- rbind(out, row)
}
out$statistic <- sub("^b\\.\\(Intercept\\)$", "b0", out$statistic)
out$statistic <- sub("^b\\.months$", "b1", sub("^b\\.level$", "b2", sub("^b\\.housed$", "b3", out$statistic)))
write_table(data, "linear_data.csv")
write_table(out, "linear_reference.csv")
