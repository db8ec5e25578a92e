# Power of a plan by simulation, one study after another, as an analyst would write it: people leave, scores are lost to
# skipped items, stages are unequal. Arguments: a row of assumptions, how many studies.
suppressPackageStartupMessages({library(sandwich); library(lmtest); library(nnet)})
arguments <- commandArgs(TRUE)
assumed <- as.list(read.csv(arguments[1]))
studies <- as.integer(arguments[2])
n <- assumed$n
cuts <- qnorm(cumsum(c(assumed$stage1, assumed$stage2)))
set.seed(1)
course <- function() {
  first <- rnorm(n)
  second <- assumed$retest * first + sqrt(1 - assumed$retest^2) * rnorm(n)
  cbind(first, second, assumed$retest * second + sqrt(1 - assumed$retest^2) * rnorm(n))
}
answered <- function(there, lost) there & matrix(runif(3 * n) >= lost, n)
dose <- function() (rgamma(n, 2) - 2) / sqrt(2)
paired <- function(scores, known) {
  both <- known[, 1] & known[, 3]
  after <- scores[, 3] + assumed$effect * sqrt(2 * (1 - assumed$retest^2))
  t.test(after[both], scores[both, 1], paired = TRUE)$p.value
}
robust <- function(formula, data) {
  fit <- lm(formula, data)
  coeftest(fit, vcov = vcovHC(fit, type = "HC3"))["dose", 4]
}
staged <- function(data) {
  data <- na.omit(data)
  if (length(unique(data$stage)) < 3) return(1)
  whole <- multinom(stage ~ dose + before + age, data, trace = FALSE)
  without <- multinom(stage ~ before + age, data, trace = FALSE)
  pchisq(without$deviance - whole$deviance, 2, lower.tail = FALSE)
}
one <- function() {
  last <- ifelse(runif(n) < assumed$attrition, sample(2, n, replace = TRUE), 3)
  there <- outer(last, 1:3, ">=")
  d <- data.frame(
    dose = dose(), goals = dose(), age = rnorm(n), gender = runif(n) < 0.3, race = runif(n) < 0.3, status = runif(n) < 0.3)
  p <- numeric(0)
  for (name in c("support", "coping", "action", "maintenance")) {
    scores <- course()
    known <- answered(there, assumed[[paste0("lost_", name)]])
    p[[name]] <- paired(scores, known)
    if (name %in% c("support", "coping")) {
      scores[!known] <- NA
      d$before <- scores[, 2]
      d$after <- scores[, 3] + assumed$effect * d$dose
      p[[paste0(name, "_by_months")]] <- robust(after ~ dose + before + age + gender + race + status, d)
      if (name == "support") p[["support_by_frequency"]] <- robust(after ~ dose + goals + before + age, d)
    }
  }
  scores <- course()
  scores[, 3] <- scores[, 3] + assumed$effect / 1.702 * d$dose
  scores[!answered(there, assumed$lost_stage)] <- NA
  d$before <- factor(findInterval(scores[, 2], cuts))
  d$stage <- factor(findInterval(scores[, 3], cuts))
  p[["stage_by_months"]] <- staged(d[c("stage", "dose", "before", "age")])
  p
}
start <- proc.time()[["elapsed"]]
p <- replicate(studies, one())
cat("seconds", proc.time()[["elapsed"]] - start, "\n")
for (name in rownames(p)) cat(name, sprintf("%.17g", mean(p[name, ] < 0.05)), "\n")
