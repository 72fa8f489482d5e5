// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include <doctest/doctest.h>

#include <mend/search/history.hpp>

namespace search_history_tests {

using namespace mend;

namespace {

detail::told_point told(std::vector<double> values, double fidelity = 1) {
    trial done;
    done.proposal.fidelity = fidelity;
    done.outcome.values = std::move(values);
    return detail::told_point(done);
}

space letters() {
    space s;
    s.categorical("a", {"x", "y", "z"});
    return s;
}

} // namespace

TEST_CASE("history: failed trials, NaN and infinite values carry no value") {
    CHECK(told({1, 2}).values.size() == 2);
    CHECK(told({1e300}).values.size() == 1);
    CHECK(told({std::nan("")}).failed());
    CHECK(told({1, -std::numeric_limits<double>::infinity()}).failed());
    CHECK(told({}).failed());
    trial done;
    done.outcome = failure(status::diverged, 1);
    CHECK(detail::told_point(done).failed());
}

TEST_CASE("history: the best come first, by fidelity, then value, then age; failures last") {
    const std::vector<detail::told_point> all{
        told({3}), told({}), told({1}, 0.5), told({2}), told({3}), told({-1}, 0.25), told({0, 0})};
    const std::vector<std::size_t> expected{3, 0, 4, 2, 5, 1, 6};
    CHECK(detail::best_first(all) == expected);
    CHECK(detail::best_first({}).empty());
    CHECK(detail::best_first({told({}), told({})}) == std::vector<std::size_t>{0, 1});
}

TEST_CASE("history: several objectives are ordered by fronts within a fidelity") {
    const std::vector<detail::told_point> all{
        told({0, 0}, 0.5), told({3, 3}), told({1, 2}), told({}), told({2, 1}), told({1})};
    const std::vector<std::size_t> expected{2, 4, 1, 0, 3, 5};
    CHECK(detail::best_first(all) == expected);
}

TEST_CASE("history: proposals begin with the default and what was suggested") {
    space s = letters();
    s.default_point(s.make_point({{"a", "y"}}));
    detail::proposer ids;
    ids.start(s, 3);
    ids.suggest({s.make_point({{"a", "z"}})});
    CHECK_THROWS_AS(ids.suggest({point()}), contract_violation);
    CHECK(ids.propose_known().at["a"] == "y");
    CHECK(ids.propose_known().at["a"] == "z");
    CHECK_FALSE(ids.has_known());
    CHECK(ids.propose(s.make_point({{"a", "x"}})).id == 2);
    ids.count_told();
    CHECK(ids.open() == 2);
    ids.start(s, 3);
    CHECK(ids.asked() == 0);
    CHECK(ids.open() == 0);
}

TEST_CASE("history: new points are preferred, an old one is the last resort") {
    const space s = letters();
    detail::seen_points seen;
    random_stream stream(1, 0, purpose::search);
    const auto at_random = [&] { return s.sample(stream); };
    const auto always = [&] { return s.make_point({{"a", "x"}}); };
    CHECK(seen.draw_new(s, 3, always, at_random)["a"] == "x");
    seen.add(always());
    CHECK(seen.contains(always()));
    CHECK(seen.draw_new(s, 3, always, at_random)["a"] != "x");
    seen.add(s.make_point({{"a", "y"}}));
    seen.add(s.make_point({{"a", "z"}}));
    CHECK(seen.draw_new(s, 3, always, at_random)["a"] == "x");
    space b;
    b.real("x", -1, 1);
    seen.clear();
    seen.add(b.make_point(std::vector<double>{0.0}));
    CHECK(seen.contains(b.make_point(std::vector<double>{-0.0})));
}

} // namespace search_history_tests
