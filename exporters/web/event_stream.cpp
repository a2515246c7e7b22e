#include "exporters/web/event_stream.h"

#include <algorithm>
#include <utility>

namespace lastgasp {

std::string event_text(std::string_view name, std::string_view data, std::string_view id) {
  std::string text = "event: ";
  text += name;
  if (!id.empty()) text.append("\nid: ").append(id);
  text.append("\ndata: ").append(data).append("\n\n");
  return text;
}

bool EventStream::write(std::string_view text) {
  const std::lock_guard lock(mutex_);
  return append(text);
}

bool EventStream::append(std::string_view text) {
  if (over_ || text.size() > kMaxStreamBytes - waiting_.size()) return false;
  waiting_ += text;
  wake();
  return true;
}

std::size_t EventStream::room() const {
  const std::lock_guard lock(mutex_);
  return over_ ? 0 : kMaxStreamBytes - waiting_.size();
}

void EventStream::tend(MonoTime now) {
  const std::lock_guard lock(mutex_);
  if (over_) return;
  if (std::exchange(taken_, false) || waiting_.empty()) took_ = now;
  const bool slow = now - took_ >= kStreamPatience;
  if (slow || (connection_ && connection_->left())) {
    over_ = true;
    waiting_.clear();
    if (connection_) connection_->cut();
    wake();
  } else if (now - commented_ >= kStreamComment) {
    commented_ = now;
    append(":\n\n");
  }
}

void EventStream::end() {
  const std::lock_guard lock(mutex_);
  over_ = true;
  wake();
}

bool EventStream::over() const {
  const std::lock_guard lock(mutex_);
  return over_;
}

void EventStream::wake() {
  if (connection_ && std::exchange(asleep_, false)) connection_->wake();
}

void EventStream::attach(StreamConnection& connection) {
  const std::lock_guard lock(mutex_);
  connection_ = &connection;
}

void EventStream::detach() {
  const std::lock_guard lock(mutex_);
  connection_ = nullptr;
  over_ = true;
  waiting_.clear();
}

std::optional<std::size_t> EventStream::read(std::span<char> to) {
  const std::lock_guard lock(mutex_);
  if (waiting_.empty() && over_) return std::nullopt;
  if (waiting_.empty()) {
    asleep_ = true;
    connection_->sleep();
    return 0;
  }
  const std::size_t size = std::min(to.size(), waiting_.size());
  waiting_.copy(to.data(), size);
  waiting_.erase(0, size);
  taken_ = true;
  return size;
}

}  // namespace lastgasp
