// SPDX-License-Identifier: MIT
#include "build_facts.hpp"

const char* const build_facts::source_folder = MEND_SOURCE_DIR;
const char* const build_facts::project_version = MEND_PROJECT_VERSION;
