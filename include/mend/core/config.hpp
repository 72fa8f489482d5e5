// SPDX-License-Identifier: MIT
/// Version, build information and the contract check of mend.
#pragma once

#include <cstdio>
#include <stdexcept>
#include <string_view>

namespace mend {

/// The semantic version of the library; the one place that states it.
inline constexpr std::string_view version = "0.1.0";

/// Thrown by MEND_EXPECTS: the caller broke a documented precondition.
struct contract_violation : std::logic_error {
    using std::logic_error::logic_error;
};

/// How the including program was compiled, as far as speed is concerned.
struct build_info {
    bool optimised; ///< the compiler optimises
    std::string_view
        vectors; ///< widest vector unit in use: "avx512", "avx2", "sse2", "neon", "none"
};

[[nodiscard]] constexpr build_info this_build() noexcept {
#if defined(__OPTIMIZE__) || (defined(_MSC_VER) && defined(NDEBUG))
    constexpr bool optimised = true;
#else
    constexpr bool optimised = false;
#endif
#if defined(__AVX512F__)
    return {optimised, "avx512"};
#elif defined(__AVX2__)
    return {optimised, "avx2"};
#elif defined(__SSE2__)
    return {optimised, "sse2"};
#elif defined(__ARM_NEON)
    return {optimised, "neon"};
#else
    return {optimised, "none"};
#endif
}

/// Says once per process, on stderr, when the program was compiled without optimisation: training
/// is then some thirty times slower than it has to be. Costs one test of a flag afterwards.
inline void warn_if_not_optimised() {
    static const bool said = [] {
        if constexpr (!this_build().optimised) {
            std::fputs(
                "mend: compiled without optimisation, training will be slow (use -O2)\n", stderr
            );
        }
        return true;
    }();
    static_cast<void>(said);
}

namespace detail {

/// Out of line, so that a check costs its caller a comparison and a call.
[[noreturn, gnu::cold, gnu::noinline]] inline void broken_contract(const char* what) {
    throw contract_violation(what);
}

} // namespace detail

} // namespace mend

/// Checks a precondition that the caller must keep; throws mend::contract_violation where it is
/// broken.
#define MEND_EXPECTS(condition, why)                                                               \
    ((condition) ? static_cast<void>(0)                                                            \
                 : ::mend::detail::broken_contract("broken contract: " #condition ": " why))
