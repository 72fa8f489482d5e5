// SPDX-License-Identifier: MIT
#include <limits>
#include <vector>

#include <doctest/doctest.h>

#include <mend/stats/linear_model.hpp>

namespace stats_linear_model_tests {

using doctest::Approx;

using sample = std::vector<double>;

// statsmodels 0.13.5: GLM(values, add_constant(group)).fit()
TEST_CASE("glm_test: agrees with statsmodels") {
    const auto result =
        mend::glm_test(sample{1.1, 2.3, 0.7, 3.9, 2.2}, sample{2.5, 3.1, 2.9, 4.4, 1.8, 5.0, 3.3});
    CHECK(result.statistic == Approx(1.8364382935935333).epsilon(1e-12));
    CHECK(result.p == Approx(0.06629286043180119).epsilon(1e-12));
}

TEST_CASE("glm_test: samples without spread have p 0 or 1") {
    const sample high(5, 0.9);
    CHECK(mend::glm_test(high, sample(5, 0.1)).p == 0);
    CHECK(mend::glm_test(high, high).p == 1);
}

// statsmodels 0.13.5: FTestAnovaPower().power(f, total, 0.05, 2)
TEST_CASE("anova_power: agrees with statsmodels") {
    CHECK(mend::anova_power(0.2, 40) == Approx(0.2343494006693932).epsilon(1e-10));
    CHECK(mend::anova_power(0.45, 40) == Approx(0.7920362552634237).epsilon(1e-10));
    CHECK(mend::anova_power(0.46, 40) == Approx(0.8092401785022527).epsilon(1e-10));
    CHECK(mend::anova_power(0.5, 40) == Approx(0.8689530277239899).epsilon(1e-10));
    CHECK(mend::anova_power(0.62, 40) == Approx(0.9685831359345607).epsilon(1e-10));
    CHECK(mend::anova_power(0.5, 20) == Approx(0.5620066465861494).epsilon(1e-10));
    CHECK(mend::anova_power(0.62, 20) == Approx(0.7461695424049184).epsilon(1e-10));
    CHECK(mend::anova_power(0.62, 10) == Approx(0.4076819286963413).epsilon(1e-10));
    CHECK(mend::anova_power(-0.5, 40) == mend::anova_power(0.5, 40));
}

TEST_CASE("anova_power: no effect is found by chance alone, an infinite one always") {
    CHECK(mend::anova_power(0, 40) == Approx(0.05));
    CHECK(mend::anova_power(std::numeric_limits<double>::infinity(), 40) == 1);
}

} // namespace stats_linear_model_tests
