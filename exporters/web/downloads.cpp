#include "exporters/web/downloads.h"

#include <algorithm>
#include <utility>

#include "collector/core/bytes.h"
#include "collector/core/log.h"
#include "exporters/web/deadlines.h"
#include "exporters/web/request.h"

namespace lastgasp {
namespace {

constexpr auto kTendEvery = std::chrono::seconds(1);

}  // namespace

Download::Download(Downloads& downloads, std::string first, PieceSource next, MonoTime now)
    : downloads_(downloads),
      next_(std::move(next)),
      piece_(std::move(first)),
      due_(now + answer_time(piece_.size())) {}

void Download::attach(StreamConnection& connection) {
  const std::lock_guard lock(mutex_);
  connection_ = &connection;
}

void Download::detach() {
  const std::lock_guard lock(mutex_);
  connection_ = nullptr;
  over_ = true;
  piece_ = {};
}

std::optional<std::size_t> Download::read(std::span<char> to) {
  {
    const std::lock_guard lock(mutex_);
    if (taken_ < piece_.size()) {
      const std::size_t size = piece_.copy(to.data(), to.size(), taken_);
      taken_ += size;
      return size;
    }
    if (ended_ || over_) return std::nullopt;
    piece_ = {};
    taken_ = 0;
    asleep_ = true;
    connection_->sleep();
  }
  downloads_.want(shared_from_this());
  return 0;
}

void Download::make(const std::function<MonoTime()>& now) {
  if (over()) return;
  std::string piece;
  try {
    piece = next_();
  } catch (const std::exception& error) {
    log_warning("HTTP: an answer breaks off: " + escaped(error.what()));
    return cut();
  }
  const std::lock_guard lock(mutex_);
  if (over_) return;
  ended_ = piece.empty();
  piece_ = std::move(piece);
  due_ = now() + answer_time(piece_.size());
  if (std::exchange(asleep_, false)) connection_->wake();
}

void Download::tend(MonoTime now) {
  {
    const std::lock_guard lock(mutex_);
    if (over_ || asleep_ || now < due_) return;
  }
  cut();
}

void Download::cut() {
  const std::lock_guard lock(mutex_);
  over_ = true;
  piece_ = {};
  taken_ = 0;
  if (!connection_) return;
  connection_->cut();
  if (std::exchange(asleep_, false)) connection_->wake();
}

bool Download::over() const {
  const std::lock_guard lock(mutex_);
  return over_;
}

Downloads::Downloads(WebBackend& backend) : backend_(backend), thread_([this] { work(); }) {}

Downloads::~Downloads() { stop(); }

std::shared_ptr<AnswerStream> Downloads::start(std::string first, PieceSource next) {
  const std::lock_guard lock(mutex_);
  std::erase_if(downloads_, [](const auto& other) { return other->over(); });
  if (stopping_ || downloads_.size() >= kMaxDownloads)
    throw HttpError(503, std::to_string(kMaxDownloads) +
                             " exports are under way, and no more may be; ask again in a while");
  downloads_.push_back(
      std::make_shared<Download>(*this, std::move(first), std::move(next), backend_.now().mono));
  return downloads_.back();
}

void Downloads::want(std::shared_ptr<Download> download) {
  {
    const std::lock_guard lock(mutex_);
    if (!stopping_) {
      wanting_.push_back(std::move(download));
      wake_.notify_all();
      return;
    }
  }
  download->cut();
}

void Downloads::work() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    if (wanting_.empty()) {
      const auto ready = [this] { return stopping_ || !wanting_.empty(); };
      wake_.wait_for(lock, kTendEvery, ready);
      std::erase_if(downloads_, [](const auto& download) { return download->over(); });
      for (const auto& download : downloads_) download->tend(backend_.now().mono);
      continue;
    }
    const auto download = std::move(wanting_.front());
    wanting_.pop_front();
    lock.unlock();
    download->make([this] { return backend_.now().mono; });
    lock.lock();
  }
}

void Downloads::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
  for (const auto& download : std::exchange(downloads_, {})) download->cut();
  wanting_.clear();
}

}  // namespace lastgasp
