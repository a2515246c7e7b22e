#include <algorithm>
#include <cstdio>
#include <istream>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>

#include "collector/app/rule_source.h"
#include "collector/cli/options.h"
#include "collector/cli/recording.h"
#include "collector/cli/rules_commands.h"
#include "collector/cli/terminal.h"
#include "collector/core/bytes.h"
#include "rules/redaction/redactor.h"

namespace lastgasp {
namespace {

using Json = nlohmann::ordered_json;

struct RedactOptions {
  std::string what, folder, platform;
  Output output = Output::text;
};

// Prints the lines that lose something, as they would be stored, with the rules that say so.
class RedactionPrinter final : public RedactionWatch, public LineSink {
 public:
  RedactionPrinter(const RedactOptions& options, Redactor::Rules rules)
      : output_(options.output), rules_(std::move(rules)) {
    redactor_.set_platform(options.platform);
    redactor_.watch(*this);
  }

  void play(std::istream& in) {
    // A line at a time, so that what is masked belongs to the line that comes of it.
    for (std::string raw; std::getline(in, raw);) {
      if (!in.eof()) raw += '\n';
      lines_.feed(redactor_.feed(rules_, raw, {}), {}, *this);
    }
    lines_.feed(redactor_.finish(rules_), {}, *this);
    lines_.flush(*this);
    if (output_ == Output::json) print_line(document_.dump(2));
  }
  std::size_t printed() const { return printed_; }

 private:
  void on_secret(const Secret& secret) override {
    if (std::find(ids_.begin(), ids_.end(), secret.rule->id) == ids_.end())
      ids_.push_back(secret.rule->id);
  }

  void on_line(const Line& line) override {
    if (ids_.empty()) return;
    ++printed_;
    if (output_ == Output::text) {
      print_line("line " + std::to_string(line.number) + "  " + escaped(line.text));
      for (const std::string& id : ids_) print_line("    " + id);
    } else {
      Json json{{"line", line.number}, {"text", to_utf8(line.text)}, {"rules", ids_}};
      if (output_ == Output::jsonl) print_line(json.dump());
      if (output_ == Output::json) document_.push_back(std::move(json));
    }
    ids_.clear();
  }

  const Output output_;
  const Redactor::Rules rules_;
  Redactor redactor_;
  LineAssembler lines_;
  std::vector<std::string> ids_;  // of rules that masked something on this line
  Json document_ = Json::array();
  std::size_t printed_ = 0;
};

int redact(const RedactOptions& options) {
  RedactionPrinter printer(options, compile_redaction(options.folder, {}));
  if (is_recording(options.what)) {
    read_recording(options.what, [&](std::istream& in) { printer.play(in); });
  } else {
    std::istringstream line(options.what + "\n");
    printer.play(line);
  }
  if (printer.printed() > 0) return kFound;
  if (options.output == Output::text) print_line("nothing would be masked");
  return kNothing;
}

}  // namespace

void add_rules_redact(CLI::App& rules, Chosen& chosen) {
  auto options = std::make_shared<RedactOptions>();
  auto* command = rules.add_subcommand(
      "redact", "Show which secrets of a line, or of a file, would be masked before it is stored");
  command
      ->add_option("line", options->what,
                   "A line as the console prints it; or a file of them, - is standard input")
      ->required();
  command->add_option("--redaction", options->folder, "Folder of additional redaction packs");
  command->add_option("--platform", options->platform, "What the console is, if known");
  add_output(*command, options->output);
  command->callback([options, &chosen] { chosen = [options] { return redact(*options); }; });
}

}  // namespace lastgasp
