// SPDX-License-Identifier: MIT
/// Everything in space/: parameters, points, encodings; the fix space of a problem.
#pragma once

#include <mend/space/encoding.hpp>
#include <mend/space/fix_domains.hpp>
#include <mend/space/fix_site.hpp>
#include <mend/space/fix_space.hpp>
#include <mend/space/neighbours.hpp>
#include <mend/space/parameter.hpp>
#include <mend/space/problem_kind.hpp>
#include <mend/space/space.hpp>
#include <mend/space/study_space.hpp>
