// SPDX-License-Identifier: MIT
// Accuracies of an oscillating training that the authors of AutoTrainer published with their tool
// (two blobs' demo, epochs 0 to 60), of 700 rows to train on and 300 to validate on.
#pragma once

#include <vector>

namespace mend::test {

inline std::vector<double> shares(std::vector<double> counts, double of) {
    for (double& c : counts) {
        c /= of;
    }
    return counts;
}

inline const std::vector<double>& published_train_accuracy() {
    static const std::vector<double> all = shares(
        {367, 338, 345, 340, 350, 429, 373, 375, 419, 354, 355, 418, 368, 390, 427, 398,
         425, 399, 353, 359, 358, 386, 388, 384, 393, 419, 371, 376, 413, 368, 402, 430,
         409, 381, 338, 327, 342, 355, 345, 382, 368, 392, 377, 366, 370, 427, 340, 346,
         340, 352, 343, 335, 329, 358, 354, 347, 364, 429, 416, 394, 407},
        700
    );
    return all;
}

inline const std::vector<double>& published_validation_accuracy() {
    static const std::vector<double> all = shares(
        {174, 166, 164, 181, 206, 182, 170, 201, 150, 139, 149, 156, 202, 218, 179, 183,
         174, 111, 188, 154, 175, 173, 211, 187, 164, 182, 200, 148, 188, 175, 213, 191,
         174, 146, 185, 144, 135, 157, 147, 156, 154, 139, 148, 143, 177, 195, 146, 176,
         183, 176, 138, 153, 167, 142, 171, 145, 159, 227, 147, 169, 183},
        300
    );
    return all;
}

} // namespace mend::test
