// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstddef>
#include <vector>

#include <doctest/doctest.h>

#include <mend/stats/wilcoxon.hpp>

namespace stats_wilcoxon_tests {

using doctest::Approx;
using mend::alternative;
using mend::wilcoxon_method;

namespace {

using sample = std::vector<double>;

// p of the two-sided, the lower and the upper claim.
void check_p(
    const sample& a, const sample& b, wilcoxon_method how, bool continuity, const sample& p
) {
    const alternative claims[] = {alternative::two_sided, alternative::less, alternative::greater};
    for (std::size_t i = 0; i < 3; ++i) {
        CAPTURE(i);
        const auto result = mend::wilcoxon_signed_rank(a, b, {claims[i], how, continuity});
        CHECK(result.p == Approx(p[i]).epsilon(1e-12));
        CHECK(result.exact == (how != wilcoxon_method::normal));
    }
}

} // namespace

// scipy 1.10.1: wilcoxon(a, b, alternative=..., mode='exact' or 'approx', correction=...)
TEST_CASE("wilcoxon_signed_rank: pairs without ties agree with scipy") {
    const sample a{125, 115, 130, 140, 140.5, 115.5, 140.25, 125.125, 140.75, 135};
    const sample b{110, 122, 125, 120, 140, 124, 123, 137, 135, 145};
    CHECK(mend::wilcoxon_signed_rank(a, b).statistic == 33);
    check_p(a, b, wilcoxon_method::automatic, true, {0.625, 0.7216796875, 0.3125});
    check_p(
        a,
        b,
        wilcoxon_method::normal,
        true,
        {0.6102986559765544, 0.7295910478786911, 0.3051493279882772}
    );
    check_p(
        a,
        b,
        wilcoxon_method::normal,
        false,
        {0.5750621301739497, 0.7124689349130251, 0.28753106508697485}
    );
}

TEST_CASE("wilcoxon_signed_rank: ties and zeros agree with scipy's normal approximation") {
    const sample a{6, 1, 9, 4, 7, 7, 2, 8, 6, 5};
    const sample b{4, 3, 5, 4, 3, 9, 2, 5, 5, 5};
    CHECK(mend::wilcoxon_signed_rank(a, b).statistic == 22);
    check_p(
        a,
        b,
        wilcoxon_method::normal,
        true,
        {0.20082512269514552, 0.9264379506621192, 0.10041256134757276}
    );
    check_p(
        a,
        b,
        wilcoxon_method::normal,
        false,
        {0.17241510261138115, 0.9137924486943094, 0.08620755130569058}
    );
}

TEST_CASE("wilcoxon_signed_rank: more than fifty differences use the normal approximation") {
    sample a;
    sample b;
    for (int i = 0; i < 60; ++i) {
        a.push_back(i * 37 % 101);
        b.push_back((i * 53 + 20) % 103 + 0.5);
    }
    const auto result = mend::wilcoxon_signed_rank(a, b);
    CHECK_FALSE(result.exact);
    CHECK(result.statistic == 845.5);
    CHECK(result.p == Approx(0.611437296123594).epsilon(1e-12));
}

TEST_CASE("wilcoxon_signed_rank: the exact p is a count over all signs, ties included") {
    const sample sizes{1, 2, 2, 2, 3, 4, 4, 5, 7, 7};
    const sample ranks{1, 3, 3, 3, 5, 6.5, 6.5, 8, 9.5, 9.5};
    const std::size_t n = sizes.size();
    const sample zero(n, 0.0);
    for (const std::size_t signs : {0U, 5U, 123U, 700U, 1000U, 1023U}) {
        sample a = sizes;
        const auto rank_sum = [&](std::size_t s) {
            double w = 0;
            for (std::size_t i = 0; i < n; ++i) {
                w += (s >> i & 1U) != 0 ? ranks[i] : 0;
            }
            return w;
        };
        for (std::size_t i = 0; i < n; ++i) {
            a[i] *= (signs >> i & 1U) != 0 ? 1 : -1;
        }
        double above = 0;
        for (std::size_t s = 0; s < 1U << n; ++s) {
            above += rank_sum(s) >= rank_sum(signs) ? 1 : 0;
        }
        const auto result = mend::wilcoxon_signed_rank(a, zero, {.claim = alternative::greater});
        CHECK(result.exact);
        CHECK(result.statistic == rank_sum(signs));
        CHECK(result.p == Approx(above / 1024));
    }
}

TEST_CASE("wilcoxon_signed_rank: twenty pairs all better have the smallest p there is") {
    sample a;
    for (int i = 1; i <= 20; ++i) {
        a.push_back(i);
    }
    const sample zero(20, 0.0);
    CHECK(mend::wilcoxon_signed_rank(a, zero).p == std::pow(2.0, -19));
    // What DeepCrime's sample of such pairs states, to the last digit.
    CHECK(
        mend::wilcoxon_signed_rank(
            a, zero, {.method = wilcoxon_method::normal, .continuity = false}
        )
            .p == Approx(8.857457687863547e-05).epsilon(1e-13)
    );
}

TEST_CASE("wilcoxon_signed_rank: equal samples have p = 1, unpaired ones break the contract") {
    const sample a{1, 2, 3};
    CHECK(mend::wilcoxon_signed_rank(a, a).p == 1);
    CHECK(mend::wilcoxon_signed_rank(a, a, {.method = wilcoxon_method::normal}).p == 1);
    CHECK(mend::wilcoxon_signed_rank({}, {}).p == 1);
    CHECK_THROWS_AS(
        static_cast<void>(mend::wilcoxon_signed_rank(a, sample{1, 2})), mend::contract_violation
    );
    CHECK_THROWS_AS(
        static_cast<void>(mend::wilcoxon_signed_rank(a, sample{1, 2, std::nan("")})),
        mend::contract_violation
    );
}

} // namespace stats_wilcoxon_tests
