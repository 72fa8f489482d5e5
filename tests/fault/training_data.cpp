// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <mend/data/split.hpp>
#include <mend/fault/operators.hpp>

namespace fault_training_data_tests {

using doctest::Approx;
using mend::data_part;
using mend::index;

namespace {

// MNIST's training images per digit.
const std::vector<int> mnist_counts{5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949};

// Rows of three features that tell which row they are, classes one after the other.
data_part classes_of(const std::vector<int>& counts) {
    auto table = std::make_shared<mend::samples>();
    for (std::size_t c = 0; c < counts.size(); ++c) {
        table->labels.insert(table->labels.end(), static_cast<std::size_t>(counts[c]), int(c));
    }
    const auto rows = static_cast<index>(table->labels.size());
    table->sample = mend::shape{3};
    table->dense.resize(mend::shape{rows, 3});
    for (index r = 0; r < rows; ++r) {
        table->dense.row(r)[0] = static_cast<float>(r);
        table->dense.row(r)[1] = static_cast<float>(r) + 3;
        table->dense.row(r)[2] = 7;
    }
    return data_part(std::move(table));
}

data_part numbers(const std::vector<float>& y, index columns = 1) {
    auto table = std::make_shared<mend::samples>();
    const auto rows = static_cast<index>(y.size()) / columns;
    table->sample = mend::shape{1};
    table->dense.resize(mend::shape{rows, 1});
    std::iota(table->dense.flat().begin(), table->dense.flat().end(), 0.0F);
    table->targets.resize(mend::shape{rows, columns});
    std::copy(y.begin(), y.end(), table->targets.data());
    return data_part(std::move(table));
}

data_part alter(
    const char* code,
    const data_part& train,
    int classes,
    double percentage,
    std::uint64_t seed = 0,
    std::optional<int> label = {}
) {
    return mend::alter(
        train, classes, {.code = code, .value = percentage, .label = label, .seed = seed}
    );
}

std::map<int, int> counts_of(const data_part& part) {
    std::map<int, int> counts;
    for (index i = 0; i < part.size(); ++i) {
        ++counts[part.label(i)];
    }
    return counts;
}

float feature(const data_part& part, index position, std::size_t column) {
    return part.source->dense.row(part.rows[static_cast<std::size_t>(position)])[column];
}

std::vector<float> targets_of(const data_part& part) {
    std::vector<float> all;
    for (const index row : part.rows) {
        const auto one = part.source->targets.row(row);
        all.insert(all.end(), one.begin(), one.end());
    }
    return all;
}

} // namespace

// The numbers are those that DeepCrime's rules give for MNIST.
TEST_CASE("training_data: TCL changes a share of the labels of the largest class") {
    const data_part train = classes_of(mnist_counts);
    const mend::samples before = *train.source;
    const data_part mutant = alter("TCL", train, 10, 31.25);
    REQUIRE(mutant.size() == 60000);
    int changed = 0;
    std::set<int> became;
    for (index i = 0; i < mutant.size(); ++i) {
        CHECK_MESSAGE(feature(mutant, i, 0) == feature(train, i, 0), "rows keep their place");
        if (mutant.label(i) != train.label(i)) {
            ++changed;
            CHECK(train.label(i) == 1);
            became.insert(mutant.label(i));
        }
    }
    CHECK(changed == 2106);
    CHECK(became == std::set<int>{0, 2, 3, 4, 5, 6, 7, 8, 9});
    CHECK(*train.source == before);
    // All of them for 100, none for 0.
    CHECK(counts_of(alter("TCL", train, 10, 100)).count(1) == 0);
    CHECK(alter("TCL", train, 10, 0).source == train.source);
}

TEST_CASE("training_data: TCL draws anew for every seed, and the same for the same") {
    const data_part train = classes_of({50, 90, 60});
    std::set<std::vector<int>> selections;
    for (std::uint64_t run = 0; run < 20; ++run) {
        const data_part mutant = alter("TCL", train, 3, 30, run);
        CHECK(mutant.source->labels == alter("TCL", train, 3, 30, run).source->labels);
        selections.insert(mutant.source->labels);
    }
    CHECK(selections.size() == 20);
}

TEST_CASE("training_data: TCL and TCO take a class that is given") {
    const data_part train = classes_of({50, 90, 60});
    const data_part relabelled = alter("TCL", train, 3, 50, 0, 0);
    for (index i = 0; i < relabelled.size(); ++i) {
        CHECK((relabelled.label(i) == train.label(i) || train.label(i) == 0));
    }
    CHECK(counts_of(relabelled)[0] == 25);
    CHECK(
        counts_of(alter("TCO", train, 3, 50, 0, 0)) ==
        std::map<int, int>{{0, 50}, {1, 115}, {2, 60}}
    );
    CHECK_THROWS_AS(static_cast<void>(alter("TCL", train, 3, 50, 0, 3)), mend::usage_error);
}

TEST_CASE("training_data: TRD removes a share of every class") {
    const data_part train = classes_of(mnist_counts);
    const data_part half = alter("TRD", train, 10, 50);
    const std::vector<int> removed{2961, 3371, 2979, 3065, 2921, 2710, 2959, 3132, 2925, 2974};
    auto left = counts_of(half);
    for (int c = 0; c < 10; ++c) {
        const auto k = static_cast<std::size_t>(c);
        CHECK(left[c] == mnist_counts[k] - removed[k]);
    }
    CHECK(half.size() == 60000 - 29997);
    CHECK(std::is_sorted(half.rows.begin(), half.rows.end()));
    CHECK(half.source == train.source); // a view

    const data_part most = alter("TRD", train, 10, 99);
    CHECK(most.size() == 60000 - 59394);
    CHECK(counts_of(most).size() == 10);
    CHECK(alter("TRD", train, 10, 0).rows == train.rows);
}

TEST_CASE("training_data: TUD removes a share of the classes below the mean") {
    const data_part train = classes_of(mnist_counts);
    auto half = counts_of(alter("TUD", train, 10, 50));
    int lost = 0;
    for (int c = 0; c < 10; ++c) {
        lost += mnist_counts[static_cast<std::size_t>(c)] - half[c];
    }
    CHECK(lost == 20429);
    for (const int untouched : {1, 3, 7}) {
        CHECK(half[untouched] == mnist_counts[static_cast<std::size_t>(untouched)]);
    }
    const data_part whole = alter("TUD", train, 10, 100);
    CHECK(whole.size() == 19138);
    CHECK(counts_of(whole).size() == 3);
    const data_part equal = classes_of(std::vector<int>(10, 40));
    CHECK(alter("TUD", equal, 10, 100).rows == equal.rows);
}

TEST_CASE("training_data: TCO appends copies of the largest class under the second one's label") {
    const data_part train = classes_of(mnist_counts);
    const data_part mutant = alter("TCO", train, 10, 50);
    REQUIRE(mutant.size() == 63371);
    for (index i = 0; i < 60000; ++i) {
        CHECK_MESSAGE(mutant.label(i) == train.label(i), "originals stay");
    }
    std::set<float> copied;
    for (index i = 60000; i < mutant.size(); ++i) {
        CHECK(mutant.label(i) == 7);
        const auto row = static_cast<index>(feature(mutant, i, 0));
        CHECK(train.label(row) == 1);
        copied.insert(feature(mutant, i, 0));
    }
    CHECK(copied.size() == 3371); // each once
    CHECK(alter("TCO", train, 10, 0).source == train.source);
}

TEST_CASE("training_data: of classes of one size the highest is the largest") {
    const data_part train = classes_of({5, 8, 8, 8});
    CHECK(
        counts_of(alter("TCO", train, 4, 100)) ==
        std::map<int, int>{{0, 5}, {1, 8}, {2, 16}, {3, 8}}
    );
}

TEST_CASE("training_data: TAN adds noise to a share of the samples, as strong as the share") {
    auto table = std::make_shared<mend::samples>();
    constexpr index rows = 800;
    table->sample = mend::shape{10, 10};
    table->labels.assign(rows, 0);
    table->dense.resize(mend::shape{rows, 10, 10});
    for (index r = 0; r < rows; ++r) {
        for (index i = 0; i < 100; ++i) {
            table->dense.row(r)[static_cast<std::size_t>(i)] =
                static_cast<float>(r + 1) * static_cast<float>(i % 7);
        }
    }
    const data_part train(table);
    const data_part mutant = alter("TAN", train, 1, 12.5);
    int changed = 0;
    double spread = 0;
    for (index r = 0; r < rows; ++r) {
        const auto x = table->dense.row(r);
        const auto y = mutant.source->dense.row(r);
        if (std::equal(x.begin(), x.end(), y.begin())) {
            continue;
        }
        ++changed;
        const double own = mend::detail::population_deviation(std::span<const float>(x)) * 0.125;
        for (std::size_t i = 0; i < 100; ++i) {
            const double noise = (static_cast<double>(y[i]) - static_cast<double>(x[i])) / own;
            spread += noise * noise;
        }
    }
    CHECK(changed == 100);
    CHECK(std::sqrt(spread / 10000) == Approx(1).epsilon(0.03));
    CHECK(alter("TAN", train, 1, 0).source == train.source);
}

TEST_CASE("training_data: TAN makes sparse rows dense, the other operators leave them sparse") {
    auto table = std::make_shared<mend::samples>();
    table->sample = mend::shape{50};
    for (int r = 0; r < 12; ++r) {
        table->sparse.columns.push_back(r * 3);
        table->sparse.values.push_back(1);
        table->sparse.end_row();
        table->labels.push_back(r % 3 == 0 ? 0 : 1);
    }
    const data_part train(table);
    CHECK_FALSE(alter("TAN", train, 2, 100).source->is_sparse());
    const data_part longer = alter("TCO", train, 2, 50);
    REQUIRE(longer.source->is_sparse());
    CHECK(longer.source->sparse.rows() == 16);
    CHECK(longer.source->sparse.row_values(15).size() == 1);
}

TEST_CASE("training_data: TCL on numbers adds noise of a share of their deviation to all") {
    std::vector<float> y;
    for (int i = 0; i < 5000; ++i) {
        y.push_back(i % 2 == 0 ? -2.0F : 2.0F); // standard deviation 2
    }
    const std::vector<float> mutant = targets_of(alter("TCL", numbers(y), 0, 20));
    double squares = 0;
    for (std::size_t i = 0; i < y.size(); ++i) {
        CHECK(mutant[i] != y[i]);
        squares += std::pow(static_cast<double>(mutant[i] - y[i]), 2);
    }
    CHECK(std::sqrt(squares / 5000) == Approx(0.4).epsilon(0.05));
}

TEST_CASE("training_data: numbers are in three buckets by their deviation from zero") {
    const data_part train = numbers({-3, -1, 0, 0, 1, 3});
    const auto groups = mend::detail::groups_of(train, 0);
    REQUIRE(groups.size() == 3);
    CHECK(groups[0].size() == 1);
    CHECK(groups[1].size() == 4);
    CHECK(groups[2].size() == 1);
    const data_part half = alter("TRD", train, 0, 50);
    CHECK(half.size() == 4);
    CHECK(targets_of(half).front() == -3);
    CHECK(targets_of(half).back() == 3);
    CHECK(targets_of(alter("TUD", train, 0, 100)) == std::vector<float>{-1, 0, 0, 1});
    const std::vector<float> longer = targets_of(alter("TCO", train, 0, 50));
    REQUIRE(longer.size() == 8); // the second bucket has a single label
    CHECK(longer[6] == -3);
    CHECK(longer[7] == -3);
}

TEST_CASE("training_data: pairs of numbers are in nine buckets, and TCO cycles through labels") {
    // Column deviations: sqrt(22 / 6) = 1.91 and 1.
    const data_part train = numbers({-3, -1, -3, 1, -2, -1, 0, 1, 0, -1, 0, 1}, 2);
    const auto groups = mend::detail::groups_of(train, 0);
    REQUIRE(groups.size() == 9);
    CHECK(groups[1].size() == 2); // y >= s is above, y < -s below: -1 is in the middle
    CHECK(groups[2].size() == 1);
    CHECK(groups[4].size() == 1);
    CHECK(groups[5].size() == 2);
    const std::vector<float> longer = targets_of(alter("TCO", train, 0, 100));
    REQUIRE(longer.size() == 16);
    CHECK(std::vector<float>(longer.begin() + 12, longer.end()) == std::vector<float>{0, 1, 0, 1});
}

TEST_CASE("training_data: too few classes are an error, not a crash") {
    const data_part train = classes_of({5, 0});
    CHECK_THROWS_AS(static_cast<void>(alter("TCL", train, 2, 50)), mend::data_error);
    CHECK_THROWS_AS(static_cast<void>(alter("TCO", train, 2, 50)), mend::data_error);
}

TEST_CASE("training_data: a dataset's train part alone is altered, whatever is split off") {
    auto table = std::make_shared<mend::samples>(*classes_of({50, 90, 60}).source);
    mend::dataset data;
    data.name = "d";
    data.classes = 3;
    data.pool = table;
    const mend::dataset mutant = mend::alter(data, {.code = "TCO", .value = 100.0, .seed = 3});
    CHECK(mutant.name != data.name);
    for (const double share : {0.0, 0.2, 0.5}) {
        const mend::data_parts before = mend::split(data, share);
        const mend::data_parts after = mend::split(mutant, share);
        CHECK(after.validation.rows == before.validation.rows);
        CHECK(after.test.rows == before.test.rows);
        CHECK(after.train.size() > before.train.size());
        CHECK(after.train.source != before.train.source);
    }
    const auto why = [&](const mend::mutation& m) {
        try {
            static_cast<void>(mend::alter(data, m));
        } catch (const mend::spec_error& mistake) {
            return mistake.where();
        }
        return std::string();
    };
    CHECK(why({.code = "HNE", .value = 3.0}) == "/mutation/operator");
    CHECK(why({.code = "TRD", .value = 100.0}) == "/mutation/value");
    CHECK(why({.code = "TRD", .value = std::string("l1")}) == "/mutation/value");
}

} // namespace fault_training_data_tests
