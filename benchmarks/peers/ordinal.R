# One argument more than the data: polr or clm, and how many refits.
arguments <- commandArgs(TRUE)
d <- read.csv(arguments[1])
suppressPackageStartupMessages(if (arguments[2] == "polr") library(MASS) else library(ordinal))
d$y <- factor(d$y, ordered = TRUE)
fit <- if (arguments[2] == "polr") function(rows) polr(y ~ ., data = rows) else function(rows) clm(y ~ ., data = rows)
whole <- fit(d)
cat("b", coef(whole)["x1"], "\n")
set.seed(1)
start <- proc.time()[["elapsed"]]
for (i in seq_len(as.integer(arguments[3])))
  suppressWarnings(try(coef(fit(d[sample(nrow(d), replace = TRUE), ])), silent = TRUE))
cat("seconds", proc.time()[["elapsed"]] - start, "\n")
