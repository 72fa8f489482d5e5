// SPDX-License-Identifier: MIT
/// Counts the allocations of the whole test program.
#pragma once

/// Calls of operator new so far.
[[nodiscard]] long allocations() noexcept;
