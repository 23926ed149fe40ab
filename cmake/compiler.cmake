# Flags, precompiled headers, linker and cache: what is the same for every target.

find_program(CCACHE ccache)
if(CCACHE)
  # The precompiled header's own time stamp must not defeat the cache.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${CCACHE})
endif()

find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()

# A program loads the libraries that it calls, not all that its layers may: the agent must stay small.
add_link_options(-Wl,--as-needed)

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wconversion
  -Wno-sign-conversion -Wno-missing-field-initializers -Wimplicit-fallthrough -fstack-protector-strong -fno-plt)
if(CHANCERY_WERROR)
  add_compile_options(-Werror)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  # g++ 12 reports these inside its own std::expected and std::string at -O2.
  add_compile_options(-Wno-maybe-uninitialized -Wno-restrict -Wno-stringop-overflow -Wno-array-bounds -Wno-stringop-overread -fpch-preprocess)
endif()
add_compile_definitions(OPENSSL_API_COMPAT=30000 OPENSSL_NO_DEPRECATED OPENSSL_SUPPRESS_DEPRECATED)
if(CMAKE_BUILD_TYPE STREQUAL Release OR CMAKE_BUILD_TYPE STREQUAL RelWithDebInfo)
  add_compile_definitions(_FORTIFY_SOURCE=2)
  add_link_options(-Wl,-z,relro,-z,now)
endif()
add_compile_definitions(_GLIBCXX_ASSERTIONS)

if(CHANCERY_SANITIZE)
  add_compile_options(-fsanitize=${CHANCERY_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  # AddressSanitizer tells of null pointers itself, and x86 of no alignment: without them it is built in a tenth less time.
  if(CHANCERY_SANITIZE MATCHES "address,undefined")
    add_compile_options(-fno-sanitize=null,alignment)
  endif()
  add_link_options(-fsanitize=${CHANCERY_SANITIZE})
endif()
if(CHANCERY_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all)
  add_link_options(-fsanitize=address,undefined)
endif()

# One precompiled header of the standard library for everyone. clang-tidy and other tools that read compile_commands.json
# cannot read g++'s, so it can be left out.
option(CHANCERY_PCH "Precompile the headers of the standard library" ON)
if(CHANCERY_PCH)
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/pch/anchor.cc
    CONTENT "// The precompiled header is made once, for this target, and used by all others.\n")
  add_library(chancery_pch OBJECT ${CMAKE_BINARY_DIR}/pch/anchor.cc)
  target_precompile_headers(chancery_pch PRIVATE <algorithm> <array> <atomic> <chrono> <cstdint> <cstring> <expected>
    <functional> <map> <memory> <mutex> <optional> <span> <string> <string_view> <utility> <variant> <vector>)
endif()

function(chancery_use_pch target)
  if(CHANCERY_PCH)
    target_precompile_headers(${target} REUSE_FROM chancery_pch)
  endif()
endfunction()

# Sanitizers watch the libraries. Unit tests themselves are a third of all code and take the longest to compile, so they are
# spared the undefined-behaviour checks and the optimiser there. Another set of flags needs a precompiled header of its own.
set(chancery_test_flags)
if(CHANCERY_SANITIZE)
  set(chancery_test_flags -O0)
  if(CHANCERY_SANITIZE MATCHES undefined)
    list(APPEND chancery_test_flags -fno-sanitize=undefined)
  endif()
endif()
if(CHANCERY_PCH AND CHANCERY_UNIT_TESTS)
  find_package(GTest REQUIRED)
  add_library(chancery_test_pch OBJECT ${CMAKE_BINARY_DIR}/pch/anchor.cc)
  target_compile_options(chancery_test_pch PRIVATE ${chancery_test_flags})
  target_link_libraries(chancery_test_pch PRIVATE GTest::gtest GTest::gmock)
  target_precompile_headers(chancery_test_pch PRIVATE <algorithm> <array> <atomic> <chrono> <cstdint> <cstring> <expected>
    <functional> <map> <memory> <mutex> <optional> <span> <string> <string_view> <utility> <variant> <vector>
    <gtest/gtest.h>)
endif()

function(chancery_use_test_flags target)
  target_compile_options(${target} PRIVATE ${chancery_test_flags})
  if(CHANCERY_PCH)
    target_precompile_headers(${target} REUSE_FROM chancery_test_pch)
  endif()
endfunction()
