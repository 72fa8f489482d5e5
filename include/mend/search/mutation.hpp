// SPDX-License-Identifier: MIT
/// How genetic and evolutionary searches mutate: policies.
#pragma once

#include <cmath>
#include <cstddef>
#include <vector>

#include <mend/core/random.hpp>
#include <mend/search/variation.hpp>
#include <mend/space/encoding.hpp>
#include <mend/space/neighbours.hpp>
#include <mend/space/parameter.hpp>
#include <mend/space/space.hpp>

namespace mend {

/// Changes the raw values of a point in place. NaN does not exist and stays; the result need not
/// keep the conditions.
template <class Mutation>
concept gene_mutation = requires(
    const Mutation mutate, const space& over, std::vector<double>& raw, random_stream& stream
) {
    mutate(over, raw, stream);
};

namespace detail {

/// Changes each existing value that has another with probability `rate` (0: one over their number),
/// and one at random where that chose none.
template <class Change>
void mutate_some(
    const space& over, std::vector<double>& raw, double rate, random_stream& stream, Change change
) {
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < raw.size(); ++i) {
        if (!std::isnan(raw[i]) && over.parameters()[i].low != over.parameters()[i].high) {
            open.push_back(i);
        }
    }
    const double each = rate > 0 ? rate : 1 / static_cast<double>(open.size());
    bool any = false;
    for (const std::size_t i : open) {
        if (stream.uniform() < each) {
            raw[i] = change(over.parameters()[i], raw[i]);
            any = true;
        }
    }
    if (!any && !open.empty()) {
        const std::size_t i = open[stream.below(open.size())];
        raw[i] = change(over.parameters()[i], raw[i]);
    }
}

} // namespace detail

/// Polynomial mutation (Deb, Goyal 1996) of reals, integers and ordinals in the unit interval; any
/// other value of unordered ones.
struct polynomial_mutation {
    double rate = 0; ///< of each existing value; 0: one over their number
    double eta = 20; ///< larger: shorter steps

    void operator()(const space& over, std::vector<double>& raw, random_stream& stream) const {
        detail::mutate_some(over, raw, rate, stream, [&](const parameter& p, double value) {
            return is_unordered(p)
                       ? neighbouring_value(p, value, 1, stream)
                       : from_unit(
                             p, mutate_polynomial(to_unit(p, value), stream.uniform(), eta, 0, 1)
                         );
        });
    }
};

/// A step as its kind takes it, see `neighbouring_value`: never to the same value.
struct kind_mutation {
    double rate = 0;     ///< of each existing value; 0: one over their number
    double spread = 0.1; ///< standard deviation of numeric steps in the unit interval

    void operator()(const space& over, std::vector<double>& raw, random_stream& stream) const {
        detail::mutate_some(over, raw, rate, stream, [&](const parameter& p, double value) {
            return neighbouring_value(p, value, spread, stream);
        });
    }
};

static_assert(gene_mutation<polynomial_mutation> && gene_mutation<kind_mutation>);

} // namespace mend
