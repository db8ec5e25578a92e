# One-way analysis of variance, Welch's as well, two-sample t, exact permutation. Run: Rscript groups.R
args <- commandArgs(FALSE)
source(file.path(dirname(sub("^--file=", "", grep("^--file=", args, value = TRUE))), "common.R"))
suppressPackageStartupMessages(library(coin))
set.seed(20265)

data <- NULL
out <- NULL
for (set in 1:204) {
  k <- c(2, 3, 5)[(set - 1) %% 3 + 1]
  n <- sample(3:25, k, replace = TRUE)
  places <- if (set %% 2) 3 else 0  # whole scores, with ties, in every second set
  group <- rep(seq_len(k), n)
  value <- round(rnorm(sum(n), 4 + 0.2 * group, 0.5 + 0.3 * group), places)
  if (any(tapply(value, group, sd) == 0)) value <- value + (seq_along(value) %% 2)
  data <- rbind(data, data.frame(set, group, value))
  a <- anova(lm(value ~ factor(group)))
  one <- value[group == 1]
  two <- value[group == 2]
  w <- t.test(one, two)
  e <- t.test(one, two, var.equal = TRUE)
  out <- rbind(out, reference(set, f = a$`F value`[1], f_p = a$`Pr(>F)`[1], between = a$`Sum Sq`[1], within = a$`Sum Sq`[2],
    welch = unname(w$statistic), welch_df = unname(w$parameter), welch_p = w$p.value, welch_low = w$conf.int[1],
    welch_high = w$conf.int[2], equal = unname(e$statistic), equal_p = e$p.value, equal_low = e$conf.int[1],
    welch_f = unname(oneway.test(value ~ group)$statistic), welch_f_df = unname(oneway.test(value ~ group)$parameter[2]),
    welch_f_p = oneway.test(value ~ group)$p.value,
    smd = (mean(one) - mean(two)) / sqrt((var(one) + var(two)) / 2)))
  first <- group <= 2
  if (places == 0) {
    test <- oneway_test(value[first] ~ factor(group[first]), distribution = exact(algorithm = "shift"))
    out <- rbind(out, reference(set, permutation = as.numeric(pvalue(test))))
  } else if (choose(sum(n[1:2]), n[1]) <= 1e5) {
    v <- value[first]
    sums <- combn(length(v), n[1], function(i) sum(v[i]))
    middle <- n[1] * mean(v)
    out <- rbind(out, reference(set, permutation = mean(abs(sums - middle) >= abs(sum(one) - middle) - 1e-9)))
  }
}
write_table(data, "groups_data.csv")
write_table(out, "groups_reference.csv")
