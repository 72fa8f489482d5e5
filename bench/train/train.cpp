// SPDX-License-Identifier: MIT
// Training throughput: items are samples. An epoch is 32 distinct batches of random data, so that
// only speed is measured; everything that a training does in an epoch is timed, shuffling,
// gathering, dropout and the update included. `/jobs:2` is two independent trainings at once.
#include <cstdint>
#include <ctime>
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
    std::int64_t epochs = 1;
    for (auto _ : state) {
        ++epochs;
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
        static_cast<std::int64_t>(state.iterations()) * jobs * parts.train.size()
    );
}

/// A probe whose own processor time is counted.
struct timed_probe {
    mend::probe inner;
    double seconds = 0;

    static double now() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

    void on_begin(mend::trainer& run) { inner.on_begin(run); }

    void on_step(const mend::step_view& step) { inner.on_step(step); }

    void on_epoch(const mend::epoch_record& epoch) {
        const double start = now();
        inner.on_epoch(epoch);
        seconds += now() - start;
    }
};

/// Three epochs of 32 steps and the check that falls on them; `share` is the check's part of the
/// processor time.
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

/// The product that the kernels are measured against; items are multiply-adds.
void gemm_peak(benchmark::State& state) {
    const mend::index n = state.range(0);
    const std::vector<float> a(static_cast<std::size_t>(n * n), 0.5F);
    const std::vector<float> b(static_cast<std::size_t>(n * n), 0.25F);
    std::vector<float> c(static_cast<std::size_t>(n * n));
    mend::arena memory;
    for (auto _ : state) {
        mend::product<float>(n, n, n, {a.data(), n}, {b.data(), n}, c.data(), n, false, memory);
        benchmark::DoNotOptimize(c.data());
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * n * n * n);
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
                ->MinTime(2)
                ->Unit(benchmark::kMillisecond);
        }
        benchmark::RegisterBenchmark(("probe_share/" + name).c_str(), probe_share, make)
            ->Unit(benchmark::kMillisecond);
    }
    benchmark::RegisterBenchmark("gemm_peak", gemm_peak)->Arg(768)->Unit(benchmark::kMillisecond);
    benchmark::Initialize(&count, words);
    if (benchmark::ReportUnrecognizedArguments(count, words)) {
        return 2;
    }
    benchmark::RunSpecifiedBenchmarks();
}
