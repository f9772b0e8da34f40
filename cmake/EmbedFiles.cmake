# kinetograph_embed(TARGET HEADER NAMESPACE FUNCTION FILE…)
#
# Makes the text of each file part of the target, so that the program is one file to
# install. HEADER declares `std::span<const EmbeddedFile> FUNCTION()`, sorted by name.
function(kinetograph_embed target function)
    set(source ${CMAKE_CURRENT_BINARY_DIR}/${function}.cpp)
    add_custom_command(
        OUTPUT ${source}
        COMMAND ${CMAKE_COMMAND} -DOUTPUT=${source} -DFUNCTION=${function} "-DFILES=${ARGN}" -P ${CMAKE_SOURCE_DIR}/cmake/embed_script.cmake
        DEPENDS ${ARGN} ${CMAKE_SOURCE_DIR}/cmake/embed_script.cmake
        COMMENT "Embedding ${function}"
        VERBATIM)
    target_sources(${target} PRIVATE ${source})
endfunction()
