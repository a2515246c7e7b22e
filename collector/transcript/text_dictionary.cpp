#include "collector/transcript/text_dictionary.h"

#include <zdict.h>
#include <zstd.h>

#include <algorithm>
#include <vector>

#include "collector/transcript/record_codec.h"

namespace lastgasp {

namespace {

// As zstd takes them.
std::vector<std::size_t> samples_of(std::string_view text) {
  constexpr std::size_t kSampleBytes = 4 << 10;
  return std::vector<std::size_t>(std::min(text.size(), TextDictionary::kMostText) / kSampleBytes,
                                  kSampleBytes);
}

std::string pieces_of(std::string_view text) {
  constexpr std::size_t kPieceBytes = 2 << 10, kHeaderBytes = 2 << 10;
  constexpr std::size_t kPieces = (TextDictionary::kBytes - kHeaderBytes) / kPieceBytes;
  std::string pieces;
  for (std::size_t i = 0; i < kPieces; ++i)
    pieces.append(text.substr(i * (text.size() / kPieces), kPieceBytes));
  return pieces;
}

}  // namespace

std::unique_ptr<const TextDictionary> TextDictionary::sample(std::string_view text) {
  if (text.size() < kLeastText) return nullptr;
  const std::vector<std::size_t> samples = samples_of(text);
  const std::string pieces = pieces_of(text);
  std::string bytes(kBytes, '\0');
  const std::size_t size = ZDICT_finalizeDictionary(
      bytes.data(), bytes.size(), pieces.data(), pieces.size(), text.data(), samples.data(),
      static_cast<unsigned>(samples.size()), ZDICT_params_t{1, 0, 0});
  return of_size(std::move(bytes), size);
}

std::unique_ptr<const TextDictionary> TextDictionary::learn(std::string_view text) {
  if (text.size() < kLeastText) return nullptr;
  const std::vector<std::size_t> samples = samples_of(text);
  std::string bytes(kBytes, '\0');
  const std::size_t size =
      ZDICT_trainFromBuffer(bytes.data(), bytes.size(), text.data(), samples.data(),
                            static_cast<unsigned>(samples.size()));
  return of_size(std::move(bytes), size);
}

// `size` as zstd returned it.
std::unique_ptr<const TextDictionary> TextDictionary::of_size(std::string bytes, std::size_t size) {
  if (ZDICT_isError(size)) return nullptr;
  bytes.resize(size);
  return std::unique_ptr<const TextDictionary>(new TextDictionary(std::move(bytes)));
}

std::unique_ptr<const TextDictionary> TextDictionary::read(Database& day) {
  if (!day.has_table("dictionary")) return nullptr;  // written before there were any
  Statement select(day, "SELECT crc,data FROM dictionary");
  while (select.step()) {
    if (auto sound = of_row(static_cast<std::uint32_t>(select.integer(0)), select.bytes(1)))
      return sound;
  }
  return nullptr;
}

std::unique_ptr<const TextDictionary> TextDictionary::of_row(std::uint32_t crc,
                                                             std::string_view data) {
  const bool is_one = ZDICT_getDictID(data.data(), data.size()) != 0;
  if (!is_one || checksum(data) != crc) return nullptr;
  return std::unique_ptr<const TextDictionary>(new TextDictionary(std::string(data)));
}

TextDictionary::~TextDictionary() { ZSTD_freeDDict(unpacking_); }

void TextDictionary::write(Database& day) const {
  Statement put(day, "INSERT INTO dictionary(crc,data) VALUES(?,?)");
  for (int copy = 0; copy < 2; ++copy) put.bind(1, checksum(bytes_)).bind_blob(2, bytes_).run();
}

const ZSTD_DDict_s* TextDictionary::unpacking() const {
  if (!unpacking_) unpacking_ = ZSTD_createDDict(bytes_.data(), bytes_.size());
  return unpacking_;
}

}  // namespace lastgasp
