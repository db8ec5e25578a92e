# A random intercept for each participant: lmer alone, with lmerTest's Satterthwaite, with Kenward-Roger; or 100 refits;
# or a slope on x1 as well. Columns g, x1-x7 (a slope: x1), y; lmer and its optimizer as they come.
arguments <- commandArgs(TRUE)
data <- read.csv(arguments[1])
what <- arguments[2]
runs <- as.integer(arguments[3])
suppressPackageStartupMessages({library(lme4); if (!what %in% c("fit", "slope")) library(lmerTest)})
data$g <- factor(data$g)
model <- y ~ x1 + x2 + x3 + x4 + x5 + x6 + x7 + (1 | g)
se <- df <- 0
once <- switch(what,
  fit = function() {
    m <<- lme4::lmer(model, data)
    summary(m)$coefficients[2, 2]
  },
  slope = function() {
    m <<- lme4::lmer(y ~ x1 + (x1 | g), data)
    summary(m)$coefficients[2, 2]
  },
  slope_satterthwaite = function() {
    m <<- lmerTest::lmer(y ~ x1 + (x1 | g), data)
    s <- summary(m)$coefficients
    df <<- s[2, 3]
    s[2, 2]
  },
  satterthwaite = function() {
    m <<- lmerTest::lmer(model, data)
    s <- summary(m)$coefficients
    df <<- s[2, 3]
    s[2, 2]
  },
  kenward = function() {
    m <<- lmerTest::lmer(model, data)
    s <- summary(m, ddf = "Kenward-Roger")$coefficients
    df <<- s[2, 3]
    s[2, 2]
  },
  refits = function() {
    m <<- lme4::lmer(model, data)
    for (i in 1:100) last <- refit(m, data$y)
    summary(m)$coefficients[2, 2]
  })
seconds <- numeric(runs)
for (i in seq_len(runs)) seconds[i] <- system.time(se <- once())[["elapsed"]]
cat("seconds", sprintf("%.6g", median(seconds)), "\n")
cat("b", sprintf("%.17g", fixef(m)[[2]]), "\n")
cat("se", sprintf("%.17g", se), "\n")
cat("df", sprintf("%.17g", df), "\n")
cat("criterion", sprintf("%.17g", REMLcrit(m)), "\n")
