// Tells the thread sanitizer what Debian's Abseil does. Its library is built without the sanitizer, which therefore sees no order
// between one holder of an absl::Mutex and the next and reports races where there are none. In the tsan build the linker sends our
// calls here (cmake/TsanMutex.cmake): each goes on to Abseil, with the same annotations that Abseil compiles in when it is built
// so.
#include "absl/synchronization/mutex.h"

#include <sanitizer/tsan_interface.h>

#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"

#define DEMARCHE_WRAP(result, name, symbol, ...)            \
  result Real##name(__VA_ARGS__) __asm__("__real_" symbol); \
  result Wrapped##name(__VA_ARGS__) __asm__("__wrap_" symbol)

DEMARCHE_WRAP(void, Lock, "_ZN4absl7debian35Mutex4LockEv", absl::Mutex* mutex);
DEMARCHE_WRAP(void, Unlock, "_ZN4absl7debian35Mutex6UnlockEv", absl::Mutex* mutex);
DEMARCHE_WRAP(void, ReaderLock, "_ZN4absl7debian35Mutex10ReaderLockEv", absl::Mutex* mutex);
DEMARCHE_WRAP(void, ReaderUnlock, "_ZN4absl7debian35Mutex12ReaderUnlockEv", absl::Mutex* mutex);
DEMARCHE_WRAP(void, Await, "_ZN4absl7debian35Mutex5AwaitERKNS0_9ConditionE", absl::Mutex* mutex, const absl::Condition& condition);
DEMARCHE_WRAP(bool, AwaitWithTimeout, "_ZN4absl7debian35Mutex16AwaitWithTimeoutERKNS0_9ConditionENS0_8DurationE",
              absl::Mutex* mutex, const absl::Condition& condition, absl::Duration timeout);
DEMARCHE_WRAP(bool, AwaitWithDeadline, "_ZN4absl7debian35Mutex17AwaitWithDeadlineERKNS0_9ConditionENS0_4TimeE", absl::Mutex* mutex,
              const absl::Condition& condition, absl::Time deadline);
DEMARCHE_WRAP(void, DestroyMutex, "_ZN4absl7debian35MutexD1Ev", absl::Mutex* mutex);
DEMARCHE_WRAP(void, Notify, "_ZN4absl7debian312Notification6NotifyEv", absl::Notification* notification);
DEMARCHE_WRAP(void, WaitForNotification, "_ZNK4absl7debian312Notification19WaitForNotificationEv",
              const absl::Notification* notification);
DEMARCHE_WRAP(bool, DecrementCount, "_ZN4absl7debian315BlockingCounter14DecrementCountEv", absl::BlockingCounter* counter);
DEMARCHE_WRAP(void, Wait, "_ZN4absl7debian315BlockingCounter4WaitEv", absl::BlockingCounter* counter);

void WrappedLock(absl::Mutex* mutex) {
  __tsan_mutex_pre_lock(mutex, 0);
  RealLock(mutex);
  __tsan_mutex_post_lock(mutex, 0, 0);
}

// Abseil evaluates the conditions of others while it unlocks: between pre and post the sanitizer looks away.
void WrappedUnlock(absl::Mutex* mutex) {
  __tsan_mutex_pre_unlock(mutex, 0);
  RealUnlock(mutex);
  __tsan_mutex_post_unlock(mutex, 0);
}

void WrappedReaderLock(absl::Mutex* mutex) {
  __tsan_mutex_pre_lock(mutex, __tsan_mutex_read_lock);
  RealReaderLock(mutex);
  __tsan_mutex_post_lock(mutex, __tsan_mutex_read_lock, 0);
}

void WrappedReaderUnlock(absl::Mutex* mutex) {
  __tsan_mutex_pre_unlock(mutex, __tsan_mutex_read_lock);
  RealReaderUnlock(mutex);
  __tsan_mutex_post_unlock(mutex, __tsan_mutex_read_lock);
}

// A wait as the sanitizer should see it: the mutex is let go on the way in and taken again on the way out.
class Released {
 public:
  explicit Released(absl::Mutex* mutex) : mutex_(mutex) { __tsan_mutex_pre_unlock(mutex_, 0); }
  ~Released() {
    __tsan_mutex_post_unlock(mutex_, 0);
    __tsan_mutex_pre_lock(mutex_, 0);
    __tsan_mutex_post_lock(mutex_, 0, 0);
  }
  Released(const Released&) = delete;
  Released& operator=(const Released&) = delete;

 private:
  absl::Mutex* mutex_;
};

void WrappedAwait(absl::Mutex* mutex, const absl::Condition& condition) {
  const Released released(mutex);
  RealAwait(mutex, condition);
}

bool WrappedAwaitWithTimeout(absl::Mutex* mutex, const absl::Condition& condition, absl::Duration timeout) {
  const Released released(mutex);
  return RealAwaitWithTimeout(mutex, condition, timeout);
}

bool WrappedAwaitWithDeadline(absl::Mutex* mutex, const absl::Condition& condition, absl::Time deadline) {
  const Released released(mutex);
  return RealAwaitWithDeadline(mutex, condition, deadline);
}

void WrappedDestroyMutex(absl::Mutex* mutex) {
  RealDestroyMutex(mutex);
  __tsan_mutex_destroy(mutex, __tsan_mutex_not_static);
}

void WrappedNotify(absl::Notification* notification) {
  __tsan_release(notification);
  RealNotify(notification);
}

void WrappedWaitForNotification(const absl::Notification* notification) {
  RealWaitForNotification(notification);
  __tsan_acquire(const_cast<absl::Notification*>(notification));
}

bool WrappedDecrementCount(absl::BlockingCounter* counter) {
  __tsan_release(counter);
  return RealDecrementCount(counter);
}

void WrappedWait(absl::BlockingCounter* counter) {
  RealWait(counter);
  __tsan_acquire(counter);
}
