// SPDX-License-Identifier: MIT
/// Everything in fault/: faults as values, their profiles and published configurations.
#pragma once

#include <mend/fault/configuration.hpp>
#include <mend/fault/fault.hpp>
#include <mend/fault/profile.hpp>
#include <mend/fault/read_space.hpp>
