// SPDX-License-Identifier: MIT
/// Everything in spec/: problems and patches as plain values.
#pragma once

#include <mend/spec/activation_of.hpp>
#include <mend/spec/check_problem.hpp>
#include <mend/spec/compile.hpp>
#include <mend/spec/constraint.hpp>
#include <mend/spec/convolution.hpp>
#include <mend/spec/dense.hpp>
#include <mend/spec/diff.hpp>
#include <mend/spec/difference.hpp>
#include <mend/spec/document.hpp>
#include <mend/spec/document_editor.hpp>
#include <mend/spec/document_text.hpp>
#include <mend/spec/field.hpp>
#include <mend/spec/fit.hpp>
#include <mend/spec/initializer_spec.hpp>
#include <mend/spec/layer.hpp>
#include <mend/spec/learning_rate.hpp>
#include <mend/spec/names.hpp>
#include <mend/spec/optimizer.hpp>
#include <mend/spec/patch.hpp>
#include <mend/spec/pointer.hpp>
#include <mend/spec/pooling.hpp>
#include <mend/spec/preprocessing.hpp>
#include <mend/spec/problem.hpp>
#include <mend/spec/read.hpp>
#include <mend/spec/read_compile.hpp>
#include <mend/spec/read_layer.hpp>
#include <mend/spec/read_model.hpp>
#include <mend/spec/read_values.hpp>
#include <mend/spec/reading.hpp>
#include <mend/spec/regularization.hpp>
#include <mend/spec/reshaping.hpp>
#include <mend/spec/settings.hpp>
#include <mend/spec/validate.hpp>
#include <mend/spec/write.hpp>
