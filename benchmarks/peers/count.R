# Beyond the data: poisson or nb, and how many refits.
arguments <- commandArgs(TRUE)
d <- read.csv(arguments[1])
suppressPackageStartupMessages(library(MASS))
formula <- as.formula(paste("y ~", paste0("x", 1:8, collapse = " + "), "+ offset(log(time))"))
fit <- if (arguments[2] == "poisson") function(rows) glm(formula, poisson, rows) else function(rows) glm.nb(formula, rows)
cat("b", sprintf("%.10f", coef(fit(d))["x1"]), "\n")
set.seed(1)
start <- proc.time()[["elapsed"]]
for (i in seq_len(as.integer(arguments[3])))
  suppressWarnings(try(coef(fit(d[sample(nrow(d), replace = TRUE), ])), silent = TRUE))
cat("seconds", proc.time()[["elapsed"]] - start, "\n")
