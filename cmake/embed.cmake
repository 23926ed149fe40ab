# chancery_embed_folder(target folder symbol): puts the files of `folder` into `target`, each also compressed where that is
# smaller. Code gets at them with
#   namespace chancery::embedded { std::span<const http::StaticFile> <symbol>(); }
# A folder that is not there, or is empty, gives an empty table. Files that come and go are noticed by the next build.

if(NOT CMAKE_SCRIPT_MODE_FILE)
  set(CHANCERY_EMBED_SCRIPT ${CMAKE_CURRENT_LIST_FILE})

  function(chancery_embed_folder target folder symbol)
    file(GLOB_RECURSE files CONFIGURE_DEPENDS LIST_DIRECTORIES false RELATIVE ${folder} ${folder}/*)
    list(SORT files)
    set(made ${CMAKE_BINARY_DIR}/embedded/${symbol})
    # Written when the names change, so that a file that has gone leaves the table.
    string(REPLACE ";" "\n" names "${files}")
    file(CONFIGURE OUTPUT ${made}/names.txt CONTENT "${names}\n" @ONLY)
    list(TRANSFORM files PREPEND ${folder}/ OUTPUT_VARIABLE paths)
    add_custom_command(OUTPUT ${made}/files.cc
      COMMAND ${CMAKE_COMMAND} -DFOLDER=${folder} -DMADE=${made} -DSYMBOL=${symbol} -P ${CHANCERY_EMBED_SCRIPT}
      DEPENDS ${paths} ${made}/names.txt ${CHANCERY_EMBED_SCRIPT}
      COMMENT "Embedding ${folder}" VERBATIM)
    # A library of its own, so that nothing else of the target waits for it.
    add_library(chancery_embedded_${symbol} OBJECT ${made}/files.cc)
    target_include_directories(chancery_embedded_${symbol} PRIVATE ${CMAKE_SOURCE_DIR}/src)
    target_sources(${target} PRIVATE $<TARGET_OBJECTS:chancery_embedded_${symbol}>)
  endfunction()
  return()
endif()

# While building: writes ${MADE}/files.cc for the files of ${FOLDER} that ${MADE}/names.txt lists.

find_program(GZIP gzip REQUIRED)
file(STRINGS ${MADE}/names.txt names)
set(inclusions)
set(declarations)
set(rows)
set(number 0)

# Adds the bytes of `file` under a name of their own; `view` is an expression for them.
function(include_bytes file bytes_name view)
  file(SIZE ${file} size)
  set(inclusions "${inclusions}    \".hidden ${bytes_name}\\n.global ${bytes_name}\\n${bytes_name}:\\n.incbin \\\"${file}\\\"\\n\"\n" PARENT_SCOPE)
  set(declarations "${declarations}extern const std::uint8_t ${bytes_name}[];\n" PARENT_SCOPE)
  set(${view} "chancery::ByteView(${bytes_name}, ${size})" PARENT_SCOPE)
endfunction()

foreach(name IN LISTS names)
  set(file ${FOLDER}/${name})
  set(bytes_name chancery_${SYMBOL}_${number})
  include_bytes(${file} ${bytes_name} content)
  set(compressed "{}")
  # What is compressed already is left alone.
  if(name MATCHES "\\.(html|js|mjs|css|json|map|svg|txt|webmanifest|wasm|ico|ttf)$")
    set(gz ${MADE}/${number}.gz)
    # Without name and time: the same content gives the same bytes.
    execute_process(COMMAND ${GZIP} -9 -n -c ${file} OUTPUT_FILE ${gz} COMMAND_ERROR_IS_FATAL ANY)
    file(SIZE ${gz} gz_size)
    file(SIZE ${file} plain_size)
    if(gz_size LESS plain_size)
      include_bytes(${gz} ${bytes_name}_gz compressed)
    endif()
  endif()
  file(SHA256 ${file} digest)
  string(SUBSTRING ${digest} 0 24 etag)
  string(APPEND rows "    {\"/${name}\", ${content}, ${compressed}, \"${etag}\"},\n")
  math(EXPR number "${number} + 1")
endforeach()

if(names)
  set(assembly "__asm__(\n    \".pushsection .rodata,\\\"a\\\",@progbits\\n\"\n${inclusions}    \".popsection\\n\");\n\nextern \"C\" {\n${declarations}}\n")
  set(table "static const StaticFile files[] = {\n${rows}};\n  return files;")
else()
  set(table "return {};")
endif()
file(WRITE ${MADE}/files.cc "// Made by cmake/embed.cmake.
#include <cstdint>
#include <span>

#include \"http/static_files.h\"

${assembly}
namespace chancery::embedded {

std::span<const http::StaticFile> ${SYMBOL}();
std::span<const http::StaticFile> ${SYMBOL}() {
  using http::StaticFile;
  ${table}
}

}  // namespace chancery::embedded
")
