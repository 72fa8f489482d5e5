// SPDX-License-Identifier: MIT
#include <cmath>

#include <doctest/doctest.h>

#include <mend/nn/update_rule.hpp>
#include <mend/tensor/simd.hpp>

namespace nn_update_rule_tests {

TEST_CASE("update_rule: a rule updates its slots and gives what to subtract") {
    using pack = mend::detail::pack<double>;
    int slots = 0;
    double change = 0;
    double moment = 0;
    mend::detail::with_rule<pack>(mend::adagrad{}, 0.5, 1, [&](const auto& rule) {
        slots = rule.slots;
        pack s[1] = {pack::all(9)};
        double out[pack::width];
        rule.rule(pack::all(4), s).store(out);
        change = out[0];
        s[0].store(out);
        moment = out[0];
    });
    CHECK(slots == 1);
    CHECK(moment == 25);
    CHECK(change == doctest::Approx(0.5 * 4 / 5.0));
}

TEST_CASE("update_rule: Nadam's momentum grows to beta_1") {
    const mend::detail::nadam_in_step now{{.beta_1 = 0.8}};
    CHECK(now.momentum(1) == doctest::Approx(0.8 * (1 - 0.48)));
    CHECK(now.momentum(1000) == doctest::Approx(0.8));
}

} // namespace nn_update_rule_tests
