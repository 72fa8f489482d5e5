// SPDX-License-Identifier: MIT
/// What a training showed when it was looked into: numbers per layer at some of its epochs, and
/// where it broke. Values; as signals ("check/3/layer/2/dead_units") they go with a trial into the
/// study file and come back the same.
#pragma once

#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <mend/record/curve.hpp>
#include <mend/record/signals.hpp>

namespace mend {

namespace detail {

inline constexpr double not_measured = std::numeric_limits<double>::quiet_NaN();

} // namespace detail

/// One layer at a check, on the batch that is looked at. NaN: the layer has no such thing.
struct layer_check {
    double gradient = detail::not_measured;        ///< l2 norm over its trainable weights
    double kernel_gradient = detail::not_measured; ///< the same over its weights of rank 2 and more
    double weight = detail::not_measured;          ///< l2 norm of its trainable weights

    /// ‖change of its weights in the last update‖ / ‖weights before it‖.
    double update_ratio = detail::not_measured;

    /// Share of its units (positions on the last axis) that are 0 for every row; of layers with
    /// weights or with an activation.
    double dead_units = detail::not_measured;

    /// Share of its outputs in the outer 2.5 % of the range of a bounded activation at either end,
    /// where the derivative is below a tenth of its largest; hidden layers only.
    double saturated_units = detail::not_measured;

    double mean = detail::not_measured; ///< of its outputs
    double variance = detail::not_measured;
    double mean_absolute = detail::not_measured;

    friend bool operator==(const layer_check& a, const layer_check& b) noexcept;
};

/// A training as it stood after an epoch, on one fixed batch, in inference mode.
struct training_check {
    /// Of a check before the first step.
    static constexpr std::int64_t start = -1;

    std::int64_t epoch = start;
    double loss = detail::not_measured;           ///< penalties included
    double penalty = detail::not_measured;        ///< the part of it that regularisers make
    double zero_gradients = detail::not_measured; ///< share of gradient entries that are exactly 0
    double bad_gradients = 0;                     ///< count of NaN and infinite gradient entries
    double bad_weights = 0;                       ///< count of NaN and infinite weights
    double output_size = detail::not_measured;    ///< largest sum of |output| over a row
    double bad_outputs = 0;                       ///< rows whose sum is NaN or infinite
    double output_low = detail::not_measured;     ///< smallest output
    double output_high = detail::not_measured;    ///< largest output

    /// Largest, over the outputs, standard deviation over rows: 0 where all rows get one answer.
    double output_spread = detail::not_measured;
    std::vector<layer_check> layers{};

    friend bool operator==(const training_check& a, const training_check& b) noexcept;
};

/// What was seen to be NaN or infinite, in the order in which one causes the other.
enum class breakage : std::uint8_t { weights, outputs, loss };

/// Where a training that failed broke.
struct failure_point {
    std::int64_t epoch = 0; ///< in which it was
    std::int64_t step = 0;  ///< whose loss was no number or beyond all bounds
    breakage what = breakage::loss;
    std::int64_t layer = -1; ///< first with a NaN or an infinity; -1: the loss alone

    friend bool operator==(const failure_point&, const failure_point&) = default;
};

/// All that a probe saw of one training.
struct training_checks {
    std::vector<training_check> at{}; ///< in order of epochs
    std::optional<failure_point> failure{};

    friend bool operator==(const training_checks&, const training_checks&) = default;
};

namespace detail {

template <class Record>
struct check_field {
    std::string_view name;
    double Record::*value;
};

inline constexpr std::array<check_field<layer_check>, 9> layer_check_fields{{
    {"gradient", &layer_check::gradient},
    {"kernel_gradient", &layer_check::kernel_gradient},
    {"weight", &layer_check::weight},
    {"update_ratio", &layer_check::update_ratio},
    {"dead_units", &layer_check::dead_units},
    {"saturated_units", &layer_check::saturated_units},
    {"mean", &layer_check::mean},
    {"variance", &layer_check::variance},
    {"mean_absolute", &layer_check::mean_absolute},
}};

inline constexpr std::array<check_field<training_check>, 10> training_check_fields{{
    {"loss", &training_check::loss},
    {"penalty", &training_check::penalty},
    {"zero_gradients", &training_check::zero_gradients},
    {"bad_gradients", &training_check::bad_gradients},
    {"bad_weights", &training_check::bad_weights},
    {"output_size", &training_check::output_size},
    {"bad_outputs", &training_check::bad_outputs},
    {"output_low", &training_check::output_low},
    {"output_high", &training_check::output_high},
    {"output_spread", &training_check::output_spread},
}};

template <class Record, std::size_t N>
[[nodiscard]] bool same_fields(
    const Record& a, const Record& b, const std::array<check_field<Record>, N>& fields
) noexcept {
    for (const auto& f : fields) {
        if (!same_number(a.*f.value, b.*f.value)) {
            return false;
        }
    }
    return true;
}

/// The next part of a signal's name, up to "/" or its end.
[[nodiscard]] inline std::string_view take_word(std::string_view& rest) noexcept {
    const std::size_t end = rest.find('/');
    const std::string_view word = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    return word;
}

[[nodiscard]] inline bool read_count(std::string_view word, std::int64_t& count) noexcept {
    const auto end = word.data() + word.size();
    const auto read = std::from_chars(word.data(), end, count);
    return read.ec == std::errc{} && read.ptr == end && count >= 0;
}

template <class Record, std::size_t N>
void set_field(
    Record& record,
    std::string_view name,
    double value,
    const std::array<check_field<Record>, N>& fields
) noexcept {
    for (const auto& f : fields) {
        if (f.name == name) {
            record.*f.value = value;
        }
    }
}

} // namespace detail

inline bool operator==(const layer_check& a, const layer_check& b) noexcept {
    return detail::same_fields(a, b, detail::layer_check_fields);
}

inline bool operator==(const training_check& a, const training_check& b) noexcept {
    return a.epoch == b.epoch && a.layers == b.layers &&
           detail::same_fields(a, b, detail::training_check_fields);
}

/// Appends the checks as signals: "check/3/loss", "check/start/layer/0/weight", "failure/step".
/// What is NaN is left out. The names may not be there yet.
inline void add_signals(signals& all, const training_checks& seen) {
    const auto put = [&all](std::string name, double value) {
        if (!std::isnan(value)) {
            all.push_back({std::move(name), value});
        }
    };
    for (const training_check& c : seen.at) {
        const std::string at =
            "check/" + (c.epoch < 0 ? std::string("start") : std::to_string(c.epoch)) + "/";
        for (const auto& f : detail::training_check_fields) {
            put(at + std::string(f.name), c.*f.value);
        }
        for (std::size_t l = 0; l < c.layers.size(); ++l) {
            const std::string layer = at + "layer/" + std::to_string(l) + "/";
            for (const auto& f : detail::layer_check_fields) {
                put(layer + std::string(f.name), c.layers[l].*f.value);
            }
        }
    }
    if (seen.failure) {
        put("failure/epoch", static_cast<double>(seen.failure->epoch));
        put("failure/step", static_cast<double>(seen.failure->step));
        put("failure/what", static_cast<double>(seen.failure->what));
        put("failure/layer", static_cast<double>(seen.failure->layer));
    }
}

/// The checks among signals, whatever else is there. Linear.
[[nodiscard]] inline training_checks find_checks(const signals& all) {
    training_checks seen;
    for (const signal& s : all) {
        std::string_view rest = s.name;
        const std::string_view kind = detail::take_word(rest);
        if (kind == "failure") {
            failure_point& f = seen.failure ? *seen.failure : seen.failure.emplace();
            const auto whole = static_cast<std::int64_t>(s.value);
            if (rest == "what" && whole >= 0 && whole <= 2) {
                f.what = static_cast<breakage>(whole);
            } else {
                (rest == "epoch" ? f.epoch : rest == "step" ? f.step : f.layer) = whole;
            }
        }
        const std::string_view when = kind == "check" ? detail::take_word(rest) : "";
        std::int64_t epoch = training_check::start;
        if (when != "start" && !detail::read_count(when, epoch)) {
            continue;
        }
        if (seen.at.empty() || seen.at.back().epoch != epoch) {
            seen.at.push_back({.epoch = epoch});
        }
        training_check& c = seen.at.back();
        if (!rest.starts_with("layer/")) {
            detail::set_field(c, rest, s.value, detail::training_check_fields);
            continue;
        }
        static_cast<void>(detail::take_word(rest));
        std::int64_t layer = 0;
        if (detail::read_count(detail::take_word(rest), layer) && layer < 4096) {
            const auto l = static_cast<std::size_t>(layer);
            if (c.layers.size() <= l) {
                c.layers.resize(l + 1);
            }
            detail::set_field(c.layers[l], rest, s.value, detail::layer_check_fields);
        }
    }
    return seen;
}

} // namespace mend
