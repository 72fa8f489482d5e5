// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <mend/search/searcher.hpp>

namespace search_searcher_tests {

using namespace mend;

namespace {

struct plain_search {
    void start(const space& over, std::uint64_t) { at = *over.default_point(); }

    std::optional<proposal> ask() {
        proposal made;
        made.id = next++;
        made.at = at;
        return made;
    }

    void tell(const trial&) { ++told; }

    point at{};
    std::int64_t next = 0;
    int told = 0;
};

struct hooked_search : plain_search {
    [[nodiscard]] int width() const { return 7; }

    void suggest(const std::vector<point>& known) { suggested = known.size(); }

    std::size_t suggested = 0;
};

struct without_tell {
    void start(const space&, std::uint64_t) {}

    std::optional<proposal> ask() { return {}; }
};

struct asks_for_points {
    void start(const space&, std::uint64_t) {}

    point ask() { return {}; }

    void tell(const trial&) {}
};

static_assert(searcher<plain_search>);
static_assert(searcher<hooked_search>);
static_assert(!searcher<without_tell>);
static_assert(!searcher<asks_for_points>);
static_assert(!searcher<int>);
static_assert(!std::constructible_from<any_searcher, without_tell>);

space one_dimension() {
    space s;
    s.real("x", 0, 1);
    s.default_point(s.make_point({{"x", 0.5}}));
    return s;
}

} // namespace

TEST_CASE("any_searcher: forwards every hook, and says where there is none") {
    const space over = one_dimension();
    any_searcher plain = plain_search{};
    plain.start(over, 1);
    CHECK(plain.width() == 1);
    CHECK_FALSE(plain.suggest({*over.default_point()}));
    CHECK(plain.ask()->at == *over.default_point());
    plain.tell(trial{});
    REQUIRE(plain.target<plain_search>() != nullptr);
    CHECK(plain.target<plain_search>()->told == 1);
    CHECK(plain.target<hooked_search>() == nullptr);

    any_searcher hooked = hooked_search{};
    hooked.start(over, 1);
    CHECK(hooked.width() == 7);
    CHECK(hooked.suggest({*over.default_point()}));
    CHECK(hooked.target<hooked_search>()->suggested == 1);
}

TEST_CASE("any_searcher: is a value") {
    any_searcher a = plain_search{};
    a.start(one_dimension(), 1);
    static_cast<void>(a.ask());
    any_searcher b = a;
    CHECK(a.ask()->id == 1);
    CHECK(a.ask()->id == 2);
    CHECK(b.ask()->id == 1);
    b = a;
    CHECK(b.ask()->id == 3);
}

} // namespace search_searcher_tests
