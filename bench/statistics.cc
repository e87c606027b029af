// Opens and closes windows; computes quantiles, medians and ratios.
#include "bench/statistics.h"

#include <algorithm>
#include <sstream>

#include "bench/fail.h"

namespace remote_dram::bench {

bool Lap::Record(TimePoint started, TimePoint now) {
  ++operations_;
  if (state_ == State::kWarmUp && now >= opened_) {
    state_ = State::kOpen;
    opened_ = now;
  } else if (state_ == State::kOpen) {
    nanoseconds_.push_back(static_cast<uint32_t>((now - started) / std::chrono::nanoseconds(1)));
    if (now - opened_ >= pace_.window && nanoseconds_.size() >= pace_.operations_min) {
      state_ = State::kClosed;
      closed_ = now;
    }
  }
  return state_ != State::kClosed;
}

Figures Lap::Sum(size_t bytes_per_item, size_t items_per_operation) {
  const double seconds = std::chrono::duration<double>(closed_ - opened_).count();
  const double items_per_s = static_cast<double>(items_per_operation * nanoseconds_.size()) / seconds;
  return {Quantile(nanoseconds_, 0.5) / 1e3, Quantile(nanoseconds_, 0.99) / 1e3,
          static_cast<double>(bytes_per_item) * items_per_s / 1e9, items_per_s};
}

std::string TextOf(const Figures& figures) {
  std::ostringstream text;
  text << figures.p50_us << " " << figures.p99_us << " " << figures.gigabytes_per_s << " " << figures.items_per_s;
  return text.str();
}

Figures FiguresOf(const std::string& text) {
  std::istringstream words(text);
  Figures figures;
  words >> figures.p50_us >> figures.p99_us >> figures.gigabytes_per_s >> figures.items_per_s;
  Require(!words.fail(), "a child said \"" + text + "\" where figures were expected");
  return figures;
}

double Median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

double MedianOf(const Laps& laps, Figure figure) {
  std::vector<double> values;
  for (const Figures& lap : laps) values.push_back(lap.*figure);
  return Median(values);
}

Figures MedianOf(const Laps& laps) {
  return {MedianOf(laps, &Figures::p50_us), MedianOf(laps, &Figures::p99_us),
          MedianOf(laps, &Figures::gigabytes_per_s), MedianOf(laps, &Figures::items_per_s)};
}

double MedianRatio(const Laps& laps, const Laps& against, Figure figure) {
  std::vector<double> ratios;
  for (size_t i = 0; i < laps.size(); ++i) ratios.push_back(laps[i].*figure / (against[i].*figure));
  return Median(ratios);
}

}  // namespace remote_dram::bench
