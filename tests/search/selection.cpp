// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstddef>
#include <vector>

#include <doctest/doctest.h>

#include <mend/search/selection.hpp>

namespace search_selection_tests {

using namespace mend;

namespace {

struct chooses_nothing {
    void operator()(std::size_t, random_stream&) const {}
};

static_assert(!parent_selection<chooses_nothing>);
static_assert(!parent_selection<int>);

template <class Selection>
std::vector<double> shares(const Selection& select, std::size_t count) {
    random_stream stream(1, 0, purpose::search);
    std::vector<double> share(count);
    constexpr int draws = 40000;
    for (int i = 0; i < draws; ++i) {
        share.at(select(count, stream)) += 1.0 / draws;
    }
    return share;
}

} // namespace

TEST_CASE("tournament_selection: place i wins with ((n - i)^k - (n - i - 1)^k) / n^k") {
    for (const int size : {1, 2, 4}) {
        const std::vector<double> share = shares(tournament_selection{size}, 5);
        for (std::size_t i = 0; i < 5; ++i) {
            const double behind = 5 - static_cast<double>(i);
            const double expected =
                (std::pow(behind, size) - std::pow(behind - 1, size)) / std::pow(5, size);
            CHECK(std::abs(share[i] - expected) < 0.01);
        }
    }
}

TEST_CASE("truncation_selection: the best part alone, each as often") {
    const std::vector<double> share = shares(truncation_selection{0.25}, 10);
    CHECK(std::abs(share[0] - 1.0 / 3) < 0.01);
    CHECK(std::abs(share[2] - 1.0 / 3) < 0.01);
    CHECK(share[3] == 0);
    CHECK(shares(truncation_selection{0.01}, 10)[1] > 0.4); // never fewer than two
    CHECK(shares(truncation_selection{0.5}, 1)[0] == doctest::Approx(1));
}

} // namespace search_selection_tests
