// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <algorithm>
#include <filesystem>
#include <functional>
#include <mutex>
#include <numeric>
#include <thread>

#include "abscopal/ensemble.hpp"
#include "abscopal/result.hpp"
#include "base/text.hpp"
#include "base/version.hpp"
#include "trial/allocation.hpp"
#include "trial/archive.hpp"
#include "trial/patient.hpp"
#include "trial/store.hpp"

namespace abscopal {
namespace {

namespace fs = std::filesystem;

// Candidates between two commits: few enough that a stop is prompt, enough to fill the lanes. What is stored
// depends on it in bookkeeping alone.
std::size_t block_size(const Trial& trial, const Tally& tally) {
    if (trial.numerics.method == Method::bdf) return 8;
    const std::size_t still_wanted = trial.n_patients - std::min(trial.n_patients, tally.treated);
    return std::clamp<std::size_t>(still_wanted + still_wanted / 4, 16, 64);
}

std::size_t n_candidates_left(const Store& store) {
    const Trial& trial = store.head().trial;
    const auto& draws = trial.population.draws;
    const std::size_t n =
        draws.parameters.empty() ? trial.max_draws : std::min(trial.max_draws, draws.rows.size());
    return n - std::min(n, store.tally().drawn);
}

bool is_complete(const Store& store) {
    return store.tally().treated >= store.head().trial.n_patients || n_candidates_left(store) == 0;
}

/// Gives each treated patient the arms she takes, in order of the candidates: a run that is resumed counts
/// those there are first.
class Allocator {
  public:
    Allocator(const Trial& trial, Store& store)
        : trial_(trial),
          strata_(trial.design.strata, store.head().parameters),
          n_in_stratum_(strata_.count(), 0) {
        if (trial.design.allocation == Allocation::twins || store.tally().treated == 0) return;
        Result so_far;
        store.load(so_far);
        for (const auto& candidate : so_far.candidates)
            if (candidate.fate == Fate::treated) ++n_in_stratum_[stratum(candidate)];
    }

    std::vector<std::size_t> arms_of(const Candidate& patient) {
        std::vector<std::size_t> arms(trial_.arms.size());
        std::iota(arms.begin(), arms.end(), std::size_t{0});
        if (trial_.design.allocation == Allocation::twins) return arms;
        const std::size_t s = stratum(patient);
        return {allocated_arm(trial_.design, arms.size(), trial_.seed, s, n_in_stratum_[s]++)};
    }

  private:
    std::size_t stratum(const Candidate& patient) const { return strata_.of(patient.parameters); }

    const Trial& trial_;
    Strata strata_;
    std::vector<std::size_t> n_in_stratum_;
};

/// Draws, grows and treats candidates block by block until enough are treated or none is left.
class Runner {
  public:
    Runner(const Protocol& protocol, Store& store, const RunOptions& options)
        : protocol_(protocol),
          trial_(*protocol.trial),
          store_(store),
          options_(options),
          ensemble_(protocol.model, trial_.numerics, ensemble_options(options)),
          allocator_(trial_, store),
          tally_(store.tally()) {}

    /// Whether the trial is complete; false: it was told to stop.
    bool run() {
        while (!is_complete(store_)) {
            if (stop_level() > 0 || !run_block()) return false;
        }
        return true;
    }

  private:
    int stop_level() const { return options_.stop ? options_.stop->load() : 0; }

    bool run_block() {
        const std::size_t first = store_.tally().drawn;
        const auto cohort =
            sample(trial_.population, trial_.seed, first,
                   std::min(block_size(trial_, store_.tally()), n_candidates_left(store_)), trial_.max_draws);
        std::vector<Grown> grown(cohort.rows.size());
        if (!in_parallel(grown.size(), [&](std::size_t i, Simulation& simulation) {
                grown[i] = grow(protocol_, simulation, first + i, cohort.rows[i],
                                cohort.weights.empty() ? 1.0 : cohort.weights[i]);
            })) {
            return false;
        }
        keep_no_more_than_needed(grown);
        Block block{first, {}, {}};
        if (!treat_all(grown, block.courses)) return false;
        for (auto& patient : grown) block.candidates.push_back(std::move(patient.candidate));
        store_.append(block);
        tally_ = store_.tally();
        return true;
    }

    /// Candidates behind the one that completes the trial were never drawn.
    void keep_no_more_than_needed(std::vector<Grown>& grown) const {
        std::size_t n_treated = store_.tally().treated;
        for (std::size_t i = 0; i < grown.size(); ++i) {
            if (grown[i].candidate.fate != Fate::treated || ++n_treated < trial_.n_patients) continue;
            grown.resize(i + 1);
            return;
        }
    }

    /// One patient in one arm of those she takes.
    struct Treatment {
        const Grown* patient;
        std::size_t arm, i_patient;
    };

    bool treat_all(const std::vector<Grown>& grown, std::vector<Course>& courses) {
        std::vector<Treatment> treatments;
        std::vector<std::size_t> first, arms_left;  // by patient
        for (const auto& candidate : grown) {
            if (candidate.candidate.fate != Fate::treated) {
                report({1, 0, candidate.candidate.fate == Fate::failed});
                continue;
            }
            first.push_back(treatments.size());
            for (const auto arm : allocator_.arms_of(candidate.candidate))
                treatments.push_back({&candidate, arm, first.size() - 1});
            arms_left.push_back(treatments.size() - first.back());
        }
        courses.resize(treatments.size());
        const std::vector<std::size_t> n_arms = arms_left;
        return in_parallel(courses.size(), [&](std::size_t i, Simulation& simulation) {
            const auto& [patient, arm, i_patient] = treatments[i];
            courses[i] = treat(protocol_, simulation, *patient, arm);
            const std::lock_guard lock(progress_mutex_);
            if (--arms_left[i_patient] > 0) return;
            const auto* of_patient = &courses[first[i_patient]];
            report({1, 1, std::any_of(of_patient, of_patient + n_arms[i_patient], [](const auto& course) {
                        return !course.outcome.ok();
                    })});
        });
    }

    void report(const Tally& more) {
        tally_.drawn += more.drawn;
        tally_.treated += more.treated;
        tally_.failed += more.failed;
        if (options_.progress) options_.progress(tally_.drawn, tally_.treated, tally_.failed);
    }

    bool in_parallel(std::size_t n, const EnsembleTask& task) {
        return ensemble_.run(n, task, [this] { return stop_level() > 1; });
    }

    static EnsembleOptions ensemble_options(const RunOptions& options) {
        EnsembleOptions result;
        result.threads = options.threads;
        result.target = options.simd_target;
        result.code_cache = options.code_cache;
        return result;
    }

    const Protocol& protocol_;
    const Trial& trial_;
    Store& store_;
    const RunOptions& options_;
    Ensemble ensemble_;
    Allocator allocator_;
    Tally tally_;  // runs ahead of the store within a block
    std::mutex progress_mutex_;
};

bool carry_on(const Protocol& protocol, Store store, const RunOptions& options) {
    store.begin_session(options);
    const bool is_done = Runner(protocol, store, options).run();
    store.end_session(options);
    return is_done;
}

bool seal_if(bool is_done, const std::string& folder) {
    if (is_done && !is_sealed(folder)) seal(folder);
    return is_done;
}

StoreHead head_of(const Protocol& protocol) {
    const Trial& trial = *protocol.trial;
    StoreHead head;
    head.trial = trial;
    head.parameters = protocol.parameters;
    head.record_days = protocol.record_days;
    head.manifest["model_digest"] = protocol.model->digest;
    head.manifest["trial_digest"] = trial_digest(trial, protocol.model->digest);
    head.model_files = collect_model_files(trial.model_path);
    return head;
}

void make_folder(const std::string& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) throw FileError(folder + ": cannot create the folder: " + error.message());
}

[[noreturn]] void refuse(const std::string& folder, const std::string& code, const std::string& what,
                         const std::string& remedy) {
    throw InputError({code, what, {folder}, {remedy}});
}

/// A folder may be new, empty, hold other things, or hold a run of ours; files of others that have our names
/// are left alone.
void check_folder(const std::string& folder) {
    if (Store::exists(folder)) return;
    for (const auto* name : {"report.html", "summary.json"}) {
        if (fs::exists(fs::path(folder) / name))
            refuse(folder, "foreign-folder", std::string("the folder has a ") + name + " but no run.sqlite",
                   "choose another folder with --out");
    }
}

void check_can_go_on(const std::string& folder, const Store& store) {
    const std::string begun_with = store.head().manifest.at("numerics_version");
    if (begun_with == std::to_string(numerics_version)) return;
    refuse(folder, "other-version",
           "the run was begun with numerics version " + begun_with + "; this is version " +
               std::to_string(numerics_version),
           "finish it with the version that began it, or start anew with --overwrite");
}

/// Refuses a run that would fill the disk, by a generous estimate of its store.
void check_space(const Protocol& protocol, const std::string& folder) {
    constexpr double number_bytes = 20.0, row_bytes = 200.0;
    const Trial& trial = *protocol.trial;
    const auto n = [](std::size_t count) { return static_cast<double>(count); };
    const double course = row_bytes * (1.0 + n(trial.visits.size())) +
                          number_bytes * n(protocol.record_days.size()) * n(trial.watched.size());
    const double candidate = row_bytes + 2.0 * number_bytes * n(protocol.parameters.size());
    const double bytes = n(trial.n_patients) * (n(trial.arms.size()) * course + 2.0 * candidate);
    if (n(fs::space(folder).available) > 1.2 * bytes) return;
    throw FileError(folder + ": the run may need " + fixed(1.2 * bytes / 1e6, 1) +
                    " MB, more than the disk has left");
}

/// The store of this trial in the folder: the one that is there, or a new one.
Store store_for(const Protocol& protocol, const std::string& folder, const RunOptions& options) {
    check_space(protocol, folder);
    const StoreHead head = head_of(protocol);
    if (!Store::exists(folder)) return Store::create(folder, head);
    Store store = Store::open(folder);
    if (options.overwrite) {
        for (const auto* name : {"report.html", "summary.json"}) fs::remove(fs::path(folder) / name);
        return Store::create(folder, head);
    }
    if (store.head().manifest.at("trial_digest") != head.manifest.at("trial_digest")) {
        refuse(folder, "other-trial",
               "the folder holds the run of another trial ('" + store.head().trial.title + "')",
               "choose another folder with --out, or replace that run with --overwrite");
    }
    check_can_go_on(folder, store);
    return store;
}

/// Compiles the model from the files in the store, never from the originals.
std::shared_ptr<const Model> load_stored_model(const std::string& folder, const StoreHead& head) {
    const std::string unpacked = (fs::path(folder) / "run.model").string();
    Trial trial = head.trial;
    trial.model_path = unpack_model_files(head.model_files, unpacked);
    auto model = load_model(trial);
    fs::remove_all(unpacked);
    return model;
}

/// Nothing of the file system but FileError leaves this layer.
template <class Work>
auto with_file_errors(const Work& work) {
    try {
        return work();
    } catch (const fs::filesystem_error& error) {
        throw FileError(error.what());
    }
}

}  // namespace

Trial with_patients(Trial trial, std::size_t n) {
    if (n > trial.n_patients && trial.n_patients > 0)
        trial.max_draws = (trial.max_draws * n + trial.n_patients - 1) / trial.n_patients;
    if (n > 0) trial.n_patients = n;
    return trial;
}

bool run(const Trial& trial, const std::string& folder, const RunOptions& options) {
    return with_file_errors([&] {
        const Protocol protocol = resolve(trial, load_model(trial));
        check_folder(folder);
        make_folder(folder);
        const FolderLock lock(folder);
        Store store = store_for(protocol, folder, options);
        const bool is_done = is_complete(store) || carry_on(protocol, std::move(store), options);
        return seal_if(is_done, folder);
    });
}

bool resume(const std::string& folder, const RunOptions& options) {
    return with_file_errors([&] {
        if (!Store::exists(folder))
            throw FileError(store_path(folder) +
                            ": there is no run in this folder; `abscopal run` begins one");
        const FolderLock lock(folder);
        Store store = Store::open(folder);
        check_can_go_on(folder, store);
        if (is_complete(store)) return seal_if(true, folder);
        const Trial trial = store.head().trial;
        const Protocol protocol = resolve(trial, load_stored_model(folder, store.head()));
        if (protocol.model->digest != store.head().manifest.at("model_digest")) {
            refuse(folder, "other-model", "the stored model does not compile to the digest it had",
                   "resume with the version that began the run");
        }
        return seal_if(carry_on(protocol, std::move(store), options), folder);
    });
}

Result load_result(const std::string& folder) {
    return with_file_errors([&] {
        Store store = Store::open(folder);
        Result result;
        store.load(result);
        const StoreHead& head = store.head();
        result.trial = head.trial;
        result.parameters = head.parameters;
        result.record_days = head.record_days;
        auto manifest = head.manifest;
        result.model_digest = manifest.extract("model_digest").mapped();
        result.trial_digest = manifest.extract("trial_digest").mapped();
        result.version = manifest.extract("version").mapped();
        manifest.erase("seed");
        result.manifest.assign(manifest.begin(), manifest.end());
        result.complete = is_complete(store);
        return result;
    });
}

}  // namespace abscopal
