"""Times calls of artifacts beside PyTorch, ONNX Runtime and ggml, in one process and in turn: a part of benchmarks/compare.

    frameworks.py JOB.json

A job is {library, threads, repetitions, seconds, cases}. A case has a name, a kind, and of each of our contenders the artifact and the
function. The kinds:
    gemm   x [M, K] times w [K, N] in f32, beside PyTorch and ONNX Runtime
    int4   x [M, K] times int4 weights in groups of 32, beside ggml's Q4_0
    step   a step of training of an MLP, beside PyTorch, eager and compiled; and our contenders beside each other
Prints {case: {contender: seconds}, ...} and, under "absent", why a peer is not there."""

import ctypes
import importlib.util
import json
import os
import pathlib
import random
import statistics
import sys
import threading
import time

import numpy

absent = {}


#===------------------------------------------------------------------------===#
# Artifacts, through the C ABI
#===------------------------------------------------------------------------===#
class DataType(ctypes.Structure):
    _fields_ = [("code", ctypes.c_uint8), ("bits", ctypes.c_uint8), ("lanes", ctypes.c_uint16)]


class Tensor(ctypes.Structure):
    _fields_ = [("data", ctypes.c_void_p), ("device_type", ctypes.c_int32), ("device_id", ctypes.c_int32), ("ndim", ctypes.c_int32),
                ("dtype", DataType), ("shape", ctypes.POINTER(ctypes.c_int64)), ("strides", ctypes.c_void_p), ("offset", ctypes.c_uint64)]


class Options(ctypes.Structure):
    _fields_ = [("threads", ctypes.c_uint32), ("parallel_for", ctypes.c_void_p), ("host", ctypes.c_void_p)]


class TensorInfo(ctypes.Structure):
    _fields_ = [("name", ctypes.c_char_p), ("kind", ctypes.c_int), ("dtype", DataType), ("rank", ctypes.c_int32),
                ("shape", ctypes.POINTER(ctypes.c_int64)), ("bytes", ctypes.c_uint64), ("init", ctypes.c_char_p)]


class FunctionInfo(ctypes.Structure):
    _fields_ = [("name", ctypes.c_char_p), ("arguments", ctypes.c_uint32), ("inputs", ctypes.c_uint32), ("outputs", ctypes.c_uint32),
                ("dim_count", ctypes.c_uint32), ("dims", ctypes.c_void_p)]


def aligned(shape, dtype):
    """Memory that begins at a cache line."""
    count = int(numpy.prod(shape)) * numpy.dtype(dtype).itemsize
    raw = numpy.zeros(count + 64, numpy.uint8)
    start = -raw.ctypes.data % 64
    return raw[start:start + count].view(dtype).reshape(shape)


class Artifact:
    def __init__(self, library, path, threads):
        self.api = library
        self.handle, self.session = ctypes.c_void_p(), ctypes.c_void_p()
        self.check(library.dither_artifact_open(os.fsencode(path), None, ctypes.byref(self.handle)))
        options = Options(threads)
        self.check(library.dither_session_create(self.handle, ctypes.byref(options), ctypes.byref(self.session)))
        self.numbers = numpy.random.default_rng(1)
        self.initialize()

    def check(self, status):
        if status:
            self.api.dither_status_message.restype = ctypes.c_char_p
            sys.exit(self.api.dither_status_message(ctypes.c_void_p(status)).decode())

    def view(self, array):
        shape = (ctypes.c_int64 * array.ndim)(*array.shape)
        code = 2 if array.dtype.kind == "f" else 0
        tensor = Tensor(array.ctypes.data, 1, 0, array.ndim, DataType(code, array.dtype.itemsize * 8, 1),
                        ctypes.cast(shape, ctypes.POINTER(ctypes.c_int64)))
        tensor.keep = (shape, array)
        return tensor

    def initialize(self):
        """Matrices among the states get numbers as of a layer that begins to learn; what belongs to a parameter stays zero."""
        for i in range(self.api.dither_artifact_tensor_count(self.handle)):
            info = TensorInfo()
            self.check(self.api.dither_artifact_tensor_info(self.handle, i, ctypes.byref(info)))
            shape = info.shape[:info.rank]
            if info.rank != 2 or b"." in info.name or info.init or info.dtype.code != 2:
                continue
            values = self.numbers.uniform(-1, 1, shape).astype(numpy.float32) / numpy.sqrt(shape[0], dtype=numpy.float32)
            view = self.view(values)
            # A constant cannot be set, and need not be.
            self.api.dither_status_free(ctypes.c_void_p(self.api.dither_session_set(self.session, info.name, ctypes.byref(view))))

    def make_call(self, function):
        index = ctypes.c_uint32()
        self.check(self.api.dither_artifact_find_function(self.handle, function.encode(), ctypes.byref(index)))
        info = FunctionInfo()
        self.check(self.api.dither_artifact_function_info(self.handle, index, ctypes.byref(info)))

        def make(describe, count, fill):
            views = (Tensor * max(count, 1))()
            keep = []
            for i in range(count):
                tensor = TensorInfo()
                self.check(describe(self.handle, index, i, ctypes.byref(tensor)))
                shape = tuple(tensor.shape[:tensor.rank])
                array = aligned(shape, numpy.float32 if tensor.dtype.code == 2 else numpy.dtype(f"i{tensor.dtype.bits // 8}"))
                if fill:
                    fill(tensor.name, array)
                keep.append(self.view(array))
                views[i] = keep[-1]
            return views, keep

        inputs, kept = make(self.api.dither_artifact_input_info, info.inputs, self.fill)
        outputs, kept_outputs = make(self.api.dither_artifact_output_info, info.outputs, None)
        call, session, step = self.api.dither_session_call, self.session, [0]
        set_step = self.api.dither_session_set_step

        def run():
            step[0] += 1
            set_step(session, ctypes.c_uint64(step[0]))
            if status := call(session, index, inputs, info.inputs, outputs, info.outputs):
                self.check(status)

        run.keep = (kept, kept_outputs)
        run.call = call
        return run

    def fill(self, name, array):
        if name == b"rate":
            array[...] = 1e-3
        elif name == b"samples":
            array[...] = self.numbers.permutation(array.size)
        elif array.dtype.kind == "f":
            array[...] = self.numbers.uniform(-1, 1, array.shape)
        else:
            array[...] = self.numbers.integers(0, 10, array.shape)


def load_library(path):
    library = ctypes.CDLL(path)
    for name in ("artifact_open", "session_create", "artifact_find_function", "artifact_function_info", "artifact_input_info",
                 "artifact_output_info", "artifact_tensor_info", "session_set", "session_call"):
        getattr(library, "dither_" + name).restype = ctypes.c_void_p
    library.dither_artifact_tensor_count.restype = ctypes.c_uint32
    library.dither_session_set_step.restype = None
    library.dither_status_free.restype = None
    return library


#===------------------------------------------------------------------------===#
# PyTorch
#===------------------------------------------------------------------------===#
def find(name, module):
    """A module that is there; else why not, once."""
    try:
        return importlib.import_module(module)
    except Exception as error:  # A broken installation is as good as none.
        absent.setdefault(name, str(error).splitlines()[0])
        return None


def torch_gemm(torch, m, k, n):
    x, w, y = torch.rand(m, k), torch.rand(k, n), torch.empty(m, n)

    def run():
        with torch.inference_mode():
            torch.mm(x, w, out=y)

    return run


def torch_step(torch, sizes, batch, compiled):
    """The step that is usual: AdamW, fused, gradients set to none."""
    torch.manual_seed(1)
    layers = []
    for i, (k, n) in enumerate(zip(sizes, sizes[1:])):
        layers += [torch.nn.GELU()] if i else []
        layers.append(torch.nn.Linear(k, n))
    model = torch.nn.Sequential(*layers)
    optimizer = torch.optim.AdamW(model.parameters(), 1e-3, weight_decay=0.01, fused=True)
    x, labels = torch.rand(batch, sizes[0]), torch.randint(0, sizes[-1], (batch,))

    def forward(x, labels):
        return torch.nn.functional.cross_entropy(model(x), labels)

    if compiled:
        forward = torch.compile(forward)

    def run():
        optimizer.zero_grad(set_to_none=True)
        forward(x, labels).backward()
        optimizer.step()

    return run


#===------------------------------------------------------------------------===#
# ONNX Runtime
#===------------------------------------------------------------------------===#
def onnx_gemm(ort, m, k, n, threads):
    """The weights are an input, too: packing them before would be another product than ours."""
    onnx = find("ONNX Runtime", "onnx")
    if not onnx:
        return None
    make = onnx.helper.make_tensor_value_info
    kind = onnx.TensorProto.FLOAT
    graph = onnx.helper.make_graph([onnx.helper.make_node("MatMul", ["x", "w"], ["y"])], "product",
                                   [make("x", kind, [m, k]), make("w", kind, [k, n])], [make("y", kind, [m, n])])
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)], ir_version=8)
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.add_session_config_entry("session.intra_op.allow_spinning", "0" if threads == 1 else "1")
    session = ort.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    binding = session.io_binding()
    arrays = {name: aligned(shape, numpy.float32) for name, shape in {"x": (m, k), "w": (k, n), "y": (m, n)}.items()}
    arrays["x"][...] = arrays["w"][...] = 0.5
    for name, array in arrays.items():
        bind = binding.bind_output if name == "y" else binding.bind_input
        bind(name, "cpu", 0, numpy.float32, array.shape, array.ctypes.data)

    def run():
        session.run_with_iobinding(binding)

    run.keep = arrays
    return run


#===------------------------------------------------------------------------===#
# ggml
#===------------------------------------------------------------------------===#
class GgmlInit(ctypes.Structure):
    _fields_ = [("size", ctypes.c_size_t), ("buffer", ctypes.c_void_p), ("no_alloc", ctypes.c_bool)]


class Ggml:
    """The libraries of llama-cpp-python, of which nothing but ggml is used."""

    F32, Q4_0 = 0, 2

    def __init__(self, threads):
        spec = importlib.util.find_spec("llama_cpp")
        if not spec:
            raise ImportError("No module named 'llama_cpp'")
        folder = pathlib.Path(spec.origin).parent / "lib"
        for name in ("libggml-base.so", "libggml-cpu.so"):
            self.library = ctypes.CDLL(folder / name, mode=ctypes.RTLD_GLOBAL)
        self.base = ctypes.CDLL(folder / "libggml-base.so")
        self.threads = threads

    def call(self, name, *arguments, result=ctypes.c_void_p):
        function = getattr(self.base, name, None) or getattr(self.library, name)
        function.restype = result
        return function(*arguments)

    def multiply(self, m, k, n):
        pointer, i64 = ctypes.c_void_p, ctypes.c_int64
        size = 2 * (n * k + 4 * m * (n + k)) + (64 << 20)
        context = pointer(self.call("ggml_init", GgmlInit(size, None, False)))
        w = pointer(self.call("ggml_new_tensor_2d", context, self.Q4_0, i64(k), i64(n)))
        x = pointer(self.call("ggml_new_tensor_2d", context, self.F32, i64(k), i64(m)))
        values = numpy.random.default_rng(1).uniform(-1, 1, (n, k)).astype(numpy.float32)
        self.call("ggml_quantize_chunk", self.Q4_0, values.ctypes.data_as(pointer), pointer(self.call("ggml_get_data", w)), i64(0), i64(n),
                  i64(k), None, result=ctypes.c_size_t)
        ones = numpy.ones((m, k), numpy.float32)
        ctypes.memmove(self.call("ggml_get_data", x), ones.ctypes.data, ones.nbytes)
        y = pointer(self.call("ggml_mul_mat", context, w, x))
        graph = pointer(self.call("ggml_new_graph", context))
        self.call("ggml_build_forward_expand", graph, y, result=None)
        # A plan with memory of its own: a call takes none from the context.
        class Plan(ctypes.Structure):
            _fields_ = [("size", ctypes.c_size_t), ("data", ctypes.c_void_p), ("rest", ctypes.c_uint8 * 64)]

        plan_of, compute = self.library.ggml_graph_plan, self.library.ggml_graph_compute
        plan_of.restype = Plan
        plan = plan_of(graph, self.threads, None)
        memory = aligned((plan.size + 64,), numpy.uint8)
        plan.data = memory.ctypes.data
        compute.restype = ctypes.c_int

        def run():
            if compute(graph, ctypes.byref(plan)):
                sys.exit("ggml could not compute")

        run.keep = memory
        return run


#===------------------------------------------------------------------------===#
# Timing
#===------------------------------------------------------------------------===#
def let_others_sleep():
    """A thread pool may wait for more work in a loop, which would take a core from who comes next."""
    def is_awake(task):
        try:
            return task.name != str(threading.get_native_id()) and (task / "stat").read_text().rpartition(")")[2].split()[0] == "R"
        except OSError:  # It has ended.
            return False

    for _ in range(100):
        time.sleep(0.003)
        if not any(map(is_awake, pathlib.Path("/proc/self/task").iterdir())):
            return
    print("warning: the threads of a library never sleep, and take time from others", file=sys.stderr)


def measure(contenders, repetitions, seconds):
    """The median time of each, taken in turn, in another order each time."""
    order, times = list(contenders), {name: [] for name in contenders}
    chance = random.Random(1)
    for run in contenders.values():
        run()
    for _ in range(repetitions):
        chance.shuffle(order)
        for name in order:
            let_others_sleep()
            run, count = contenders[name], 0
            run()
            begin = time.perf_counter()
            while count == 0 or time.perf_counter() - begin < seconds:
                run()
                count += 1
            times[name].append((time.perf_counter() - begin) / count)
    return {name: statistics.median(values) for name, values in times.items()}


def main():
    job = json.loads(pathlib.Path(sys.argv[1]).read_text())
    threads = job["threads"]
    library = load_library(job["library"])
    torch = find("PyTorch", "torch")
    if torch:
        torch.set_num_threads(threads)
    ort = find("ONNX Runtime", "onnxruntime")
    try:
        ggml = Ggml(threads)
    except Exception as error:
        absent["ggml"] = str(error).splitlines()[0]
        ggml = None
    artifacts, results = {}, {}
    for case in job["cases"]:
        contenders = {}
        for who, (path, function) in case["ours"].items():
            if path not in artifacts:
                artifacts[path] = Artifact(library, path, threads)
            contenders[who] = artifacts[path].make_call(function)
        if case["kind"] == "gemm":
            if torch:
                contenders["PyTorch"] = torch_gemm(torch, *case["shape"])
            if ort:
                contenders["ONNX Runtime"] = onnx_gemm(ort, *case["shape"], threads)
        elif case["kind"] == "int4" and ggml:
            contenders["ggml"] = ggml.multiply(*case["shape"])
        elif case["kind"] == "step" and torch:
            contenders["PyTorch eager"] = torch_step(torch, case["sizes"], case["batch"], False)
            try:
                compiled = torch_step(torch, case["sizes"], case["batch"], True)
                compiled()
                contenders["torch.compile"] = compiled
            except Exception as error:
                absent["torch.compile"] = str(error).splitlines()[0]
        contenders = {who: run for who, run in contenders.items() if run}
        results[case["name"]] = measure(contenders, job["repetitions"], job["seconds"])
    versions = {name: module.__version__ for name, module in {"PyTorch": torch, "ONNX Runtime": ort}.items() if module}
    print(json.dumps({"times": results, "absent": absent, "versions": versions}))


if __name__ == "__main__":
    main()
