# Shared by the scripts that make references: where they write, and in which form.
# Numbers are written with 17 significant digits, which is all a double holds.

folder <- local({
  file <- sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))
  if (length(file)) dirname(file) else "."
})

write_table <- function(frame, name) {
  numeric <- vapply(frame, is.numeric, logical(1))
  frame[numeric] <- lapply(frame[numeric], function(x) sprintf("%.17g", x))
  write.csv(frame, file.path(folder, name), row.names = FALSE, quote = FALSE)
}

# One row a number: data set, statistic, value.
reference <- function(set, ...) {
  values <- c(...)
  stopifnot(all(is.finite(values)))
  data.frame(set = set, statistic = names(values), value = unname(values))
}

# Solve f(x) = 0 to machine precision; f falls from left to right.
root <- function(f, low, high) uniroot(f, c(low, high), tol = 1e-15, maxiter = 10000)$root
