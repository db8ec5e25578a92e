# What R's lm gives on the eleven NIST StRD sets for linear regression. Run: Rscript linear_nist.R
# The tests compare digits: ours and R's, both against exact rational arithmetic on the published data.
args <- commandArgs(FALSE)
source(file.path(dirname(sub("^--file=", "", grep("^--file=", args, value = TRUE))), "common.R"))

published <- function(name) read.csv(file.path(folder, "..", "spec", "known_answers", "data", paste0(name, ".csv")))
polynomial <- function(degree, first = 0) paste("y ~", paste(sprintf("I(x^%d)", first:degree), collapse = " + "), "- 1")

x <- 0:20
noise <- c(759, -2048, 2048, -2048, 2523, -2048, 2048, -2048, 1838, -2048, 2048, -2048, 1838, -2048, 2048, -2048, 2523,
  -2048, 2048, -2048, 759)
powers <- sapply(0:5, function(k) x^k)
wampler <- function(size) data.frame(x, y = rowSums(powers) + size * noise)
tenths <- data.frame(x, y = round(drop(powers %*% 10^-(0:5)), 5))

sets <- list(
  list("Norris", published("norris"), polynomial(1)), list("Pontius", published("pontius"), polynomial(2)),
  list("NoInt1", data.frame(x = 60:70, y = 130:140), polynomial(1, 1)),
  list("NoInt2", data.frame(x = 4:6, y = c(3, 4, 4)), polynomial(1, 1)),
  list("Filip", published("filip"), polynomial(10)),
  list("Longley", published("longley"), "y ~ x1 + x2 + x3 + x4 + x5 + x6"),
  list("Wampler1", wampler(0), polynomial(5)), list("Wampler2", tenths, polynomial(5)),
  list("Wampler3", wampler(1), polynomial(5)), list("Wampler4", wampler(100), polynomial(5)),
  list("Wampler5", wampler(10000), polynomial(5)))

out <- NULL
for (set in sets) {
  # lm's default tolerance drops a term of Filip
  fit <- lm(as.formula(set[[3]]), set[[2]], tol = 1e-13)
  table <- suppressWarnings(summary(fit))$coefficients
  stopifnot(!anyNA(coef(fit)))
  k <- nrow(table)
  out <- rbind(out, data.frame(set = set[[1]], term = 0:(k - 1), estimate = table[, 1], se = table[, 2]))
}
write_table(out, "linear_nist_reference.csv")
