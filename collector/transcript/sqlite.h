// SQLite as C++: connections and statements that close themselves, errors that say which file.
// A connection belongs to one thread at a time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "collector/core/error.h"

struct sqlite3;
struct sqlite3_stmt;

namespace lastgasp {

class SqliteError : public Error {
 public:
  // `system_error` is the errno behind it, 0 when there is none.
  SqliteError(const std::string& text, int code, int system_error)
      : Error(text), code_(code), system_error_(system_error) {}
  bool disk_full() const;
  bool damaged() const;
  bool no_such_table() const;  // or another word of the statement that the file does not know

 private:
  int code_;  // primary result code
  int system_error_;
};

class Database {
 public:
  // Opens for writing, creating the file if need be: WAL, every commit on disk when it returns.
  static Database create(const std::filesystem::path& path);
  // Makes a file that nobody looks at before it is whole: nothing is on disk until the caller syncs
  // it. Without a WAL, so that it can be read where nothing can be written.
  static Database create_whole(const std::filesystem::path& path);
  // Opens for reading, while a writer is at work or not, from a read-only folder too.
  static Database open_read_only(const std::filesystem::path& path);

  Database(Database&& other) noexcept;
  Database& operator=(Database&&) = delete;
  ~Database();

  void run(const std::string& sql);
  bool has_table(std::string_view name);
  // Whether the file has been renamed, removed or replaced since it was opened.
  bool file_moved();
  sqlite3* handle() const { return db_; }
  const std::filesystem::path& path() const { return path_; }
  [[noreturn]] void fail(const std::string& what) const;

 private:
  friend class Statement;
  Database(const std::filesystem::path& path, const std::string& name, int flags);
  sqlite3_stmt* compiled(std::string_view sql);
  void give_back(sqlite3_stmt* statement);

  std::filesystem::path path_;
  sqlite3* db_ = nullptr;
  // Compiling one costs more than running it: those that are not in use, by their text.
  std::map<std::string, sqlite3_stmt*, std::less<>> idle_;
};

// Its database outlives it. Columns count from 0, parameters from 1. Text and blobs given to bind()
// must live until the next reset(); those returned live until the next step() or reset().
class Statement {
 public:
  Statement(Database& db, std::string_view sql);
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement();

  Statement& bind(int parameter, std::int64_t value);
  Statement& bind(int parameter, std::string_view text);
  Statement& bind_blob(int parameter, std::string_view bytes);
  bool step();  // whether there is a row
  void run();   // to the end, then ready to be bound again
  void reset();

  std::int64_t integer(int column) const;
  bool is_null(int column) const;
  std::string_view bytes(int column) const;  // text or blob
  std::string text(int column) const { return std::string(bytes(column)); }

 private:
  Database& db_;
  sqlite3_stmt* statement_ = nullptr;
};

// Rolls back unless committed.
class Transaction {
 public:
  explicit Transaction(Database& db);  // for writing
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();
  void commit();

 private:
  Database& db_;
  bool open_ = true;
};

// Until its end, several statements see the database as it is when the first of them runs.
class ReadTransaction {
 public:
  explicit ReadTransaction(Database& db);
  ReadTransaction(const ReadTransaction&) = delete;
  ReadTransaction& operator=(const ReadTransaction&) = delete;
  ~ReadTransaction();

 private:
  Database& db_;
};

}  // namespace lastgasp
