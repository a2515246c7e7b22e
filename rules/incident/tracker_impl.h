// The parts of a Tracker and what they do together. Internal to this folder.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "collector/core/console_memory.h"
#include "rules/incident/boot_machine.h"
#include "rules/incident/context_ring.h"
#include "rules/incident/dump_capture.h"
#include "rules/incident/incident_book.h"
#include "rules/incident/operator_text.h"
#include "rules/incident/replay_block.h"
#include "rules/incident/stack_dump.h"
#include "rules/incident/stuck_watch.h"
#include "rules/incident/tracker.h"
#include "rules/incident/unknown_watch.h"

namespace lastgasp {

// The hits of one line by what they are for; of several that open incidents the gravest.
struct LineHits {
  const RuleHit* trouble = nullptr;
  const RuleHit* boot_start = nullptr;
  const RuleHit* boot_done = nullptr;
  const RuleHit* login = nullptr;
  const RuleHit* bootloader = nullptr;
  const RuleHit* shutdown = nullptr;
  const RuleHit* reset_reason = nullptr;
  const RuleHit* stuck = nullptr;
  const RuleHit* prompt = nullptr;
  const RuleHit* replay = nullptr;

  // Those there are; the others are null.
  std::array<const RuleHit*, 10> all() const;
  bool any() const;
};
LineHits sorted(std::span<const RuleHit> hits);

struct Tracker::Impl : InConsoleMemory {
  Impl(std::string console_name, std::string console_platform,
       const TrackerSettings& tracker_settings);

  // What becomes of a dump when it is over.
  enum class Fate : std::uint8_t {
    opened,   // it is an open incident's
    repeats,  // it counts as one more of an open incident unless it turns out to be another crash
    held,     // it was printed within text an operator asked for
  };
  // A hit that outlives its line and the rules it is of; without captures.
  struct HeldHit {
    HeldHit(const Line& line, const RuleHit& hit);
    Line line() const;
    RuleHit hit() const { return {.index = index, .rule = &rule, .captures = {}}; }

    RuleIndex index;
    Rule rule;
    std::string text;
    Line where;
  };
  struct Capture {
    DumpCapture shape;
    StackDump stacks{};
    std::shared_ptr<const Expression> detail;
    // From here on the dump is about what the rule of this shape named.
    void blame_by(const DumpShape& shape);
    Fate fate{};
    std::uint64_t serial = 0;    // of the incident it is of, or repeats
    Draft draft;                 // when it is not open
    std::optional<HeldHit> hit;  // when it is held
    std::size_t bytes = 0;
    std::uint64_t partial_begin = kNoLine;  // the dump's last line is this unended one
  };
  struct HeldCrash {
    Draft draft;
    HeldHit hit;
  };
  // The line at hand and who is told what became of its hits.
  struct Telling {
    const Line* line = nullptr;
    std::span<const RuleHit> hits;
    TrackerSink* sink = nullptr;
  };
  struct PendingReboot {  // nobody knows yet why; a reset reason may still tell
    Boot boot;
    MonoTime due{};
    MonoTime began{};
    std::uint64_t line = 0;
  };
  static constexpr std::uint64_t kNoLine = ~std::uint64_t{0};
  static constexpr std::size_t kMaxDumpBytes = 256 * 1024;
  static constexpr Micros kExplainWithin{std::chrono::seconds(60)};

  // tracker.cpp
  void line(const Line& line, std::span<const RuleHit> hits, TrackerSink& sink);
  void advance(Instant now, TrackerSink& sink);
  void learn(std::span<const RuleHit> hits, TrackerSink& sink);
  void drop_seen_in_partial(const Line& line, LineHits& hits);
  void operator_line(const Line& line, LineHits& hits, TrackerSink& sink);
  void operator_prompt(const Line& line, LineHits& hits);
  void replay_line(const Line& line, LineHits& hits);
  void stuck_line(const Line& line, const LineHits& hits);
  void healthy_line(Instant now);
  MonoTime due() const;

  // tracker_verdicts.cpp
  // For `hit` and those of the same line that it stands for.
  void tell(const RuleHit& hit, Verdict verdict, std::string_view about);
  // For all that are left.
  void tell_all(const LineHits& hits, Verdict verdict, std::string_view about);

  // tracker_dump.cpp
  void trouble(const Line& line, const RuleHit& hit);
  void hold_trouble(const Line& line, const RuleHit& hit);
  void capture_line(const Line& line);
  void begin_capture(Fate fate, std::uint64_t serial, Draft draft, const Line& line,
                     const DumpShape& shape);
  void join(Case c, const Sign& sign, const Line& line, const RuleHit& hit);
  void end_capture(bool broken_off);
  void end_opened(Capture& over, bool truncated);
  void end_repeat(Capture& over, bool truncated);
  Case captured_case();
  void keep_line(const Line& line);
  void crashed(Case c);

  // tracker_unknown.cpp
  void watch_unknown(const Line& line, const LineHits& hits, bool known, TrackerSink& sink);
  void unknown_before_boot(const Line& line, const RuleHit& hit, TrackerSink& sink);
  void open_unrecognised(const UnknownWatch::Found& found, const Line& line,
                         std::uint64_t last_line, TrackerSink& sink);
  bool signed_lately(const Line& line);

  // tracker_boots.cpp
  void boot_line(const Line& line, const LineHits& hits, TrackerSink& sink);
  void banner(const Line& line, const RuleHit& hit, TrackerSink& sink);
  void began(const Boot& boot, Instant at, std::uint64_t number);
  bool loop(Instant at, std::uint64_t number);
  void is_up(Instant now, TrackerSink& sink);
  void reboot_explained(const Boot& boot, const Line& line, TrackerSink& sink);
  void open_reboot();
  void commit_held(TrackerSink& sink);
  void drop_held();
  Draft own_draft(Kind kind, Severity severity, std::string title, std::string_view subject,
                  Instant at, std::uint64_t number) const;

  std::string console;
  std::string platform;
  bool platform_given = false;
  TrackerSettings settings;
  ContextRing context;
  OperatorText operator_text;
  BootMachine boots;
  LoopWatch loops;
  IncidentBook book;
  StuckWatch stuck;
  UnknownWatch unknown;
  // Kilobytes that few of many thousand consoles need at a time.
  std::unique_ptr<Capture> capture;
  std::unique_ptr<HeldCrash> held;     // the last crash that quoted text showed
  std::unique_ptr<HeldHit> held_boot;  // the banner that quoted text showed
  std::optional<ReplayBlock> replay;
  std::optional<PendingReboot> pending;
  Telling telling;
  std::uint64_t last_number = 0;
  MonoTime boot_began{};
  struct {
    std::uint64_t begin = kNoLine;
    const Rule* trouble = nullptr;  // compared only, never looked into
    const Rule* boot_start = nullptr;
    bool shutdown = false;
  } partial;  // what the unended line has told already
};

}  // namespace lastgasp
