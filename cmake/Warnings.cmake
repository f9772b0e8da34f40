# The flags that every target of ours is built with; includes are from the project's root.
function(kinetograph_target target)
    target_include_directories(${target} PUBLIC ${CMAKE_SOURCE_DIR})
    target_compile_options(${target} PRIVATE -Wall -Wextra -Wconversion -Wshadow)
    # GCC 12 sees overruns in its own std::string (https://gcc.gnu.org/PR105651, PR105329).
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
        target_compile_options(${target} PRIVATE -Wno-array-bounds -Wno-restrict -Wno-stringop-overread -Wno-stringop-overflow)
    endif()
    if(KINETOGRAPH_WERROR)
        target_compile_options(${target} PRIVATE -Werror)
    endif()
    if(KINETOGRAPH_FUZZ)
        target_compile_options(${target} PRIVATE -fsanitize=fuzzer-no-link)
    endif()
    if(KINETOGRAPH_SANITIZE)
        list(JOIN KINETOGRAPH_SANITIZE "," sanitizers)
        # Whatever is found ends the program, or nobody would notice. FFmpeg's enumerations are C's and hold any number.
        target_compile_options(${target} PRIVATE -fsanitize=${sanitizers} -fno-sanitize=enum -fno-sanitize-recover=all
                               -fno-omit-frame-pointer)
        # With the checks in between, GCC believes that std::regex moves what was never set.
        if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
            target_compile_options(${target} PRIVATE -Wno-maybe-uninitialized)
        endif()
        target_link_options(${target} PRIVATE -fsanitize=${sanitizers})
    endif()
endfunction()
