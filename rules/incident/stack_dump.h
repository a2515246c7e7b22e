// The call stacks of one dump, and the functions that are to blame. Pure; reads one line at a time
// and keeps a bounded number of names.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "rules/engine/expression.h"
#include "rules/engine/rule.h"
#include "rules/incident/frames.h"

namespace lastgasp {

class StackDump {
 public:
  static constexpr std::size_t kMaxFunctions = 8;  // that functions() gives
  static constexpr std::size_t kMaxStacks = 8;
  static constexpr std::size_t kMaxFrames = 400;  // of a stack; later ones are dropped

  // `from`: the stack to blame begins after the line it matches. Null, or when no such line comes:
  // the first one is.
  explicit StackDump(std::shared_ptr<const Expression> from = nullptr) : from_(std::move(from)) {}

  void line(std::string_view line);
  // Nothing after this counts.
  void close() { frozen_ = true; }

  // Whether another processor's dump is printed in the midst of this one.
  bool interleaved() const { return returns_ >= 2 || other_cpu_; }

  // Innermost first, without plumbing; at most kMaxFunctions, none for Blame::nobody.
  std::vector<std::string> functions(Blame blame) const;

 private:
  struct Stack {
    std::vector<std::string> frames;  // certain ones, plumbing too; innermost first
    bool traced = false;              // its heading has been seen, not only registers
    bool of_processor = false;        // one of several: who hangs is asked on all of them
  };

  void begin_stack(bool trace);
  bool speaks(const Message& message);
  void processor_line(std::string_view text);
  void lock_line(std::string_view text);
  void add(std::string_view function);

  std::shared_ptr<const Expression> from_;
  std::vector<Stack> stacks_{1};
  std::vector<std::string> held_at_;  // where a lock was taken, when no stack is shown; at most one
  std::string caller_;
  std::string cpu_;       // "CPU: 3" of the dump's own line
  int returns_ = 0;       // times the first caller went on after another
  bool strayed_ = false;  // another caller printed a stack since
  bool other_cpu_ = false;
  bool begun_ = false;
  bool frozen_ = false;
  bool found_from_ = false;
  bool elsewhere_ = false;  // in the stack of another event, until the next one begins
  bool skip_next_ = false;  // the next address tells of something else
  bool trap_seen_ = false;
  bool panic_above_ = false;  // a trap: what was above is how the kernel panicked, not why
};

}  // namespace lastgasp
