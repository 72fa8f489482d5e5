// SPDX-License-Identifier: MIT
// One of two files that include everything and are linked into every test program.
#include <mend/io.hpp>
#include <mend/mend.hpp>

// Keeps the object from being empty.
extern const char* const mend_odr_a;
const char* const mend_odr_a = mend::version.data();
