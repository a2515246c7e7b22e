#include <algorithm>
#include <cstdio>
#include <memory>

#include "collector/cli/commands.h"
#include "collector/cli/options.h"
#include "collector/cli/print_lines.h"
#include "collector/core/bytes.h"

namespace lastgasp {
namespace {

struct ShowOptions {
  std::string id;
  std::size_t before = 0, after = 0, context = 0;
  bool ids = false;
  DataOption data;
  Output output = Output::text;
};

int show(const ShowOptions& options) {
  const auto id = parse_line_id(options.id);
  if (!id)
    throw Error("`" + escaped(options.id) +
                "` names no line; take the name from `lastgasp search --ids`");
  TranscriptReader reader(options.data.resolve());
  const auto lines = reader.line(*id, std::max(options.before, options.context),
                                 std::max(options.after, options.context));
  LinePrinter printer(options.output, options.ids);
  for (const FoundLine& line : lines) printer.print(line);
  printer.end();
  if (!lines.empty()) return kFound;
  std::fprintf(stderr,
               "lastgasp: there is no line %s: its day was removed, or it is of another folder "
               "(--data)\n",
               escaped(options.id).c_str());
  return kNothing;
}

}  // namespace

void add_show(CLI::App& program, Chosen& chosen) {
  auto options = std::make_shared<ShowOptions>();
  auto* command =
      program.add_subcommand("show", "Show one line by its name, and what was printed around it");
  command->add_option("line", options->id, "Its name, from --ids or \"id\" in JSON")->required();
  command->add_option("-B,--before", options->before, "Lines before it");
  command->add_option("-A,--after", options->after, "Lines after it");
  command->add_option("-C,--context", options->context, "Lines on both sides");
  add_ids(*command, options->ids);
  add_data(*command, options->data);
  add_output(*command, options->output);
  command->callback([options, &chosen] { chosen = [options] { return show(*options); }; });
}

}  // namespace lastgasp
