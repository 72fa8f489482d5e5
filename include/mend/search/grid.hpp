// SPDX-License-Identifier: MIT
/// Grid search: every combination of some values of each parameter, each once.
///
/// Reals take `levels` values from end to end, evenly on their scale (one level: the middle);
/// integers the same, rounded, and all of their values where those are no more; all others take all
/// values. Combinations come in order, the last parameter changing fastest; what cannot exist does
/// not multiply them, forbidden ones are passed over. The default point and those suggested come
/// first and are not repeated. Ends after the last combination, with early ones alone where the
/// budget ends first: `sobol` spreads better then. The seed changes nothing; failed trials count as
/// tried.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <mend/core/config.hpp>
#include <mend/record/trial.hpp>
#include <mend/search/history.hpp>
#include <mend/search/searcher.hpp>
#include <mend/space/encoding.hpp>
#include <mend/space/space.hpp>

namespace mend {

struct grid_options {
    int levels = 5;                                  ///< of each real and, at most, integer
    std::vector<std::pair<std::string, int>> each{}; ///< others by name: {{"lr", 9}}
    int width = 16; ///< proposals that may be open; changes no result
};

/// The values of a parameter on a grid of at most `levels`, ascending.
[[nodiscard]] inline std::vector<double> grid_values(const parameter& p, int levels) {
    MEND_EXPECTS(levels > 0, "at least one level");
    std::vector<double> values;
    const bool all = p.low == p.high || is_unordered(p) || p.kind == parameter_kind::ordinal ||
                     p.cardinality() <= levels;
    if (all) {
        for (double value = p.low; value <= p.high; ++value) {
            values.push_back(value);
        }
        return values;
    }
    for (int i = 0; i < levels; ++i) {
        // From end to end of the values, not of their cells.
        const double share = levels == 1 ? 0.5 : static_cast<double>(i) / (levels - 1);
        const double from = to_unit(p, p.low);
        const double value = from_unit(p, from * (1 - share) + to_unit(p, p.high) * share);
        if (values.empty() || value > values.back()) {
            values.push_back(value);
        }
    }
    return values;
}

class grid {
public:
    grid() = default;

    explicit grid(grid_options options)
        : options_(std::move(options)) {
        MEND_EXPECTS(options_.levels > 0, "at least one level");
        MEND_EXPECTS(options_.width > 0, "at least one proposal may be open");
    }

    void start(const space& over, std::uint64_t seed) {
        ids_.start(over, seed);
        first_.clear();
        values_.clear();
        for (const parameter& p : over.parameters()) {
            const auto own =
                std::find_if(options_.each.begin(), options_.each.end(), [&](const auto& named) {
                    return named.first == p.name;
                });
            values_.push_back(
                grid_values(p, own == options_.each.end() ? options_.levels : own->second)
            );
        }
        at_.assign(over.size(), 0);
        done_ = false;
    }

    void suggest(const std::vector<point>& known) { ids_.suggest(known); }

    [[nodiscard]] std::optional<proposal> ask() {
        if (ids_.has_known()) {
            proposal made = ids_.propose_known();
            first_.add(made.at);
            return made;
        }
        constexpr int patience = 1000000; // points passed over at once before it gives up
        for (int tries = 0; tries < patience && !done_; ++tries) {
            point made = current();
            advance(made);
            if (ids_.over().contains(made) && !first_.contains(made)) {
                return ids_.propose(std::move(made));
            }
        }
        done_ = true;
        return std::nullopt;
    }

    void tell(const trial&) noexcept { ids_.count_told(); }

    [[nodiscard]] int width() const noexcept { return options_.width; }

private:
    [[nodiscard]] point current() const {
        std::vector<double> raw;
        raw.reserve(at_.size());
        for (std::size_t i = 0; i < at_.size(); ++i) {
            raw.push_back(values_[i][at_[i]]);
        }
        return ids_.over().make_point(std::move(raw));
    }

    /// To the next combination after that of a point; places of absent parameters stay 0.
    void advance(const point& from) {
        for (std::size_t i = at_.size(); i-- > 0;) {
            if (from[i].exists() && at_[i] + 1 < values_[i].size()) {
                ++at_[i];
                return;
            }
            at_[i] = 0;
        }
        done_ = true;
    }

    grid_options options_;
    detail::proposer ids_;
    detail::seen_points first_;
    std::vector<std::vector<double>> values_; ///< of each parameter
    std::vector<std::size_t> at_;             ///< place of each parameter in them
    bool done_ = false;
};

static_assert(searcher<grid>);

} // namespace mend
