// SPDX-License-Identifier: MIT
#include <memory>

#include <doctest/doctest.h>

#include <mend/train/target.hpp>

namespace train_target_tests {

namespace {

mend::dataset classes(int count) {
    mend::dataset data;
    data.classes = count;
    return data;
}

mend::dataset numbers(mend::index outputs) {
    auto table = std::make_shared<mend::samples>();
    table->sample = mend::shape{1};
    table->dense = mend::tensor<float>(mend::shape{4, 1});
    table->targets = mend::tensor<float>(mend::shape{4, outputs});
    mend::dataset data;
    data.pool = table;
    return data;
}

} // namespace

using mend::choose_targets;
using mend::loss_kind;
using mend::target_encoding;

TEST_CASE("target: labels take the form that the loss and the output want") {
    const auto ten = classes(10);
    CHECK(
        choose_targets(loss_kind::sparse_categorical_crossentropy, 10, ten).encoding ==
        target_encoding::labels
    );
    CHECK(
        choose_targets(loss_kind::categorical_crossentropy, 10, ten).encoding ==
        target_encoding::one_hot
    );
    CHECK(
        choose_targets(loss_kind::mean_squared_error, 12, ten).encoding == target_encoding::one_hot
    );
    CHECK(
        choose_targets(loss_kind::binary_crossentropy, 1, classes(2)).encoding ==
        target_encoding::column
    );
}

TEST_CASE("target: an output that cannot hold the classes is refused with the reason") {
    const auto choice = choose_targets(loss_kind::categorical_crossentropy, 5, classes(10));
    CHECK_FALSE(static_cast<bool>(choice));
    CHECK(choice.why == "the output has 5 numbers per sample, the data has 10 classes");
    CHECK_FALSE(choose_targets(loss_kind::sparse_categorical_crossentropy, 1, classes(2)));
}

TEST_CASE("target: numbers to predict fit an output of the same width alone") {
    CHECK(
        choose_targets(loss_kind::mean_squared_error, 3, numbers(3)).encoding ==
        target_encoding::targets
    );
    CHECK_FALSE(choose_targets(loss_kind::mean_squared_error, 2, numbers(3)));
    CHECK_FALSE(choose_targets(loss_kind::sparse_categorical_crossentropy, 3, numbers(3)));
}

} // namespace train_target_tests
