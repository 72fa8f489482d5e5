// SPDX-License-Identifier: MIT
/// Files: problems, patches, faults, datasets, studies and reports. Needs nlohmann-json and zlib
/// besides.
#pragma once

#include <mend/io/cifar.hpp>
#include <mend/io/csv.hpp>
#include <mend/io/data_word.hpp>
#include <mend/io/dataset.hpp>
#include <mend/io/diagnosis_report.hpp>
#include <mend/io/fault_json.hpp>
#include <mend/io/idx.hpp>
#include <mend/io/image_options.hpp>
#include <mend/io/input_file.hpp>
#include <mend/io/journal.hpp>
#include <mend/io/journal_file.hpp>
#include <mend/io/journal_text.hpp>
#include <mend/io/json_text.hpp>
#include <mend/io/labels.hpp>
#include <mend/io/mutant_report.hpp>
#include <mend/io/npy.hpp>
#include <mend/io/npz.hpp>
#include <mend/io/patch_json.hpp>
#include <mend/io/problem_json.hpp>
#include <mend/io/published_data.hpp>
#include <mend/io/repair_html.hpp>
#include <mend/io/report.hpp>
#include <mend/io/technique.hpp>
#include <mend/io/text_file.hpp>
#include <mend/io/train_report.hpp>
#include <mend/io/weights.hpp>
#include <mend/io/zip.hpp>
#include <mend/io/zip_builder.hpp>
