/// Counts the heap allocations of a thread, so that a test can claim there are none.
///
/// Linking this target puts its own `malloc` and kin before the C library's, which the C library provides for
/// ("Replacing malloc" in its manual). They count and call on.
#pragma once

#include <stdbool.h>
#include <stdint.h>

/// Whether allocations are counted; not under a sanitizer, which has a `malloc` of its own.
bool allocation_counter_is_active(void);

/// Allocations that the calling thread has made so far.
uint64_t allocation_counter_value(void);
