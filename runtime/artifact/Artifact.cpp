//===- Artifact.cpp - Opened artifacts ------------------------------------===//
//
// Part of the Dither project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/artifact/Artifact.h"
#include "runtime/artifact/DeviceTables.h"

#include "runtime/io/Checksum.h"
#include "runtime/io/File.h"

#include <atomic>
#include <cerrno>
#include <cstring>
#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace dither::runtime {

static constexpr char trailerMagic[8] = {'D', 'I', 'T', 'H', 'E', 'R', 0, 1};
static constexpr uint64_t dataAlignment = 64;

//===----------------------------------------------------------------------===//
// The file
//===----------------------------------------------------------------------===//

DitherTrailer makeTrailer(Bytes image) {
  DitherTrailer trailer = {};
  memcpy(trailer.magic, trailerMagic, sizeof(trailerMagic));
  trailer.image_size = image.size;
  trailer.checksum = checksum(image);
  return trailer;
}

Error checkTrailer(Bytes file) {
  constexpr const char *remedy = "; copy it again, or compile it again";
  DitherTrailer trailer;
  if (file.size < sizeof(trailer))
    return Error(Code::Corrupt, concat("not an artifact: it has only ",
                                       file.size, " bytes", remedy));
  Bytes image{file.data, file.size - sizeof(trailer)};
  memcpy(&trailer, file.data + image.size, sizeof(trailer));
  if (memcmp(trailer.magic, trailerMagic, 7) != 0)
    return Error(Code::Corrupt,
                 concat("not an artifact, or one that is cut: the trailer is "
                        "missing",
                        remedy));
  if (trailer.magic[7] != trailerMagic[7])
    return Error(Code::Unsupported,
                 concat("version ", static_cast<int>(trailer.magic[7]),
                        " of the artifact's trailer is unknown; compile it "
                        "again, or update the runtime"));
  if (trailer.reserved != 0 || trailer.image_size != image.size)
    return Error(Code::Corrupt,
                 concat("the artifact is damaged: the trailer speaks of ",
                        trailer.image_size, " bytes, there are ", image.size,
                        remedy));
  if (trailer.checksum != checksum(image))
    return Error(
        Code::Corrupt,
        concat("the artifact is damaged: its checksum is wrong", remedy));
  return Error::success();
}

/// Tells what the dynamic loader would call "wrong ELF class".
static Error checkElf(Bytes file) {
  Elf64_Ehdr header;
  if (file.size < sizeof(header) || memcmp(file.data, ELFMAG, SELFMAG) != 0)
    return Error(Code::Corrupt, "the artifact holds no ELF image; compile it "
                                "again");
  memcpy(&header, file.data, sizeof(header));
  if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_machine != EM_X86_64)
    return Error(Code::Unsupported,
                 "the artifact is for another processor; this runtime is for "
                 "x86-64, compile it with such a target");
  return Error::success();
}

/// Maps the file for the checks alone.
static Error checkFile(int descriptor, uint64_t size) {
  if (size == 0)
    return checkTrailer({});
  void *memory = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
  if (memory == MAP_FAILED)
    return Error(Code::IO, concat("cannot map the file: ", systemText(errno)));
  Bytes file{static_cast<const uint8_t *>(memory), size};
  Error error = checkTrailer(file);
  if (!error)
    error = checkElf(file);
  munmap(memory, size);
  return error;
}

/// A name of the open file that was never used before. Loading through the
/// descriptor makes what is loaded what was checked. And the loader takes equal
/// names for equal files, so that a path whose file was replaced, or a
/// descriptor that was closed and used again, would give the old code.
static std::string uniqueName(int descriptor) {
  static std::atomic<uint32_t> counter{0};
  std::string name = "/proc/self/fd";
  for (uint32_t bits = counter.fetch_add(1), i = 0; i < 32; ++i)
    name += bits >> i & 1 ? "//" : "/.";
  return concat(name, '/', descriptor);
}

Error Artifact::load(const std::string &path, const char *maskedFeatures) {
  Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  int descriptor = file.number;
  struct stat status;
  if (descriptor < 0 || fstat(descriptor, &status) != 0) {
    Code code = errno == ENOENT || errno == ENOTDIR ? Code::NotFound : Code::IO;
    return Error(code, concat("cannot open the artifact: ", systemText(errno),
                              "; check the path and its permissions"));
  }
  if (!S_ISREG(status.st_mode))
    return Error(Code::IO, "the artifact is not a regular file");
  if (Error error =
          checkFile(descriptor, static_cast<uint64_t>(status.st_size)))
    return error;

  library = dlopen(uniqueName(descriptor).c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    const char *cause = dlerror();
    return Error(Code::Unsupported,
                 concat("the system cannot load the artifact: ",
                        cause ? cause : "no reason given",
                        "; check that the file system allows execution, or "
                        "compile it again"));
  }
  auto *embedded =
      static_cast<const DitherEmbedded *>(dlsym(library, "dither_embedded"));
  if (!embedded)
    return Error(Code::Corrupt, "the artifact lacks the symbol "
                                "'dither_embedded'; compile it again");
  return adopt(*embedded, maskedFeatures);
}

//===----------------------------------------------------------------------===//
// The image
//===----------------------------------------------------------------------===//

Error Artifact::adopt(const DitherEmbedded &embedded,
                      const char *maskedFeatures) {
  if (embedded.abi_version != DITHER_ABI_VERSION)
    return Error(Code::Unsupported,
                 concat("the artifact has version ", embedded.abi_version,
                        " of the ABI, this runtime has ", DITHER_ABI_VERSION,
                        "; compile it again, or update the runtime"));
  if (!embedded.manifest || (!embedded.functions && embedded.function_count) ||
      (!embedded.data && embedded.data_size) ||
      (!embedded.kernels && embedded.kernel_count) ||
      (!embedded.images && embedded.image_count))
    return Error(Code::Corrupt, "the artifact's tables are missing; compile it "
                                "again");
  if (embedded.data_size &&
      reinterpret_cast<uintptr_t>(embedded.data) % dataAlignment != 0)
    return Error(Code::Corrupt,
                 concat("the artifact's data are not aligned to ",
                        dataAlignment, " bytes; compile it again"));
  image = &embedded;
  Expected<Manifest> manifest =
      parseManifest({reinterpret_cast<const uint8_t *>(embedded.manifest),
                     embedded.manifest_size},
                    embedded.data_size);
  if (!manifest)
    return manifest.takeError();
  contents = std::move(*manifest);
  if (contents.triple.compare(0, 6, "x86_64") != 0)
    return Error(Code::Unsupported,
                 concat("the artifact is for ", inQuotes(contents.triple),
                        "; this runtime is for x86_64, compile it with such a "
                        "target"));
  if (Error error = choose(maskedFeatures))
    return error;
  if (Error error = bindFunctions())
    return error;
  if (Error error = verifyDeviceTables(embedded, contents))
    return error;
  return verifyConstants();
}

/// The best version comes first.
Error Artifact::choose(const char *maskedFeatures) {
  Expected<CpuState> state = CpuState::maskedHost(maskedFeatures);
  if (!state)
    return state.takeError();
  Expected<uint32_t> index = chooseVersion(contents.versions, *state);
  if (!index)
    return index.takeError();
  chosen = *index;
  for (const CodeVersion &version : contents.versions) {
    VersionText text;
    for (const std::string &name : version.features)
      text.features += (text.features.empty() ? "" : ",") + name;
    Expected<std::string> missing =
        listMissingFeatures(version.features, *state);
    if (!missing)
      return missing.takeError();
    text.missing = std::move(*missing);
    versionTexts.push_back(std::move(text));
  }
  return Error::success();
}

/// The manifest's functions are found by name in the image's table.
Expected<DitherFunction> Artifact::find(const std::string &function,
                                        const std::string &version) const {
  for (uint32_t i = 0; i < image->function_count; ++i) {
    const DitherFunctionEntry &entry = image->functions[i];
    if (entry.name && entry.version && entry.function &&
        function == entry.name && version == entry.version)
      return entry.function;
  }
  return Error(Code::Corrupt,
               concat("the manifest's function ", inQuotes(function),
                      " has no code in the artifact for the "
                      "version ",
                      inQuotes(version), "; compile it again"));
}

/// An artifact that lacks code is refused on every machine.
Error Artifact::bindFunctions() {
  for (const FunctionSpec &spec : contents.functions) {
    for (const CodeVersion &version : contents.versions) {
      Expected<DitherFunction> found = find(spec.name, version.name);
      if (!found)
        return found.takeError();
      functions.push_back(*found);
    }
    names.emplace_back();
    for (const std::string &dim : spec.dims)
      names.back().push_back(dim.c_str());
  }
  return Error::success();
}

Error Artifact::verifyConstants() const {
  for (const TensorSpec &tensor : contents.tensors) {
    if (!tensor.hasData)
      continue;
    if (checksum({image->data + tensor.offset, tensor.bytes}) !=
        tensor.checksum)
      return Error(Code::Corrupt,
                   concat("tensor ", inQuotes(tensor.name),
                          " is damaged: its checksum is wrong; compile the "
                          "artifact again"));
  }
  return Error::success();
}

Artifact::~Artifact() {
  if (library)
    dlclose(library);
}

Expected<std::shared_ptr<const Artifact>>
Artifact::open(const std::string &path, const char *maskedFeatures) {
  std::shared_ptr<Artifact> artifact(new Artifact());
  if (Error error = artifact->load(path, maskedFeatures))
    return std::move(error).in(path);
  return std::shared_ptr<const Artifact>(std::move(artifact));
}

Expected<std::shared_ptr<const Artifact>>
Artifact::openEmbedded(const DitherEmbedded &embedded,
                       const char *maskedFeatures) {
  std::shared_ptr<Artifact> artifact(new Artifact());
  if (Error error = artifact->adopt(embedded, maskedFeatures))
    return std::move(error).in("embedded artifact");
  return std::shared_ptr<const Artifact>(std::move(artifact));
}

} // namespace dither::runtime
