// What the first seconds of a connection say about who answered: the console, a console server
// that has the line taken by someone else, or a console server that wants a login. Pure.
#pragma once

#include <string>
#include <string_view>

#include "collector/console/link.h"
#include "collector/console/link_settings.h"

namespace lastgasp {

// Whether the last line of `text` is a prompt for a name or a password.
bool ends_in_login_prompt(std::string_view text);

class FirstWords {
 public:
  // `server_may_answer` is false where no console server stands between: its prompts are then the
  // console's own, and a close is nobody's refusal.
  FirstWords(const LinkSettings& settings, bool server_may_answer, MonoTime opened);

  // What the link should show after these bytes. Cheap once the first seconds are over.
  LinkReason hear(std::string_view bytes, MonoTime at);
  // A link that ended as closed or reset at once was busy; `said` is then the banner.
  LinkStatus judge(LinkStatus end, MonoTime at) const;

 private:
  bool early(MonoTime at) const { return at - opened_ <= within_ && heard_ <= most_; }

  Micros within_;
  std::size_t most_;
  bool server_may_answer_;
  MonoTime opened_;
  std::size_t heard_ = 0;
  bool settled_ = false;
  std::string words_;  // at most `most_` bytes
  LinkReason reason_ = LinkReason::none;
};

}  // namespace lastgasp
