// SPDX-License-Identifier: MIT
/// The simplest linear classifier, to bound how easy generated images are.
#pragma once

#include <cstddef>
#include <limits>
#include <vector>

#include <mend/data/dataset.hpp>

/// Accuracy on the second half of the rows of the classifier that picks the nearest class mean of
/// the first half.
inline double centroid_accuracy(const mend::dataset& data) {
    const mend::samples& table = *data.pool;
    const auto width = static_cast<std::size_t>(table.sample.size());
    const auto classes = static_cast<std::size_t>(data.classes);
    const mend::index half = table.rows() / 2;
    std::vector<double> means(classes * width);
    std::vector<double> counts(classes);
    std::vector<float> row(width);
    const auto read = [&](mend::index i) {
        const mend::index chosen[] = {i};
        mend::gather_features(
            table, chosen, {row.data(), mend::shape{1, static_cast<mend::index>(width)}}
        );
        return static_cast<std::size_t>(table.labels[static_cast<std::size_t>(i)]);
    };
    for (mend::index i = 0; i < half; ++i) {
        const std::size_t label = read(i);
        counts[label] += 1;
        for (std::size_t c = 0; c < width; ++c) {
            means[label * width + c] += row[c];
        }
    }
    mend::index right = 0;
    for (mend::index i = half; i < table.rows(); ++i) {
        const std::size_t label = read(i);
        std::size_t nearest = classes;
        double least = std::numeric_limits<double>::infinity();
        for (std::size_t k = 0; k < classes; ++k) {
            double distance = 0;
            for (std::size_t c = 0; c < width; ++c) {
                const double off = row[c] - means[k * width + c] / counts[k];
                distance += off * off;
            }
            if (distance < least) {
                least = distance;
                nearest = k;
            }
        }
        right += nearest == label ? 1 : 0;
    }
    return static_cast<double>(right) / static_cast<double>(table.rows() - half);
}
