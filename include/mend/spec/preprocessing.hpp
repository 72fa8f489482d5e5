// SPDX-License-Identifier: MIT
/// Rescaling and Normalization: preprocessing as part of the model.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <mend/spec/field.hpp>

namespace mend {

/// x * scale + offset.
struct rescaling_spec {
    static constexpr std::string_view class_name = "Rescaling";
    static constexpr std::string_view default_name = "rescaling";

    double scale = 1;
    double offset = 0;

    friend bool operator==(const rescaling_spec&, const rescaling_spec&) = default;

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit(field{"scale", domain::any, true}, self.scale);
        visit(field{"offset"}, self.offset);
    }
};

/// (x - mean) / max(sqrt(variance), 1e-7) along the last axis; the statistics are adapted on the
/// train part where they are not given.
struct normalization_spec {
    static constexpr std::string_view class_name = "Normalization";
    static constexpr std::string_view default_name = "normalization";
    static constexpr std::string_view fixed_keys[] = {"axis", "invert"};

    std::vector<double> mean{};     ///< empty: adapted; else one for all channels or one for each
    std::vector<double> variance{}; ///< given exactly where the mean is; each >= 0

    friend bool operator==(const normalization_spec&, const normalization_spec&) = default;

    template <class Self, class Visit>
    static void fields(Self& self, Visit&& visit) {
        visit(field{"mean"}, self.mean);
        visit(field{"variance", domain::non_negative}, self.variance);
    }

    [[nodiscard]] shape_result output_shape(dimensions input) const {
        if (input.empty()) {
            return shape_result::refused("needs an input of at least one dimension");
        }
        if (mean.empty() != variance.empty()) {
            return shape_result::refused("mean and variance must be given together");
        }
        for (const std::size_t count : {mean.size(), variance.size()}) {
            if (count > 1 && static_cast<std::int64_t>(count) != input.back()) {
                return shape_result::refused(
                    "has statistics of " + std::to_string(count) + " channels, its input has " +
                    std::to_string(input.back())
                );
            }
        }
        return input;
    }
};

} // namespace mend
