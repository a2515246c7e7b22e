#include "exporters/web/change_feed.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "collector/core/bytes.h"
#include "exporters/web/console_json.h"

namespace lastgasp {
namespace {

bool same_but_counters(const ConsoleView& a, const ConsoleView& b) {
  return a.condition == b.condition && a.state == b.state && a.reason == b.reason &&
         a.open_incidents == b.open_incidents && a.boots == b.boots && a.platform == b.platform &&
         a.detail == b.detail && a.endpoint == b.endpoint && a.labels == b.labels;
}

bool same_counters(const ConsoleView& a, const ConsoleView& b) {
  return a.received_bytes == b.received_bytes && a.lost_bytes == b.lost_bytes &&
         a.last_received == b.last_received;
}

}  // namespace

void ChangeFeed::add(std::shared_ptr<EventStream> stream, ConsoleFilter filter) {
  Reader reader{std::move(stream), std::move(filter), {}, {}};
  reader.told.assign(consoles_.size(), sweep_);
  choose(reader);
  readers_.push_back(std::move(reader));
}

void ChangeFeed::choose(Reader& reader) const {
  reader.wanted.clear();
  for (const Console& console : consoles_)
    reader.wanted.push_back(reader.filter.wants(console.view));
}

void ChangeFeed::sweep(std::vector<ConsoleView> consoles) {
  ++sweep_;
  std::erase_if(readers_, [](const Reader& reader) { return reader.stream->over(); });
  take(std::move(consoles));
  for (Reader& reader : readers_) tell(reader);
}

void ChangeFeed::take(std::vector<ConsoleView> consoles) {
  const bool same = std::equal(consoles.begin(), consoles.end(), consoles_.begin(), consoles_.end(),
                               [](const ConsoleView& now, const Console& was) {
                                 return now.name == was.view.name && now.labels == was.view.labels;
                               });
  if (!same) place(consoles);
  for (std::size_t i = 0; i < consoles.size(); ++i) {
    Console& console = consoles_[i];
    const bool changed = !same_but_counters(console.view, consoles[i]);
    if (changed) console.changed = sweep_;
    if (changed || !same_counters(console.view, consoles[i])) console.counted = sweep_;
    console.view = std::move(consoles[i]);
    console.event.clear();
  }
  if (same) return;
  for (Reader& reader : readers_) choose(reader);
}

// The configuration changed: each of `consoles` gets its place, with what is known of it.
void ChangeFeed::place(const std::vector<ConsoleView>& consoles) {
  const auto before = std::exchange(index_, {});
  for (const ConsoleView& view : consoles) index_.emplace(view.name, index_.size());
  for (const Console& console : consoles_)
    if (!index_.contains(console.view.name)) gone(console.view.name, before.at(console.view.name));
  std::vector<Console> known = std::exchange(consoles_, {});
  std::vector<std::size_t> places;
  for (const ConsoleView& view : consoles) {
    const auto place = before.find(view.name);
    places.push_back(place == before.end() ? known.size() : place->second);
    consoles_.push_back(place == before.end() ? Console{view, sweep_, sweep_, {}}
                                              : std::move(known[place->second]));
  }
  for (Reader& reader : readers_) {
    const std::vector<std::uint32_t> told = std::exchange(reader.told, {});
    for (const std::size_t place : places)
      reader.told.push_back(place < told.size() ? told[place] : 0);
    reader.next = 0;
  }
}

void ChangeFeed::gone(const std::string& name, std::size_t place) {
  const std::string event =
      event_text("console_gone", nlohmann::json{{"name", to_utf8(name)}}.dump());
  for (const Reader& reader : readers_)
    if (reader.wanted[place] && !reader.stream->write(event)) reader.stream->end();
}

void ChangeFeed::tell(Reader& reader) {
  std::size_t budget = std::min(kChangeBytesPerSweep, reader.stream->room() / 2);
  std::vector<std::size_t> news;
  for (std::size_t i = 0; i < consoles_.size(); ++i)
    if (reader.wanted[i] && consoles_[i].changed > reader.told[i]) news.push_back(i);
  std::stable_sort(news.begin(), news.end(), [this](std::size_t a, std::size_t b) {
    return consoles_[a].view.condition < consoles_[b].view.condition;
  });
  for (const std::size_t i : news)
    if (!tell(reader, i, budget)) return;
  for (std::size_t looked = 0; looked < consoles_.size(); ++looked) {
    const std::size_t i = reader.next;
    const bool due = reader.wanted[i] && consoles_[i].counted > reader.told[i] &&
                     sweep_ - reader.told[i] >= kSweepsBetweenCounters;
    if (due && !tell(reader, i, budget)) return;
    reader.next = (i + 1) % consoles_.size();
  }
}

// False when that was too much for this sweep.
bool ChangeFeed::tell(Reader& reader, std::size_t i, std::size_t& budget) {
  Console& console = consoles_[i];
  if (console.event.empty()) console.event = event_text("console", console_json(console.view));
  if (console.event.size() > budget || !reader.stream->write(console.event)) return false;
  budget -= console.event.size();
  reader.told[i] = sweep_;
  return true;
}

void ChangeFeed::incident(const std::string& json, const std::vector<std::string>& consoles) {
  const std::string event = event_text("incident", json);
  for (const Reader& reader : readers_) {
    const bool wanted = std::any_of(consoles.begin(), consoles.end(), [&](const auto& name) {
      const auto known = index_.find(name);
      return reader.filter.wants(
          name, known == index_.end() ? ConsoleLabels{} : consoles_[known->second].view.labels);
    });
    if (wanted && !reader.stream->write(event)) reader.stream->end();
  }
}

}  // namespace lastgasp
