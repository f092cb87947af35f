// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "abscopal/error.hpp"

/// Who is treated: one row of numbers per virtual patient, and a weight.
namespace abscopal {

enum class Law {
    fixed,
    normal,
    lognormal,
    uniform,
    loguniform,
    logit_normal,  ///< logistic function of a normal number: shares between 0 and 1
    beta,
    poisson,
    bernoulli,    ///< 1 with a probability, else 0
    categorical,  ///< one of several values, each with its probability
    quantiles,    ///< given by points of its quantile function, straight between them
    expression    ///< computed from other columns
};
enum class Sampling { random, latin_hypercube, sobol };

/// The law over the population of one parameter, or of an attribute of patients that the model does not know.
struct Prior {
    std::string parameter;
    Law law = Law::fixed;
    double centre = 0.0;  ///< fixed: the value; normal, poisson: mean; lognormal, logit_normal: median; beta:
                          ///< first shape; bernoulli: probability
    double spread = 0.0;  ///< normal: sd; lognormal: sd of the logarithm; logit_normal: of the logit; beta:
                          ///< second shape
    double lower =
        -std::numeric_limits<double>::infinity();  ///< bound; other laws are truncated to [lower, upper]
    double upper = std::numeric_limits<double>::infinity();
    std::string unit;  ///< of the numbers, or empty: the parameter's own
    std::string source;
    Place place;
    std::vector<double> levels = {};  ///< categorical: probabilities; quantiles: levels in [0, 1], ascending
    std::vector<double> values = {};  ///< categorical: the values; quantiles: the quantiles
    std::vector<std::string> categories = {};  ///< names of the values of a categorical law, or empty
    std::string expression = {};               ///< over names of columns and of categories
    Place expression_place = {};
    bool is_attribute = false;  ///< not a parameter of the model
    bool at_baseline = false;   ///< an expression over observables at baseline: no column of `sample`
    bool is_drawn = false;      ///< Population::draws has it, which goes before its law
    std::string label = {};     ///< name in reports, or empty
};

/// Correlation of the normal scores of two priors (Gaussian copula).
struct Correlation {
    std::string first, second;
    double rho = 0.0;
    Place place;
};

struct Cohort {
    std::vector<std::string> parameters;
    std::vector<std::vector<double>> rows;  ///< [patient][parameter]
    std::vector<double> weights;            ///< one a patient
};

struct Population {
    std::vector<Prior> priors;
    std::vector<Correlation> correlations;
    std::string draws_file;  ///< where `draws` was read from, or empty
    Cohort draws;  ///< given candidates, instead of or beside priors: candidate i is row i, and there are no
                   ///< more
    Sampling sampling = Sampling::sobol;
};

/// Quantile of a prior at `u` in (0, 1): inverse of its truncated distribution function.
double quantile(const Prior& prior, double u);

/// A table of draws: CSV with one column a parameter and optionally `weight` (not negative). Throws
/// InputError, FileError.
Cohort read_draws(const std::string& path);

/// Draws patients `first` … `first + n − 1`. Row i depends on seed and i alone, save that Latin hypercube
/// also depends on `strata`, the size of the design. Columns: the priors in their order, then those of
/// `draws`, without what is known only at baseline; fewer than `n` rows where the draws end. Throws
/// InputError if the correlations are not positive definite or an expression cannot be computed. Sources:
/// Sobol sequence with Owen scrambling (Owen 1998, J. Complexity 14:466); Philox counter-based numbers
/// (Salmon 2011, doi 10.1145/2063384.2063405).
Cohort sample(const Population& population, std::uint64_t seed, std::size_t first, std::size_t n,
              std::size_t strata);

}  // namespace abscopal
