// SPDX-License-Identifier: MIT
/// What the tests of layers share: inputs, and gradients through a whole network.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include <mend/core/random.hpp>
#include <mend/nn/loss.hpp>
#include <mend/nn/network.hpp>

template <class Scalar>
mend::tensor<Scalar> normal(const mend::shape& extents, std::uint64_t seed) {
    mend::tensor<Scalar> t(extents);
    mend::random_stream random(seed, 0, mend::purpose::generator);
    for (Scalar& v : t.flat()) {
        v = static_cast<Scalar>(random.normal());
    }
    return t;
}

/// Inference on all rows.
template <class Scalar>
mend::tensor<Scalar> predicted(
    const mend::network<Scalar>& net, const mend::tensor<Scalar>& x, mend::index batch = 256
) {
    mend::tape<Scalar> tape;
    mend::tensor<Scalar> y;
    net.predict(tape, x, y, batch);
    return y;
}

/// The largest error of the gradients of all trainable weights of a network in training mode, for
/// the mean squared error (or another loss) against fixed targets, by central differences.
inline double network_gradient_error(
    mend::network<double> net,
    const mend::tensor<double>& x,
    const mend::loss_options& options = {},
    bool label_targets = false
) {
    const mend::shape out = net.output().batch(x.rows());
    mend::tensor<double> targets = normal<double>(out, 99);
    std::vector<std::int32_t> labels;
    for (mend::index r = 0; r < x.rows(); ++r) {
        labels.push_back(static_cast<std::int32_t>(r % out[out.rank() - 1]));
    }
    mend::tape<double> tape;
    mend::gradients<double> found = net.make_gradients();
    const auto value = [&](mend::gradients<double>* into) {
        tape.rewind();
        const mend::variable y = net.forward(tape, x, {.training = true, .seed = 3}, into);
        mend::target_batch<double> target;
        if (label_targets) {
            target.labels = labels;
        } else {
            target.dense = std::as_const(targets).view();
        }
        const mend::variable total = with_penalties(tape, loss(tape, y, options, target));
        if (into != nullptr) {
            tape.backward(total);
        }
        return *tape.data(total);
    };
    value(&found);
    double worst = 0;
    for (const mend::parameter_info& p : net.parameters()) {
        for (mend::index i = 0; i < p.extents.size(); ++i) {
            double& w = net.value(p)[i];
            const double kept = w;
            w = kept + 1e-5;
            const double up = value(nullptr);
            w = kept - 1e-5;
            const double down = value(nullptr);
            w = kept;
            const double numeric = p.trainable ? (up - down) / 2e-5 : 0.0;
            worst = std::max(worst, std::abs(numeric - found.of(p)[i]));
        }
    }
    return worst;
}
