# cmake -DOUTPUT=FILE -DFILES=a;b -P EmbedTexts.cmake: writes an initializer of C++, {"<folder of the file>", "<its text>"}, for each file.
set(content "")
foreach(file ${FILES})
  get_filename_component(folder ${file} DIRECTORY)
  get_filename_component(name ${folder} NAME)
  file(READ ${file} text)
  string(APPEND content "{\"${name}\", R\"text(${text})text\"},\n")
endforeach()
file(WRITE ${OUTPUT} "${content}")
