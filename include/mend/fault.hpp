// SPDX-License-Identifier: MIT
/// Everything in fault/: faults as values.
#pragma once

#include <mend/fault/fault.hpp>
