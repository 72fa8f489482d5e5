// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <mend/nn/regularizer.hpp>

namespace nn_regularizer_tests {

TEST_CASE("regularizer: exists where it has a share") {
    CHECK_FALSE(mend::regularizer{}.exists());
    CHECK(mend::regularizer{.l1 = 0.1}.exists());
    CHECK(mend::regularizer{.l2 = 0.1}.exists());
}

} // namespace nn_regularizer_tests
