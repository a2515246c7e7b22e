#include <map>
#include <mutex>

#include "collector/core/error.h"
#include "rules/engine/expression.h"
#include "rules/incident/dump_capture.h"

namespace lastgasp {
namespace {

class ExpressionEnd final : public DumpEnd {
 public:
  explicit ExpressionEnd(const std::string& until) : expression_(until) {}
  bool ends(std::string_view line) const override { return expression_.matches(line); }

 private:
  Expression expression_;
};

}  // namespace

std::shared_ptr<const DumpEnd> DumpEnd::compile(const std::string& until) {
  if (until.empty()) {
    return nullptr;
  }
  static std::mutex mutex;
  static std::map<std::string, std::weak_ptr<const DumpEnd>> known;
  const std::lock_guard lock(mutex);
  std::weak_ptr<const DumpEnd>& slot = known[until];
  if (auto end = slot.lock()) {
    return end;
  }
  try {
    auto end = std::make_shared<const ExpressionEnd>(until);
    slot = end;
    return end;
  } catch (const Error&) {
    return nullptr;  // packs are checked when they are read; such a dump ends by its other limits
  }
}

}  // namespace lastgasp
