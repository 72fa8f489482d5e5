// SPDX-License-Identifier: MIT
// Training throughput: items are samples. An epoch is 32 distinct batches of random data, so that
// only speed is measured; everything that a training does in an epoch is timed, shuffling,
// gathering, dropout and the update included, and so are the updates that an optimizer has
// postponed: they are done by the end of each epoch. `/jobs:2` is two independent trainings at
// once. `gemm_peak` is what products on one core can do: by mend's product or Eigen's, the faster.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <ctime>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

#include <mend/core/random.hpp>
#include <mend/data/dataset.hpp>
#include <mend/data/split.hpp>
#include <mend/spec/problem.hpp>
#include <mend/tensor/arena.hpp>
#include <mend/tensor/product.hpp>
#include <mend/train/probe.hpp>
#include <mend/train/trainer.hpp>

#include "eigen_product.hpp"

namespace {

struct network_case {
    mend::problem problem;
    std::int64_t classes;
    bool bags = false; ///< binary bags of words, 0.7 % ones
};

mend::layer_spec dense(std::int64_t units, const char* activation) {
    return {mend::dense_spec{.units = units, .activation = activation}};
}

mend::layer_spec conv(std::int64_t filters, const char* padding) {
    return {mend::conv2d_spec{.filters = filters, .padding = padding, .activation = "relu"}};
}

mend::layer_spec dropout(double rate) { return {mend::dropout_spec{.rate = rate}}; }

mend::layer_spec pool() { return {mend::max_pooling2d_spec{}}; }

network_case make_case(
    mend::dimensions input,
    std::vector<mend::layer_spec> layers,
    std::int64_t classes,
    std::int64_t batch,
    mend::optimizer_spec_kind optimizer
) {
    network_case made;
    made.problem.model.input_shape = std::move(input);
    made.problem.model.layers = std::move(layers);
    made.problem.compile.optimizer.kind = optimizer;
    made.problem.compile.loss.name = "sparse_categorical_crossentropy";
    made.problem.fit.batch_size = batch;
    made.classes = classes;
    return made;
}

network_case tiny() {
    return make_case(
        {2}, {dense(16, "relu"), dense(16, "relu"), dense(2, "softmax")}, 2, 32, mend::adam_spec{}
    );
}

network_case mlp() {
    return make_case(
        {1000}, {dense(512, "relu"), dropout(0.5), dense(46, "softmax")}, 46, 32, mend::adam_spec{}
    );
}

network_case reuters_mlp() {
    network_case made = make_case(
        {10000}, {dense(512, "relu"), dropout(0.5), dense(46, "softmax")}, 46, 32, mend::adam_spec{}
    );
    made.bags = true;
    return made;
}

network_case mnist_cnn() {
    return make_case(
        {28, 28, 1},
        {conv(32, "valid"),
         conv(64, "valid"),
         pool(),
         dropout(0.25),
         {mend::flatten_spec{}},
         dense(128, "relu"),
         dropout(0.5),
         dense(10, "softmax")},
        10,
        128,
        mend::adadelta_spec{.learning_rate = 1.0}
    );
}

network_case cifar_cnn() {
    return make_case(
        {32, 32, 3},
        {conv(32, "same"),
         conv(32, "valid"),
         pool(),
         dropout(0.25),
         conv(64, "same"),
         conv(64, "valid"),
         pool(),
         dropout(0.25),
         {mend::flatten_spec{}},
         dense(512, "relu"),
         dropout(0.5),
         dense(10, "softmax")},
        10,
        64,
        mend::adam_spec{}
    );
}

mend::dataset random_data(const network_case& of) {
    const std::int64_t rows = 32 * of.problem.fit.batch_size;
    mend::random_stream random(1, 0, mend::purpose::generator);
    auto table = std::make_shared<mend::samples>();
    for (const std::int64_t extent : of.problem.model.input_shape) {
        table->sample.push_back(extent);
    }
    const mend::index width = table->sample.size();
    for (std::int64_t r = 0; r < rows && of.bags; ++r) {
        for (mend::index c = 0; c < width; ++c) {
            if (random.uniform() < 0.007) {
                table->sparse.columns.push_back(static_cast<std::int32_t>(c));
                table->sparse.values.push_back(1.0F);
            }
        }
        table->sparse.end_row();
    }
    if (!of.bags) {
        table->dense = mend::tensor<float>(table->sample.batch(rows));
        for (float& v : table->dense.flat()) {
            v = static_cast<float>(random.normal());
        }
    }
    for (std::int64_t r = 0; r < rows; ++r) {
        table->labels.push_back(static_cast<int>(random.below(static_cast<std::uint64_t>(of.classes)
        )));
    }
    mend::dataset data;
    data.name = "random";
    data.classes = static_cast<int>(of.classes);
    data.train = table;
    return data;
}

double seconds_of(const std::function<void()>& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void train_step(benchmark::State& state, network_case (*make)(), int jobs) {
    const network_case of = make();
    const mend::dataset data = random_data(of);
    mend::data_parts parts;
    parts.train = mend::data_part(data.train);
    const mend::score_rule rule{mend::score_kind::accuracy};
    std::vector<std::unique_ptr<mend::trainer>> runs;
    for (int j = 0; j < jobs; ++j) {
        runs.push_back(std::make_unique<mend::trainer>(
            of.problem,
            data,
            parts,
            rule,
            mend::train_options{.seed = static_cast<std::uint64_t>(j)}
        ));
        runs.back()->run(1); // the first epoch allocates
    }
    // An iteration is as many epochs as take a tenth of a second, so that starting threads does not
    // count.
    std::int64_t epochs = 2;
    double epoch = 0; // each is to have done as many, so that the threads have the same to do
    for (const auto& run : runs) {
        epoch = seconds_of([&] { run->run(epochs); });
    }
    const std::int64_t block = std::max<std::int64_t>(static_cast<std::int64_t>(0.1 / epoch), 1);
    for (auto _ : state) {
        epochs += block;
        std::vector<std::thread> others;
        for (int j = 1; j < jobs; ++j) {
            others.emplace_back([&, j] { runs[static_cast<std::size_t>(j)]->run(epochs); });
        }
        runs[0]->run(epochs);
        for (std::thread& other : others) {
            other.join();
        }
    }
    state.SetItemsProcessed(
        static_cast<std::int64_t>(state.iterations()) * block * jobs * parts.train.size()
    );
}

/// A probe whose own processor time is counted.
struct timed_probe {
    mend::probe inner;
    double seconds = 0;

    static double now() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

    void on_begin(mend::trainer& run) { inner.on_begin(run); }

    void on_step(const mend::step_view& step) {
        timed([&] { inner.on_step(step); });
    }

    void on_epoch(const mend::epoch_record& epoch) {
        timed([&] { inner.on_epoch(epoch); });
    }

private:
    void timed(const auto& work) {
        const double start = now();
        work();
        seconds += now() - start;
    }
};

/// Three epochs of 32 steps and the check that falls on them; `share` is the probe's part of the
/// processor time, reading the clock at each step included.
void probe_share(benchmark::State& state, network_case (*make)()) {
    const network_case of = make();
    const mend::dataset data = random_data(of);
    mend::data_parts parts;
    parts.train = mend::data_part(data.train);
    mend::trainer run(of.problem, data, parts, {mend::score_kind::accuracy});
    timed_probe watch{mend::probe(of.problem)};
    std::int64_t epochs = 3;
    run.run(epochs, watch); // allocates
    watch.seconds = 0;
    const double start = timed_probe::now();
    for (auto _ : state) {
        epochs += 3;
        run.run(epochs, watch);
    }
    state.counters["share"] = watch.seconds / (timed_probe::now() - start);
}

/// Square products of 768 x 768; items are multiply-adds.
class square_product {
public:
    void by_mend() {
        mend::product<float>(
            size, size, size, {a_.data(), size}, {b_.data(), size}, c_.data(), size, false, memory_
        );
        benchmark::DoNotOptimize(c_.data());
    }

    void by_eigen() {
        eigen_product(size, a_.data(), b_.data(), c_.data());
        benchmark::DoNotOptimize(c_.data());
    }

    static constexpr mend::index size = 768;

private:
    std::vector<float> a_ = std::vector<float>(size * size, 0.5F);
    std::vector<float> b_ = std::vector<float>(size * size, 0.25F);
    std::vector<float> c_ = std::vector<float>(size * size);
    mend::arena memory_;
};

void gemm(benchmark::State& state, void (square_product::*multiply)()) {
    square_product of;
    for (auto _ : state) {
        (of.*multiply)();
    }
    constexpr std::int64_t n = square_product::size;
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * n * n * n);
}

/// The better of the two.
void gemm_peak(benchmark::State& state) {
    square_product of;
    double best[2] = {1e9, 1e9};
    for (int i = 0; i < 20; ++i) {
        best[0] = std::min(best[0], seconds_of([&] { of.by_mend(); }));
        best[1] = std::min(best[1], seconds_of([&] { of.by_eigen(); }));
    }
    const bool ours = best[0] <= best[1];
    state.SetLabel(ours ? "mend" : "eigen");
    gemm(state, ours ? &square_product::by_mend : &square_product::by_eigen);
}

} // namespace

int main(int count, char** words) {
    const std::vector<std::pair<std::string, network_case (*)()>> cases{
        {"tiny", tiny},
        {"mlp", mlp},
        {"reuters_mlp", reuters_mlp},
        {"mnist_cnn", mnist_cnn},
        {"cifar_cnn", cifar_cnn}};
    for (const auto& [name, make] : cases) {
        for (const int jobs : {1, 2}) {
            const std::string full = "train_step/" + name + (jobs == 1 ? "" : "/jobs:2");
            benchmark::RegisterBenchmark(full.c_str(), train_step, make, jobs)
                ->UseRealTime()
                ->Unit(benchmark::kMillisecond);
        }
        benchmark::RegisterBenchmark(("probe_share/" + name).c_str(), probe_share, make)
            ->Unit(benchmark::kMillisecond);
    }
    benchmark::RegisterBenchmark("gemm_peak", gemm_peak)->Unit(benchmark::kMillisecond);
    benchmark::RegisterBenchmark("gemm/mend", gemm, &square_product::by_mend)
        ->Unit(benchmark::kMillisecond);
    benchmark::RegisterBenchmark("gemm/eigen", gemm, &square_product::by_eigen)
        ->Unit(benchmark::kMillisecond);
    benchmark::Initialize(&count, words);
    if (benchmark::ReportUnrecognizedArguments(count, words)) {
        return 2;
    }
    benchmark::RunSpecifiedBenchmarks();
}
