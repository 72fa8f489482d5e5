// SPDX-License-Identifier: MIT
// Trains a network that is built in C++, batch by batch: layers, tape, loss, optimizer.
#include <algorithm>
#include <iostream>

#include <mend/mend.hpp>

int main() {
    const mend::dataset moons = mend::make_moons({.n = 1000, .noise = 0.1, .seed = 1});
    const mend::data_parts parts = mend::split(moons, 0.2);

    mend::network<float> net(
        mend::shape{2},
        {mend::dense{{.units = 16, .activation = mend::activation::relu}},
         mend::dense{{.units = 2, .activation = mend::activation::softmax}}}
    );
    net.initialise(7);
    mend::optimizer<float> optimizer({.kind = mend::adam{.learning_rate = 0.01}}, net);
    mend::gradients<float> slopes = net.make_gradients();
    mend::tape<float> tape;

    mend::batches order(parts.train, 32);
    mend::tensor<float> x(mend::shape{32, 2});
    std::vector<int> y(32);
    double first = 0;
    double last = 0;
    for (std::uint64_t epoch = 0; epoch < 20; ++epoch) {
        order.shuffle(7, epoch);
        double sum = 0;
        for (mend::index b = 0; b < order.count(); ++b) {
            const auto rows = order[b];
            const auto count = static_cast<mend::index>(rows.size());
            mend::gather_features(order.source(), rows, x.view().slice(0, count));
            mend::gather_labels(order.source(), rows, std::span(y).first(rows.size()));
            tape.rewind(); // keeps its memory: no step after the first allocates
            const mend::variable output =
                net.forward(tape, x.view().slice(0, count), {.training = true}, &slopes);
            const mend::variable loss = mend::loss<float>(
                tape,
                output,
                {.kind = mend::loss_kind::sparse_categorical_crossentropy},
                {.labels = std::span(y).first(rows.size())}
            );
            tape.backward(loss);
            optimizer.step(net, slopes);
            sum += *tape.data(loss);
        }
        last = sum / static_cast<double>(order.count());
        first = epoch == 0 ? last : first;
    }
    std::cout << "parameters: " << net.parameter_count() << '\n'
              << "the loss fell by more than half: " << (last < first / 2 ? "yes" : "no") << '\n';
}
