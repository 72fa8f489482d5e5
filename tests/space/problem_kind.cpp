// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <mend/space/problem_kind.hpp>

namespace space_problem_kind_tests {

TEST_CASE("problem_kind: a classifier is told by its loss or its output") {
    mend::problem p;
    p.compile.loss.name = "mean_squared_error";
    p.model.layers = {{mend::dense_spec{.units = 3}}};
    CHECK_FALSE(mend::detail::is_classifier(p));
    for (const char* const loss : {"binary_crossentropy", "hinge", "kullback_leibler_divergence"}) {
        p.compile.loss.name = loss;
        CHECK(mend::detail::is_classifier(p));
    }
    p.compile.loss.name = "mean_squared_error";
    p.model.layers.push_back({mend::activation_spec{.activation = "softmax"}});
    CHECK(mend::detail::is_classifier(p));
}

TEST_CASE("problem_kind: units and filters are widths, nothing else is") {
    mend::layer_kind dense = mend::dense_spec{.units = 3};
    CHECK(mend::detail::find_width(mend::settings_of(dense))->about.key == "units");
    mend::layer_kind convolution = mend::conv2d_spec{};
    CHECK(mend::detail::find_width(mend::settings_of(convolution))->about.key == "filters");
    mend::layer_kind dropout = mend::dropout_spec{};
    CHECK(mend::detail::find_width(mend::settings_of(dropout)) == nullptr);
}

} // namespace space_problem_kind_tests
