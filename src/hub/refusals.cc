#include "hub/refusals.h"

#include <algorithm>

#include "base/utf8.h"

namespace chancery::hub {
namespace {

constexpr std::size_t most_subject_bytes = 256;

bool same(const RefusedRequest& a, const RefusedRequest& b) {
  return a.endpoint == b.endpoint && a.source == b.source && a.subject == b.subject &&
         a.refusal.info == b.refusal.info && a.refusal.text == b.refusal.text;
}

void shorten(std::string& text) { text.resize(utf8::cut(text, most_subject_bytes).size()); }

}  // namespace

void Refusals::record(RefusedRequest refused) {
  shorten(refused.subject);
  bool is_news = true;
  {
    const std::lock_guard lock(mutex_);
    const Timestamp now = clock_.now();
    const auto earlier = std::ranges::find_if(newest_first_, [&](const auto& other) { return same(other, refused); });
    if (earlier != newest_first_.end()) {
      is_news = now - earlier->last >= std::chrono::minutes(1);
      ++earlier->times;
      earlier->last = now;
      newest_first_.splice(newest_first_.begin(), newest_first_, earlier);
    } else {
      refused.times = 1;
      refused.first = refused.last = now;
      newest_first_.push_front(std::move(refused));
      if (newest_first_.size() > most) newest_first_.pop_back();
    }
    if (now == told_at_) is_news = false;
    if (is_news) told_at_ = now;
  }
  if (is_news && told_) told_();
}

std::vector<RefusedRequest> Refusals::list(Timestamp since) const {
  const std::lock_guard lock(mutex_);
  std::vector<RefusedRequest> found;
  for (const RefusedRequest& refused : newest_first_)
    if (refused.last >= since) found.push_back(refused);
  return found;
}

}  // namespace chancery::hub
