// When the sealing thread has work: the journal has grown, its oldest row has aged, the UTC day has
// changed, or someone asked; and how much of it. All functions are safe from any thread.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>

#include "collector/core/clock.h"

namespace lastgasp {

class SealSchedule {
 public:
  // What the journal held when it was opened, at `now`.
  SealSchedule(std::uint64_t rows, std::uint64_t bytes, Instant now);

  void committed(std::uint64_t rows, std::uint64_t bytes, Instant now);
  void taken_out(std::uint64_t rows, std::uint64_t bytes, Instant now);

  // For the sealing thread: waits until there is something to seal, or it is time for
  // housekeeping. False when it is to stop.
  bool wait(const Clock& clock);
  // Whether another step should be taken.
  bool wants_step(Instant now) const;
  // How many of the newest bytes that step should leave in the journal, where the newest lines are
  // found without reading what all consoles printed before; 0 when everything was asked for.
  std::uint64_t leaves(Instant now) const;
  // Whether lines arrive faster than they are sealed: then long steps, which cost less a line, are
  // worth the memory.
  bool far_behind() const;
  // Whether there is time for what can wait.
  bool idle(Instant now) const;
  // A round of steps is over: all that was asked for before wait() returned is done or has failed.
  // After a failure sealing by itself pauses for a while.
  void round_done(bool ok, Instant now);

  // Asks for everything to be sealed and waits for it. False when it failed.
  bool seal_all();
  void stop();

 private:
  bool due(Instant now) const;
  bool wants_all(Instant now) const;

  mutable std::mutex mutex_;
  std::condition_variable work_, finished_;
  std::uint64_t rows_, bytes_;
  Instant oldest_;  // about when the oldest row was committed
  std::uint64_t asked_ = 0, taken_up_ = 0, answered_ = 0;
  bool last_ok_ = true;
  MonoTime not_before_ = MonoTime::min();
  bool stopping_ = false;
};

}  // namespace lastgasp
