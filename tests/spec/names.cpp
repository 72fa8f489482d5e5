// SPDX-License-Identifier: MIT
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <mend/spec/names.hpp>

namespace spec_names_tests {

using namespace mend;

TEST_CASE("names: every spelling of Keras and TensorFlow.js has one canonical name") {
    using pair = std::pair<std::string, std::string>;
    for (const pair& known : std::vector<pair>{
             {"GlorotUniform", "glorot_uniform"},
             {"glorotUniform", "glorot_uniform"},
             {"glorot_uniform", "glorot_uniform"},
             {"normal", "random_normal"},
             {"RandomNormal", "random_normal"},
             {"uniform", "random_uniform"},
             {"zero", "zeros"},
             {"Zeros", "zeros"},
             {"OrthogonalInitializer", "orthogonal"},
             {"LecunNormal", "lecun_normal"}}) {
        CAPTURE(known.first);
        CHECK(initializer_name(known.first) == known.second);
    }
    for (const pair& known : std::vector<pair>{
             {"mse", "mean_squared_error"},
             {"MSE", "mean_squared_error"},
             {"MeanSquaredError", "mean_squared_error"},
             {"meanSquaredError", "mean_squared_error"},
             {"mae", "mean_absolute_error"},
             {"kld", "kullback_leibler_divergence"},
             {"KLDivergence", "kullback_leibler_divergence"},
             {"kl_divergence", "kullback_leibler_divergence"},
             {"log_cosh", "logcosh"},
             {"cosine_proximity", "cosine_similarity"},
             {"SparseCategoricalCrossentropy", "sparse_categorical_crossentropy"}}) {
        CAPTURE(known.first);
        CHECK(loss_name(known.first) == known.second);
    }
    CHECK(metric_name("acc") == "accuracy");
    CHECK(metric_name("MSE") == "mean_squared_error");
    CHECK(activation_name("silu") == "swish");
    CHECK(activation_name("hardSigmoid") == "hard_sigmoid");
}

TEST_CASE("names: what mend does not know has no name") {
    for (const char* word : {"", " ", "rel", "relu ", "re-lu", "relus", "silu swish", "_"}) {
        CAPTURE(word);
        CHECK(activation_name(word).empty());
    }
    CHECK(loss_name("accuracy").empty());
    CHECK(initializer_name("glorot").empty());
}

TEST_CASE("names: a class is named after its function") {
    CHECK(class_name_of("glorot_uniform") == "GlorotUniform");
    CHECK(class_name_of("zeros") == "Zeros");
    CHECK(class_name_of("sparse_categorical_crossentropy") == "SparseCategoricalCrossentropy");
}

} // namespace spec_names_tests
