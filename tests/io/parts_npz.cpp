// SPDX-License-Identifier: MIT
#include <memory>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <mend/data/generators.hpp>
#include <mend/data/split.hpp>
#include <mend/io/npz.hpp>
#include <mend/io/parts_npz.hpp>

#include "scratch.hpp"

namespace io_parts_npz_tests {

namespace {

/// Every row of both parts holds the same.
void check_equal(const mend::data_part& one, const mend::data_part& other, int classes) {
    REQUIRE(one.size() == other.size());
    const mend::index width = one.source->sample.size();
    const auto features = [&](const mend::data_part& part) {
        mend::tensor<float> x(mend::shape{part.size(), width});
        mend::gather_features(*part.source, part.rows, x.view());
        return x;
    };
    CHECK(features(one) == features(other));
    for (mend::index i = 0; i < one.size(); ++i) {
        const auto at = static_cast<std::size_t>(i);
        if (classes > 0) {
            CHECK(one.label(i) == other.label(i));
        } else {
            const auto& targets = other.source->targets;
            const mend::index size = targets.row_size();
            for (mend::index j = 0; j < size; ++j) {
                CHECK(
                    one.source->targets.data()[one.rows[at] * size + j] ==
                    targets.data()[other.rows[at] * size + j]
                );
            }
        }
    }
}

mend::dataset round_trip(const mend::dataset& data, const std::string& path) {
    const mend::data_parts parts = mend::split(data, 0.25);
    mend::write_parts(path, parts, data.classes);
    mend::dataset back = mend::read_npz_dataset(path);
    REQUIRE(back.classes == data.classes);
    REQUIRE(back.sample() == data.sample());
    const mend::data_parts read = mend::split(back, 0.25);
    check_equal(parts.train, read.train, data.classes);
    check_equal(parts.validation, read.validation, data.classes);
    check_equal(parts.test, read.test, data.classes);
    return back;
}

} // namespace

TEST_CASE("parts: labels and numbers are read back as they were divided") {
    const scratch files;
    round_trip(mend::make_blobs({.n = 60, .seed = 1}), files.path("blobs.npz"));
    round_trip(mend::make_line({.n = 50, .seed = 1}), files.path("line.npz"));
}

TEST_CASE("parts: a class without rows survives, in one-hot labels") {
    const scratch files;
    mend::dataset data = mend::make_blobs({.n = 60, .seed = 1});
    data.classes += 2;
    round_trip(data, files.path("more.npz"));
}

TEST_CASE("parts: sparse rows are written in full, weights of rows beside them") {
    const scratch files;
    auto table = std::make_shared<mend::samples>();
    table->sample = mend::shape{3};
    for (int i = 0; i < 20; ++i) {
        table->sparse.columns.push_back(i % 3);
        table->sparse.values.push_back(static_cast<float>(i));
        table->sparse.end_row();
        table->labels.push_back(i % 2);
        table->weights.push_back(static_cast<float>(i) / 4);
    }
    mend::dataset data;
    data.name = "bags";
    data.classes = 2;
    data.pool = table;
    const mend::dataset back = round_trip(data, files.path("bags.npz"));
    const mend::data_parts parts = mend::split(data, 0.25);
    REQUIRE(back.train->weights.size() == parts.train.rows.size());
    for (std::size_t i = 0; i < parts.train.rows.size(); ++i) {
        CHECK(
            back.train->weights[i] == table->weights[static_cast<std::size_t>(parts.train.rows[i])]
        );
    }
}

} // namespace io_parts_npz_tests
