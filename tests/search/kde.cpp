// SPDX-License-Identifier: MIT
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include <doctest/doctest.h>

#include <mend/search/kde.hpp>

#include "suite.hpp"

namespace search_kde_tests {

using namespace mend;

namespace {

using rows_type = std::vector<std::vector<double>>;

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

const std::vector<density_column> plane(2, density_column{.truncated = false});

kernel_density density_of(const std::vector<density_column>& columns, const rows_type& rows) {
    return reference_density(columns, rows, normal_reference_widths(columns, rows));
}

space numbers(int count) {
    space s;
    for (int i = 0; i < count; ++i) {
        s.real("x" + std::to_string(i), 0, 1);
    }
    return s;
}

outcome of(double value) {
    outcome made;
    made.values = {value};
    return made;
}

/// How many trials are told before the first proposal of the model.
std::size_t begins_at(int parameters, kde_options options = {}) {
    options.random_fraction = 0;
    kde_search s(options);
    s.start(numbers(parameters), 1);
    for (std::size_t n = 0; n < 500; ++n) {
        trial done;
        done.proposal = *s.ask();
        if (s.model_based()) {
            return n;
        }
        done.outcome = of(done.proposal.at["x0"]);
        s.tell(done);
    }
    return 500;
}

} // namespace

// The numbers of the next two cases were made by HpBandSter 0.7.4 with statsmodels 0.13.5.

TEST_CASE("kde: bandwidths and densities of two sets of four") {
    const rows_type good{{0.1, 0.2}, {0.3, 0.25}, {0.2, 0.6}};
    const rows_type bad{{0.9, 0.9}, {0.7, 0.4}, {0.5, 0.8}, {0.8, 0.1}};
    const std::vector<double> l = normal_reference_widths(plane, good);
    const std::vector<double> g = normal_reference_widths(plane, bad);
    CHECK(l[0] == doctest::Approx(0.072067594560).epsilon(1e-10));
    CHECK(l[1] == doctest::Approx(0.157067680897).epsilon(1e-10));
    CHECK(g[0] == doctest::Approx(0.124433284344).epsilon(1e-10));
    CHECK(g[1] == doctest::Approx(0.269354642985).epsilon(1e-10));
    const kernel_density good_density = density_of(plane, good);
    const kernel_density bad_density = density_of(plane, bad);
    const std::array near{0.2, 0.3};
    CHECK(
        std::exp(good_density.log_density(near)) == doctest::Approx(3.918928788315).epsilon(1e-10)
    );
    CHECK(std::exp(bad_density.log_density(near)) == doctest::Approx(0.011943097136).epsilon(1e-9));
    CHECK(
        std::exp(bad_density.log_density(near) - good_density.log_density(near)) ==
        doctest::Approx(0.00304754124956).epsilon(1e-9)
    );
    const std::array far{0.8, 0.8};
    CHECK(std::exp(bad_density.log_density(far)) == doctest::Approx(1.193084979060).epsilon(1e-10));
    CHECK(
        std::exp(bad_density.log_density(far) - good_density.log_density(far)) ==
        doctest::Approx(3.3001e12).epsilon(1e-4)
    );
}

TEST_CASE("kde: unordered values") {
    const std::vector<density_column> columns{{.truncated = false}, {.levels = 2}};
    const rows_type rows{{0.2, 0}, {0.4, 1}, {0.6, 1}};
    const std::vector<double> widths = normal_reference_widths(columns, rows);
    CHECK(widths[0] == doctest::Approx(0.144135189121).epsilon(1e-10));
    CHECK(widths[1] == doctest::Approx(0.416082451194).epsilon(1e-10));
    const kernel_density density = density_of(columns, rows);
    CHECK(std::exp(density.log_density(std::array{0.4, 1.0})) == doctest::Approx(0.891038549875));
    CHECK(std::exp(density.log_density(std::array{0.4, 0.0})) == doctest::Approx(0.736191985383));
}

TEST_CASE("kde: the kernel of unordered values is never below an even share, and always finite") {
    // HpBandSter: a width of 3.74 and with it negative kernels; infinite ones for a single level
    const std::vector<density_column> ten{{.levels = 10}};
    const rows_type rows{{0}, {9}, {9}};
    CHECK(normal_reference_widths(ten, rows)[0] == doctest::Approx(0.9));
    const std::vector<density_column> three{{.levels = 3}};
    const rows_type single{{1}, {1}};
    CHECK(normal_reference_widths(three, single)[0] == doctest::Approx(1e-3));
    const kernel_density density = density_of(three, single);
    CHECK(std::exp(density.log_density(std::array{1.0})) == doctest::Approx(0.999));
    CHECK(std::exp(density.log_density(std::array{0.0})) == doctest::Approx(0.0005));
}

TEST_CASE("kde: what does not exist has no say in bandwidths and is uniform in densities") {
    const rows_type rows{{0.1, 0.2}, {0.3, nothing}, {0.2, 0.6}};
    const rows_type second{{0.2}, {0.6}};
    const std::vector<double> widths = normal_reference_widths(plane, rows);
    CHECK(widths[1] == doctest::Approx(1.06 * 0.2 * std::pow(2, -1.0 / 6)));
    const rows_type none{{nothing, nothing}};
    CHECK(normal_reference_widths(plane, none) == std::vector<double>{1e-3, 1e-3});
    CHECK(density_of(plane, none).log_density(std::array{0.3, 0.7}) == doctest::Approx(0));
}

TEST_CASE("kde: splits of told trials") {
    using split = std::pair<std::size_t, std::size_t>;
    CHECK_FALSE(kde_split(5, 3, 0.15).has_value());
    CHECK(kde_split(6, 3, 0.15) == split{3, 3});
    CHECK(kde_split(8, 3, 0.15) == split{3, 5});
    CHECK(kde_split(20, 3, 0.15) == split{3, 17});
    CHECK(kde_split(40, 3, 0.15) == split{6, 34});
    CHECK(kde_split(100, 3, 0.15) == split{15, 85});
    CHECK(kde_split(20, 10, 0.15) == split{10, 10});
    CHECK(kde_split(100, 10, 0.15) == split{15, 85});
}

TEST_CASE("kde: the model appears with 2 d + 2 trials, or with twice as many as asked for") {
    for (const int d : {1, 2, 5, 9}) {
        CHECK(begins_at(d) == static_cast<std::size_t>(2 * d + 2));
    }
    CHECK(begins_at(9, {.min_points = 4}) == 8);
}

TEST_CASE("kde: a third of the proposals of the model's phase is random") {
    kde_search s;
    s.start(numbers(2), 3);
    int random = 0;
    constexpr int requests = 30000;
    for (int i = 0; i < 20 + requests; ++i) {
        const auto next = s.ask();
        random += i >= 20 && !s.model_based() ? 1 : 0;
        if (i < 20) {
            trial done;
            done.proposal = *next;
            done.outcome = of(next->at["x1"]);
            s.tell(done);
        }
    }
    CHECK(std::abs(random / double(requests) - 1.0 / 3) < 0.01);
}

TEST_CASE("kde: the model of the highest fidelity that has one decides, a failing one falls back") {
    const auto next_after = [](int high, bool high_fails) {
        kde_search s{{.random_fraction = 0}};
        s.start(numbers(1), 2);
        std::vector<trial> told;
        for (int i = 0; i < 30; ++i) {
            trial done;
            done.proposal = *s.ask();
            done.proposal.fidelity = 0.1;
            done.outcome = of(done.proposal.at["x0"]); // low is good here ...
            s.tell(done);
            told.push_back(done);
        }
        for (int i = 0; i < high; ++i) {
            trial again = told[static_cast<std::size_t>(i)];
            again.proposal.fidelity = 1;
            again.outcome =
                high_fails ? failure(status::nan, 1) : of(-again.value()); // ... bad there
            s.update(again);
        }
        double sum = 0;
        for (int i = 0; i < 20; ++i) {
            sum += s.ask()->at["x0"] / 20;
        }
        return sum;
    };
    CHECK(next_after(0, false) < 0.3);
    CHECK(next_after(3, false) < 0.3);
    CHECK(next_after(20, false) > next_after(0, false) + 0.15);
    CHECK(next_after(20, true) < 0.3);
}

TEST_CASE("kde: failed trials push the search away") {
    kde_search s{{.random_fraction = 0}};
    const space over = numbers(1);
    const auto told = searcher_suite::drive(s, over, 1, 60, [](const proposal& what) {
        return what.at["x0"] > 0.5 ? failure(status::diverged, 1) : of(1);
    });
    int failed = 0;
    for (std::size_t i = 20; i < 60; ++i) {
        failed += told[i].completed() ? 0 : 1;
    }
    CHECK(failed < 8);
}

TEST_CASE("kde: is a searcher") { searcher_suite::check_searcher(kde_search{}); }

} // namespace search_kde_tests
