// SPDX-License-Identifier: MIT
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <mend/io/study_plots.hpp>

namespace io_study_plots_tests {

namespace {

using namespace mend;

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
        ++found;
    }
    return found;
}

} // namespace

TEST_CASE("plots: ticks are round numbers within the interval") {
    CHECK(round_ticks(0, 1, 5) == std::vector<double>{0, 0.2, 0.4, 0.6000000000000001, 0.8, 1});
    CHECK(round_ticks(-3, 17, 4) == std::vector<double>{0, 5, 10, 15});
    CHECK(round_ticks(0, 20, 5) == std::vector<double>{0, 5, 10, 15, 20});
    for (const double low : {3.6e15, 1e16, 1e300}) { // where adding one changes nothing
        const auto [from, to] = drawn_interval(low, low);
        CHECK(from < to);
        CHECK(round_ticks(from, to, 5).size() <= 12);
        CHECK(round_ticks(low, std::nextafter(low, 2 * low), 5).size() <= 12);
    }
    CHECK(drawn_interval(2, 3) == std::pair(2.0, 3.0));
    CHECK(html_text("a<b & \"c\"") == "a&lt;b &amp; &quot;c&quot;");
}

TEST_CASE("plots: the mean course begins where every run has a score") {
    experiment_run one;
    one.course = {{1, 0.2}, {3, 0.6}};
    experiment_run two;
    two.course = {{2, 0.4}, {30, 0.8}};
    CHECK(
        mean_course({&one, &two}, 20) ==
        std::vector<course_step>{{2, (0.2 + 0.4) / 2}, {3, (0.6 + 0.4) / 2}, {20, (0.6 + 0.8) / 2}}
    );
    CHECK(mean_course({}, 20).empty());
}

TEST_CASE("plots: a box has its dots, and a row without values says so") {
    const std::string plot =
        box_plot("t", {{"a", "t0", {0.1, 0.5, 0.9}, {"x", "y", "z"}}, {"b", "t1"}}, 0, 1, "axis");
    CHECK(count(plot, "<circle") == 3);
    CHECK(count(plot, "<rect") == 1);
    CHECK(count(plot, ">none<") == 1);
}

TEST_CASE("plots: a bar joins what does not differ by more than the critical difference") {
    const std::vector<std::pair<std::string, double>> ranks{
        {"c", 3.9}, {"a", 1.1}, {"b", 1.5}, {"d", 3.5}};
    CHECK(count(difference_plot("t", ranks, 1.0), "class=\"group\"") == 3); // two, and the ruler
    CHECK(count(difference_plot("t", ranks, 0.1), "class=\"group\"") == 1);
    CHECK(count(difference_plot("t", ranks, 3.0), "class=\"group\"") == 2);
}

TEST_CASE("plots: a panel without any scores is empty, not broken") {
    const std::string plot = course_plot("t", {{"t0"}}, {{std::nan(""), "fix"}}, 20, "work");
    CHECK(count(plot, "<path") == 0);
    CHECK(count(plot, "nan") == 0);
}

} // namespace io_study_plots_tests
