# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Abscopal developers
# Hazard ratios of the exported data sets: r_adtte.R FOLDER OUT, from adtte.csv and, with package foreign, from adtte.xpt.
suppressMessages(library(survival))
files <- commandArgs(TRUE)
ratio <- function(adtte) {
  d <- subset(adtte, PARAMCD == "PFS")
  exp(unname(coef(coxph(Surv(AVAL, 1 - CNSR) ~ ARMCD, d, control = coxph.control(eps = 1e-13, iter.max = 100)))))
}
answers <- c(csv = ratio(read.csv(file.path(files[1], "adtte.csv"))))
if (requireNamespace("foreign", quietly = TRUE))
  answers <- c(answers, xpt = ratio(foreign::read.xport(file.path(files[1], "adtte.xpt"))))
write.csv(data.frame(name = names(answers), value = sprintf("%.17g", answers)), files[2], row.names = FALSE, quote = FALSE)
