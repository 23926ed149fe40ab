chancery_embed_folder(${test} ${CMAKE_CURRENT_SOURCE_DIR}/src/http/static_files_testing static_files_testing)
chancery_embed_folder(${test} ${CMAKE_CURRENT_SOURCE_DIR}/src/http/static_files_testing/missing static_files_missing)
