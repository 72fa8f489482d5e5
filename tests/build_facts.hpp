// SPDX-License-Identifier: MIT
/// What only the build knows. Told to one file, so that the others compile alike in every folder.
#pragma once

namespace build_facts {

extern const char* const source_folder;   ///< of the checkout
extern const char* const project_version; ///< as meson.build states it

} // namespace build_facts
