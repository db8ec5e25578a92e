# Alpha with Feldt's interval, item-rest correlations, one-factor omega. Run: Rscript consistency.R
args <- commandArgs(FALSE)
source(file.path(dirname(sub("^--file=", "", grep("^--file=", args, value = TRUE))), "common.R"))
suppressPackageStartupMessages(library(psych))
set.seed(20266)

data <- NULL
out <- NULL
for (set in 1:30) {
  k <- c(3, 4, 6, 12)[(set - 1) %% 4 + 1]
  n <- c(30, 60, 95)[(set - 1) %% 3 + 1]
  X <- round(pmin(pmax(4 + outer(rnorm(n), runif(k, 0.8, 1.3)) + matrix(rnorm(n * k), n), 1), 7))
  data <- rbind(data, data.frame(set, participant = as.vector(row(X)), item = as.vector(col(X)), answer = as.vector(X)))
  colnames(X) <- paste0("i", seq_len(k))
  a <- suppressWarnings(suppressMessages(alpha(X, check.keys = FALSE)))
  raw <- a$total$raw_alpha
  # Feldt's limits written out: psych prints them from the same quantiles.
  low <- 1 - (1 - raw) * qf(0.975, n - 1, (n - 1) * (k - 1))
  high <- 1 - (1 - raw) * qf(0.025, n - 1, (n - 1) * (k - 1))
  printed <- alpha.ci(raw, n, k)
  stopifnot(abs(low - printed$lower.ci) < 1e-8, abs(high - printed$upper.ci) < 1e-8)
  row <- reference(set, alpha = raw, low = low, high = high)
  drop <- setNames(a$item.stats$r.drop, paste0("rest", seq_len(k)))
  spread <- setNames(a$item.stats$sd, paste0("sd", seq_len(k)))
  fit <- suppressWarnings(suppressMessages(fa(X, 1, fm = "minres")))
  out <- rbind(out, row, reference(set, drop, spread, omega = 1 - sum(fit$uniquenesses) / sum(cor(X))))
}
write_table(data, "consistency_data.csv")
write_table(out, "consistency_reference.csv")
