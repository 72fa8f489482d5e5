// SPDX-License-Identifier: MIT
/// A search space and its points.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <mend/core/config.hpp>
#include <mend/core/random.hpp>
#include <mend/core/text.hpp>
#include <mend/space/parameter.hpp>

namespace mend {

namespace detail {

/// What a space says; shared by the space and all its points.
struct space_data {
    std::vector<parameter> parameters;
    std::optional<std::vector<double>> standard;     ///< the default point, raw
    std::vector<std::vector<condition>> forbidden{}; ///< no point meets all of one list

    /// Position of a parameter, or parameters.size().
    [[nodiscard]] std::size_t find(std::string_view name) const noexcept {
        std::size_t at = 0;
        while (at < parameters.size() && parameters[at].name != name) {
            ++at;
        }
        return at;
    }

    /// Whether a parameter exists, given the raw values of those before it.
    [[nodiscard]] bool exists(std::size_t at, const std::vector<double>& raw) const noexcept {
        return meets(parameters[at].conditions, raw);
    }

    /// Whether a forbidden combination holds.
    [[nodiscard]] bool is_forbidden(const std::vector<double>& raw) const noexcept {
        for (const std::vector<condition>& combination : forbidden) {
            if (meets(combination, raw)) {
                return true;
            }
        }
        return false;
    }

private:
    static bool meets(const std::vector<condition>& all, const std::vector<double>& raw) noexcept {
        for (const condition& c : all) {
            bool met = false;
            for (const double accepted : c.raws) {
                met = met || raw[c.parent] == accepted;
            }
            if (!met) {
                return false;
            }
        }
        return true;
    }
};

} // namespace detail

/// The value of one parameter at one point. Reads as a number (real, integer, ordinal, boolean) or
/// compares with text; lives no longer than the point.
class point_value {
public:
    point_value(const mend::parameter& of, double raw) noexcept
        : parameter_(&of)
        , raw_(raw) {}

    /// Requires that the parameter exists and is no categorical.
    operator double() const { return parameter_->number(raw_); } // NOLINT: reads like its value

    /// Of a boolean; a number is true unless it is 0.
    explicit operator bool() const { return number() != 0; }

    /// Whether the parameter exists at this point.
    [[nodiscard]] bool exists() const noexcept { return !std::isnan(raw_); }

    [[nodiscard]] double number() const { return parameter_->number(raw_); }

    /// The number rounded.
    [[nodiscard]] std::int64_t integer() const { return std::llround(number()); }

    [[nodiscard]] std::string text() const { return parameter_->text(raw_); }

    [[nodiscard]] double raw() const noexcept { return raw_; }

    [[nodiscard]] const mend::parameter& parameter() const noexcept { return *parameter_; }

    operator std::string() const { return text(); } // NOLINT: reads like its value

    friend bool operator==(const point_value& value, std::string_view text) {
        return value.text() == text;
    }

private:
    const mend::parameter* parameter_;
    double raw_;
};

/// One point of a space; a regular value that keeps the description of its space alive.
class point {
public:
    point() = default;

    /// Requires one raw value per parameter.
    point(std::shared_ptr<const detail::space_data> over, std::vector<double> raw)
        : over_(std::move(over))
        , raw_(std::move(raw)) {
        MEND_EXPECTS(over_ && over_->parameters.size() == raw_.size(), "one value per parameter");
    }

    /// Requires that the space has the parameter.
    [[nodiscard]] point_value operator[](std::string_view name) const {
        const std::size_t at = over_ ? over_->find(name) : 0;
        MEND_EXPECTS(at < raw_.size(), "the space has a parameter of this name");
        return (*this)[at];
    }

    [[nodiscard]] point_value operator[](const char* name) const {
        return (*this)[std::string_view(name)];
    }

    [[nodiscard]] point_value operator[](std::size_t at) const {
        MEND_EXPECTS(at < raw_.size(), "the space has so many parameters");
        return {over_->parameters[at], raw_[at]};
    }

    /// Number of parameters, existing or not.
    [[nodiscard]] std::size_t size() const noexcept { return raw_.size(); }

    [[nodiscard]] const std::vector<double>& raw() const noexcept { return raw_; }

    /// Same raw values, in spaces of the same parameters.
    friend bool operator==(const point& a, const point& b) noexcept {
        if (a.raw_.size() != b.raw_.size()) {
            return false;
        }
        for (std::size_t i = 0; i < a.raw_.size(); ++i) {
            if (a.raw_[i] != b.raw_[i] && !(std::isnan(a.raw_[i]) && std::isnan(b.raw_[i]))) {
                return false;
            }
        }
        return a.over_ == b.over_ ||
               (a.over_ && b.over_ && a.over_->parameters == b.over_->parameters);
    }

private:
    std::shared_ptr<const detail::space_data> over_;
    std::vector<double> raw_;
};

/// "x=1.5, act=relu"; what does not exist is left out.
[[nodiscard]] inline std::string to_text(const point& p) {
    std::string text;
    for (std::size_t i = 0; i < p.size(); ++i) {
        if (p[i].exists()) {
            text += (text.empty() ? "" : ", ") + p[i].parameter().name + "=" + p[i].text();
        }
    }
    return text;
}

/// A named value to make a point from: `{"lr", 0.001}`, `{"act", "relu"}`, `{"nesterov", true}`.
struct named_value {
    std::string name;
    double number = 0;
    std::string text{};
    bool is_text = false;

    template <class Value>
    named_value(std::string_view name_, const Value& value)
        : name(name_) {
        if constexpr (std::is_arithmetic_v<Value>) {
            number = static_cast<double>(value);
        } else {
            text = value;
            is_text = true;
        }
    }
};

/// What may be chosen. Built by chained calls; a condition speaks of the parameter before it:
/// `s.categorical("optimizer", {"sgd", "adam"}).real("momentum", 0, 1).only_if("optimizer",
/// {"sgd"})`. A value: copies share until one of them grows.
class space {
public:
    space() = default;

    space& real(std::string name, double low, double high, scaling on = scaling::linear) {
        MEND_EXPECTS(std::isfinite(low) && std::isfinite(high) && low <= high, "a finite range");
        MEND_EXPECTS(on == scaling::linear || low > 0, "a logarithmic range is positive");
        return add({std::move(name), parameter_kind::real, low, high, on});
    }

    space&
    integer(std::string name, std::int64_t low, std::int64_t high, scaling on = scaling::linear) {
        MEND_EXPECTS(low <= high, "a range");
        MEND_EXPECTS(on == scaling::linear || low > 0, "a logarithmic range is positive");
        return add(
            {std::move(name),
             parameter_kind::integer,
             static_cast<double>(low),
             static_cast<double>(high),
             on}
        );
    }

    /// Unordered names, each once.
    space& categorical(std::string name, std::vector<std::string> choices) {
        MEND_EXPECTS(!choices.empty(), "at least one choice");
        parameter made{std::move(name), parameter_kind::categorical};
        made.high = static_cast<double>(choices.size() - 1);
        made.choices = std::move(choices);
        return add(std::move(made));
    }

    /// Numbers in ascending order.
    space& ordinal(std::string name, std::vector<double> levels) {
        MEND_EXPECTS(!levels.empty(), "at least one level");
        for (std::size_t i = 1; i < levels.size(); ++i) {
            MEND_EXPECTS(levels[i - 1] < levels[i], "levels ascend");
        }
        parameter made{std::move(name), parameter_kind::ordinal};
        made.high = static_cast<double>(levels.size() - 1);
        made.levels = std::move(levels);
        return add(std::move(made));
    }

    space& boolean(std::string name) { return add({std::move(name), parameter_kind::boolean}); }

    /// The parameter added last exists only where `parent`, an earlier discrete one, has one of
    /// these values (as text: "sgd", "true", "32"). Several calls must all hold.
    space& only_if(std::string_view parent, const std::vector<std::string>& values);

    /// No point has one of these values in each of these discrete parameters at once:
    /// `s.forbid({{"optimizer", {"sgd"}}, {"batch", {"16", "32"}}})`. What does not exist meets
    /// nothing. Leave something: points are sampled by drawing again.
    space& forbid(const std::vector<std::pair<std::string, std::vector<std::string>>>& combination);

    /// The point that a search starts from. Requires a point of this space.
    space& default_point(const point& p) {
        MEND_EXPECTS(contains(p), "the default lies in the space");
        grow().standard = p.raw();
        return *this;
    }

    [[nodiscard]] std::optional<point> default_point() const {
        return data_->standard ? std::optional(point(data_, *data_->standard)) : std::nullopt;
    }

    [[nodiscard]] const std::vector<parameter>& parameters() const noexcept {
        return data_->parameters;
    }

    [[nodiscard]] std::size_t size() const noexcept { return data_->parameters.size(); }

    /// Position of a parameter, or size().
    [[nodiscard]] std::size_t find(std::string_view name) const noexcept {
        return data_->find(name);
    }

    /// A point from raw values; what cannot exist, given the others, is made absent. It may be a
    /// forbidden one.
    [[nodiscard]] point make_point(std::vector<double> raw) const {
        MEND_EXPECTS(raw.size() == size(), "one value per parameter");
        for (std::size_t i = 0; i < raw.size(); ++i) {
            raw[i] = data_->exists(i, raw) ? raw[i] : parameter::absent;
        }
        return {data_, std::move(raw)};
    }

    /// A point from named values. Requires one for every parameter that exists there, in its
    /// domain.
    [[nodiscard]] point make_point(const std::vector<named_value>& settings) const;

    /// Whether the point is of this space: every parameter that exists has a value of its domain,
    /// no other has one, and the combination is not forbidden.
    [[nodiscard]] bool contains(const point& p) const noexcept {
        if (p.size() != size() || data_->is_forbidden(p.raw())) {
            return false;
        }
        for (std::size_t i = 0; i < size(); ++i) {
            const double raw = p.raw()[i];
            if (data_->exists(i, p.raw()) ? !parameters()[i].contains(raw) : !std::isnan(raw)) {
                return false;
            }
        }
        return true;
    }

    /// Every dimension drawn independently over its whole domain, those that do not exist in the
    /// end included, so that no value depends on another; all again where that is forbidden.
    [[nodiscard]] point sample(random_stream& stream) const {
        for (int tries = 0; tries < 10000; ++tries) {
            std::vector<double> raw;
            raw.reserve(size());
            for (const parameter& p : parameters()) {
                raw.push_back(p.sample(stream));
            }
            point made = make_point(std::move(raw));
            if (!data_->is_forbidden(made.raw())) {
                return made;
            }
        }
        throw contract_violation("broken contract: nearly every point of the space is forbidden");
    }

    friend bool operator==(const space& a, const space& b) {
        return a.parameters() == b.parameters() && a.default_point() == b.default_point() &&
               a.data_->forbidden == b.data_->forbidden;
    }

private:
    space& add(parameter p) {
        MEND_EXPECTS(!p.name.empty() && find(p.name) == size(), "names are unique");
        detail::space_data& mine = grow();
        mine.parameters.push_back(std::move(p));
        mine.standard.reset();
        return *this;
    }

    /// The description, unshared, to be changed.
    detail::space_data& grow() {
        if (data_.use_count() > 1) {
            data_ = std::make_shared<detail::space_data>(*data_);
        }
        return *data_;
    }

    /// "This parameter has one of these values."
    [[nodiscard]] condition values_of(std::size_t at, const std::vector<std::string>& values) const;

    std::shared_ptr<detail::space_data> data_ = std::make_shared<detail::space_data>();
};

inline space& space::only_if(std::string_view parent, const std::vector<std::string>& values) {
    const std::size_t at = find(parent);
    MEND_EXPECTS(at + 1 < size(), "the parent comes before the parameter added last");
    condition made = values_of(at, values);
    grow().parameters.back().conditions.push_back(std::move(made));
    return *this;
}

inline space&
space::forbid(const std::vector<std::pair<std::string, std::vector<std::string>>>& combination) {
    MEND_EXPECTS(!combination.empty(), "a combination names a parameter");
    std::vector<condition> made;
    for (const auto& [name, values] : combination) {
        made.push_back(values_of(find(name), values));
    }
    detail::space_data& mine = grow();
    mine.forbidden.push_back(std::move(made));
    if (mine.standard && mine.is_forbidden(*mine.standard)) {
        mine.standard.reset();
    }
    return *this;
}

inline condition space::values_of(std::size_t at, const std::vector<std::string>& values) const {
    MEND_EXPECTS(at < size(), "the space has a parameter of this name");
    const parameter& p = parameters()[at];
    MEND_EXPECTS(p.is_discrete(), "a condition is on a discrete parameter");
    condition made{at};
    for (const std::string& value : values) {
        bool found = false;
        for (double raw = p.low; raw <= p.high && !found; ++raw) {
            if (p.text(raw) == value) {
                made.raws.push_back(raw);
                found = true;
            }
        }
        MEND_EXPECTS(found, "the parameter has this value");
    }
    return made;
}

inline point space::make_point(const std::vector<named_value>& settings) const {
    std::vector<double> raw(size(), parameter::absent);
    for (const named_value& s : settings) {
        const std::size_t at = find(s.name);
        MEND_EXPECTS(at < size(), "the space has a parameter of this name");
        const parameter& p = parameters()[at];
        const auto found = s.is_text ? p.find_raw(s.text) : p.find_raw(s.number);
        MEND_EXPECTS(found.has_value(), "the value lies in the domain of its parameter");
        raw[at] = *found;
    }
    point made = make_point(std::move(raw));
    MEND_EXPECTS(contains(made), "every parameter that exists has a value");
    return made;
}

} // namespace mend
