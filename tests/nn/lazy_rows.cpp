// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <mend/core/random.hpp>
#include <mend/nn/dense.hpp>
#include <mend/nn/loss.hpp>
#include <mend/nn/optimizer.hpp>

namespace nn_lazy_rows_tests {

namespace {

using mend::index;

constexpr index width = 40;
constexpr index batch = 4;

/// Bags of words of which some are common, some rare, and one never comes up.
template <class Scalar>
struct bags {
    std::vector<std::int32_t> columns, starts, rows;
    std::vector<Scalar> values;
    mend::tensor<Scalar> dense{mend::shape{batch, width}};
    mend::sparse_view<Scalar> view;

    explicit bags(std::uint64_t step) {
        mend::random_stream random(1, step, mend::purpose::generator);
        for (index c = 0; c < width; ++c) {
            const auto first = static_cast<std::int32_t>(rows.size());
            for (index r = 0; r < batch && c > 0; ++r) {
                if (random.uniform() < 0.6 / static_cast<double>(c)) {
                    rows.push_back(static_cast<std::int32_t>(r));
                    values.push_back(static_cast<Scalar>(random.uniform(0.5, 1.5)));
                    dense[r * width + c] = values.back();
                }
            }
            if (static_cast<std::int32_t>(rows.size()) > first) {
                columns.push_back(static_cast<std::int32_t>(c));
                starts.push_back(first);
            }
        }
        starts.push_back(static_cast<std::int32_t>(rows.size()));
        view = {batch, width, columns, starts, rows.data(), values.data()};
    }
};

template <class Scalar>
mend::network<Scalar> small_network() {
    std::vector<mend::any_layer<Scalar>> layers{
        mend::dense{{.units = 19, .activation = mend::activation::tanh}},
        mend::dense{{.units = 3, .activation = mend::activation::softmax}}};
    mend::network<Scalar> net(mend::shape{width}, std::move(layers));
    net.initialise(3);
    return net;
}

/// Weights after some steps, with the kernel's gradient as factors or as numbers.
template <class Scalar>
class training {
public:
    training(const mend::optimizer_options& options, bool lazy)
        : lazy_(lazy)
        , rule_(options, net_) {
        slopes_.keeps_factors = lazy && rule_.postpone(net_);
    }

    [[nodiscard]] bool postpones() const { return slopes_.keeps_factors; }

    void step(std::uint64_t number) {
        const bags<Scalar> x(number);
        std::vector<int> labels;
        for (index r = 0; r < batch; ++r) {
            labels.push_back(static_cast<int>((r + static_cast<index>(number)) % 3));
        }
        tape_.rewind();
        if (lazy_) {
            rule_.catch_up(net_, x.view);
        }
        const mend::variable y = lazy_ ? net_.forward(tape_, x.view, {.training = true}, &slopes_)
                                       : net_.forward(tape_, x.dense, {.training = true}, &slopes_);
        tape_.backward(mend::loss<Scalar>(
            tape_,
            y,
            {mend::loss_kind::sparse_categorical_crossentropy},
            {.labels = std::span(std::as_const(labels))}
        ));
        rule_.step(net_, slopes_);
    }

    [[nodiscard]] std::vector<Scalar> peek() const {
        std::vector<Scalar> weights(net_.values().size());
        rule_.copy_weights(net_, weights);
        return weights;
    }

    const std::vector<Scalar> settled() {
        rule_.settle(net_);
        return {net_.values().begin(), net_.values().end()};
    }

private:
    bool lazy_;
    mend::network<Scalar> net_ = small_network<Scalar>();
    mend::gradients<Scalar> slopes_ = net_.make_gradients();
    mend::optimizer<Scalar> rule_;
    mend::tape<Scalar> tape_;
};

/// The largest difference, in units of a share of what the golden trainings allow.
template <class Scalar>
double difference(const std::vector<Scalar>& a, const std::vector<Scalar>& b, double share) {
    REQUIRE(a.size() == b.size());
    double most = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const auto right = static_cast<double>(b[i]);
        most = std::max(
            most,
            std::abs(static_cast<double>(a[i]) - right) / share / (1e-5 + 1e-4 * std::abs(right))
        );
    }
    return most;
}

const std::vector<std::pair<std::string, mend::optimizer_kind>> kinds{
    {"sgd", mend::sgd{0.1}},
    {"momentum", mend::sgd{0.1, 0.9}},
    {"nesterov", mend::sgd{0.1, 0.9, true}},
    {"rmsprop", mend::rmsprop{0.01}},
    {"rmsprop outside", mend::rmsprop{.learning_rate = 0.01, .epsilon_inside_root = false}},
    {"rmsprop momentum", mend::rmsprop{0.01, 0.9, 0.8}},
    {"rmsprop centered", mend::rmsprop{.learning_rate = 0.01, .momentum = 0.5, .centered = true}},
    {"adam", mend::adam{0.01}},
    {"adam large epsilon", mend::adam{.learning_rate = 0.01, .epsilon = 0.1}},
    {"adadelta", mend::adadelta{1.0}},
    {"adagrad", mend::adagrad{0.1}},
};

} // namespace

TEST_CASE_TEMPLATE(
    "lazy_rows: settled weights are those of the dense path", Scalar, float, double
) {
    // The series of Adam is cut where float rounds.
    const double share = sizeof(Scalar) == 4 ? 1 : 1e-3;
    for (const auto& [name, kind] : kinds) {
        CAPTURE(name);
        for (const double decay : {0.0, 0.02}) {
            const mend::optimizer_options options{.kind = kind, .decay = decay};
            training<Scalar> dense(options, false);
            training<Scalar> lazy(options, true);
            REQUIRE(lazy.postpones());
            for (std::uint64_t step = 0; step < 70; ++step) {
                dense.step(step);
                lazy.step(step);
                if (step % 30 == 20) { // in the middle, and not always
                    CHECK(difference(lazy.peek(), dense.settled(), share) < 1);
                    CHECK(difference(lazy.settled(), dense.settled(), share) < 1);
                }
            }
            CHECK(difference(lazy.settled(), dense.settled(), share) < 1);
        }
    }
}

TEST_CASE("lazy_rows: to look at the weights changes nothing, and is what settling gives") {
    training<float> looked({mend::adam{0.01}}, true);
    training<float> alone({mend::adam{0.01}}, true);
    for (std::uint64_t step = 0; step < 20; ++step) {
        looked.step(step);
        alone.step(step);
        static_cast<void>(looked.peek());
    }
    const std::vector<float> seen = looked.peek();
    CHECK(looked.settled() == alone.settled());
    CHECK(seen == looked.settled());
}

TEST_CASE("lazy_rows: more steps than are remembered settle on the way") {
    training<float> dense({mend::adam{1e-3}}, false);
    training<float> lazy({mend::adam{1e-3}}, true);
    for (std::uint64_t step = 0; step < 4200; ++step) {
        dense.step(step % 7);
        lazy.step(step % 7);
    }
    CHECK(difference(lazy.settled(), dense.settled(), 10) < 1);
}

TEST_CASE("lazy_rows: only where it is exact") {
    const auto postpones = [](const mend::optimizer_options& options) {
        return training<float>(options, true).postpones();
    };
    CHECK_FALSE(postpones({mend::adam{.amsgrad = true}}));
    CHECK_FALSE(postpones({mend::adam{.beta_1 = 0.99, .beta_2 = 0.9}}));
    CHECK_FALSE(postpones({mend::adam{.beta_2 = 0.99}}));
    CHECK_FALSE(postpones({mend::adam{.epsilon = 0}}));
    // 0 / 0 where a row has never been touched.
    CHECK_FALSE(postpones({mend::rmsprop{.epsilon = 0}}));
    CHECK_FALSE(postpones({mend::rmsprop{.momentum = 0.9, .epsilon = 0}}));
    CHECK_FALSE(postpones({mend::adadelta{.epsilon = 0}}));
    CHECK_FALSE(postpones({mend::adagrad{.initial_accumulator = 0, .epsilon = 0}}));
    CHECK(postpones({mend::adagrad{.epsilon = 0}}));
    CHECK_FALSE(postpones({.kind = mend::adam{}, .clip_norm = 1}));
    CHECK_FALSE(postpones({.kind = mend::sgd{}, .global_clip_norm = 1}));
}

} // namespace nn_lazy_rows_tests
