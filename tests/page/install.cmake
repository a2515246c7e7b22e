# Installs the pinned packages of package-lock.json into FOLDER, unless they are there.
file(READ ${CMAKE_CURRENT_LIST_DIR}/package-lock.json wanted)
set(installed "")
if(EXISTS ${FOLDER}/installed.json)
  file(READ ${FOLDER}/installed.json installed)
endif()
if(installed STREQUAL wanted)
  return()
endif()
file(COPY ${CMAKE_CURRENT_LIST_DIR}/package.json ${CMAKE_CURRENT_LIST_DIR}/package-lock.json
     DESTINATION ${FOLDER})
execute_process(COMMAND ${NPM} ci --ignore-scripts --no-audit --no-fund WORKING_DIRECTORY ${FOLDER}
                TIMEOUT 180 COMMAND_ERROR_IS_FATAL ANY)
file(WRITE ${FOLDER}/installed.json "${wanted}")
