# An analyst's whole job in R: scores, alphas, paired tests, a linear and a multinomial model, 2,000 bootstraps of each.
# Argument: a folder with mspss.csv, cop_se.csv, urica.csv and people.csv.
suppressPackageStartupMessages({library(psych); library(sandwich); library(lmtest); library(nnet); library(boot)})
folder <- commandArgs(TRUE)[1]
draws <- 2000
set.seed(1)
quiet <- function(x) suppressWarnings(suppressMessages(x))
file <- function(name) read.csv(file.path(folder, paste0(name, ".csv")))
say <- function(name, value) cat(name, sprintf("%.17g", value), "\n")
bounded <- function(name, values) {
  limits <- quantile(values, c(0.025, 0.975), na.rm = TRUE)
  say(paste0(name, "_low"), limits[[1]])
  say(paste0(name, "_high"), limits[[2]])
}
mspss <- file("mspss"); cop_se <- file("cop_se"); urica <- file("urica"); people <- file("people")

items <- list(
  mspss_total = mspss[paste0("mspss_", 1:12)],
  cop_se_total = cop_se[paste0("cop_se_", 1:26)],
  urica_precontemplation = urica[paste0("urica_", c(1, 5, 11, 13, 23, 26, 29))],
  urica_contemplation = urica[paste0("urica_", c(2, 8, 12, 15, 19, 21, 24))],
  urica_action = urica[paste0("urica_", c(3, 7, 10, 14, 17, 25, 30))],
  urica_maintenance = urica[paste0("urica_", c(6, 16, 18, 22, 27, 28, 32))])
for (scale in names(items)) {
  fit <- quiet(alpha(na.omit(items[[scale]][mspss$wave == 1, ]), n.iter = draws, check.keys = FALSE))
  say(paste0("alpha_", scale), fit$total$raw_alpha)
  say(paste0("alpha_", scale, "_low"), fit$boot.ci[[1]])
  say(paste0("alpha_", scale, "_high"), fit$boot.ci[[3]])
}

scored <- function(answers, fewest) ifelse(rowSums(!is.na(answers)) >= fewest, rowMeans(answers, na.rm = TRUE), NA)
fewest <- c(10, 21, 6, 6, 6, 6)
scores <- as.data.frame(Map(scored, items, fewest))
scores$cop_se_total <- 26 * scores$cop_se_total
readiness <- with(scores, urica_contemplation + urica_action + urica_maintenance - urica_precontemplation)
scores$stage <- cut(readiness, c(-Inf, 8, 11, Inf), labels = c("precontemplation", "contemplation", "preparation_action"))
scores$person <- mspss$person
both <- merge(scores[mspss$wave == 1, ], scores[mspss$wave == 2, ], by = "person", suffixes = c("", "_after"))

for (name in c("mspss_total", "cop_se_total", "urica_action", "urica_maintenance")) {
  pairs <- na.omit(both[c(name, paste0(name, "_after"))])
  test <- t.test(pairs[[2]], pairs[[1]], paired = TRUE)
  effects <- function(data, rows) {
    difference <- data[rows, 2] - data[rows, 1]
    c(mean(difference), mean(difference) / sd(difference))
  }
  again <- boot(pairs, effects, R = draws)
  say(paste0("p_", name), test$p.value)
  for (i in 1:2) {
    label <- paste0(c("change_", "dz_")[i], name)
    say(label, again$t0[i])
    bounded(label, again$t[, i])
  }
}

data <- merge(both, people, by = "person")
later <- na.omit(data[c("mspss_total_after", "months", "mspss_total", "age", "boy")])
fit <- lm(mspss_total_after ~ months + mspss_total + age + boy, later)
robust <- coeftest(fit, vcov = vcovHC(fit, type = "HC3"))
again <- boot(later, function(d, rows) coef(lm(mspss_total_after ~ months + mspss_total + age + boy, d[rows, ])), R = draws)
for (i in 1:5) {
  say(paste0("ols", i - 1), robust[i, 1])
  say(paste0("olsse", i - 1), robust[i, 2])
  bounded(paste0("ols", i - 1), again$t[, i])
}

staged <- na.omit(data[c("stage_after", "months", "mspss_total", "age")])
stages <- function(d, rows) t(coef(multinom(stage_after ~ months + mspss_total + age, d[rows, ], trace = FALSE)))
exact <- multinom(stage_after ~ months + mspss_total + age, staged, trace = FALSE, reltol = 1e-12)
again <- boot(staged, stages, R = draws)
estimates <- t(coef(exact))
for (i in seq_along(estimates)) {
  say(paste0("stage", i - 1), estimates[i])
  bounded(paste0("stage", i - 1), again$t[, i])
}
