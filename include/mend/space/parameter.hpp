// SPDX-License-Identifier: MIT
/// One dimension of a search space, and the condition under which it exists.
///
/// A value is held as one number, its raw form: reals and integers as they are, booleans as 0 and
/// 1, categorical and ordinal values as the index of the choice. NaN stands for "does not exist".
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <mend/core/config.hpp>
#include <mend/core/random.hpp>
#include <mend/core/text.hpp>

namespace mend {

enum class parameter_kind : std::uint8_t {
    real,        ///< [low, high]
    integer,     ///< low, low + 1, ..., high
    categorical, ///< unordered names
    ordinal,     ///< ordered numbers, at no particular distance
    boolean,     ///< false, true
};

enum class scaling : std::uint8_t { linear, logarithmic };

/// `space.real("lr", 1e-6, 10, log_scale)`.
inline constexpr scaling log_scale = scaling::logarithmic;

/// A parameter exists only where an earlier one has one of the values given.
struct condition {
    std::size_t parent = 0;     ///< position in the space
    std::vector<double> raws{}; ///< accepted raw values

    friend bool operator==(const condition&, const condition&) = default;
};

struct parameter {
    std::string name;
    parameter_kind kind = parameter_kind::real;
    double low = 0; ///< of the raw form, as is `high`
    double high = 1;
    scaling scale = scaling::linear; ///< of reals and integers; low > 0 where logarithmic
    std::vector<std::string> choices{};      ///< of a categorical
    std::vector<double> levels{};            ///< of an ordinal
    std::vector<condition> conditions{};     ///< all must hold

    static constexpr double absent = std::numeric_limits<double>::quiet_NaN();

    friend bool operator==(const parameter&, const parameter&) = default;

    /// Whether the values can be counted.
    [[nodiscard]] bool is_discrete() const noexcept { return kind != parameter_kind::real; }

    [[nodiscard]] bool is_log() const noexcept { return scale == scaling::logarithmic; }

    /// Number of values; infinite for a real of some width.
    [[nodiscard]] double cardinality() const noexcept {
        if (!is_discrete()) {
            return low == high ? 1 : std::numeric_limits<double>::infinity();
        }
        return high - low + 1;
    }

    /// Whether a raw value, which exists, lies in the domain.
    [[nodiscard]] bool contains(double raw) const noexcept {
        return raw >= low && raw <= high && (!is_discrete() || raw == std::floor(raw));
    }

    /// One value of the whole domain. Reals and integers are uniform on their scale; a logarithmic
    /// integer n owns the width of [n - 1/2, n + 1/2] there. Takes one number from the stream.
    [[nodiscard]] double sample(random_stream& stream) const noexcept {
        const double u = stream.uniform();
        if (kind == parameter_kind::real) {
            const double raw = is_log()
                                   ? std::exp(std::log(low) + u * (std::log(high) - std::log(low)))
                                   : low + u * (high - low);
            return std::clamp(raw, low, high);
        }
        if (is_log()) {
            const double from = std::log(low - 0.5);
            const double raw = std::exp(from + u * (std::log(high + 0.5) - from));
            return std::clamp(std::round(raw), low, high);
        }
        return std::min(low + std::floor(u * (high - low + 1)), high);
    }

    /// The value as text: "relu", "true", "32", "0.001"; "-" where it does not exist.
    [[nodiscard]] std::string text(double raw) const {
        if (std::isnan(raw)) {
            return "-";
        }
        switch (kind) {
        case parameter_kind::categorical:
            return choices[static_cast<std::size_t>(raw)];
        case parameter_kind::ordinal:
            return to_text(levels[static_cast<std::size_t>(raw)]);
        case parameter_kind::boolean:
            return to_text(raw != 0);
        default:
            return to_text(raw);
        }
    }

    /// The raw form of a choice or of a boolean by its text; nothing where there is none.
    [[nodiscard]] std::optional<double> find_raw(std::string_view word) const {
        for (std::size_t i = 0; i < choices.size(); ++i) {
            if (choices[i] == word) {
                return static_cast<double>(i);
            }
        }
        if (kind == parameter_kind::boolean && (word == "true" || word == "false")) {
            return word == "true" ? 1.0 : 0.0;
        }
        return std::nullopt;
    }

    /// The raw form of a number; nothing where it lies outside the domain. A boolean takes 0 and 1,
    /// a categorical nothing.
    [[nodiscard]] std::optional<double> find_raw(double number) const {
        if (kind == parameter_kind::ordinal) {
            const auto at = std::find(levels.begin(), levels.end(), number);
            return at == levels.end() ? std::nullopt
                                      : std::optional(static_cast<double>(at - levels.begin()));
        }
        return kind != parameter_kind::categorical && contains(number) ? std::optional(number)
                                                                       : std::nullopt;
    }

    /// The value as a number; the level of an ordinal. Requires that it is one and exists.
    [[nodiscard]] double number(double raw) const {
        MEND_EXPECTS(kind != parameter_kind::categorical, "a categorical value is no number");
        MEND_EXPECTS(!std::isnan(raw), "the parameter exists at this point");
        return kind == parameter_kind::ordinal ? levels[static_cast<std::size_t>(raw)] : raw;
    }
};

} // namespace mend
