// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "trial/merge.hpp"

#include <algorithm>
#include <filesystem>
#include <memory>

#include "base/text.hpp"
#include "trial/runner.hpp"
#include "trial/segment.hpp"
#include "trial/store_reader.hpp"

namespace abscopal {
namespace {

constexpr std::size_t block_size = 1024;

/// A shard being read.
struct Part {
    std::string folder;
    Store store;
    Shard shard;
};

std::vector<Part> open_all(const std::vector<std::string>& folders) {
    std::vector<Part> parts;
    for (const auto& folder : folders) {
        Store store = Store::open(folder);
        const Shard shard = shard_of(store.head());
        parts.push_back({folder, std::move(store), shard});
    }
    return parts;
}

/// What is wrong with one shard beside the first.
void check_part(const Part& part, const Part& first, FaultList& faults) {
    const auto add = [&](const char* code, const std::string& what, const std::string& remedy) {
        faults.add(code, what, {part.folder}, {remedy});
    };
    const auto trial_of = [](const Part& of) { return of.store.head().manifest.at("trial_digest"); };
    if (part.shard.is_whole())
        return add("not-a-shard", "the folder holds a run of a whole trial, not a shard",
                   "shards are made by `abscopal run --shard 1/5`");
    if (trial_of(part) != trial_of(first))
        return add("foreign-shard",
                   "the folder holds a shard of another trial ('" + part.store.head().trial.title +
                       "') than " + first.folder,
                   "merge shards of one trial, made with the same --patients");
    if (part.shard.of != first.shard.of)
        return add("foreign-shard",
                   "the folder holds shard " + text_of(part.shard) + ", " + first.folder + " shard " +
                       text_of(first.shard),
                   "merge shards of one deal");
    if (!Deal(part.store.head().trial, part.shard).is_complete(part.store.tally()))
        add("unfinished-shard", "shard " + text_of(part.shard) + " is not finished",
            "`abscopal resume " + part.folder + "` goes on with it");
}

/// Each shard once and all of them.
void check_deal(const std::vector<Part>& parts, FaultList& faults) {
    const std::size_t of = parts.front().shard.of;
    std::vector<const Part*> seen(of, nullptr);
    for (const auto& part : parts) {
        const Part*& there = seen[part.shard.number - 1];
        if (there)
            faults.add("double-shard",
                       "the folder holds shard " + text_of(part.shard) + ", as does " + there->folder,
                       {part.folder});
        there = &part;
    }
    for (std::size_t i = 0; i < of; ++i)
        if (!seen[i])
            faults.add("missing-shard", "shard " + text_of({i + 1, of}) + " of the trial is missing", {},
                       {"`abscopal run TRIAL --shard " + text_of({i + 1, of}) + " --out DIR` makes it"});
}

void check(const std::vector<Part>& parts) {
    FaultList faults;
    for (const auto& part : parts) check_part(part, parts.front(), faults);
    faults.throw_if_any();
    check_deal(parts, faults);
    faults.throw_if_any();
    for (const auto& part : parts) check_can_go_on(part.folder, part.store);
}

/// Takes patients from the shards in order of the whole trial.
class Shuffle {
  public:
    explicit Shuffle(std::vector<Part>& parts) : n_of_(parts.front().shard.of) {
        readers_.resize(n_of_);
        for (auto& part : parts)
            readers_[part.shard.number - 1] = std::make_unique<StoreReader>(part.store.database());
    }

    /// False: the shard that should have this candidate has no more.
    bool next(StoredPatient& patient) {
        const std::size_t index = next_++, shard = index / Deal::packet % n_of_;
        return readers_[shard]->next(patient) && patient.candidate.index == index;
    }

  private:
    std::size_t n_of_, next_ = 0;
    std::vector<std::unique_ptr<StoreReader>> readers_;
};

/// Moves whole patients to the store until enough are there or a shard has no more.
void move_all(Shuffle& shuffle, const Deal& deal, Store& store) {
    const Trial& trial = store.head().trial;
    Allocator allocator(trial, store.head().parameters, false);
    const std::size_t n_stored = store.tally().drawn;
    StoredPatient patient;
    Tally tally;
    Block block{n_stored, {}, {}};
    const auto flush = [&] {
        if (!block.candidates.empty()) store.append(block);
        block = {tally.drawn, {}, {}};
    };
    while (!deal.is_complete(tally) && shuffle.next(patient)) {
        const bool is_treated = patient.candidate.fate == Fate::treated;
        ++tally.drawn;
        tally.treated += is_treated;
        std::vector<std::size_t> arms;
        if (is_treated) arms = allocator.arms_of(patient.candidate.parameters);
        if (tally.drawn <= n_stored) continue;
        block.candidates.push_back(std::move(patient.candidate));
        for (auto& course : patient.courses)
            if (std::ranges::find(arms, course.arm) != arms.end()) block.courses.push_back(std::move(course));
        if (block.candidates.size() == block_size) flush();
    }
    flush();
}

}  // namespace

bool merge(const std::vector<std::string>& shards, const std::string& folder, const RunOptions& options) {
    try {
        std::vector<Part> parts = open_all(shards);
        check(parts);
        for (auto& part : parts) part.store.each([](const StoredPatient&) {});
        StoreHead head = parts.front().store.head();
        std::erase_if(head.manifest, [](const auto& entry) {
            return entry.first != "model_digest" && entry.first != "trial_digest";
        });
        const FolderLock lock = take_folder(folder);
        Store store = store_for(head, folder, options.overwrite);
        const Deal deal(head.trial, {});
        if (!deal.is_complete(store.tally())) {
            Shuffle shuffle(parts);
            move_all(shuffle, deal, store);
        }
        const Protocol protocol = resolve(head.trial, load_stored_model(folder, store.head()));
        return carry_on(protocol, std::move(store), folder, options);
    } catch (const std::filesystem::filesystem_error& error) {
        throw FileError(error.what());
    }
}

}  // namespace abscopal
