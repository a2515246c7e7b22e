#include "collector/transcript/sqlite.h"

#include <sqlite3.h>

#include <cerrno>
#include <utility>

namespace lastgasp {
namespace {

constexpr int kBusyMillis = 5000;

// A file name inside a URI.
std::string uri_path(const std::filesystem::path& path) {
  std::string out;
  for (const char c : std::filesystem::absolute(path).string()) {
    if (c == '%' || c == '?' || c == '#') {
      constexpr std::string_view kHex = "0123456789ABCDEF";
      out += '%';
      out += kHex[static_cast<unsigned char>(c) >> 4];
      out += kHex[static_cast<unsigned char>(c) & 15];
    } else {
      out += c;
    }
  }
  return out;
}

bool has_unread_wal(const std::filesystem::path& path) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path.string() + "-wal", error);
  return !error && size > 0;
}

}  // namespace

bool SqliteError::disk_full() const { return code_ == SQLITE_FULL || system_error_ == ENOSPC; }
bool SqliteError::no_such_table() const { return code_ == SQLITE_ERROR; }
bool SqliteError::damaged() const { return code_ == SQLITE_CORRUPT || code_ == SQLITE_NOTADB; }

Database::Database(const std::filesystem::path& path, const std::string& name, int flags)
    : path_(path) {
  if (sqlite3_open_v2(name.c_str(), &db_, flags | SQLITE_OPEN_NOMUTEX, nullptr) != SQLITE_OK) {
    const std::string why = db_ ? sqlite3_errmsg(db_) : "out of memory";
    const int code = db_ ? sqlite3_errcode(db_) : SQLITE_NOMEM;
    sqlite3_close(std::exchange(db_, nullptr));
    throw SqliteError(path.string() + ": " + why, code, 0);
  }
  sqlite3_busy_timeout(db_, kBusyMillis);
}

Database::Database(Database&& other) noexcept
    : path_(std::move(other.path_)),
      db_(std::exchange(other.db_, nullptr)),
      idle_(std::exchange(other.idle_, {})) {}

Database::~Database() {
  for (const auto& [sql, statement] : idle_) sqlite3_finalize(statement);
  sqlite3_close_v2(db_);
}

Database Database::create(const std::filesystem::path& path) {
  Database db(path, path.string(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  // Half a megabyte of pages: what is appended is not read again, and SQLite would keep two.
  db.run(
      "PRAGMA page_size=8192; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
      "PRAGMA secure_delete=OFF; PRAGMA journal_size_limit=16777216; PRAGMA cache_size=64");
  return db;
}

Database Database::create_whole(const std::filesystem::path& path) {
  Database db(path, path.string(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  db.run("PRAGMA page_size=8192; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF");
  return db;
}

Database Database::open_read_only(const std::filesystem::path& path) {
  try {
    Database db(path, path.string(), SQLITE_OPEN_READONLY);
    db.has_table("meta");  // opening touches nothing; only a read shows whether it works
    return db;
  } catch (const SqliteError& error) {
    if (error.damaged() || !std::filesystem::exists(path)) throw;
    if (has_unread_wal(path)) {
      throw Error(std::string(error.what()) +
                  ": the folder cannot be written and the database was not closed in order; "
                  "copy the folder to where it can be written and read it there");
    }
  }
  // Nothing is left in a WAL: the file alone is everything, and needs no shared memory beside it.
  return {path, "file:" + uri_path(path) + "?immutable=1", SQLITE_OPEN_READONLY | SQLITE_OPEN_URI};
}

void Database::run(const std::string& sql) {
  if (sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) fail(sql);
}

bool Database::has_table(std::string_view name) {
  Statement find(*this, "SELECT 1 FROM sqlite_master WHERE type='table' AND name=?");
  return find.bind(1, name).step();
}

bool Database::file_moved() {
  int moved = 0;
  sqlite3_file_control(db_, nullptr, SQLITE_FCNTL_HAS_MOVED, &moved);
  return moved != 0;
}

void Database::fail(const std::string& what) const {
  throw SqliteError(path_.string() + ": " + sqlite3_errmsg(db_) + " (" + what.substr(0, 60) + ")",
                    sqlite3_errcode(db_) & 0xff, sqlite3_system_errno(db_));
}

sqlite3_stmt* Database::compiled(std::string_view sql) {
  if (const auto found = idle_.find(sql); found != idle_.end())
    return idle_.extract(found).mapped();
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(db_, sql.data(), static_cast<int>(sql.size()), &statement, nullptr) !=
      SQLITE_OK)
    fail(std::string(sql));
  return statement;
}

void Database::give_back(sqlite3_stmt* statement) {
  if (!idle_.emplace(sqlite3_sql(statement), statement).second) sqlite3_finalize(statement);
}

Statement::Statement(Database& db, std::string_view sql) : db_(db), statement_(db.compiled(sql)) {}

Statement::~Statement() {
  reset();
  db_.give_back(statement_);
}

Statement& Statement::bind(int parameter, std::int64_t value) {
  sqlite3_bind_int64(statement_, parameter, value);
  return *this;
}

Statement& Statement::bind(int parameter, std::string_view text) {
  sqlite3_bind_text64(statement_, parameter, text.data() ? text.data() : "", text.size(),
                      SQLITE_STATIC, SQLITE_UTF8);
  return *this;
}

Statement& Statement::bind_blob(int parameter, std::string_view bytes) {
  sqlite3_bind_blob64(statement_, parameter, bytes.data() ? bytes.data() : "", bytes.size(),
                      SQLITE_STATIC);
  return *this;
}

bool Statement::step() {
  const int result = sqlite3_step(statement_);
  if (result == SQLITE_ROW) return true;
  if (result != SQLITE_DONE) db_.fail(sqlite3_sql(statement_));
  return false;
}

void Statement::run() {
  while (step()) {
  }
  reset();
}

void Statement::reset() {
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_, column);
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::string_view Statement::bytes(int column) const {
  const void* data = sqlite3_column_blob(statement_, column);
  const int size = sqlite3_column_bytes(statement_, column);
  return data ? std::string_view(static_cast<const char*>(data), static_cast<std::size_t>(size))
              : std::string_view{};
}

Transaction::Transaction(Database& db) : db_(db) { db.run("BEGIN IMMEDIATE"); }

Transaction::~Transaction() {
  if (open_) sqlite3_exec(db_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::commit() {
  db_.run("COMMIT");
  open_ = false;
}

ReadTransaction::ReadTransaction(Database& db) : db_(db) { db.run("BEGIN"); }

ReadTransaction::~ReadTransaction() {
  sqlite3_exec(db_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);  // nothing was written
}

}  // namespace lastgasp
