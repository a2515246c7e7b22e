# Installs what package-lock.json in PACKAGES pins into FOLDER, unless it is there.
file(READ ${PACKAGES}/package-lock.json wanted)
set(installed "")
if(EXISTS ${FOLDER}/installed.json)
  file(READ ${FOLDER}/installed.json installed)
endif()
if(installed STREQUAL wanted)
  return()
endif()
file(COPY ${PACKAGES}/package.json ${PACKAGES}/package-lock.json DESTINATION ${FOLDER})
execute_process(COMMAND ${NPM} ci --ignore-scripts --no-audit --no-fund WORKING_DIRECTORY ${FOLDER}
                TIMEOUT 180 COMMAND_ERROR_IS_FATAL ANY)
file(WRITE ${FOLDER}/installed.json "${wanted}")
