// SPDX-License-Identifier: MIT
/// What several reports say alike: samples, metrics and findings.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <mend/core/text.hpp>
#include <mend/record/signals.hpp>
#include <mend/repair/finding.hpp>
#include <mend/spec/document.hpp>
#include <mend/spec/patch.hpp>
#include <mend/stats/summary.hpp>
#include <mend/train/score.hpp>

namespace mend {

/// `{"mean": ..., "std": ..., "n": ...}`; the deviation is the sample's, null below two values.
[[nodiscard]] inline document summary_document(std::span<const double> sample) {
    document summary = document::object();
    summary.set("mean", mean(sample));
    summary.set("std", standard_deviation(sample));
    summary.set("n", static_cast<std::int64_t>(sample.size()));
    return summary;
}

[[nodiscard]] inline document metric_document(score_rule rule) {
    document metric = document::object();
    metric.set("name", rule.name());
    metric.set("direction", rule.direction());
    return metric;
}

namespace detail {

[[nodiscard]] inline document signals_document(const signals& all) {
    document out = document::object();
    for (const signal& s : all) {
        out.set(s.name, s.value);
    }
    return out;
}

[[nodiscard]] inline document text_document(const std::vector<std::string>& texts) {
    document out = document::array();
    for (const std::string& line : texts) {
        out.push_back(line);
    }
    return out;
}

/// "0.9821 ± 0.0012"; of one value, that alone; "-" where there is none or one is not finite.
[[nodiscard]] inline std::string spread_text(std::span<const double> sample) {
    if (sample.empty() || !std::isfinite(mean(sample))) {
        return "-";
    }
    const auto number = [](double v) {
        return std::abs(v) < 100 ? fixed_text(v, 4) : short_text(v);
    };
    if (sample.size() == 1) {
        return number(sample[0]);
    }
    return number(mean(sample)) + " \u00b1 " + number(standard_deviation(sample));
}

} // namespace detail

[[nodiscard]] inline document document_from(const finding& f) {
    document out = document::object();
    out.set("code", f.code);
    out.set("confidence", f.confidence);
    out.set("dynamic", f.dynamic);
    out.set("path", f.path);
    out.set("what", f.what);
    out.set("evidence", detail::signals_document(f.evidence));
    document fixes = document::array();
    for (const patch& fix : f.fixes) {
        document one = document::object();
        one.set("patch", document_from(fix));
        one.set("patch_text", detail::text_document(lines(fix)));
        fixes.push_back(std::move(one));
    }
    out.set("fixes", std::move(fixes));
    return out;
}

} // namespace mend
