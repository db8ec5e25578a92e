# Paired t, signed rank (exact with ties and zeros: coin), Hodges-Lehmann, d_z. Run: Rscript paired.R
args <- commandArgs(FALSE)
source(file.path(dirname(sub("^--file=", "", grep("^--file=", args, value = TRUE))), "common.R"))
suppressPackageStartupMessages(library(coin))
set.seed(20261)

dz_limit <- function(t, n, p) root(function(d) pt(t, n - 1, d * sqrt(n)) - p, t / sqrt(n) - 6, t / sqrt(n) + 6)

data <- NULL
out <- NULL
sizes <- c(6, 8, 10, 12, 15, 20, 25, 30, 40, 60, 95, 120)
for (set in 1:48) {
  n <- sizes[(set - 1) %% 12 + 1]
  kind <- c("whole numbers", "means of items", "continuous", "heavy tail")[(set - 1) %/% 12 + 1]
  base <- rnorm(n, 4, 1)
  change <- if (kind == "heavy tail") rt(n, 2) else rnorm(n, 0.3, 0.8)
  round_to <- function(x) switch(kind, "whole numbers" = round(x), "means of items" = round(x * 4) / 4, x)
  before <- round_to(base)
  after <- round_to(base + change)
  d <- after - before
  t <- t.test(after, before, paired = TRUE)
  data <- rbind(data, data.frame(set, before, after))
  row <- reference(set,
    t = unname(t$statistic), p = t$p.value, low = t$conf.int[1], high = t$conf.int[2], difference = unname(t$estimate),
    sd_difference = sd(d), dz = mean(d) / sd(d),
    dz_low = dz_limit(unname(t$statistic), n, 0.975), dz_high = dz_limit(unname(t$statistic), n, 0.025))
  exact <- function(zero) {
    test <- wilcoxsign_test(after ~ before, distribution = "exact", zero.method = zero)
    as.numeric(pvalue(test))
  }
  normal <- function(zero) as.numeric(pvalue(wilcoxsign_test(after ~ before, zero.method = zero)))
  row <- rbind(row, reference(set,
    exact_wilcoxon = exact("Wilcoxon"), exact_pratt = exact("Pratt"),
    normal_wilcoxon = normal("Wilcoxon"), normal_pratt = normal("Pratt")))
  w <- suppressWarnings(wilcox.test(after, before, paired = TRUE, exact = FALSE, correct = TRUE))
  row <- rbind(row, reference(set, v = unname(w$statistic), normal_corrected = w$p.value))
  if (!any(duplicated(abs(d))) && all(d != 0)) {
    e <- wilcox.test(after, before, paired = TRUE, exact = TRUE, conf.int = TRUE)
    row <- rbind(row, reference(set, exact_no_ties = e$p.value, hodges_lehmann = unname(e$estimate),
                                hl_low = e$conf.int[1], hl_high = e$conf.int[2]))
  }
  out <- rbind(out, row)
}
write_table(data, "paired_data.csv")
write_table(out, "paired_reference.csv")
