// A console that is mistreated: any bytes are what it prints, and some of them are what happens to
// it meanwhile. For the fuzzer and for the test that runs without one. Throws when the tracker
// breaks a bound.
#pragma once

#include <memory>
#include <optional>
#include <stdexcept>
#include <string_view>

#include "collector/line/line_assembler.h"
#include "rules/engine/rule_set.h"
#include "rules/incident/dump_capture.h"
#include "rules/incident/incident_book.h"
#include "rules/incident/tracker.h"

namespace lastgasp::endurance {

// Bytes from here on are no text: each is one of these, counted up from it.
inline constexpr unsigned char kFirstEvent = 0xf0;
enum class Event : unsigned char {
  tenth,  // of a second goes by
  second,
  half_minute,
  quarter,  // of an hour
  day,
  cut,       // the link goes down and comes up
  finished,  // the input is over, and goes on all the same
  restarted,
};
inline constexpr unsigned kEvents = 8;
inline constexpr char byte_of(unsigned event) {
  return static_cast<char>(kFirstEvent + event % kEvents);
}

class Mistreated final : TrackerSink, LineSink {
 public:
  explicit Mistreated(const std::shared_ptr<const RuleSet>& rules) : matcher_(rules) {
    tracker_.emplace("r1", "", TrackerSettings{});
    tracker_->link(true, now_, *this);
  }

  void endure(std::string_view input) {
    while (!input.empty()) {
      std::size_t text = 0;
      while (text < input.size() && static_cast<unsigned char>(input[text]) < kFirstEvent) {
        ++text;
      }
      lines_.feed(input.substr(0, text), now_, *this);
      input.remove_prefix(text);
      if (!input.empty()) {
        happens(static_cast<Event>((static_cast<unsigned char>(input[0]) - kFirstEvent) % kEvents));
        input.remove_prefix(1);
      }
    }
    lines_.flush(*this);
    tracker_->finish(now_, *this);
    check(tracker_->open_incidents().size() <= IncidentBook::kMaxOpen, "too many open incidents");
  }

  std::size_t told = 0;  // changes of incidents

 private:
  static void check(bool holds, const char* what) {
    if (!holds) {
      throw std::runtime_error(what);
    }
  }

  void happens(Event event) {
    using namespace std::chrono_literals;
    static constexpr Micros kTimes[]{100ms, 1s, 30s, 15min, 24h};
    if (event <= Event::day) {
      pass(kTimes[static_cast<std::size_t>(event)]);
    } else if (event == Event::cut) {
      lines_.flush(*this);
      tracker_->link(false, now_, *this);
      tracker_->link(true, now_, *this);
    } else if (event == Event::finished) {
      tracker_->finish(now_, *this);
    } else {
      std::vector<Incident> open = tracker_->open_incidents();
      tracker_.emplace("r1", "", TrackerSettings{});
      tracker_->restore(std::move(open), now_);
    }
  }

  void pass(Micros time) {
    const MonoTime until = now_.mono + time;
    lines_.quiet(now_ + std::min(time, kPartialAfter), *this);
    for (int ticks = 0; tracker_->due() <= until; ++ticks) {
      check(ticks < 1000, "due() stands still");
      const MonoTime due = std::max(tracker_->due(), now_.mono);
      now_ = now_ + (due - now_.mono);
      tracker_->tick(now_, *this);
    }
    now_ = now_ + (until - now_.mono);
  }

  void on_line(const Line& line) override {
    tracker_->line(line, matcher_.match(line.text, tracker_->platform()), *this);
    check(tracker_->open_incidents().size() <= IncidentBook::kMaxOpen, "too many open incidents");
  }
  void on_incident(Incident& incident) override {
    constexpr std::size_t kDumpBytes = 256 * 1024;
    std::size_t bytes = 0;
    for (const std::string& line : incident.dump) {
      bytes += line.size();
    }
    check(bytes <= kDumpBytes, "the dump is too large");
    check(incident.findings.size() <= 32, "too many findings");
    check(incident.context.size() <= 50, "too much context");
    check(incident.functions.size() <= 8, "too many functions");
    check(incident.title.size() <= 512 && !incident.title.empty(), "no title");
    check(incident.fingerprint.size() == 16, "no fingerprint");
    check(incident.first_line <= incident.last_line, "it ends before it begins");
    ++told;
  }
  void on_boot(const Boot& boot) override {
    check(boot.done == WallTime{} || boot.done >= boot.began, "a boot is done before it began");
  }
  void on_platform(std::string_view) override {}

  Instant now_{from_unix_micros(1'800'000'000'000'000), MonoTime{std::chrono::hours(1)}};
  Matcher matcher_;
  LineAssembler lines_;
  std::optional<Tracker> tracker_;
};

}  // namespace lastgasp::endurance
