// SPDX-License-Identifier: MIT
/// What lies near a point: neighbouring values and points, the distance of two points, and points
/// from values of which some are still missing.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include <mend/core/config.hpp>
#include <mend/core/random.hpp>
#include <mend/space/encoding.hpp>
#include <mend/space/parameter.hpp>
#include <mend/space/space.hpp>

namespace mend {

/// A point from raw values, NaN where the value is open: what exists without one is drawn from its
/// domain, what cannot exist is dropped. Nothing where that is a forbidden combination. Takes one
/// number from the stream for each missing value.
[[nodiscard]] inline std::optional<point>
complete_point(const space& over, std::vector<double> raw, random_stream& stream) {
    MEND_EXPECTS(raw.size() == over.size(), "one value per parameter");
    for (std::size_t i = 0; i < raw.size(); ++i) {
        raw[i] = std::isnan(raw[i]) ? over.parameters()[i].sample(stream) : raw[i];
    }
    point made = over.make_point(std::move(raw));
    return over.contains(made) ? std::optional(std::move(made)) : std::nullopt;
}

/// Another value close by; the same only where there is no other. Of a real: a normal step of
/// standard deviation `spread` in the unit interval, reflected at its ends; of an integer the same,
/// but at least to the next; of an ordinal the level below or above; of a categorical or boolean
/// any other, equally likely. Requires a value that exists and spread > 0.
[[nodiscard]] inline double
neighbouring_value(const parameter& p, double raw, double spread, random_stream& stream) noexcept {
    if (p.low == p.high) {
        return p.low;
    }
    if (is_unordered(p)) {
        const double other =
            p.low + static_cast<double>(stream.below(static_cast<std::uint64_t>(p.high - p.low)));
        return other < raw ? other : other + 1;
    }
    if (p.kind == parameter_kind::ordinal) {
        const double step = stream.uniform() < 0.5 ? -1 : 1;
        return p.contains(raw + step) ? raw + step : raw - step;
    }
    const double from = to_unit(p, raw);
    double to = std::fmod(std::abs(from + spread * stream.normal()), 2.0);
    to = to > 1 ? 2 - to : to;
    double value = from_unit(p, to);
    if (value == raw && p.is_discrete()) {
        value += to < from ? -1 : 1;
        value = p.contains(value) ? value : 2 * raw - value;
    }
    return value;
}

struct neighbour_options {
    int numeric = 4;     ///< neighbours in the direction of each real and integer
    double spread = 0.2; ///< of their steps, in the unit interval
};

/// Points that differ from this one in one parameter, forbidden ones left out, each once: all other
/// values of a categorical or boolean, the levels next to an ordinal's, steps as above of reals and
/// integers (numbers and spread as in ConfigSpace's one-exchange neighbourhood). Parameters that
/// begin to exist take the default point's value, else a drawn one. Requires a point of the space.
[[nodiscard]] inline std::vector<point> neighbours(
    const space& over, const point& at, random_stream& stream, const neighbour_options& options = {}
) {
    MEND_EXPECTS(over.contains(at), "a point of the space");
    const auto standard = over.default_point();
    std::vector<double> base = at.raw();
    for (std::size_t i = 0; i < base.size() && standard; ++i) {
        base[i] = std::isnan(base[i]) ? standard->raw()[i] : base[i];
    }
    std::vector<point> found;
    const auto add = [&](std::size_t parameter, double raw) {
        std::vector<double> changed = base;
        changed[parameter] = raw;
        auto made = complete_point(over, std::move(changed), stream);
        if (made && *made != at && std::find(found.begin(), found.end(), *made) == found.end()) {
            found.push_back(*std::move(made));
        }
    };
    for (std::size_t i = 0; i < over.size(); ++i) {
        const parameter& p = over.parameters()[i];
        const double raw = at.raw()[i];
        if (std::isnan(raw) || p.low == p.high) {
            continue;
        }
        if (is_unordered(p)) {
            for (double value = p.low; value <= p.high; ++value) {
                add(i, value);
            }
        } else if (p.kind == parameter_kind::ordinal) {
            for (const double value : {raw - 1, raw + 1}) {
                if (p.contains(value)) {
                    add(i, value);
                }
            }
        } else {
            for (int k = 0; k < options.numeric; ++k) {
                add(i, neighbouring_value(p, raw, options.spread, stream));
            }
        }
    }
    return found;
}

/// How far apart two points are, in [0, 1]: the mean over all parameters that exist at either of
/// |difference in the unit interval|, of 0 or 1 for unordered values, of 1 where only one exists
/// (Gower's distance). 0 for equal points alone. Requires points of the space.
[[nodiscard]] inline double distance(const space& over, const point& a, const point& b) {
    MEND_EXPECTS(a.size() == over.size() && b.size() == over.size(), "points of the space");
    double sum = 0;
    double count = 0;
    for (std::size_t i = 0; i < over.size(); ++i) {
        const parameter& p = over.parameters()[i];
        const double left = a.raw()[i];
        const double right = b.raw()[i];
        if (std::isnan(left) && std::isnan(right)) {
            continue;
        }
        ++count;
        if (std::isnan(left) || std::isnan(right)) {
            sum += 1;
        } else if (is_unordered(p)) {
            sum += left == right ? 0 : 1;
        } else {
            sum += std::abs(to_unit(p, left) - to_unit(p, right));
        }
    }
    return count > 0 ? sum / count : 0;
}

} // namespace mend
