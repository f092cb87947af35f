// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "trial/calibration_problem.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "base/digest.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "trial/archive.hpp"
#include "trial/row_formulas.hpp"
#include "trial/schema_check.hpp"
#include "trial/selection.hpp"
#include "trial/trial_reader.hpp"

namespace abscopal {
namespace {

constexpr double days_a_month = 30.4375;

/// The law a number belongs to, or null.
template <class AnyTrial>
auto* law_of(const Varied& varied, AnyTrial& trial) {
    auto& priors = trial.population.priors;
    const auto found = std::find_if(priors.begin(), priors.end(), [&](const Prior& prior) {
        return prior.parameter == varied.name && !prior.is_drawn && prior.law != Law::expression;
    });
    return found == priors.end() ? nullptr : &*found;
}

class ProblemReader {
  public:
    explicit ProblemReader(const std::string& path) : path_(path) {}

    Problem read() {
        const std::string text = read_file(path_);
        root_ = parse_toml(text, path_);
        problem_.file = path_;
        check_schema("calibration", root_, false, faults_);
        faults_.throw_if_any();
        problem_.title = text_member(&root_, "title").value_or(std::filesystem::path(path_).stem().string());
        problem_.seed = size("seed", &root_, 1);
        evidence_ = text_member(&root_, "evidence").value_or("");
        for (const auto* table : table_members(&root_, "trial")) read_one_trial(*table);
        faults_.throw_if_any();
        for (const auto* table : table_members(&root_, "target")) read_targets(*table);
        for (const auto* table : table_members(&root_, "vary")) read_varied(*table);
        read_steps();
        faults_.throw_if_any();
        set_digest(text);
        return std::move(problem_);
    }

  private:
    static std::size_t size(std::string_view key, const TomlValue* table, std::size_t otherwise) {
        const auto value = number_member(table, key);
        return value && *value >= 0 ? static_cast<std::size_t>(*value) : otherwise;
    }
    static bool truth(std::string_view key, const TomlValue* table, bool otherwise) {
        const auto* value = member(table, key);
        return value ? value->truth : otherwise;
    }

    void read_one_trial(const TomlValue& table) {
        const auto* file = table.find("file");
        const std::string path = beside(file->place.file, file->text);
        if (!std::filesystem::is_regular_file(path)) {
            faults_.add("file-missing", "trial '" + path + "' does not exist", file->place);
            return;
        }
        Trial trial = read_trial(path);
        auto model = load_model(trial);
        problem_.trials.push_back(
            {text_member(&table, "name").value_or(""), std::move(trial), std::move(model)});
    }

    /// Index of the entry whose name a key gives, or a fault.
    template <class Entries, class NameOf>
    std::optional<std::size_t> named(const TomlValue& table, const char* key, const Entries& entries,
                                     const NameOf& name_of_entry) {
        const auto* value = table.find(key);
        std::vector<std::string> names;
        for (const auto& entry : entries) names.push_back(name_of_entry(entry));
        const auto found = std::find(names.begin(), names.end(), value->text);
        if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
        faults_.add(std::string("unknown-") + key,
                    "there is no " + std::string(key) + " named '" + value->text + "'" +
                        did_you_mean(value->text, names),
                    value->place, {"there are: " + join(names, "; ")});
        return std::nullopt;
    }

    void read_targets(const TomlValue& table) {
        const auto trial =
            named(table, "trial", problem_.trials, [](const ProblemTrial& t) { return t.name; });
        if (!trial) return;
        const auto arm =
            named(table, "arm", problem_.trials[*trial].trial.arms, [](const Arm& a) { return a.name; });
        if (!arm) return;
        std::vector<const TomlValue*> measures;
        if (const auto* one = table.find("measure")) measures.push_back(one);
        if (const auto* list = table.find("measures"))
            for (const auto& item : list->items) measures.push_back(&item);
        if (measures.empty())
            faults_.add("missing-key", "'measure' or 'measures' is missing in [[target]]", table.place);
        for (const auto* measure : measures) read_target(table, *measure, *trial, *arm);
    }

    void read_target(const TomlValue& table, const TomlValue& measure, std::size_t trial, std::size_t arm) {
        const auto name = parse_measure(measure.text);
        if (!name) {
            faults_.add("unknown-measure",
                        "'" + measure.text + "' is no measure" + did_you_mean(measure.text, measure_names()),
                        measure.place, {"measures: " + join(measure_names(), ", ")});
            return;
        }
        Target target;
        target.trial = trial, target.arm = arm;
        target.measure = *name, target.measure_text = measure.text;
        target.grade = measure.text == "grade3plus" ? 3 : static_cast<int>(size("grade", &table, 1));
        target.event = text_member(&table, "event").value_or("");
        target.is_held_out = truth("held_out", &table, false);
        target.weight = number_member(&table, "weight").value_or(1.0);
        target.name = problem_.trials[trial].name + ": " + problem_.trials[trial].trial.arms[arm].name;
        read_where(table, target);
        check_horizon(measure, target);
        if (const auto observed = observation(table, measure, target)) {
            target.observed = *observed;
            problem_.targets.push_back(std::move(target));
        }
    }

    void read_where(const TomlValue& table, Target& target) {
        const auto* where = table.find("where");
        if (!where || where->kind != TomlValue::Kind::text) return;
        target.where = where->text;
        target.where_place = {where->place.file, where->place.line, where->place.column + 1, 0};
        try {
            const auto names = baseline_names(problem_.trials[target.trial].trial);
            const auto condition = parse_condition(where->text, target.where_place);
            for (const auto& name : names_in(condition)) {
                if (names.knows(name)) continue;
                faults_.add("unknown-name",
                            "'" + name + "' is no column of these patients" + did_you_mean(name, names.all()),
                            where->place);
            }
            check_formula(condition, faults_);
        } catch (const InputError& error) {
            for (const auto& fault : error.faults()) faults_.add(fault.code, fault.message, fault.place);
        }
    }

    /// A landmark beyond the follow-up cannot be seen.
    void check_horizon(const TomlValue& measure, const Target& target) {
        const double day = target.measure.months * days_a_month;
        const double follow_up = problem_.trials[target.trial].trial.follow_up;
        if (day <= follow_up) return;
        faults_.add("after-follow-up",
                    "'" + measure.text + "' lies on day " + fixed(day, 0) + ", after the follow-up of " +
                        fixed(follow_up, 0) + " days",
                    measure.place);
    }

    std::optional<Observation> observation(const TomlValue& table, const TomlValue& measure,
                                           const Target& target) {
        if (const auto* from = table.find("from")) {
            auto row = *from;
            return observation_from(row, evidence_, target.measure, target.grade, faults_);
        }
        const auto value = number_member(&table, "value");
        if (!value) {
            faults_.add("missing-key", "'from' or 'value' is missing in [[target]]", measure.place);
            return std::nullopt;
        }
        const auto lower = number_member(&table, "lower"), upper = number_member(&table, "upper");
        const double n = number_member(&table, "n").value_or(0.0);
        const bool is_median =
            target.measure.measure == Measure::pfs_median || target.measure.measure == Measure::os_median;
        if (is_median) return median_observed(*value, lower, upper, n);
        const auto share = [](std::optional<double> x) { return x ? std::optional(*x / 100) : std::nullopt; };
        return share_observed(*value / 100, share(lower), share(upper), n);
    }

    void read_varied(const TomlValue& table) {
        Varied varied;
        varied.name = text_member(&table, "name").value_or("");
        const auto of = text_member(&table, "of");
        varied.what = of == "spread"  ? Vary::spread
                      : of == "scale" ? Vary::scale
                      : of == "value" ? Vary::value
                                      : Vary::centre;
        varied.lower = number_member(&table, "lower").value_or(0.0);
        varied.upper = number_member(&table, "upper").value_or(0.0);
        varied.is_logarithmic = truth("logarithmic", &table, varied.lower > 0);
        if (!(varied.lower < varied.upper) || (varied.is_logarithmic && !(varied.lower > 0)))
            faults_.add("empty-range",
                        "'lower' must be less than 'upper', and positive on a logarithmic scale",
                        table.find("lower")->place);
        for (const auto& trial : problem_.trials) varied.trials.push_back(has(varied, trial));
        const auto now = present_value(varied);
        if (!now) unknown_varied(*table.find("name"), varied);
        varied.start = std::clamp(number_member(&table, "start").value_or(now.value_or(varied.lower)),
                                  varied.lower, varied.upper);
        problem_.varied.push_back(std::move(varied));
    }

    void unknown_varied(const TomlValue& name, const Varied& varied) {
        std::vector<std::string> known;
        for (const auto& trial : problem_.trials)
            for (const auto& prior : trial.trial.population.priors) known.push_back(prior.parameter);
        faults_.add("unknown-parameter",
                    "'" + varied.name + "' has no such number in any of the trials" +
                        did_you_mean(varied.name, known),
                    name.place);
    }

    /// What the first trial that has the number says.
    std::optional<double> present_value(const Varied& varied) const {
        for (const auto& trial : problem_.trials) {
            if (!has(varied, trial)) continue;
            if (varied.what == Vary::scale) return 1.0;
            if (varied.what == Vary::value) return value_in_trial(trial, varied.name);
            const auto* prior = law_of(varied, trial.trial);
            return varied.what == Vary::centre ? prior->centre : prior->spread;
        }
        return std::nullopt;
    }

    static double value_in_trial(const ProblemTrial& trial, const std::string& name) {
        for (const auto& [id, value] : trial.trial.settings)
            if (id == name) return value;
        return trial.model->parameters[*find_parameter(*trial.model, name)].value;
    }

    void read_steps() {
        const auto *fit = member(&root_, "fit"), *population = member(&root_, "population"),
                   *sensitivity = member(&root_, "sensitivity");
        problem_.method = text_member(fit, "method").value_or(problem_.method);
        problem_.max_evaluations = size("evaluations", fit, problem_.max_evaluations);
        problem_.fit_patients = size("patients", fit, problem_.fit_patients);
        problem_.pool_patients = size("patients", population, problem_.pool_patients);
        problem_.accept_at_least = size("accept_at_least", population, problem_.accept_at_least);
        problem_.is_weighted = truth("weights", population, true);
        problem_.sobol = size("sobol", sensitivity, 0);
        problem_.has_identifiability = truth("identifiability", sensitivity, true);
        problem_.has_prcc = truth("prcc", sensitivity, true);
        for (const auto* table : table_members(population, "marginal")) read_marginal(*table);
        read_correlations(population);
    }

    void read_marginal(const TomlValue& table) {
        Marginal marginal;
        marginal.column = text_member(&table, "column").value_or("");
        const auto law = text_member(&table, "law");
        const bool is_normal = law == "normal";
        marginal.law.law = is_normal ? Law::normal : law == "lognormal" ? Law::lognormal : Law::logit_normal;
        for (const std::string_view key : {is_normal ? "mean" : "median", is_normal ? "sd" : "sigma"})
            if (!table.find(key))
                faults_.add("missing-key", "this law needs '" + std::string(key) + "'", table.place);
        marginal.law.centre = number_member(&table, is_normal ? "mean" : "median").value_or(0.0);
        marginal.law.spread = number_member(&table, is_normal ? "sd" : "sigma").value_or(1.0);
        for (const auto& trial : problem_.trials) {
            const auto columns = patient_columns(trial.trial);
            if (std::find(columns.begin(), columns.end(), marginal.column) != columns.end()) continue;
            faults_.add("unknown-column",
                        "trial '" + trial.name + "' has no column '" + marginal.column + "'" +
                            did_you_mean(marginal.column, columns),
                        table.find("column")->place);
        }
        problem_.marginals.push_back(std::move(marginal));
    }

    void read_correlations(const TomlValue* population) {
        const auto n = problem_.marginals.size();
        auto& matrix = problem_.marginal_correlation;
        matrix.assign(n, std::vector<double>(n, 0.0));
        for (std::size_t i = 0; i < n; ++i) matrix[i][i] = 1.0;
        for (const auto* table : table_members(population, "correlation")) {
            std::vector<std::size_t> ends;
            for (const auto& item : table->find("between")->items)
                for (std::size_t i = 0; i < n; ++i)
                    if (problem_.marginals[i].column == item.text) ends.push_back(i);
            if (ends.size() != 2 || ends[0] == ends[1]) {
                faults_.add("unknown-column", "a correlation needs two columns with [[population.marginal]]",
                            table->place);
                continue;
            }
            matrix[ends[0]][ends[1]] = matrix[ends[1]][ends[0]] = number_member(table, "rho").value_or(0.0);
        }
    }

    void set_digest(const std::string& text) {
        std::string all = text;
        for (const auto& one : problem_.trials) all += "\n" + trial_digest(one.trial, one.trial.model_digest);
        for (const auto& target : problem_.targets)
            all += "\n" + to_text(target.observed.value) + " " + to_text(target.observed.error);
        problem_.digest = sha256(all);
    }

    std::string path_, evidence_;
    TomlValue root_;
    Problem problem_;
    FaultList faults_;
};

}  // namespace

std::optional<MeasureName> parse_measure(std::string_view text) {
    if (text == "orr") return MeasureName{Measure::response};
    if (text == "cr") return MeasureName{Measure::complete_response};
    if (text == "dcr") return MeasureName{Measure::disease_control};
    if (text == "pfs_median") return MeasureName{Measure::pfs_median};
    if (text == "os_median") return MeasureName{Measure::os_median};
    if (text == "event" || text == "grade3plus") return MeasureName{Measure::adverse_event};
    for (const auto& [head, measure] :
         {std::pair{"pfs_", Measure::pfs_at}, std::pair{"os_", Measure::os_at}}) {
        if (!text.starts_with(head) || !text.ends_with('m')) continue;
        const auto from = std::string_view(head).size();
        const auto months = to_double(text.substr(from, text.size() - 1 - from));
        if (months && *months > 0) return MeasureName{measure, *months};
    }
    return std::nullopt;
}

std::vector<std::string> measure_names() {
    return {"orr", "cr", "dcr", "pfs_median", "os_median", "pfs_12m", "os_12m", "grade3plus", "event"};
}

std::string Varied::label() const {
    const char* names[] = {"centre", "spread", "scale", "value"};
    return name + " (" + names[static_cast<int>(what)] + ")";
}

bool has(const Varied& varied, const ProblemTrial& trial) {
    const auto* prior = law_of(varied, trial.trial);
    if (varied.what == Vary::value) return !prior && find_parameter(*trial.model, varied.name);
    if (!prior) return false;
    Prior copy = *prior;
    if (varied.what == Vary::scale) return rescale(copy, 1.5);
    const auto law = prior->law;
    if (law == Law::uniform || law == Law::loguniform || law == Law::categorical || law == Law::quantiles)
        return false;
    return varied.what == Vary::centre || (law != Law::fixed && law != Law::poisson && law != Law::bernoulli);
}

void apply(const Varied& varied, double x, Trial& trial) {
    if (varied.what == Vary::value) {
        std::erase_if(trial.settings, [&](const auto& setting) { return setting.first == varied.name; });
        trial.settings.emplace_back(varied.name, x);
    } else if (auto* prior = law_of(varied, trial); prior && varied.what == Vary::scale) {
        rescale(*prior, x);
    } else if (prior) {
        (varied.what == Vary::centre ? prior->centre : prior->spread) = x;
    }
}

Problem read_problem(const std::string& path) {
    return ProblemReader(path).read();
}

}  // namespace abscopal
