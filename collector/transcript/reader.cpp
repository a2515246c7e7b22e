#include "collector/transcript/reader.h"

#include <algorithm>
#include <map>
#include <set>

#include "collector/core/bytes.h"
#include "collector/transcript/console_lines.h"
#include "collector/transcript/earlier_lines.h"
#include "collector/transcript/follow.h"
#include "collector/transcript/line_lookup.h"
#include "collector/transcript/printed_bytes.h"
#include "collector/transcript/schema.h"
#include "collector/transcript/search.h"
#include "collector/transcript/snapshot.h"
#include "collector/transcript/tables.h"

namespace lastgasp {
namespace {

bool matches_any(const std::vector<std::string>& globs, std::string_view name) {
  return globs.empty() || std::any_of(globs.begin(), globs.end(), [&](const std::string& glob) {
           return glob_match(glob, name);
         });
}

// The records within `range`, block by block; null is all consoles.
template <typename Sink>
void each_record(Snapshot& snapshot, const std::set<ConsoleId>* wanted, TimeRange range,
                 const Sink& sink) {
  for (const Day day : snapshot.days()) {
    // The end of a line that began before midnight is with its beginning.
    if (start_of(day) >= range.to || start_of(day + 2) <= range.from) continue;
    for (const BlockRef& ref : snapshot.blocks(day, wanted, range)) {
      const auto block = snapshot.load(ref);
      if (!block) continue;
      for (const Record& record : block->records) {
        const bool inside = record.at >= range.from && record.at < range.to;
        if (inside && (!wanted || wanted->count(record.console) > 0)) sink(record);
      }
    }
  }
}

}  // namespace

struct TranscriptReader::Impl {
  explicit Impl(OpenFiles& open) : files(open), open_hot(open.take_hot()), hot(*open_hot) {}
  ~Impl() { files.give_back(std::move(open_hot)); }

  std::optional<ConsoleId> id_of(std::string_view console) {
    Statement select(hot, "SELECT id FROM console WHERE name=?");
    if (!select.bind(1, console).step()) return std::nullopt;
    return static_cast<ConsoleId>(select.integer(0));
  }

  std::set<ConsoleId> of_platform(std::string_view platform) {
    std::set<ConsoleId> ids;
    Statement select(hot, "SELECT id FROM console WHERE platform=?");
    select.bind(1, platform);
    while (select.step()) ids.insert(static_cast<ConsoleId>(select.integer(0)));
    return ids;
  }

  std::map<ConsoleId, ConsoleLabels> labels() {
    std::map<ConsoleId, ConsoleLabels> all;
    if (!hot.has_table("console_label")) return all;  // written by a collector that kept none
    Statement select(hot, "SELECT console,name,value FROM console_label ORDER BY console,name");
    while (select.step())
      all[static_cast<ConsoleId>(select.integer(0))].emplace_back(select.text(1), select.text(2));
    return all;
  }

  // Of the consoles that match.
  std::map<ConsoleId, std::string> names(const std::vector<std::string>& globs,
                                         const std::vector<LabelMatch>& wanted = {}) {
    std::map<ConsoleId, std::string> names;
    Statement select(hot, "SELECT id,name FROM console ORDER BY id");
    while (select.step()) {
      const std::string_view name = select.bytes(1);
      if (matches_any(globs, name))
        names.emplace_hint(names.end(), static_cast<ConsoleId>(select.integer(0)), name);
    }
    if (wanted.empty()) return names;
    std::map<ConsoleId, ConsoleLabels> have = labels();
    std::erase_if(names, [&](const auto& name) { return !matches(have[name.first], wanted); });
    return names;
  }

  OpenFiles& files;
  std::unique_ptr<Database> open_hot;
  Database& hot;
  std::map<std::string, Follow, std::less<>> followed;
};

TranscriptReader::TranscriptReader(const std::filesystem::path& folder)
    : own_files_(std::make_unique<OpenFiles>(folder)), impl_(std::make_unique<Impl>(*own_files_)) {}

TranscriptReader::TranscriptReader(OpenFiles& files) : impl_(std::make_unique<Impl>(files)) {}

TranscriptReader::~TranscriptReader() = default;

SearchEnd TranscriptReader::search(const Query& query,
                                   const std::function<bool(const FoundLine&)>& found) {
  // The names after the snapshot: no record in it is of a console they do not have.
  Snapshot snapshot(impl_->files, impl_->hot);
  std::map<ConsoleId, std::string> names = impl_->names(query.consoles, query.labels);
  if (!query.platform.empty()) {
    const std::set<ConsoleId> wanted = impl_->of_platform(query.platform);
    std::erase_if(names, [&](const auto& name) { return !wanted.contains(name.first); });
  }
  const bool is_all = query.consoles.empty() && query.labels.empty() && query.platform.empty();
  return Search(snapshot, query, std::move(names), is_all, found).run();
}

std::vector<FoundLine> TranscriptReader::tail(std::string_view console, std::size_t count,
                                              WallTime before) {
  std::vector<FoundLine> newest;
  const auto id = impl_->id_of(console);
  if (!id || count == 0) return newest;
  Snapshot snapshot(impl_->files, impl_->hot);
  // From a block that would come after everything before `before`.
  const bool all = before == WallTime::max();
  std::optional<BlockRef> ref = BlockRef{all ? INT32_MAX : day_of(before) + 1, 0, {}, {}};
  ConsoleLines lines;
  EarlierLines earlier(snapshot);
  while (newest.size() < count && (ref = snapshot.neighbour(*ref, *id, false))) {
    const auto block = ref->t0 < before ? snapshot.load(*ref) : nullptr;
    if (!block) continue;
    lines.assemble(block->of(*id));
    for (std::size_t i = lines.size(); i-- > 0 && newest.size() < count;) {
      if (lines[i].at >= before) continue;
      newest.push_back(
          {std::string(console), lines[i].at, lines[i].kind, std::string(lines.text(i))});
      newest.back().nth = lines[i].nth;
      if (lines[i].nth == i) newest.back().nth += earlier.count(*ref, *id, lines[i].at);
    }
  }
  std::reverse(newest.begin(), newest.end());
  return newest;
}

std::vector<FoundLine> TranscriptReader::line(const LineId& id, std::size_t before,
                                              std::size_t after) {
  const auto console = impl_->id_of(id.console);
  if (!console) return {};
  Snapshot snapshot(impl_->files, impl_->hot);
  return LineLookup(snapshot, *console, id.console).find(id, before, after);
}

std::vector<FoundLine> TranscriptReader::follow(const std::vector<std::string>& consoles,
                                                Instant now) {
  auto& followed = impl_->followed;
  std::erase_if(followed, [&](const auto& follow) {
    return std::find(consoles.begin(), consoles.end(), follow.first) == consoles.end();
  });
  std::vector<FoundLine> lines;
  std::int64_t seen = INT64_MAX;
  for (const auto& [name, follow] : followed) seen = std::min(seen, follow.seq());
  if (!followed.empty()) {
    const HotContent content = read_hot(impl_->hot, seen);
    for (auto& [name, follow] : followed) follow.poll(impl_->hot, content, now, lines);
  }
  for (const std::string& console : consoles) {
    const auto id = followed.contains(console) ? std::nullopt : impl_->id_of(console);
    if (!id) continue;
    followed.try_emplace(console, impl_->files, *id, console).first->second.start(impl_->hot, now);
  }
  return lines;
}

std::size_t TranscriptReader::records(
    const std::vector<std::string>& consoles, TimeRange range,
    const std::function<void(std::string_view, const Record&)>& sink) {
  // The names after the snapshot: no record in it is of a console they do not have.
  Snapshot snapshot(impl_->files, impl_->hot);
  const std::map<ConsoleId, std::string> names = impl_->names(consoles);
  std::set<ConsoleId> wanted;
  for (const auto& [id, name] : names) wanted.insert(id);
  each_record(snapshot, consoles.empty() ? nullptr : &wanted, range, [&](const Record& record) {
    if (const auto name = names.find(record.console); name != names.end())
      sink(name->second, record);
  });
  return snapshot.damaged();
}

void TranscriptReader::records(std::span<const Part> parts,
                               const std::function<void(std::size_t, const Record&)>& sink) {
  Snapshot snapshot(impl_->files, impl_->hot);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto id = impl_->id_of(parts[i].console);
    if (!id) continue;
    const std::set<ConsoleId> wanted{*id};
    each_record(snapshot, &wanted, parts[i].range, [&](const Record& record) { sink(i, record); });
  }
}

std::string TranscriptReader::printed(PrintedBytes& bytes, std::size_t most) {
  const auto id = impl_->id_of(bytes.console());
  if (!id) return {};
  Snapshot snapshot(impl_->files, impl_->hot);
  return bytes.next(snapshot, *id, most);
}

std::vector<ConsoleRow> TranscriptReader::consoles() {
  std::vector<ConsoleRow> rows;
  Statement select(impl_->hot, "SELECT " + kConsoleColumns + " FROM console ORDER BY name");
  while (select.step()) rows.push_back(console_of(select));
  return rows;
}

std::map<ConsoleId, ConsoleLabels> TranscriptReader::labels() { return impl_->labels(); }

std::vector<IncidentRow> TranscriptReader::incidents(const IncidentQuery& query) {
  const std::map<ConsoleId, std::string> names = impl_->names({}, query.labels);
  std::vector<IncidentRow> rows;
  Statement select(impl_->hot, "SELECT " +
                                   (query.bodies ? kIncidentColumns : kIncidentWithoutBody) +
                                   " FROM incident WHERE opened>=?1 AND opened<?2"
                                   " AND (?3='' OR kind=?3) AND (?4='' OR fingerprint=?4)"
                                   " AND (?5=0 OR resolved=0) ORDER BY opened DESC, id DESC");
  select.bind(1, unix_micros(query.range.from)).bind(2, unix_micros(query.range.to));
  select.bind(3, query.kind).bind(4, query.fingerprint).bind(5, query.open_only ? 1 : 0);
  while (rows.size() < query.limit && select.step()) {
    const auto name = names.find(static_cast<ConsoleId>(select.integer(1)));
    if (name == names.end() && !query.labels.empty()) continue;
    if (matches_any(query.consoles, name == names.end() ? "" : name->second)) {
      rows.push_back(incident_of(select));
    }
  }
  return rows;
}

std::vector<IncidentRow> TranscriptReader::incidents_from(IncidentId first) {
  std::vector<IncidentRow> rows;
  Statement select(impl_->hot,
                   "SELECT " + kIncidentWithoutBody + " FROM incident WHERE id>=? ORDER BY id");
  select.bind(1, first);
  while (select.step()) rows.push_back(incident_of(select));
  return rows;
}

std::optional<IncidentRow> TranscriptReader::incident(IncidentId id) {
  Statement select(impl_->hot, "SELECT " + kIncidentColumns + " FROM incident WHERE id=?");
  if (!select.bind(1, id).step()) return std::nullopt;
  return incident_of(select);
}

std::vector<IncidentNote> TranscriptReader::notes(IncidentId incident) {
  std::vector<IncidentNote> notes;
  if (!impl_->hot.has_table("incident_note")) return notes;
  Statement select(impl_->hot,
                   "SELECT " + kNoteColumns + " FROM incident_note WHERE incident=? ORDER BY id");
  select.bind(1, incident);
  while (select.step()) notes.push_back(note_of(select));
  return notes;
}

std::vector<TranscriptReader::NoteMark> TranscriptReader::notes_after(std::int64_t id) {
  std::vector<NoteMark> marks;
  if (!impl_->hot.has_table("incident_note")) return marks;
  Statement select(impl_->hot, "SELECT id,incident,at FROM incident_note WHERE id>? ORDER BY id");
  select.bind(1, id);
  while (select.step())
    marks.push_back({select.integer(0), select.integer(1), from_unix_micros(select.integer(2))});
  return marks;
}

TranscriptReader::Sightings TranscriptReader::sightings(std::string_view fingerprint) {
  Statement select(impl_->hot,
                   "SELECT count(*), count(DISTINCT console), ifnull(min(opened),0)"
                   " FROM incident WHERE fingerprint=?");
  select.bind(1, fingerprint).step();
  return {static_cast<std::size_t>(select.integer(0)), static_cast<std::size_t>(select.integer(1)),
          from_unix_micros(select.integer(2))};
}

std::vector<FoundBoot> TranscriptReader::boots(const BootQuery& query) {
  std::vector<FoundBoot> found;
  if (!impl_->hot.has_table("boot")) return found;  // written by a collector that kept none
  const std::map<ConsoleId, std::string> names = impl_->names(query.consoles, query.labels);
  std::map<ConsoleId, std::size_t> counted;
  Statement select(impl_->hot, "SELECT " + kBootColumns +
                                   " FROM boot WHERE began>=? ORDER BY began DESC, console");
  select.bind(1, unix_micros(query.range.from));
  while (found.size() < query.limit && select.step()) {
    const auto name = names.find(static_cast<ConsoleId>(select.integer(0)));
    if (name == names.end()) continue;
    const std::size_t number = ++counted[name->first];
    BootRow boot = boot_of(select);
    if (number > query.last || boot.began >= query.range.to) continue;
    found.push_back({name->second, number, std::move(boot)});
  }
  return found;
}

}  // namespace lastgasp
