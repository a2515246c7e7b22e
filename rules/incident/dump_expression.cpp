#include "rules/incident/dump_expression.h"

#include <map>
#include <mutex>

#include "collector/core/error.h"

namespace lastgasp {

std::shared_ptr<const Expression> dump_expression(const std::string& pattern) {
  if (pattern.empty()) {
    return nullptr;
  }
  static std::mutex mutex;
  static std::map<std::string, std::weak_ptr<const Expression>> known;
  const std::lock_guard lock(mutex);
  std::weak_ptr<const Expression>& slot = known[pattern];
  if (auto expression = slot.lock()) {
    return expression;
  }
  try {
    auto expression = std::make_shared<const Expression>(pattern);
    slot = expression;
    return expression;
  } catch (const Error&) {
    return nullptr;  // packs are checked when they are read; the dump ends by its other limits
  }
}

}  // namespace lastgasp
