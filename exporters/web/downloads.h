// Answers too long to be in memory: made one piece after the other, each when its client has taken
// the one before. One thread makes the pieces of all, in turn; no thread and nothing of the store
// is held while a client takes its time.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "collector/core/clock.h"
#include "exporters/web/answer_stream.h"
#include "exporters/web/backend.h"

namespace lastgasp {

inline constexpr std::size_t kMaxDownloads = 16;

// Makes the next piece; an empty one is the end. May throw: then the client sees that its answer
// broke off.
using PieceSource = std::function<std::string()>;

class Downloads;

// Any thread.
class Download final : public AnswerStream, public std::enable_shared_from_this<Download> {
 public:
  Download(Downloads& downloads, std::string first, PieceSource next, MonoTime now);

  void attach(StreamConnection& connection) override;
  void detach() override;
  std::optional<std::size_t> read(std::span<char> to) override;

  // Of Downloads.

  // Makes a piece, on the thread of the caller.
  void make(const std::function<MonoTime()>& now);
  // Cuts off a client that takes a piece too slowly (answer_time()).
  void tend(MonoTime now);
  void cut();
  bool over() const;

 private:
  Downloads& downloads_;
  const PieceSource next_;
  mutable std::mutex mutex_;  // guards what follows
  StreamConnection* connection_ = nullptr;
  std::string piece_;
  std::size_t taken_ = 0;  // of it
  MonoTime due_;           // when all of it must be taken
  bool asleep_ = false, ended_ = false, over_ = false;
};

class Downloads {
 public:
  // `backend` outlives the downloads.
  explicit Downloads(WebBackend& backend);
  ~Downloads();  // stop()

  // An answer that begins with `first`. Throws HttpError 503 when there are as many as may be.
  std::shared_ptr<AnswerStream> start(std::string first, PieceSource next);
  // Cuts off all; none is started from then on. Idempotent.
  void stop();

 private:
  friend class Download;
  void want(std::shared_ptr<Download> download);
  void work();

  WebBackend& backend_;
  std::mutex mutex_;  // guards what follows
  std::condition_variable wake_;
  bool stopping_ = false;
  std::vector<std::shared_ptr<Download>> downloads_;
  std::deque<std::shared_ptr<Download>> wanting_;  // a piece each
  std::thread thread_;
};

}  // namespace lastgasp
