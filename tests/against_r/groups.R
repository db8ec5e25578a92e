# One-way analysis of variance and two-sample t. Run: Rscript groups.R
args <- commandArgs(FALSE)
source(file.path(dirname(sub("^--file=", "", grep("^--file=", args, value = TRUE))), "common.R"))
set.seed(20265)

data <- NULL
out <- NULL
for (set in 1:30) {
  k <- c(2, 3, 5)[(set - 1) %% 3 + 1]
  n <- sample(3:25, k, replace = TRUE)
  group <- rep(seq_len(k), n)
  value <- round(rnorm(sum(n), 4 + 0.2 * group, 0.5 + 0.3 * group), 3)
  data <- rbind(data, data.frame(set, group, value))
  a <- anova(lm(value ~ factor(group)))
  one <- value[group == 1]
  two <- value[group == 2]
  w <- t.test(one, two)
  e <- t.test(one, two, var.equal = TRUE)
  out <- rbind(out, reference(set, f = a$`F value`[1], f_p = a$`Pr(>F)`[1], between = a$`Sum Sq`[1], within = a$`Sum Sq`[2],
    welch = unname(w$statistic), welch_df = unname(w$parameter), welch_p = w$p.value, welch_low = w$conf.int[1],
    welch_high = w$conf.int[2], equal = unname(e$statistic), equal_p = e$p.value, equal_low = e$conf.int[1],
    smd = (mean(one) - mean(two)) / sqrt((var(one) + var(two)) / 2)))
}
write_table(data, "groups_data.csv")
write_table(out, "groups_reference.csv")
