// SPDX-License-Identifier: MIT
/// Random search: every dimension drawn independently over its whole domain.
///
/// The baseline of Kim et al. (ICST 2023) and of Bergstra, Bengio: "Random search for
/// hyper-parameter optimization" (JMLR 2012). Proposal 0 is the space's default point where there
/// is one, then come the points suggested; proposal k depends on (seed, k) alone. Failed trials
/// count as tried, no more. Cost per ask: one random number per dimension.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include <mend/core/config.hpp>
#include <mend/core/random.hpp>
#include <mend/record/trial.hpp>
#include <mend/search/searcher.hpp>
#include <mend/space/space.hpp>

namespace mend {

struct random_search_options {
    std::optional<std::uint64_t> seed{}; ///< instead of the study's
    int width =
        16; ///< proposals that may be open; changes no result, only how many can run at once
};

class random_search {
public:
    random_search() = default;

    explicit random_search(random_search_options options)
        : options_(options) {
        MEND_EXPECTS(options.width > 0, "at least one proposal may be open");
    }

    void start(const space& over, std::uint64_t seed) {
        over_ = over;
        seed_ = options_.seed.value_or(seed);
        next_ = 0;
        first_.clear();
        if (const auto standard = over.default_point()) {
            first_.push_back(*standard);
        }
    }

    /// Points to propose before the random ones. Requires points of the space.
    void suggest(const std::vector<point>& known) {
        for (const point& p : known) {
            MEND_EXPECTS(over_.contains(p), "a suggested point lies in the space");
            first_.push_back(p);
        }
    }

    [[nodiscard]] std::optional<proposal> ask() {
        proposal made;
        made.id = next_++;
        if (static_cast<std::size_t>(made.id) < first_.size()) {
            made.at = first_[static_cast<std::size_t>(made.id)];
        } else {
            random_stream stream(seed_, static_cast<std::uint64_t>(made.id), purpose::search);
            made.at = over_.sample(stream);
        }
        return made;
    }

    void tell(const trial&) noexcept {}

    [[nodiscard]] int width() const noexcept { return options_.width; }

private:
    random_search_options options_;
    space over_;
    std::uint64_t seed_ = 0;
    std::int64_t next_ = 0;
    std::vector<point> first_;
};

static_assert(searcher<random_search>);

} // namespace mend
