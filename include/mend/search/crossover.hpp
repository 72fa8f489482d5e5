// SPDX-License-Identifier: MIT
/// How a genetic search crosses two parents: policies.
#pragma once

#include <cmath>
#include <concepts>
#include <cstddef>
#include <vector>

#include <mend/core/random.hpp>
#include <mend/search/variation.hpp>
#include <mend/space/encoding.hpp>
#include <mend/space/parameter.hpp>
#include <mend/space/space.hpp>

namespace mend {

/// Makes a child's raw values from those of two points. A value that is NaN does not exist in that
/// parent; NaN in the child is open. The child need not keep the conditions.
template <class Crossover>
concept gene_crossover = requires(
    const Crossover cross,
    const space& over,
    const std::vector<double>& a,
    const std::vector<double>& b,
    random_stream& stream
) {
    { cross(over, a, b, stream) } -> std::same_as<std::vector<double>>;
};

/// Each value from the second parent with probability `share`, else from the first; one that exists
/// in one of them alone from there.
struct uniform_crossover {
    double share = 0.5;

    [[nodiscard]] std::vector<double> operator()(
        const space&,
        const std::vector<double>& a,
        const std::vector<double>& b,
        random_stream& stream
    ) const {
        std::vector<double> child = a;
        for (std::size_t i = 0; i < child.size(); ++i) {
            const bool other = stream.uniform() < share;
            child[i] = std::isnan(a[i]) || (other && !std::isnan(b[i])) ? b[i] : a[i];
        }
        return child;
    }
};

/// Simulated binary crossover (Deb, Agrawal 1995) of reals, integers and ordinals in the unit
/// interval, each with probability 1/2 and one of both children; unordered values uniformly.
struct simulated_binary_crossover {
    double eta = 15; ///< larger: nearer to the parents

    [[nodiscard]] std::vector<double> operator()(
        const space& over,
        const std::vector<double>& a,
        const std::vector<double>& b,
        random_stream& stream
    ) const {
        std::vector<double> child = uniform_crossover{}(over, a, b, stream);
        for (std::size_t i = 0; i < child.size(); ++i) {
            const parameter& p = over.parameters()[i];
            const bool crossed = stream.uniform() < 0.5;
            const double u = stream.uniform();
            const bool second = stream.uniform() < 0.5;
            if (crossed && !is_unordered(p) && !std::isnan(a[i]) && !std::isnan(b[i])) {
                const auto both =
                    cross_simulated_binary(to_unit(p, a[i]), to_unit(p, b[i]), u, eta, 0, 1);
                child[i] = from_unit(p, second ? both.second : both.first);
            }
        }
        return child;
    }
};

static_assert(gene_crossover<uniform_crossover> && gene_crossover<simulated_binary_crossover>);

} // namespace mend
