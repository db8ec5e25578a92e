# Linear models with CR2 errors, Satterthwaite df and the HTZ joint test of clubSandwich. Run: Rscript linear_clusters.R
args <- commandArgs(FALSE)
source(file.path(dirname(sub("^--file=", "", grep("^--file=", args, value = TRUE))), "common.R"))
suppressPackageStartupMessages(library(clubSandwich))
set.seed(20272)

data <- NULL
out <- NULL
for (set in 1:60) {
  clusters <- c(5, 8, 12, 20)[(set - 1) %% 4 + 1]
  n <- 5 * clusters + 20
  site <- sort(c(rep(1:clusters, 3), sample(1:clusters, n - 3 * clusters, replace = TRUE, prob = clusters:1)))
  program <- as.numeric(site %% 2 == 0)
  months <- round(rexp(n, 1 / 6) + rnorm(clusters)[site], 2)
  level <- round(rnorm(n, 4, 1.2), 2)
  outcome <- round(1 + 0.05 * months + 0.4 * level + rnorm(clusters)[site] * 0.6 + rnorm(n) * (0.5 + 0.05 * level), 3)
  frame <- data.frame(set, site, program, months, level, outcome)
  data <- rbind(data, frame)
  fit <- lm(outcome ~ program + months + level, frame)
  V <- vcovCR(fit, cluster = site, type = "CR2")
  test <- coef_test(fit, V, test = "Satterthwaite")
  all <- Wald_test(fit, constrain_zero(2:4), V, test = "HTZ")
  pair <- Wald_test(fit, constrain_zero(3:4), V, test = "HTZ")
  out <- rbind(out, reference(set, setNames(test$SE, paste0("se", 0:3)), setNames(test$df, paste0("df", 0:3)),
    setNames(test$p_Satt, paste0("p", 0:3)), all_f = all$Fstat, all_df = all$df_denom,
    pair_f = pair$Fstat, pair_df = pair$df_denom, pair_p = pair$p_val))
}
write_table(data, "linear_clusters_data.csv")
write_table(out, "linear_clusters_reference.csv")
