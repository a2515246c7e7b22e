#include <cstdio>
#include <memory>
#include <sstream>

#include "collector/cli/options.h"
#include "collector/cli/print_explanation.h"
#include "collector/cli/recording.h"
#include "collector/cli/rule_options.h"
#include "collector/cli/rules_commands.h"
#include "collector/core/bytes.h"

namespace lastgasp {
namespace {

struct ExplainOptions {
  std::string what, folder, platform;
  Output output = Output::text;
};

int explain(const ExplainOptions& options) {
  Matching matching = make_matching(load_rules(options.folder));
  const bool file = is_recording(options.what);
  ExplanationPrinter printer(*matching.matcher, options.output, !file);
  Explanation& explanation = printer.explanation();
  Pipeline pipeline(file ? options.what : "", options.platform, TrackerSettings{}, matching,
                    explanation);
  explanation.watch(pipeline);
  if (file) {
    play_file(options.what, pipeline);
  } else {
    std::istringstream line(options.what);
    play_stream(line, "line", pipeline);
  }
  printer.end();
  if (!file && explanation.hits() == 0 && options.what.find(' ') == std::string::npos)
    std::fprintf(stderr, "lastgasp: nor is there a file called `%s`\n",
                 escaped(options.what).c_str());
  return explanation.hits() > 0 ? kFound : kNothing;
}

}  // namespace

void add_rules_explain(CLI::App& rules, Chosen& chosen) {
  auto options = std::make_shared<ExplainOptions>();
  auto* command = rules.add_subcommand(
      "explain", "Say which rules match a line, or each line of a file, and what comes of it");
  command
      ->add_option("line", options->what,
                   "A line as the console prints it; or a file of them, - is standard input")
      ->required();
  command->add_option("--platform", options->platform, "What the console is, if known");
  add_rules_folder(*command, options->folder);
  add_output(*command, options->output);
  command->callback([options, &chosen] { chosen = [options] { return explain(*options); }; });
}

}  // namespace lastgasp
