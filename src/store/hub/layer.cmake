# The SQL in sql/ becomes the header store/hub/statements.h.
file(GLOB sql_files CONFIGURE_DEPENDS ${directory}/sql/*.sql)
set(statements ${CMAKE_BINARY_DIR}/generated/store/hub/statements.h)
add_custom_command(
  OUTPUT ${statements}
  COMMAND ${CMAKE_COMMAND} -DSQL=${directory}/sql -DOUT=${statements} -P ${directory}/embed_sql.cmake
  DEPENDS ${sql_files} ${directory}/embed_sql.cmake
  COMMENT "Embedding the hub's SQL")
target_sources(${name} PRIVATE ${statements})
target_include_directories(${name} PUBLIC ${CMAKE_BINARY_DIR}/generated)
