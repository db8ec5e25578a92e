# Effects of terms, influence, checks and splines of linear models. Run: Rscript linear_effects.R
args <- commandArgs(FALSE)
source(file.path(dirname(sub("^--file=", "", grep("^--file=", args, value = TRUE))), "common.R"))
suppressPackageStartupMessages({library(sandwich); library(lmtest); library(car); library(tseries)})
set.seed(20271)

spline <- function(frame, knots) {
  basis <- Hmisc::rcspline.eval(frame$months, nk = knots, inclx = TRUE, fractied = 0)
  places <- attr(basis, "knots")
  at <- seq(min(frame$months), max(frame$months), length.out = 3)
  X <- cbind(1, frame$level, basis)
  rows <- cbind(1, mean(frame$level), Hmisc::rcspline.eval(at, knots = places, inclx = TRUE))
  # Tests and curve do not depend on how the curve is written; on orthonormal columns they keep their digits.
  decomposed <- qr(X)
  Q <- qr.Q(decomposed)
  even <- lm(frame$outcome ~ Q - 1)
  W <- vcovHC(even, type = "HC3")
  wald <- function(i) drop(coef(even)[i] %*% solve(W[i, i], coef(even)[i])) / length(i)
  even_rows <- t(backsolve(qr.R(decomposed), t(rows), transpose = TRUE))
  differences <- sweep(even_rows, 2, even_rows[1, ])
  values <- c(setNames(places, paste0("knot", seq_along(places))), bend = wald(4:(knots + 1)), overall = wald(3:(knots + 1)),
    setNames(as.vector(basis[1:3, -1, drop = FALSE]), paste0("basis", 1:(3 * (knots - 2)))),
    setNames(drop(even_rows %*% coef(even)), paste0("mean", 1:3)),
    setNames(sqrt(diag(even_rows %*% W %*% t(even_rows))), paste0("mean_se", 1:3)),
    setNames(sqrt(pmax(diag(differences %*% W %*% t(differences)), 0)), paste0("difference_se", 1:3)))
  setNames(values, paste0("spline", knots, ".", names(values)))
}

data <- NULL
out <- NULL
for (set in 1:100) {
  n <- c(22, 36, 50, 95)[(set - 1) %% 4 + 1]
  months <- round(rexp(n, 1 / 6), 2)
  level <- round(rnorm(n, 4, 1.2) + 0.1 * months, 2)
  housed <- rep(0:1, length.out = n)[sample(n)]
  stage <- sample(rep(0:2, length.out = n))
  noise <- if (set %% 3 == 0) rt(n, 3) else rnorm(n)
  outcome <- round(1 + 0.05 * months + 0.5 * level - 0.3 * housed + 0.2 * stage + noise * (0.5 + 0.1 * months), 3)
  frame <- data.frame(set, months, level, housed, s1 = as.numeric(stage == 1), s2 = as.numeric(stage == 2), outcome)
  data <- rbind(data, frame)
  full <- outcome ~ months + level + housed + s1 + s2
  fit <- lm(full, frame)
  rss <- deviance(fit)
  total <- sum((outcome - mean(outcome))^2)
  without <- c(months = deviance(update(fit, . ~ . - months)), level = deviance(update(fit, . ~ . - level)),
    housed = deviance(update(fit, . ~ . - housed)), stage = deviance(update(fit, . ~ . - s1 - s2)))
  few <- c(1, 2, n)
  student <- rstudent(fit)
  reset <- resettest(fit, power = 2:3)
  koenker <- bptest(fit)
  white <- bptest(fit, ~ (months + level + housed + s1 + s2)^2 + I(months^2) + I(level^2), data = frame)
  shapiro <- shapiro.test(resid(fit))
  jb <- jarque.bera.test(resid(fit))
  out <- rbind(out, reference(set,
    setNames((without - rss) / without, paste0("partial", 1:4)), setNames((without - rss) / total, paste0("semi", 1:4)),
    setNames((without - rss) / rss, paste0("f2_", 1:4)),
    setNames(coef(fit)[2:4] * sapply(frame[c("months", "level", "housed")], sd) / sd(outcome), paste0("beta", 1:3)),
    setNames(hatvalues(fit)[few], paste0("hat", 1:3)), setNames(rstandard(fit)[few], paste0("standardized", 1:3)),
    setNames(student[few], paste0("student", 1:3)), setNames(cooks.distance(fit)[few], paste0("cook", 1:3)),
    setNames(dffits(fit)[few], paste0("dffits", 1:3)), setNames(dfbetas(fit)[few, 2], paste0("dfbetas", 1:3)),
    setNames(sapply(few, function(i) coef(lm(full, frame[-i, ]))[2]), paste0("without", 1:3)),
    outlier = min(1, n * 2 * pt(-max(abs(student)), fit$df.residual - 1)),
    setNames(vif(fit), paste0("vif", 1:5)), reset = unname(reset$statistic), reset_p = reset$p.value,
    koenker = unname(koenker$statistic), koenker_p = unname(koenker$p.value), white = unname(white$statistic),
    white_df = unname(white$parameter), shapiro = unname(shapiro$statistic), shapiro_p = shapiro$p.value,
    jb = unname(jb$statistic), jb_p = jb$p.value, spline(frame, 3), if (n > 30) spline(frame, 5)))
}
names <- out$statistic
out$statistic <- sub("^(partial|semi|f2_|beta|hat|standardized|student|cook|dffits|dfbetas|without|vif)([0-9])\\..*$", "\\1\\2", names)
write_table(data, "linear_effects_data.csv")
write_table(out, "linear_effects_reference.csv")
