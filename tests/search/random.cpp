// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <mend/search/random.hpp>

#include "suite.hpp"

namespace search_random_tests {

using namespace mend;

TEST_CASE("random_search: is a searcher") { searcher_suite::check_searcher(random_search{}); }

TEST_CASE("random_search: a proposal depends on the seed and its id, not on the width") {
    const space over = searcher_suite::mixed_space();
    const auto narrow =
        searcher_suite::drive(random_search{{.width = 1}}, over, 5, 40, searcher_suite::good);
    CHECK(
        narrow ==
        searcher_suite::drive(random_search{{.width = 64}}, over, 5, 40, searcher_suite::good)
    );
}

TEST_CASE("random_search: a seed of its own goes before the study's") {
    const space over = searcher_suite::mixed_space();
    const auto own =
        searcher_suite::drive(random_search{{.seed = 5}}, over, 1, 10, searcher_suite::good);
    CHECK(own == searcher_suite::drive(random_search{}, over, 5, 10, searcher_suite::good));
}

TEST_CASE("random_search: suggested points come after the default, then the random ones") {
    const space over = searcher_suite::mixed_space();
    random_stream stream(77, 0, purpose::search);
    const std::vector<point> known{over.sample(stream), over.sample(stream)};
    any_searcher s = random_search{};
    s.start(over, 5);
    CHECK(s.suggest(known));
    CHECK(s.ask()->at == *over.default_point());
    CHECK(s.ask()->at == known[0]);
    CHECK(s.ask()->at == known[1]);
    random_stream third(5, 3, purpose::search);
    CHECK(s.ask()->at == over.sample(third));
}

} // namespace search_random_tests
