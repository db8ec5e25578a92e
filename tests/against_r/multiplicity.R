# P values adjusted for their number, ties and families larger than their tests included. Run: Rscript multiplicity.R
args <- commandArgs(FALSE)
source(file.path(dirname(sub("^--file=", "", grep("^--file=", args, value = TRUE))), "common.R"))
set.seed(20269)

data <- NULL
out <- NULL
for (set in 1:200) {
  m <- sample(1:25, 1)
  p <- if (set %% 2) runif(m)^3 else round(runif(m)^2, 2)
  if (set %% 10 == 0) p[1] <- c(0, 1)[(set %/% 10) %% 2 + 1]
  family <- m + (set %% 3 == 0) * sample(1:4, 1)
  data <- rbind(data, data.frame(set, family, p))
  for (method in c("holm", "hochberg", "BH")) {
    q <- p.adjust(p, method, n = family)
    names(q) <- paste0(method, seq_along(q))
    out <- rbind(out, reference(set, q))
  }
}
write_table(data, "multiplicity_data.csv")
write_table(out, "multiplicity_reference.csv")
