# A folder per thing: every op group and every plug-in of the dialect is found by its place in the tree. No list names them.

# Writes ${output}, a .td file that includes all ${pattern} (relative to the including directory `root`).
function(dither_gather_tablegen output root)
  set(includes "")
  foreach(pattern ${ARGN})
    file(GLOB files CONFIGURE_DEPENDS RELATIVE ${root} ${root}/${pattern})
    list(SORT files)
    foreach(td ${files})
      string(APPEND includes "include \"${td}\"\n")
    endforeach()
  endforeach()
  file(CONFIGURE OUTPUT ${output} CONTENT "${includes}" @ONLY)
endfunction()
