// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <filesystem>

#include "abscopal/ensemble.hpp"
#include "abscopal/result.hpp"
#include "base/text.hpp"
#include "base/version.hpp"
#include "trial/archive.hpp"
#include "trial/everyone.hpp"
#include "trial/runner.hpp"
#include "trial/segment.hpp"

namespace abscopal {
namespace {

namespace fs = std::filesystem;

/// Counts the patients that are there already, for designs in which arms depend on them.
void count_stored(Store& store, Allocator& allocator) {
    if (!allocator.depends_on_order()) return;
    store.each_treated([&](const std::vector<double>& row) { allocator.count(row); });
}

EnsembleOptions ensemble_options(const RunOptions& options) {
    EnsembleOptions result;
    result.threads = options.threads;
    result.target = options.simd_target;
    result.code_cache = options.code_cache;
    return result;
}

/// Segment by segment until enough are treated or no candidate is left; false: it was told to stop.
bool run_segments(const Protocol& protocol, const Deal& deal, Store& store, const RunOptions& options) {
    const Trial& trial = *protocol.trial;
    const Ensemble ensemble(protocol.model, trial.numerics, ensemble_options(options));
    Allocator allocator(trial, store.head().parameters, !deal.shard().is_whole());
    count_stored(store, allocator);
    while (!deal.is_complete(store.tally())) {
        if (options.stop && options.stop->load() > 0) return false;
        if (!Segment(protocol, deal, store, allocator, options).run(ensemble)) return false;
    }
    return true;
}

StoreHead head_of(const Protocol& protocol, const Shard& shard) {
    const Trial& trial = *protocol.trial;
    StoreHead head;
    head.trial = trial;
    head.parameters = protocol.parameters;
    head.record_days = protocol.record_days;
    head.manifest["model_digest"] = protocol.model->digest;
    head.manifest["trial_digest"] = trial_digest(trial, protocol.model->digest);
    if (!shard.is_whole()) head.manifest["shard"] = text_of(shard);
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

FolderLock take_folder(const std::string& folder) {
    check_folder(folder);
    make_folder(folder);
    return FolderLock(folder);
}

void check_can_go_on(const std::string& folder, const Store& store) {
    const std::string begun_with = store.head().manifest.at("numerics_version");
    if (begun_with == std::to_string(numerics_version)) return;
    refuse(folder, "other-version",
           "the run was begun with numerics version " + begun_with + "; this is version " +
               std::to_string(numerics_version),
           "finish it with the version that began it, or start anew with --overwrite");
}

Store store_for(const StoreHead& head, const std::string& folder, bool overwrite) {
    if (!Store::exists(folder)) return Store::create(folder, head);
    Store store = Store::open(folder);
    if (overwrite) {
        for (const auto* name : {"report.html", "summary.json"}) fs::remove(fs::path(folder) / name);
        return Store::create(folder, head);
    }
    const auto remedy = "choose another folder with --out, or replace that run with --overwrite";
    if (store.head().manifest.at("trial_digest") != head.manifest.at("trial_digest"))
        refuse(folder, "other-trial",
               "the folder holds the run of another trial ('" + store.head().trial.title + "')", remedy);
    if (const Shard there = shard_of(store.head()); there != shard_of(head))
        refuse(folder, "other-shard",
               there.is_whole() ? "the folder holds a run of the whole trial"
                                : "the folder holds shard " + text_of(there) + " of this trial",
               remedy);
    check_can_go_on(folder, store);
    return store;
}

bool carry_on(const Protocol& protocol, Store store, const std::string& folder, const RunOptions& options) {
    const Deal deal(*protocol.trial, shard_of(store.head()));
    bool is_done = deal.is_complete(store.tally());
    if (!is_done) {
        store.begin_session(options);
        is_done = run_segments(protocol, deal, store, options);
        store.end_session(options);
    }
    if (is_done && !is_sealed(folder)) seal(folder);
    return is_done;
}

std::shared_ptr<const Model> load_stored_model(const std::string& folder, const StoreHead& head) {
    const std::string unpacked = (fs::path(folder) / "run.model").string();
    Trial trial = head.trial;
    trial.model_path = unpack_model_files(head.model_files, unpacked);
    auto model = load_model(trial);
    fs::remove_all(unpacked);
    if (model->digest != head.manifest.at("model_digest"))
        refuse(folder, "other-model", "the stored model does not compile to the digest it had",
               "go on with the version that began the run");
    return model;
}

std::size_t patients_wanted(const std::string& folder) {
    const Store store = Store::open(folder);
    const Shard shard = shard_of(store.head());
    return (store.head().trial.n_patients + shard.of - 1) / shard.of;
}

Shard shard_in(const std::string& folder) {
    return shard_of(Store::open(folder).head());
}

Trial with_patients(Trial trial, std::size_t n) {
    if (n > trial.n_patients && trial.n_patients > 0)
        trial.max_draws = (trial.max_draws * n + trial.n_patients - 1) / trial.n_patients;
    if (n > 0) trial.n_patients = n;
    return trial;
}

bool run(const Trial& trial, const std::string& folder, const RunOptions& options) {
    return with_file_errors([&] {
        const Protocol protocol = resolve(trial, load_model(trial));
        const FolderLock lock = take_folder(folder);
        check_space(protocol, folder);
        return carry_on(protocol, store_for(head_of(protocol, options.shard), folder, options.overwrite),
                        folder, options);
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
        const Trial trial = store.head().trial;
        if (Deal(trial, shard_of(store.head())).is_complete(store.tally())) {
            if (!is_sealed(folder)) seal(folder);
            return true;
        }
        const Protocol protocol = resolve(trial, load_stored_model(folder, store.head()));
        return carry_on(protocol, std::move(store), folder, options);
    });
}

Result load_result(const std::string& folder, std::size_t in_full) {
    return with_file_errors([&] {
        Store store = Store::open(folder);
        const StoreHead& head = store.head();
        const Shard shard = shard_of(head);
        if (!shard.is_whole())
            refuse(folder, "shard",
                   "the folder holds shard " + text_of(shard) + " of a trial, which is no result by itself",
                   "join all with `abscopal merge`");
        Result result;
        if (store.tally().treated > in_full)
            read_in_brief(folder, store, in_full, result);
        else
            store.load(result);
        result.trial = head.trial;
        result.parameters = head.parameters;
        result.record_days = head.record_days;
        auto manifest = head.manifest;
        result.model_digest = manifest.extract("model_digest").mapped();
        result.trial_digest = manifest.extract("trial_digest").mapped();
        result.version = manifest.extract("version").mapped();
        manifest.erase("seed");
        result.manifest.assign(manifest.begin(), manifest.end());
        result.complete = Deal(head.trial, shard).is_complete(store.tally());
        return result;
    });
}

}  // namespace abscopal
