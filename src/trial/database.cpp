// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#include "trial/database.hpp"

#include <sqlite3.h>

#include <cmath>
#include <limits>

#include "abscopal/error.hpp"
#include "base/text.hpp"

namespace abscopal {
namespace {

[[noreturn]] void fail(int code, const std::string& path, const char* detail) {
    switch (code & 0xff) {
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            throw FileError(path + ": the store is damaged (" + detail + ")");
        case SQLITE_FULL:
            throw FileError(path +
                            ": the disk is full; what was stored is safe: free some space, then go on with "
                            "`abscopal resume`");
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            throw FileError(path + ": another process is using the store");
        default:
            throw FileError(path + ": " + detail);
    }
}

}  // namespace

void Statement::Close::operator()(sqlite3_stmt* statement) const {
    sqlite3_finalize(statement);
}
void Database::Close::operator()(sqlite3* database) const {
    sqlite3_close_v2(database);
}

Statement::Statement(sqlite3* database, const std::string& path, std::string_view sql)
    : database_(database), path_(path) {
    sqlite3_stmt* statement = nullptr;
    check(sqlite3_prepare_v2(database, sql.data(), static_cast<int>(sql.size()), &statement, nullptr));
    statement_.reset(statement);
}

void Statement::check(int code) const {
    if (code != SQLITE_OK) fail(code, path_, sqlite3_errmsg(database_));
}

Statement& Statement::bind(int place, std::int64_t value) {
    check(sqlite3_bind_int64(statement_.get(), place, value));
    return *this;
}

Statement& Statement::bind(int place, double value) {
    check(sqlite3_bind_double(statement_.get(), place, value));
    return *this;
}

Statement& Statement::bind(int place, std::string_view text) {
    const char* data = text.empty() ? "" : text.data();
    check(sqlite3_bind_text64(statement_.get(), place, data, text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
    return *this;
}

bool Statement::step() {
    const int code = sqlite3_step(statement_.get());
    if (code != SQLITE_ROW && code != SQLITE_DONE) fail(code, path_, sqlite3_errmsg(database_));
    return code == SQLITE_ROW;
}

void Statement::reset() {
    sqlite3_reset(statement_.get());
}

void Statement::run() {
    step();
    reset();
}

int Statement::n_columns() const {
    return sqlite3_column_count(statement_.get());
}
bool Statement::is_null(int column) const {
    return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}
std::int64_t Statement::integer(int column) const {
    return sqlite3_column_int64(statement_.get(), column);
}

double Statement::real(int column) const {
    return is_null(column) ? std::numeric_limits<double>::quiet_NaN()
                           : sqlite3_column_double(statement_.get(), column);
}

std::string Statement::text(int column) const {
    const void* bytes = sqlite3_column_blob(statement_.get(), column);
    const auto n = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
    return bytes ? std::string(static_cast<const char*>(bytes), n) : std::string();
}

std::string Statement::fingerprint() const {
    std::string print;
    for (int column = 0; column < n_columns(); ++column) {
        switch (sqlite3_column_type(statement_.get(), column)) {
            case SQLITE_INTEGER:
                print += "i" + std::to_string(integer(column));
                break;
            case SQLITE_FLOAT:
                print += "r" + to_text(real(column));
                break;
            case SQLITE_NULL:
                print += "n";
                break;
            default:
                print += "t" + std::to_string(text(column).size()) + ":" + text(column);
        }
        print += '\t';
    }
    return print += '\n';
}

Database::Database(const std::string& path, Mode mode) : path_(path) {
    sqlite3* handle = nullptr;
    const int flags =
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (mode == Mode::create ? SQLITE_OPEN_CREATE : 0);
    const int code = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
    handle_.reset(handle);
    if (code != SQLITE_OK) fail(code, path, handle ? sqlite3_errmsg(handle) : "out of memory");
    sqlite3_busy_timeout(handle, 5000);
    sqlite3_extended_result_codes(handle, 1);
}

void Database::execute(const std::string& sql) {
    const int code = sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) fail(code, path_, sqlite3_errmsg(handle_.get()));
}

Transaction::Transaction(Database& database) : database_(database) {
    database.execute("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
    if (!is_open_) return;
    try {
        database_.execute("ROLLBACK");
    } catch (const FileError&) {
        // SQLite has rolled back already, or will when the file is next opened.
    }
}

void Transaction::commit() {
    database_.execute("COMMIT");
    is_open_ = false;
}

}  // namespace abscopal
