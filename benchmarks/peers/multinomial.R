# Refits of a multinomial model to bootstrap draws: nnet or brglm2. Columns: x1-x8, y, and w1, w2 … (how often a draw
# counts each row). Run: Rscript multinomial.R data.csv nnet|brglm2 draws
args <- commandArgs(TRUE)
suppressPackageStartupMessages({library(nnet); if (args[2] == "brglm2") library(brglm2)})
data <- read.csv(args[1])
draws <- as.integer(args[3])
frame <- data[paste0("x", 1:8)]
frame$y <- factor(data$y, levels = 0:3)
value <- rep(NA_real_, draws)
start <- proc.time()[["elapsed"]]
for (d in seq_len(draws)) {
  sample <- frame[rep(seq_len(nrow(frame)), data[[paste0("w", d)]]), ]
  if (args[2] == "nnet") {
    fit <- multinom(y ~ ., sample, trace = FALSE)
    if (fit$convergence == 0) value[d] <- -fit$deviance / 2
  } else {
    fit <- suppressWarnings(brmultinom(y ~ ., sample, type = "AS_mean"))
    if (fit$converged) value[d] <- coef(fit)[1, 2]
  }
}
cat("seconds", proc.time()[["elapsed"]] - start, "\n")
for (d in which(!is.na(value))) cat(paste0("draw", d), sprintf("%.10g", value[d]), "\n")
