# The SQL in sql/ becomes the header store/agent/statements.h.
file(GLOB sql_files CONFIGURE_DEPENDS ${directory}/sql/*.sql)
set(statements ${CMAKE_BINARY_DIR}/generated/store/agent/statements.h)
set(embed ${CMAKE_SOURCE_DIR}/src/store/hub/embed_sql.cmake)
add_custom_command(
  OUTPUT ${statements}
  COMMAND ${CMAKE_COMMAND} -DSQL=${directory}/sql -DOUT=${statements} -DNAMESPACE=agent_statements -P ${embed}
  DEPENDS ${sql_files} ${embed}
  COMMENT "Embedding the agent's SQL")
target_sources(${name} PRIVATE ${statements})
target_include_directories(${name} PUBLIC ${CMAKE_BINARY_DIR}/generated)
