// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

/// SQLite, as thin as it can be. Every failure is a FileError that names the file: damaged, full, busy or
/// other.
namespace abscopal {

/// A statement being filled in (places count from 1) or read (columns count from 0).
class Statement {
  public:
    Statement(sqlite3* database, const std::string& path, std::string_view sql);

    Statement& bind(int place, std::int64_t value);
    Statement& bind(int place, double value);  ///< NaN becomes NULL
    Statement& bind(int place, std::string_view text);
    /// Fills in all places in order.
    template <class... Values>
    Statement& bind_all(const Values&... values) {
        int place = 0;
        (bind(++place, as_bindable(values)), ...);
        return *this;
    }
    bool step();   ///< true: there is a row
    void reset();  ///< ready for other values
    void run();    ///< steps once, for statements without rows, and is ready for the next

    int n_columns() const;
    bool is_null(int column) const;
    std::int64_t integer(int column) const;
    double real(int column) const;  ///< NULL is NaN
    std::string text(int column) const;
    /// The present row as text that tells type and value of each cell to the last bit.
    std::string fingerprint() const;

  private:
    struct Close {
        void operator()(sqlite3_stmt* statement) const;
    };
    template <class T>
    static auto as_bindable(const T& value) {
        if constexpr (std::is_integral_v<T>)
            return static_cast<std::int64_t>(value);
        else if constexpr (std::is_floating_point_v<T>)
            return static_cast<double>(value);
        else
            return std::string_view(value);
    }
    void check(int code) const;

    sqlite3* database_;
    std::string path_;
    std::unique_ptr<sqlite3_stmt, Close> statement_;
};

class Database {
  public:
    enum class Mode { create, existing };
    Database(const std::string& path, Mode mode);
    void execute(const std::string& sql);
    Statement prepare(std::string_view sql) { return {handle_.get(), path_, sql}; }
    const std::string& path() const { return path_; }

  private:
    struct Close {
        void operator()(sqlite3* database) const;
    };
    std::string path_;
    std::unique_ptr<sqlite3, Close> handle_;
};

/// All or nothing: rolls back unless committed.
class Transaction {
  public:
    explicit Transaction(Database& database);
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    void commit();

  private:
    Database& database_;
    bool is_open_ = true;
};

}  // namespace abscopal
