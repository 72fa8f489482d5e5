// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <mend/tensor/window.hpp>

namespace tensor_window_tests {

TEST_CASE("window: places and padding follow TensorFlow") {
    using mend::padding;
    using mend::sweep;
    using mend::sweep_of;
    CHECK(sweep_of(28, {3, 1}, padding::valid) == sweep{26, 0});
    CHECK(sweep_of(28, {3, 1}, padding::same) == sweep{28, 1});
    CHECK(
        sweep_of(28, {4, 1}, padding::same) == sweep{28, 1}
    ); // three missing: one before, two after
    CHECK(sweep_of(28, {3, 2}, padding::same) == sweep{14, 0}); // one missing: after
    CHECK(sweep_of(27, {3, 2}, padding::same) == sweep{14, 1});
    CHECK(sweep_of(28, {3, 2}, padding::valid) == sweep{13, 0});
    CHECK(sweep_of(5, {1, 2}, padding::same) == sweep{3, 0});
    CHECK(sweep_of(10, {3, 1, 2}, padding::valid) == sweep{6, 0});
    CHECK(sweep_of(10, {3, 1, 2}, padding::same) == sweep{10, 2});
    CHECK(sweep_of(2, {3, 1}, padding::valid).places == 0);
}

} // namespace tensor_window_tests
