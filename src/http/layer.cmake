# ThreadSanitizer does not know atomic_thread_fence; Asio's own locks order what its fences would.
if(CHANCERY_SANITIZE MATCHES "thread")
  target_compile_definitions(${name} PRIVATE BOOST_ASIO_DISABLE_FENCED_BLOCK)
endif()
