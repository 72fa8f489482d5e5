// SPDX-License-Identifier: MIT
/// The parts of a dataset as an npz file, for other programs to train on the same rows.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <mend/data/dataset.hpp>
#include <mend/data/samples.hpp>
#include <mend/data/split.hpp>
#include <mend/io/labels.hpp>
#include <mend/io/npz.hpp>
#include <mend/tensor/tensor.hpp>

namespace mend {

/// Writes `x_train`, `y_train`, `x_val`, `y_val`, `x_test`, `y_test`, and `sample_weight_train` ...
/// where rows have weights; a part without rows is left out. Labels are whole numbers from 0, or
/// one-hot rows where one column would not be read as the same classes. `read_npz_dataset` gives
/// the parts back; names of classes are lost. Sparse rows are written in full. Throws file_error.
inline void write_parts(const std::string& path, const data_parts& parts, int classes) {
    const std::array<std::pair<const char*, const data_part*>, 3> all{
        {{"_train", &parts.train}, {"_val", &parts.validation}, {"_test", &parts.test}}};
    std::vector<named_array> features;
    std::vector<named_array> answers;
    std::vector<named_array> weights;
    for (const auto& [ending, part] : all) {
        if (part->empty()) {
            continue;
        }
        const samples& table = *part->source;
        tensor<float> x;
        x.resize(table.sample.batch(part->size()));
        gather_features(table, part->rows, x.view());
        features.push_back({std::string("x") + ending, std::move(x)});
        const index width = classes > 0 ? 1 : table.targets.row_size();
        tensor<float> y;
        y.resize(width == 1 ? shape{part->size()} : shape{part->size(), width});
        std::vector<float> counts;
        for (index i = 0; i < part->size(); ++i) {
            const index row = part->rows[static_cast<std::size_t>(i)];
            for (index j = 0; j < width; ++j) {
                y.data()[i * width + j] = classes > 0 ? static_cast<float>(part->label(i))
                                                      : table.targets.data()[row * width + j];
            }
            if (!table.weights.empty()) {
                counts.push_back(table.weights[static_cast<std::size_t>(row)]);
            }
        }
        answers.push_back({std::string("y") + ending, std::move(y)});
        if (!counts.empty()) {
            tensor<float> w;
            w.resize(shape{part->size()});
            std::copy(counts.begin(), counts.end(), w.data());
            weights.push_back({std::string("sample_weight") + ending, std::move(w)});
        }
    }
    std::vector<const tensor<float>*> columns;
    for (const named_array& a : answers) {
        columns.push_back(&a.values);
    }
    const bool plain = find_label_rule(columns, target_kind::automatic, path).classes == classes;
    if (classes > 1 && !plain) {
        for (named_array& a : answers) {
            tensor<float> rows(shape{a.values.size(), classes});
            for (index i = 0; i < a.values.size(); ++i) {
                rows.data()[i * classes + static_cast<index>(a.values.data()[i])] = 1;
            }
            a.values = std::move(rows);
        }
    }
    for (auto* more : {&answers, &weights}) {
        for (named_array& a : *more) {
            features.push_back(std::move(a));
        }
    }
    write_npz(path, features);
}

} // namespace mend
