// SPDX-License-Identifier: MIT
#include <cstdint>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <mend/nn/layer.hpp>

namespace nn_layer_tests {

namespace {

using mend::pass;
using mend::shape;
using mend::variable;

/// Doubles its input; written as a user would.
struct twice {
    shape output(const shape& sample) const { return sample; }

    std::vector<mend::parameter_spec> parameters(const shape&) const { return {}; }

    template <class Scalar>
    variable forward(pass<Scalar>& p, variable x) const {
        const shape extents = p.tape.extents(x);
        Scalar* const y = p.tape.allocate(extents.size());
        for (mend::index i = 0; i < extents.size(); ++i) {
            y[i] = 2 * p.tape.data(x)[i];
        }
        return p.tape.record(
            y,
            extents,
            mend::operation::other,
            {x},
            [x](mend::tape<Scalar>& t, variable self) {
                for (Scalar& g : t.gradient(self).flat()) {
                    g *= 2;
                }
                t.hand_over(x, t.gradient(self).data());
            }
        );
    }
};

struct without_forward {
    shape output(const shape& sample) const { return sample; }

    std::vector<mend::parameter_spec> parameters(const shape&) const { return {}; }
};

struct wrong_result {
    shape output(const shape& sample) const { return sample; }

    std::vector<mend::parameter_spec> parameters(const shape&) const { return {}; }

    template <class Scalar>
    int forward(pass<Scalar>&, variable) const {
        return 0;
    }
};

static_assert(mend::layer<twice, float>);
static_assert(mend::layer<twice, double>);
static_assert(!mend::layer<without_forward, float>);
static_assert(!mend::layer<wrong_result, float>);
static_assert(!mend::layer<int, float>);

} // namespace

TEST_CASE("layer: any type that models the concept becomes an any_layer") {
    const mend::any_layer<float> layer = twice{};
    const mend::any_layer<float> copy = layer; // NOLINT: copies are what is tested
    mend::tape<float> tape;
    const mend::tensor<float> x({2, 3}, 1.5F);
    pass<float> p{tape};
    const variable y = copy.forward(p, tape.constant(x.view()));
    CHECK(tape.value(y)[5] == 3.0F);
    CHECK(layer.output({3}) == shape{3});
    CHECK(layer.parameters({3}).empty());
    CHECK_FALSE(layer.adapts());
}

TEST_CASE("layer: the random numbers of a pass differ by step and layer") {
    mend::tape<float> tape;
    const auto first = [&](std::uint64_t step, std::uint64_t layer) {
        pass<float> p{tape};
        p.seed = 5;
        p.step = step;
        p.layer = layer;
        return p.random()();
    };
    CHECK(first(1, 2) == first(1, 2));
    CHECK(first(1, 2) != first(2, 2));
    CHECK(first(1, 2) != first(1, 3));
}

} // namespace nn_layer_tests
