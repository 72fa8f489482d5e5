// SPDX-License-Identifier: MIT
/// Points as vectors of numbers, for models and for sequences on the unit cube.
///
/// A parameter's share of the unit interval: reals go linearly or by their logarithm; the k values
/// of a discrete parameter own k cells and stand at their middles. The cells of integers have equal
/// width on the integer's scale, n reaching from n - 1/2 to n + 1/2; those of choices, levels and
/// booleans are equal. A uniform number of the interval thus becomes a uniform value.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <mend/core/config.hpp>
#include <mend/space/parameter.hpp>
#include <mend/space/space.hpp>

namespace mend {

namespace detail {

/// The ends of the unit interval on the parameter's own scale.
[[nodiscard]] inline std::pair<double, double> scale_ends(const parameter& p) noexcept {
    const double margin = p.is_discrete() ? 0.5 : 0.0;
    const double low = p.low - margin;
    const double high = p.high + margin;
    return p.is_log() ? std::pair(std::log(low), std::log(high)) : std::pair(low, high);
}

} // namespace detail

/// Where a raw value lies in the unit interval: 0 and 1 are the ends, 0.5 the only place of a
/// parameter of one value. NaN for NaN.
[[nodiscard]] inline double to_unit(const parameter& p, double raw) noexcept {
    if (std::isnan(raw) || p.low == p.high) {
        return std::isnan(raw) ? raw : 0.5;
    }
    const auto [low, high] = detail::scale_ends(p);
    const double at = p.is_log() ? std::log(raw) : raw;
    return std::clamp((at / 2 - low / 2) / (high / 2 - low / 2), 0.0, 1.0); // halves: no overflow
}

/// The value at a place of the unit interval, whose outside belongs to its ends. NaN for NaN.
[[nodiscard]] inline double from_unit(const parameter& p, double unit) noexcept {
    if (std::isnan(unit) || p.low == p.high) {
        return std::isnan(unit) ? unit : p.low;
    }
    const auto [low, high] = detail::scale_ends(p);
    const double u = std::clamp(unit, 0.0, 1.0);
    const double at = low * (1 - u) + high * u;
    const double raw = p.is_log() ? std::exp(at) : at;
    return std::clamp(p.is_discrete() ? std::round(raw) : raw, p.low, p.high);
}

/// Whether the values have no order.
[[nodiscard]] inline bool is_unordered(const parameter& p) noexcept {
    return p.kind == parameter_kind::categorical || p.kind == parameter_kind::boolean;
}

enum class category_code : std::uint8_t {
    position, ///< one column: 0, 1, ..., k - 1
    one_hot,  ///< k columns, one of them 1, the others 0
};

struct encoding_options {
    category_code categories = category_code::position; ///< of categoricals and booleans
    double absent = parameter::absent;                  ///< in every column of what does not exist
    bool constants = false; ///< columns for parameters of one value, too
};

/// One number of an encoded point.
struct encoded_column {
    std::size_t parameter = 0; ///< position in the space
    std::size_t levels = 0;    ///< of an index column: k; 0 for numbers of the unit interval
    std::size_t choice = 0;    ///< of a one-hot column
    bool one_hot = false;

    friend bool operator==(const encoded_column&, const encoded_column&) = default;
};

/// Points of one space as vectors of `width()` numbers: reals, integers and ordinals in [0, 1],
/// categoricals and booleans as the options say.
class encoding {
public:
    explicit encoding(const space& over, encoding_options options = {})
        : over_(over)
        , options_(options) {
        for (std::size_t i = 0; i < over.size(); ++i) {
            const parameter& p = over.parameters()[i];
            if (p.low == p.high && !options.constants) {
                continue;
            }
            if (!is_unordered(p)) {
                columns_.push_back({i});
                continue;
            }
            const auto levels = static_cast<std::size_t>(p.high) + 1;
            if (options.categories == category_code::position) {
                columns_.push_back({i, levels});
            } else {
                for (std::size_t choice = 0; choice < levels; ++choice) {
                    columns_.push_back({i, 0, choice, true});
                }
            }
        }
    }

    [[nodiscard]] std::size_t width() const noexcept { return columns_.size(); }

    [[nodiscard]] const std::vector<encoded_column>& columns() const noexcept { return columns_; }

    [[nodiscard]] const space& over() const noexcept { return over_; }

    /// Requires a point of the space.
    [[nodiscard]] std::vector<double> encode(const point& p) const {
        MEND_EXPECTS(p.size() == over_.size(), "a point of the space");
        std::vector<double> code;
        code.reserve(width());
        for (const encoded_column& column : columns_) {
            code.push_back(encode_column(column, p.raw()[column.parameter]));
        }
        return code;
    }

    /// The nearest raw values, one for every parameter, also for those that will not exist: of an
    /// index the nearest, of one-hot columns the largest, the first of equals. NaN, and what has no
    /// column, reads as the middle of its parameter.
    [[nodiscard]] std::vector<double> decode_raw(std::span<const double> code) const {
        MEND_EXPECTS(code.size() == width(), "one number per column");
        std::vector<double> raw;
        raw.reserve(over_.size());
        for (const parameter& p : over_.parameters()) {
            raw.push_back(from_unit(p, 0.5));
        }
        for (std::size_t i = 0; i < width(); ++i) {
            const encoded_column& column = columns_[i];
            if (std::isnan(code[i])) {
                continue;
            }
            if (column.one_hot) {
                const auto first = i - column.choice;
                const auto chosen = static_cast<std::size_t>(raw[column.parameter]);
                if (column.choice == 0 || !(code[first + chosen] >= code[i])) {
                    raw[column.parameter] = static_cast<double>(column.choice);
                }
            } else if (column.levels > 0) {
                const double last = static_cast<double>(column.levels - 1);
                raw[column.parameter] = std::clamp(std::round(code[i]), 0.0, last);
            } else {
                raw[column.parameter] = from_unit(over_.parameters()[column.parameter], code[i]);
            }
        }
        return raw;
    }

    /// The point there. It keeps the conditions, but may be a forbidden one.
    [[nodiscard]] point decode(std::span<const double> code) const {
        return over_.make_point(decode_raw(code));
    }

private:
    [[nodiscard]] double encode_column(const encoded_column& column, double raw) const noexcept {
        if (std::isnan(raw)) {
            return options_.absent;
        }
        if (column.one_hot) {
            return raw == static_cast<double>(column.choice) ? 1.0 : 0.0;
        }
        return column.levels > 0 ? raw : to_unit(over_.parameters()[column.parameter], raw);
    }

    space over_;
    encoding_options options_;
    std::vector<encoded_column> columns_;
};

} // namespace mend
