# Writes the SQL below sql/ into one header: the migrations (four digits in front), and each statement of the other files
# under the name in the line before it, without its comments: connections look statements up by their text.
# cmake -DSQL=<directory> -DOUT=<header> [-DNAMESPACE=<below chancery::store>] -P embed_sql.cmake

if(NOT NAMESPACE)
  set(NAMESPACE statements)
endif()
file(RELATIVE_PATH from ${CMAKE_CURRENT_LIST_DIR}/../../.. ${SQL})

file(GLOB files ${SQL}/*.sql)
list(SORT files)
set(statements "")
set(all "")
set(migrations "")
set(count 0)
foreach(path IN LISTS files)
  get_filename_component(name ${path} NAME_WE)
  file(READ ${path} text)
  if(name MATCHES "^([0-9][0-9][0-9][0-9])_(.*)$")
    set(label ${CMAKE_MATCH_2})
    math(EXPR version "1${CMAKE_MATCH_1} - 10000")
    string(APPEND migrations "    {${version}, \"${label}\", R\"sql(${text})sql\"},\n")
  else()
    string(REGEX MATCHALL "-- name: [a-z_]+" names "${text}")
    # Comments begin with a capital letter, which tells them from names.
    string(REGEX REPLACE "\n-- [A-Z][^\n]*" "" text "\n${text}")
    string(FIND "${text}" "-- name: " begin)
    string(SUBSTRING "${text}" ${begin} -1 text)
    string(REGEX REPLACE "\n+-- name: " ")sql\"_\n-- name: " text "${text}")
    string(REGEX REPLACE "\n+$" "" text "${text}")
    string(REGEX REPLACE "-- name: ([a-z_]+)\n" "inline constexpr std::string_view \\1 = R\"sql(" text "${text}")
    string(REPLACE ")sql\"_" ")sql\";" text "${text}")
    string(APPEND statements "namespace ${name} {\n${text})sql\";\n}  // namespace ${name}\n\n")
    foreach(statement IN LISTS names)
      string(REPLACE "-- name: " "" statement ${statement})
      string(APPEND all "    {\"${name}.${statement}\", ${name}::${statement}},\n")
      math(EXPR count "${count} + 1")
    endforeach()
  endif()
endforeach()

file(WRITE ${OUT}.new "// Made from ${from} by embed_sql.cmake.
#pragma once

#include <string_view>

#include \"sql/migrations.h\"

namespace chancery::store::${NAMESPACE} {

${statements}struct Named {
  std::string_view name;
  std::string_view text;
};
inline constexpr Named all[] = {
${all}};

inline constexpr sql::Migration migrations[] = {
${migrations}};

}  // namespace chancery::store::${NAMESPACE}
")
file(COPY_FILE ${OUT}.new ${OUT} ONLY_IF_DIFFERENT)
file(REMOVE ${OUT}.new)
