// See requests.h.
#include "requests.h"

#include <algorithm>

namespace lamella::sim {
namespace {

unsigned different(uint64_t* values, unsigned count) {
  std::sort(values, values + count);
  return unsigned(std::unique(values, values + count) - values);
}

void add_global(Requests& to, const Request& r, std::unordered_set<uint64_t>& all) {
  uint64_t sectors[kLanes * 2], lines[kLanes * 2], places[kLanes];
  unsigned count = 0;
  for (unsigned i = 0; i < r.lanes; i++)
    for (uint64_t at : {r.at[i], r.at[i] + r.bytes - 1}) sectors[count] = at / 32, lines[count++] = at / 128;
  unsigned touched = different(sectors, count);
  to.units += touched, to.lines += different(lines, count);
  std::copy_n(r.at, r.lanes, places);
  to.least += (different(places, r.lanes) * r.bytes + 31) / 32;
  all.insert(sectors, sectors + touched);
}

void add_shared(Requests& to, const Request& r) {
  uint64_t words[kLanes * kWidest / 4];
  unsigned count = 0;
  for (unsigned i = 0; i < r.lanes; i++)
    for (uint64_t word = r.at[i] / 4; word <= (r.at[i] + r.bytes - 1) / 4; word++) words[count++] = word;
  count = different(words, count);
  unsigned banks[32] = {}, most = 0;
  for (unsigned i = 0; i < count; i++) most = std::max(most, ++banks[words[i] % 32]);
  to.units += most, to.least += (count + 31) / 32;
}

}  // namespace

void Requests::add(const Request& r, std::unordered_set<uint64_t>& sectors) {
  requests++, bytes += r.bytes * r.lanes;
  if (r.kind == Access::kGlobalLoad || r.kind == Access::kGlobalStore)
    add_global(*this, r, sectors);
  else
    add_shared(*this, r);
}

}  // namespace lamella::sim
