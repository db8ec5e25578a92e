# Change between waves: coin, base R and loops. Arguments: data.csv draws
suppressPackageStartupMessages(library(coin))
arguments <- commandArgs(TRUE)
data <- read.csv(arguments[1])
draws <- as.integer(arguments[2])
d <- round(data$after - data$before, 9)
Y <- as.matrix(data)
say <- function(name, value) cat(name, sprintf("%.17g", value), "\n")
clock <- function(expression, times = 5) {
  run <- substitute(expression)
  where <- parent.frame()
  median(replicate(times, system.time(eval(run, where))[["elapsed"]]))
}
hl <- function(x) { s <- outer(x, x, "+") / 2; median(s[lower.tri(s, TRUE)]) }
exact <- function() as.numeric(pvalue(wilcoxsign_test(d ~ rep(0, length(d)), distribution = "exact", zero.method = "Wilcoxon")))
anova_of <- function() {
  fit <- lm(Y ~ 1)
  list(anova(fit, X = ~1, test = "Spherical"), mauchly.test(fit, X = ~1))
}
start <- proc.time()[["elapsed"]]
say("exact_p", exact())
say("hodges_lehmann", hl(d))
say("gg", stats:::sphericity(stats:::SSD.mlm(lm(Y ~ 1)), X = ~1)$GG.eps)
say("dz", mean(d) / sd(d))
say("dav", mean(d) / sqrt((var(data$after) + var(data$before)) / 2))
say("friedman", friedman.test(Y)$p.value)
say("s_exact", clock(for (i in 1:20) exact(), 3) / 20)
say("s_anova", clock(for (i in 1:20) anova_of(), 3) / 20)
one <- function() {
  i <- sample(nrow(data), replace = TRUE)
  b <- data$before[i]
  a <- data$after[i]
  c(mean(a - b) / sd(a - b), mean(a - b) / sqrt((var(a) + var(b)) / 2))
}
say("s_dz", clock(replicate(draws, one()), 3))
say("s_hl", clock(replicate(draws, hl(sample(d, replace = TRUE))), 1))
say("seconds", proc.time()[["elapsed"]] - start)
