// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <mend/nn/optimizer_options.hpp>

namespace nn_optimizer_options_tests {

TEST_CASE("optimizer_options: the defaults are those of Keras 3") {
    CHECK(mend::sgd{}.learning_rate == 0.01);
    CHECK(mend::rmsprop{}.rho == 0.9);
    CHECK(mend::adam{}.beta_2 == 0.999);
    CHECK(mend::adadelta{}.rho == 0.95);
    CHECK(mend::adagrad{}.initial_accumulator == 0.1);
    CHECK(mend::adamax{}.learning_rate == 0.001);
    CHECK(mend::nadam{}.schedule_decay == 1);
    CHECK(mend::optimizer_options{}.schedule.at(0) == 0);
}

} // namespace nn_optimizer_options_tests
