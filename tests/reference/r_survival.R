# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 The Abscopal developers
# Statistics of many data sets by R package survival: r_survival.R IN OUT. IN: set,time,event,group,stratum,x,w.
suppressMessages(library(survival))
files <- commandArgs(TRUE)
quiet <- function(expression) tryCatch(suppressWarnings(expression), error = function(e) NULL)
answers <- list()
for (d in split(read.csv(files[1]), ~set)) {
  say <- function(name, value) answers[[length(answers) + 1]] <<- data.frame(set = d$set[1], name = name, value = value)
  test <- function(name, ...) {
    fit <- quiet(survdiff(...))
    # Without variance R says 0 and we say nothing.
    if (!is.null(fit) && is.finite(fit$chisq) && any(fit$var > 0)) say(name, fit$chisq)
  }
  test("log_rank", Surv(time, event) ~ group, d)
  test("peto", Surv(time, event) ~ group, d, rho = 1)
  test("stratified", Surv(time, event) ~ group + strata(stratum), d)
  curve <- survfit(Surv(time, event) ~ 1, d, conf.type = "log-log")
  say("survival", tail(curve$surv, 1))
  middle <- ceiling(length(curve$time) / 2)
  for (kind in c("plain", "log", "log-log", "logit", "arcsin")) {
    fit <- survfit(Surv(time, event) ~ 1, d, conf.type = kind)
    if (fit$surv[middle] <= 0 || fit$surv[middle] >= 1) next
    say(paste0(kind, "_lower"), fit$lower[middle])
    say(paste0(kind, "_upper"), fit$upper[middle])
    half <- quantile(fit, 0.5)
    if (is.finite(half$quantile)) say("median", half$quantile[[1]])
    # R sorts limits that rise again before it looks for one half; the first time at or below it is meant.
    falls <- function(limit) all(diff(limit[!is.na(limit)]) <= 0)
    if (is.finite(half$lower) && falls(fit$lower)) say(paste0(kind, "_median_lower"), half$lower[[1]])
    if (is.finite(half$upper) && falls(fit$upper)) say(paste0(kind, "_median_upper"), half$upper[[1]])
  }
  say("weighted_survival", survfit(Surv(time, event) ~ 1, d, weights = w)$surv[middle])
  d$cause <- factor(ifelse(d$event == 0, 0, ifelse(d$x < 2, 1, 2)), levels = 0:2)
  if (nrow(d) > 1) {
    incidence <- survfit(Surv(time, cause) ~ 1, d)
    for (k in 1:2) {
      say(paste0("incidence", k), incidence$pstate[middle, k + 1])
      say(paste0("incidence_error", k), incidence$std.err[middle, k + 1])
    }
  }
  horizon <- (min(d$time) + max(d$time)) / 2
  mean <- summary(curve, rmean = horizon)$table
  say("mean", mean[["rmean"]])
  say("mean_error", mean[["se(rmean)"]])
  for (ties in c("efron", "breslow")) {
    fit <- quiet(coxph(Surv(time, event) ~ group + x + strata(stratum), d, ties = ties,
                       control = coxph.control(eps = 1e-14, iter.max = 100)))
    # A coefficient that runs away has no value to compare.
    if (is.null(fit) || anyNA(coef(fit)) || any(abs(coef(fit)) > 10) || any(diag(vcov(fit)) > 50 | diag(vcov(fit)) == 0)) next
    say(paste0(ties, 1:2), unname(coef(fit)))
    say(paste0(ties, "_error", 1:2), unname(sqrt(diag(vcov(fit)))))
    say(paste0(ties, "_loglik"), fit$loglik[2])
    weighted <- quiet(coxph(Surv(time, event) ~ group, d, weights = w, robust = TRUE, ties = ties,
                            control = coxph.control(eps = 1e-14, iter.max = 100)))
    if (is.null(weighted) || anyNA(coef(weighted)) || abs(coef(weighted)) > 10) next
    say(paste0(ties, "_weighted"), unname(coef(weighted)))
    say(paste0(ties, "_robust"), sqrt(weighted$var[1]))
  }
}
answers <- do.call(rbind, answers)
answers$value <- sprintf("%.17g", answers$value)
write.csv(answers, files[2], row.names = FALSE, quote = FALSE)
