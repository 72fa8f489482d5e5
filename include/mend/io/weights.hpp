// SPDX-License-Identifier: MIT
/// Weights of a network as npz files.
///
/// One array for each weight, in the order of Keras' get_weights(): layer by layer, trainable ones
/// first. Names count layers from 0: `layers[2].kernel`. NumPy reads them:
/// `f = numpy.load("w.npz"); model.set_weights([f[k] for k in f.files])`.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <mend/core/config.hpp>
#include <mend/core/error.hpp>
#include <mend/io/npz.hpp>
#include <mend/nn/network.hpp>
#include <mend/tensor/tensor.hpp>

namespace mend {

/// "layers[2].kernel".
[[nodiscard]] inline std::string weight_name(const parameter_info& p) {
    return "layers[" + std::to_string(p.layer) + "]." + p.name;
}

/// Writes weights, one tensor for each of `parameters`; the file as a whole or not at all. Throws
/// file_error.
inline void write_weights(
    const std::string& path,
    std::span<const parameter_info> parameters,
    std::span<const tensor<float>> weights
) {
    MEND_EXPECTS(parameters.size() == weights.size(), "a tensor for each weight");
    std::vector<named_array> arrays;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        arrays.push_back({weight_name(parameters[i]), weights[i]});
    }
    write_npz(path, arrays);
}

/// Reads weights, in the order of `parameters`: by name where the file has mend's names, else in
/// the file's order, as `numpy.savez(file, *model.get_weights())` writes them. Throws file_error;
/// data_error where their number or a shape is not the network's.
[[nodiscard]] inline std::vector<tensor<float>>
read_weights(const std::string& path, std::span<const parameter_info> parameters) {
    std::vector<named_array> arrays = read_npz(path);
    if (arrays.size() != parameters.size()) {
        throw data_error(
            path,
            "holds " + std::to_string(arrays.size()) + " arrays, the model has " +
                std::to_string(parameters.size()) + " weights"
        );
    }
    const bool named =
        !arrays.empty() && std::all_of(arrays.begin(), arrays.end(), [](const named_array& array) {
            return array.name.starts_with("layers[");
        });
    std::vector<tensor<float>> weights;
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        const std::string name = weight_name(parameters[i]);
        const auto at = named ? std::find_if(
                                    arrays.begin(),
                                    arrays.end(),
                                    [&](const named_array& array) { return array.name == name; }
                                )
                              : arrays.begin() + static_cast<std::ptrdiff_t>(i);
        if (at == arrays.end()) {
            throw data_error(path, "holds no array " + name);
        }
        if (at->values.extents() != parameters[i].extents) {
            throw data_error(
                path,
                at->name + " has shape " + to_text(at->values.extents()) + ", " +
                    (named ? std::string("the model's") : name) + " has " +
                    to_text(parameters[i].extents)
            );
        }
        weights.push_back(std::move(at->values));
    }
    return weights;
}

} // namespace mend
