// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <mend/nn/loss_options.hpp>

namespace nn_loss_options_tests {

using mend::loss_kind;

TEST_CASE("loss: Keras' names") {
    CHECK(mend::find_loss("mse") == loss_kind::mean_squared_error);
    CHECK(mend::find_loss("MeanSquaredError") == loss_kind::mean_squared_error);
    CHECK(mend::find_loss("logcosh") == mend::find_loss("log_cosh"));
    CHECK(mend::find_loss("kullback_leibler_divergence") == mend::find_loss("KLDivergence"));
    CHECK(mend::find_loss("cosine_proximity") == loss_kind::cosine_similarity);
    CHECK_FALSE(mend::find_loss("crossentropy").has_value());
}

} // namespace nn_loss_options_tests
