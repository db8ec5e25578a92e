# Multiple imputation with mice, or a linear model over imputations pooled. Arguments: data, then mix, pmm or pool.
args <- commandArgs(TRUE)
suppressPackageStartupMessages(library(mice))
data <- read.csv(args[1], na.strings = c("nan", "NaN", "NA"))
set.seed(1)
seconds <- function(run, times) {
  run()
  median(replicate(times, system.time(run())[["elapsed"]]))
}
if (args[2] == "pool") {
  sets <- split(data, data$imp)
  answer <- function() pool(as.mira(lapply(sets, function(d) lm(score0 ~ score1 + score2 + score3, d))))$pooled
  cat("seconds", seconds(answer, 5), "\n")
  found <- answer()
  for (i in seq_len(nrow(found))) cat(sprintf("b%d %.17g\nse%d %.17g\n", i, found$estimate[i], i, sqrt(found$t[i])))
} else {
  category <- grepl("^(yes|stage)", names(data))
  if (args[2] == "mix") data[category] <- lapply(data[category], factor)
  method <- ifelse(grepl("^yes", names(data)), "logreg", ifelse(category, "polyreg", "pmm"))
  if (args[2] == "pmm") method[] <- "pmm"
  imputed <- NULL
  run <- function() imputed <<- mice(data, m = 20, maxit = 5, method = unname(method), printFlag = FALSE)
  cat("seconds", seconds(run, 3), "\n")
  found <- pool(with(imputed, lm(score0 ~ score1 + score2 + score3)))$pooled
  for (i in seq_len(nrow(found))) {
    cat(sprintf("b%d %.17g\nerror%d %.17g\n", i, found$estimate[i], i, sqrt(found$b[i] / 20)))
  }
}
