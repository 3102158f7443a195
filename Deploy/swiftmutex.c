// Lets the thread sanitizer see a contended Mutex of Swift's Synchronization change hands.
//
// Its fast paths are inlined, so the sanitizer sees them. Where threads wait, the lock is taken and given up inside the
// library, unseen, and what it guards then looks like a race. Preloaded, this file tells the sanitizer of both. Needs clang,
// for Swift's calling convention.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context))
#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

void __tsan_acquire(void *address);
void __tsan_release(void *address);

typedef SWIFT void Lock(uint32_t thread, SELF void *handle);
typedef SWIFT void Unlock(SELF void *handle);
Lock lockSlow __asm__(LOCK);
Unlock unlockSlow __asm__(UNLOCK);

SWIFT void lockSlow(uint32_t thread, SELF void *handle) {
    ((Lock *)dlsym(RTLD_NEXT, LOCK))(thread, handle);
    __tsan_acquire(handle);
}

SWIFT void unlockSlow(SELF void *handle) {
    __tsan_release(handle);
    ((Unlock *)dlsym(RTLD_NEXT, UNLOCK))(handle);
}
