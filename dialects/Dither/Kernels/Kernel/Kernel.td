#ifndef DITHER_KERNELS_KERNEL_TD
#define DITHER_KERNELS_KERNEL_TD

include "Dither/IR/PluginBase.td"

def Dither_KernelSchedule : I32EnumAttr<"KernelSchedule", "in which order a kernel visits its tiles", [
    I32EnumAttrCase<"direct", 0>, I32EnumAttrCase<"strips", 1>, I32EnumAttrCase<"blocked", 2>,
    I32EnumAttrCase<"tiles", 3>, I32EnumAttrCase<"lookup", 4>, I32EnumAttrCase<"listed", 5>]> {
  let cppNamespace = "::dither";
}

def Dither_KernelAttr : Dither_Plugin<"Kernel", "kernel", []> {
  let summary = "How a product becomes loops";
  let description = [{
    The plan of a kernel on the CPU, of a `dither.contract`. `dither-plan-kernels` makes it by a model of the caches, or takes it from what was
    measured (`dither tune`). No plan that fits a product changes the bits of its result but `tiles`, for floats.

    * `direct`: register tiles straight from the matrix, `columns` of it, a power of two of vectors, walked down together.
    * `strips`: the same, eight vectors of columns at a time, but all columns of `depth` elements of the contraction before the next ones; threads take
      multiples of `columns`, which is one of eight vectors. Sums wait in scratch memory.
    * `blocked`: blocks of `columns` by `depth` elements are staged in the order in which tiles read them.
    * `tiles`: AMX multiplies; `lookup`: products with vectors of a book are looked up; `listed`: elements of the matrix are listed.

    A register tile has up to `rows` rows and `sums` vectors of sums: few rows leave registers for more columns. Where blocks are staged, it is always
    `sums / rows` vectors wide. Threads share the product in about `tasks` parts; 0 says that one thread does all. Where the number of rows is not known, less than `least` of them are multiplied directly.

    ```mlir
    #dither.kernel<schedule = blocked, rows = 6, sums = 12, columns = 256, depth = 256, tasks = 16>
    ```

    Constraints: (C1) `rows` is in [1, 32] and `sums` in [`rows`, 64], a multiple of `rows` where blocks are staged; (C2) `columns` is a
    multiple of 8, and `depth` one of 16 where blocks are staged; both are up to 2^20, of a block 2^24 elements, and not 0 where the schedule names them; (C3) `tasks` and `least` are in [0, 2^20].
  }];
  let parameters = (ins "KernelSchedule":$schedule, "int64_t":$rows, "int64_t":$sums,
                        DefaultValuedParameter<"int64_t", "0">:$columns, DefaultValuedParameter<"int64_t", "0">:$depth,
                        DefaultValuedParameter<"int64_t", "0">:$tasks, DefaultValuedParameter<"int64_t", "0">:$least);
  let assemblyFormat = "`<` struct(params) `>`";
}

#endif // DITHER_KERNELS_KERNEL_TD
