# In the tsan build all that we link goes through tests/support/tsan/mutex.cc, which says there why.
if(DEMARCHE_SANITIZE MATCHES thread)
  # Protobuf's maps have two members more under this macro, which Debian's library was built without. The macro for the standard library
  # stays.
  add_compile_options(-U__SANITIZE_THREAD__ -D_GLIBCXX_TSAN=1)
  add_library(demarche_tsan_mutex STATIC ${PROJECT_SOURCE_DIR}/tests/support/tsan/mutex.cc)
  target_link_libraries(demarche_tsan_mutex PUBLIC absl::synchronization absl::time)
  foreach(symbol
      5Mutex4LockEv
      5Mutex6UnlockEv
      5Mutex10ReaderLockEv
      5Mutex12ReaderUnlockEv
      5Mutex5AwaitERKNS0_9ConditionE
      5Mutex16AwaitWithTimeoutERKNS0_9ConditionENS0_8DurationE
      5Mutex17AwaitWithDeadlineERKNS0_9ConditionENS0_4TimeE
      5MutexD1Ev
      12Notification6NotifyEv
      15BlockingCounter14DecrementCountEv
      15BlockingCounter4WaitEv)
    add_link_options(-Wl,--wrap=_ZN4absl7debian3${symbol})
  endforeach()
  add_link_options(-Wl,--wrap=_ZNK4absl7debian312Notification19WaitForNotificationEv)
  link_libraries(demarche_tsan_mutex)
endif()
