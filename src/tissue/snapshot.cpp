// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include <sqlite3.h>

#include <cstring>
#include <memory>

#include "base/digest.hpp"
#include "base/text.hpp"
#include "tissue/model.hpp"

/// Snapshots: one SQLite file holds the last two generations of a state, each with its SHA-256.
namespace abscopal::tissue {
namespace {

constexpr std::uint32_t format = 2;

/// Calls f on every part of a state, in a fixed order.
template <class S, class F>
void each_part(S& state, F&& f) {
    f(state.seed), f(state.step), f(state.next_id), f(state.last_mechanics), f(state.last_phenotype);
    f(state.births), f(state.deaths), f(state.removals);
    each_column(state.cells, f);
    for (auto& field : state.fields) f(field);
    f(state.contact_start), f(state.contacts), f(state.springs);
    f(state.anchor_x), f(state.anchor_y), f(state.anchor_z), f(state.circulation), f(state.bin_reach);
}

class Writer {
  public:
    void operator()(std::uint64_t value) { put(&value, sizeof value); }
    template <class T>
    void operator()(const std::vector<T>& values) {
        (*this)(std::uint64_t{values.size()});
        put(values.data(), values.size() * sizeof(T));
    }
    std::string bytes;

  private:
    void put(const void* from, std::size_t size) { bytes.append(static_cast<const char*>(from), size); }
};

class Reader {
  public:
    Reader(std::string_view bytes, const std::string& file) : bytes_(bytes), file_(file) {}
    void operator()(std::uint64_t& value) { take(&value, sizeof value); }
    template <class T>
    void operator()(std::vector<T>& values) {
        std::uint64_t size = 0;
        (*this)(size);
        if (size > bytes_.size() / sizeof(T)) refuse();
        values.resize(size);
        if (size > 0) take(values.data(), size * sizeof(T));
    }
    bool at_end() const { return bytes_.empty(); }
    [[noreturn]] void refuse() const {
        throw InputError({"bad-snapshot", "the snapshot does not hold a state of this project", {file_}, {}});
    }

  private:
    void take(void* to, std::size_t size) {
        if (size > bytes_.size()) refuse();
        std::memcpy(to, bytes_.data(), size);
        bytes_.remove_prefix(size);
    }
    std::string_view bytes_;
    const std::string& file_;
};

/// What must be the same for a state to make sense: the settings and the rules.
std::string digest_of(const Project& project) {
    std::string text = project.text + (project.compat ? "compat" : "");
    for (const auto& r : project.rules) {
        text += std::to_string(r.type) + ' ' + std::to_string(r.signal) + ' ' + std::to_string(r.behaviour) +
                ' ' + std::to_string(int{r.increases}) + ' ' + to_text(r.response) + ' ' +
                to_text(r.half_max) + ' ' + to_text(r.power) + ' ' + std::to_string(int{r.applies_to_dead}) +
                '\n';
    }
    return sha256(text);
}

using Database = std::unique_ptr<sqlite3, decltype(&sqlite3_close)>;
using Statement = std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)>;

Database open(const std::string& path, int flags) {
    sqlite3* raw = nullptr;
    const int code = sqlite3_open_v2(path.c_str(), &raw, flags, nullptr);
    Database db(raw, sqlite3_close);
    if (code != SQLITE_OK) throw FileError(path + ": cannot open the snapshot: " + sqlite3_errmsg(raw));
    return db;
}

Statement prepare(sqlite3* db, const std::string& path, const char* sql) {
    sqlite3_stmt* raw = nullptr;
    if (sqlite3_prepare_v2(db, sql, -1, &raw, nullptr) != SQLITE_OK) {
        throw InputError({"bad-snapshot", std::string("not a snapshot: ") + sqlite3_errmsg(db), {path}, {}});
    }
    return {raw, sqlite3_finalize};
}

void execute(sqlite3* db, const std::string& path, const char* sql) {
    if (sqlite3_exec(db, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
        throw FileError(path + ": cannot write the snapshot: " + sqlite3_errmsg(db));
}

std::string column_text(sqlite3_stmt* row, int k) {
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(row, k));
    return bytes ? std::string(bytes, static_cast<std::size_t>(sqlite3_column_bytes(row, k))) : std::string();
}

State state_from(const Project& project, const std::string& bytes, const std::string& path) {
    const Model model(std::make_shared<const Project>(project));
    State state;
    state.cells.varied.resize(model.varied.size());
    if (project.track_internal) state.cells.internal.resize(model.n_substrates());
    state.fields.resize(model.n_substrates());
    Reader reader(bytes, path);
    each_part(state, reader);
    if (!reader.at_end()) reader.refuse();
    each_standing_column(state.cells, [&](const auto& column) {
        if (column.size() != state.cells.size()) reader.refuse();
    });
    const auto has_size = [&](const auto& column, bool used) {
        if (column.size() != (used ? state.cells.size() : 0)) reader.refuse();
    };
    for (const auto* column : {&state.cells.motility_x, &state.cells.motility_y, &state.cells.motility_z})
        has_size(*column, model.moves);
    for (const auto* column : {&state.cells.damage, &state.cells.attack_time, &state.cells.damage_delivered})
        has_size(*column, model.harms);
    for (const auto& field : state.fields) {
        if (field.size() != project.grid.size()) reader.refuse();
    }
    return state;
}

}  // namespace

void save_state(const Project& project, const State& state, const std::string& path) {
    Writer writer;
    each_part(state, writer);
    const Database db = open(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    execute(db.get(), path,
            "PRAGMA synchronous = FULL; BEGIN IMMEDIATE;"
            "CREATE TABLE IF NOT EXISTS snapshot (generation INTEGER PRIMARY KEY, format INTEGER, step "
            "INTEGER, project TEXT, digest TEXT, state BLOB)");
    {
        const Statement insert =
            prepare(db.get(), path,
                    "INSERT INTO snapshot (format, step, project, digest, state) VALUES (?, ?, ?, ?, ?)");
        const std::string project_digest = digest_of(project), digest = sha256(writer.bytes);
        sqlite3_bind_int64(insert.get(), 1, format);
        sqlite3_bind_int64(insert.get(), 2, static_cast<sqlite3_int64>(state.step));
        sqlite3_bind_text(insert.get(), 3, project_digest.c_str(), -1, SQLITE_TRANSIENT);
        sqlite3_bind_text(insert.get(), 4, digest.c_str(), -1, SQLITE_TRANSIENT);
        sqlite3_bind_blob64(insert.get(), 5, writer.bytes.data(), writer.bytes.size(), SQLITE_STATIC);
        if (sqlite3_step(insert.get()) != SQLITE_DONE)
            throw FileError(path + ": cannot write the snapshot: " + sqlite3_errmsg(db.get()));
    }
    execute(db.get(), path,
            "DELETE FROM snapshot WHERE generation NOT IN (SELECT generation FROM snapshot ORDER BY "
            "generation DESC LIMIT 2); COMMIT");
}

State load_state(const Project& project, const std::string& path) {
    const Database db = open(path, SQLITE_OPEN_READONLY);
    const Statement rows =
        prepare(db.get(), path,
                "SELECT project, digest, state FROM snapshot WHERE format = 2 ORDER BY generation DESC");
    const std::string wanted = digest_of(project);
    bool other_project = false;
    while (sqlite3_step(rows.get()) == SQLITE_ROW) {
        const std::string bytes = column_text(rows.get(), 2);
        // A damaged generation is passed over for the one before it.
        if (sha256(bytes) != column_text(rows.get(), 1)) continue;
        if (column_text(rows.get(), 0) == wanted) return state_from(project, bytes, path);
        other_project = true;
    }
    throw InputError(
        {"bad-snapshot",
         other_project ? "the snapshot is of another project" : "no generation in the snapshot is whole",
         {path},
         {}});
}

}  // namespace abscopal::tissue
