# The web pages are part of the program.
chancery_embed_folder(${name} ${CMAKE_SOURCE_DIR}/web/dist/hub hub_pages)
