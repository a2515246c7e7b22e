// The built-in redaction rules, and a console that is fed to them in pieces.
#pragma once

#include <string>
#include <vector>

#include "rules/redaction/redactor.h"

namespace lastgasp {

inline std::vector<RedactionPack> built_in_redaction() {
  std::vector<RedactionPack> packs;
  for (const RedactionPackText& pack : built_in_redaction_packs())
    packs.push_back(parse_redaction_pack(pack.yaml, "built-in " + std::string(pack.name)));
  return packs;
}

inline const Redactor::Rules& built_in_rules() {
  static const Redactor::Rules rules = RedactionSet::compile(built_in_redaction());
  return rules;
}

// What leaves, the bytes cut at these offsets (ascending).
inline std::string redacted(std::string_view bytes, const std::vector<std::size_t>& cuts = {},
                            const Redactor::Rules& rules = built_in_rules()) {
  Redactor redactor;
  std::string out;
  std::size_t from = 0;
  for (const std::size_t cut : cuts) {
    out.append(redactor.feed(rules, bytes.substr(from, cut - from), {}));
    from = cut;
  }
  out.append(redactor.feed(rules, bytes.substr(from), {}));
  out.append(redactor.finish(rules));
  return out;
}

// A byte at a time.
inline std::string redacted_bytewise(std::string_view bytes,
                                     const Redactor::Rules& rules = built_in_rules()) {
  std::vector<std::size_t> cuts;
  for (std::size_t i = 1; i < bytes.size(); ++i) cuts.push_back(i);
  return redacted(bytes, cuts, rules);
}

// Every sample of every rule, and every reject.
inline std::vector<std::string> all_evidence() {
  std::vector<std::string> lines;
  for (const RedactionPack& pack : built_in_redaction()) {
    for (const RedactionRule& rule : pack.rules) {
      for (const auto& [line, stored] : rule.samples) lines.push_back(line);
      lines.insert(lines.end(), rule.rejects.begin(), rule.rejects.end());
    }
  }
  return lines;
}

}  // namespace lastgasp
