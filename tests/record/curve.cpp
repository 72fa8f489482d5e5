// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <mend/record/curve.hpp>

namespace record_curve_tests {

using namespace mend;

TEST_CASE("curve: what was not measured is NaN and equal to itself") {
    const epoch_record unmeasured;
    CHECK(std::isnan(unmeasured.validation.metric));
    CHECK(unmeasured == epoch_record{});
    const training_curve one{{{0.5, 0.9}, {}}};
    training_curve other = one;
    CHECK(one == other);
    other[0].validation.loss = 0.4;
    CHECK(one != other);
}

} // namespace record_curve_tests
