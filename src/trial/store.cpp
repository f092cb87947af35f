// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "trial/store.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string_view>

#include "base/digest.hpp"
#include "base/file.hpp"
#include "base/version.hpp"
#include "trial/archive.hpp"
#include "trial/deal.hpp"
#include "trial/store_reader.hpp"
#include "trial/store_schema.hpp"

namespace abscopal {
namespace {

namespace fs = std::filesystem;

/// Of a file of any size.
std::string digest_of_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    Sha256 digest;
    std::string piece(std::size_t{1} << 20, '\0');
    while (file) {
        file.read(piece.data(), static_cast<std::streamsize>(piece.size()));
        digest.add(std::string_view(piece).substr(0, static_cast<std::size_t>(file.gcount())));
    }
    if (!file.eof()) throw FileError(path + ": cannot be read");
    return digest.hex();
}

[[noreturn]] void damaged(const Database& database, const std::string& what) {
    throw FileError(database.path() + ": the store is damaged: " + what);
}

std::string rows_of(Database& database, const std::string& query) {
    std::string rows;
    for (auto statement = database.prepare(query); statement.step();) rows += statement.fingerprint();
    return rows;
}

std::size_t n_in(const Statement& block) {
    return static_cast<std::size_t>(block.integer(1));
}

std::string head_checksum(Database& database) {
    constexpr std::array tables{"manifest", "trial",       "model_files", "parameters",
                                "arms",     "observables", "record_days"};
    std::string rows;
    for (const std::string table : tables)
        rows += table + "\n" + rows_of(database, "SELECT * FROM " + table + " ORDER BY 1");
    return sha256(rows);
}

std::string text_of(Database& database, const std::string& query) {
    auto statement = database.prepare(query);
    return statement.step() ? statement.text(0) : std::string();
}

std::int64_t integer_of(Database& database, const std::string& query) {
    auto statement = database.prepare(query);
    return statement.step() ? statement.integer(0) : 0;
}

/// Tables and views as they should be; SQLite itself finds damage in the pages between them.
void check_structure(Database& database) {
    const std::string query = "SELECT type, name, sql FROM sqlite_master ORDER BY name";
    if (integer_of(database, "PRAGMA application_id") != store_application_id) {
        throw FileError(database.path() + ": is not a store of Abscopal, or is damaged");
    }
    if (integer_of(database, "PRAGMA user_version") != store_format) {
        throw FileError(database.path() + ": is a store of another format than this version writes");
    }
    const auto size = integer_of(database, "PRAGMA page_count") * integer_of(database, "PRAGMA page_size");
    if (fs::file_size(database.path()) != static_cast<std::uintmax_t>(size))
        damaged(database, "the file was cut");
    if (const auto verdict = text_of(database, "PRAGMA integrity_check"); verdict != "ok")
        damaged(database, verdict);
    Database fresh(":memory:", Database::Mode::create);
    fresh.execute(store_schema);
    if (rows_of(database, query) != rows_of(fresh, query))
        damaged(database, "its tables are not what they should be");
}

void add_up(Tally& tally, const Block& block) {
    tally.drawn += block.candidates.size();
    for (const auto& candidate : block.candidates) {
        tally.treated += candidate.fate == Fate::treated;
        tally.failed += candidate.fate == Fate::failed;
    }
    std::set<std::size_t> failed_in_an_arm;
    for (const auto& course : block.courses)
        if (!course.outcome.ok()) failed_in_an_arm.insert(course.candidate);
    tally.failed += failed_in_an_arm.size();
}

Database open_for_writing(const std::string& path, Database::Mode mode) {
    Database database(path, mode);
    database.execute("PRAGMA synchronous=EXTRA; PRAGMA trusted_schema=ON;");
    return database;
}

}  // namespace

std::string store_path(const std::string& folder) {
    return (fs::path(folder) / "run.sqlite").string();
}

bool Store::exists(const std::string& folder) {
    return fs::exists(store_path(folder));
}

std::string seal_path(const std::string& folder) {
    return (fs::path(folder) / "run.sha256").string();
}

void seal(const std::string& folder) {
    write_file(seal_path(folder), digest_of_file(store_path(folder)) + "  run.sqlite\n");
}

bool is_sealed(const std::string& folder) {
    return fs::exists(seal_path(folder));
}

void break_seal(const std::string& folder) {
    fs::remove(seal_path(folder));
}

void check_seal(const std::string& folder) {
    if (!is_sealed(folder)) return;
    if (read_file(seal_path(folder)).substr(0, 64) != digest_of_file(store_path(folder))) {
        throw FileError(
            store_path(folder) +
            ": the store is damaged: it does not match run.sha256, written when the run was complete");
    }
}

Store Store::create(const std::string& folder, const StoreHead& head) {
    const std::string path = store_path(folder), draft = path + ".new";
    for (const auto* ending : {"", "-journal"}) fs::remove(draft + ending);
    {
        Store store(open_for_writing(draft, Database::Mode::create));
        store.database_.execute("PRAGMA application_id=" + std::to_string(store_application_id) +
                                "; PRAGMA user_version=" + std::to_string(store_format));
        Transaction transaction(store.database_);
        store.database_.execute(store_schema);
        store.write_head(head);
        transaction.commit();
    }
    break_seal(folder);
    fs::remove(path + "-journal");
    fs::rename(draft, path);
    return open(folder);
}

Store Store::open(const std::string& folder) {
    if (!exists(folder))
        throw FileError(store_path(folder) + ": there is no run in this folder; `abscopal run` begins one");
    check_seal(folder);
    Store store(open_for_writing(store_path(folder), Database::Mode::existing));
    check_structure(store.database_);
    if (text_of(store.database_, "SELECT checksum FROM head_checksum") != head_checksum(store.database_)) {
        damaged(store.database_, "what it says of the trial does not match its checksum");
    }
    store.read_head();
    store.count();
    return store;
}

void Store::write_head(const StoreHead& head) {
    auto manifest = database_.prepare("INSERT INTO manifest VALUES(?, ?)");
    const auto say = [&](std::string_view key, std::string_view value) {
        manifest.bind_all(key, value).run();
    };
    say("version", version());
    say("git_commit", git_commit());
    say("compiler", compiler());
    say("numerics_version", std::to_string(numerics_version));
    say("store_format", std::to_string(store_format));
    say("seed", std::to_string(head.trial.seed));
    for (const auto& [key, value] : head.manifest) say(key, value);

    database_.prepare("INSERT INTO trial VALUES(?)").bind_all(to_json(head.trial)).run();
    auto file = database_.prepare("INSERT INTO model_files VALUES(?, ?, ?, ?)");
    for (std::size_t i = 0; i < head.model_files.size(); ++i) {
        const auto& [path, content] = head.model_files[i];
        file.bind_all(i, path, sha256(content), content).run();
    }
    auto parameter = database_.prepare("INSERT INTO parameters VALUES(?, ?)");
    for (std::size_t i = 0; i < head.parameters.size(); ++i) parameter.bind_all(i, head.parameters[i]).run();
    auto arm = database_.prepare("INSERT INTO arms VALUES(?, ?)");
    for (std::size_t i = 0; i < head.trial.arms.size(); ++i) arm.bind_all(i, head.trial.arms[i].name).run();
    auto observable = database_.prepare("INSERT INTO observables VALUES(?, ?, ?, ?)");
    for (std::size_t i = 0; i < head.trial.watched.size(); ++i) {
        const auto& watched = head.trial.watched[i];
        observable.bind_all(i, watched.id, watched.label, watched.unit).run();
    }
    auto day = database_.prepare("INSERT INTO record_days VALUES(?, ?)");
    for (std::size_t i = 0; i < head.record_days.size(); ++i) day.bind_all(i, head.record_days[i]).run();
    database_.prepare("INSERT INTO head_checksum VALUES(?)").bind_all(head_checksum(database_)).run();
}

void Store::read_head() {
    head_.trial = trial_from_json(text_of(database_, "SELECT json FROM trial"));
    for (auto row = database_.prepare("SELECT key, value FROM manifest ORDER BY key"); row.step();)
        head_.manifest[row.text(0)] = row.text(1);
    for (auto row = database_.prepare("SELECT path, content FROM model_files ORDER BY position"); row.step();)
        head_.model_files.push_back({row.text(0), row.text(1)});
    for (auto row = database_.prepare("SELECT id FROM parameters ORDER BY position"); row.step();)
        head_.parameters.push_back(row.text(0));
    for (auto row = database_.prepare("SELECT day FROM record_days ORDER BY position"); row.step();)
        head_.record_days.push_back(row.real(0));
}

void Store::count() {
    const auto number = [&](const std::string& query) {
        return static_cast<std::size_t>(integer_of(database_, query));
    };
    n_blocks_ = number("SELECT count(*) FROM blocks");
    tally_.drawn = number("SELECT count(*) FROM candidates");
    tally_.treated = number("SELECT count(*) FROM candidates WHERE fate = 'treated'");
    tally_.failed = number("SELECT count(*) FROM candidates WHERE fate = 'failed'") +
                    number("SELECT count(DISTINCT candidate) FROM courses WHERE status <> 'OK'");
}

void Store::append(const Block& block) {
    Transaction transaction(database_);
    write_rows(database_, block);
    std::string checksums;
    auto insert = database_.prepare("INSERT INTO checksums VALUES(?, ?)");
    Checksums of_rows(database_);
    for (const auto& candidate : block.candidates) {
        const auto checksum = of_rows.of(candidate.index);
        insert.bind_all(candidate.index, checksum).run();
        checksums += checksum;
    }
    database_.prepare("INSERT INTO blocks VALUES(?, ?, ?, ?)")
        .bind_all(n_blocks_, block.first, block.candidates.size(), sha256(checksums))
        .run();
    transaction.commit();
    ++n_blocks_;
    add_up(tally_, block);
}

std::string Store::each(const std::function<void(StoredPatient&)>& take) {
    const Shard shard = shard_of(head_);
    const Deal deal(head_.trial, shard);
    StoreReader reader(database_);
    StoredPatient patient;
    Sha256 all;
    std::size_t n = 0;
    auto sum = database_.prepare("SELECT candidate, checksum FROM checksums ORDER BY candidate");
    for (auto block = database_.prepare("SELECT first, n, checksum FROM blocks ORDER BY block");
         block.step();) {
        const auto first = static_cast<std::size_t>(block.integer(0)), end = n + n_in(block);
        if (first != deal.index(n))
            damaged(database_, "a block of candidates is missing before candidate " + std::to_string(first));
        Sha256 in_block;
        for (; n < end; ++n) {
            if (!reader.next(patient) || patient.candidate.index != deal.index(n))
                damaged(database_, "candidates are missing");
            if (!sum.step() || sum.integer(0) != static_cast<std::int64_t>(patient.candidate.index) ||
                sum.text(1) != patient.checksum)
                damaged(database_, "candidate " + std::to_string(patient.candidate.index) +
                                       " does not match her checksum");
            in_block.add(patient.checksum);
            all.add(patient.checksum);
            take(patient);
        }
        if (in_block.hex() != block.text(2))
            damaged(database_, "candidates from " + std::to_string(first) +
                                   " on do not match the checksum of their block");
    }
    if (reader.next(patient) || sum.step() || n != tally_.drawn) damaged(database_, "candidates are missing");
    return all.hex();
}

void Store::load(Result& result) {
    result.result_digest = each([&](StoredPatient& patient) {
        result.candidates.push_back(std::move(patient.candidate));
        std::ranges::move(patient.courses, std::back_inserter(result.courses));
    });
}

void Store::each_treated(const std::function<void(const std::vector<double>&)>& take) {
    each([&](const StoredPatient& patient) {
        if (patient.candidate.fate == Fate::treated) take(patient.candidate.parameters);
    });
}

void Store::begin_session(const RunOptions& options) {
    Transaction transaction(database_);
    database_
        .prepare(
            "INSERT INTO sessions(started, machine, threads, git_commit, compiler) VALUES(?, ?, ?, ?, ?)")
        .bind_all(options.clock ? options.clock() : std::string(), options.machine, options.threads,
                  git_commit(), compiler())
        .run();
    transaction.commit();
}

void Store::end_session(const RunOptions& options) {
    Transaction transaction(database_);
    database_.prepare("UPDATE sessions SET ended = ? WHERE session = (SELECT max(session) FROM sessions)")
        .bind_all(options.clock ? options.clock() : std::string())
        .run();
    transaction.commit();
}

}  // namespace abscopal
