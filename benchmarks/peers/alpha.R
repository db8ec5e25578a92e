# psych::alpha with n.iter resamples, and a bare loop over covariances. Arguments: data, resamples.
suppressPackageStartupMessages(library(psych))
arguments <- commandArgs(TRUE)
items <- as.matrix(read.csv(arguments[1]))
draws <- as.integer(arguments[2])
set.seed(1)
quiet <- function(x) suppressWarnings(suppressMessages(x))
seconds <- system.time(fit <- quiet(alpha(items, n.iter = draws, check.keys = FALSE)))[["elapsed"]]
k <- ncol(items)
alone <- system.time(for (i in seq_len(draws)) {
  C <- cov(items[sample.int(nrow(items), replace = TRUE), ])
  k / (k - 1) * (1 - sum(diag(C)) / sum(C))
})[["elapsed"]]
omega <- quiet(fa(items, 1, fm = "minres"))
say <- function(name, value) cat(name, sprintf("%.17g", value), "\n")
say("seconds", seconds)
say("alone", alone)
say("alpha", fit$total$raw_alpha)
say("low", fit$boot.ci[[1]])
say("high", fit$boot.ci[[3]])
say("omega", 1 - sum(omega$uniquenesses) / sum(cor(items)))
