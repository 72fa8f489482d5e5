// SPDX-License-Identifier: MIT
// Repairs a broken problem: a classifier of blobs whose learning rate is far too large.
#include <iostream>

#include <mend/io.hpp>
#include <mend/mend.hpp>

constexpr const char* broken_json = R"({
  "model": {"class_name": "Sequential", "config": {"layers": [
    {"class_name": "Dense", "config": {"units": 16, "activation": "relu", "batch_input_shape": [null, 2]}},
    {"class_name": "Dense", "config": {"units": 3, "activation": "softmax"}}]}},
  "compile": {"optimizer": {"class_name": "SGD", "config": {"learning_rate": 1000.0}},
              "loss": "categorical_crossentropy", "metrics": ["accuracy"]},
  "fit": {"batch_size": 32, "epochs": 5}})";

int main() {
    const mend::problem broken = mend::parse_problem(broken_json, "broken");
    const mend::dataset data = mend::read_dataset("blobs?n=600");

    const mend::repair_result fixed = mend::repair(
        broken, data, mend::random_search{}, {.budget = mend::trainings(20), .seed = 7}
    );
    std::cout << "verdict: " << mend::to_text(fixed.comparison.verdict) << '\n'
              << "the patch gives the repaired problem: "
              << (mend::apply(broken, fixed.patch) == fixed.fixed ? "yes" : "no") << '\n';
}
