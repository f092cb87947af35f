// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Abscopal developers
#pragma once

/// Tells ThreadSanitizer which fiber runs, which it cannot see by itself. Nothing in other builds.
#if defined(__SANITIZE_THREAD__)
extern "C" {
void* __tsan_get_current_fiber();
void* __tsan_create_fiber(unsigned flags);
void __tsan_destroy_fiber(void* fiber);
void __tsan_switch_to_fiber(void* fiber, unsigned flags);
}

namespace abscopal {

class SanitizedFiber {
  public:
    SanitizedFiber() : scheduler_(__tsan_get_current_fiber()), fiber_(__tsan_create_fiber(0)) {}
    ~SanitizedFiber() { __tsan_destroy_fiber(fiber_); }
    SanitizedFiber(const SanitizedFiber&) = delete;
    SanitizedFiber& operator=(const SanitizedFiber&) = delete;
    void enter() const { __tsan_switch_to_fiber(fiber_, 0); }
    void leave() const { __tsan_switch_to_fiber(scheduler_, 0); }

  private:
    void* scheduler_;
    void* fiber_;
};

}  // namespace abscopal
#else

namespace abscopal {

struct SanitizedFiber {
    void enter() const {}
    void leave() const {}
};

}  // namespace abscopal
#endif
