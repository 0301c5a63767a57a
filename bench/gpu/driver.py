"""The CUDA driver by ctypes: machine code is loaded from files, kernels are launched on PyTorch's stream."""
import ctypes
import glob
import os


class Driver:
    """Modules of one folder of machine code, loaded when they are first used. The context is PyTorch's."""

    def __init__(self, folder, library="libcuda.so.1"):
        self._cuda = ctypes.CDLL(library)
        self._folder = folder
        self._functions = {}

    def _check(self, result, what):
        if result != 0:
            text = ctypes.c_char_p()
            self._cuda.cuGetErrorString(result, ctypes.byref(text))
            raise RuntimeError("%s failed: %s (error %d)" % (what, (text.value or b"unknown").decode(), result))

    def function(self, module, name):
        """A kernel of a module."""
        if (module, name) not in self._functions:
            path = cubin(self._folder, module)
            handle = ctypes.c_void_p()
            self._check(self._cuda.cuModuleLoad(ctypes.byref(handle), path.encode()), "cuModuleLoad(%s)" % path)
            function = ctypes.c_void_p()
            self._check(self._cuda.cuModuleGetFunction(ctypes.byref(function), handle, name.encode()), name)
            self._functions[module, name] = function
        return self._functions[module, name]

    def launch(self, launch, arguments, stream):
        """Starts a kernel; `arguments` are ctypes values, as many and as large as the kernel's."""
        function = self.function(launch.module, launch.function)
        pointers = (ctypes.c_void_p * len(arguments))(*[ctypes.addressof(a) for a in arguments])
        x, y, z = launch.grid
        self._check(
            self._cuda.cuLaunchKernel(
                function, x, y, z, launch.threads, 1, 1, 0, ctypes.c_void_p(stream), pointers, None
            ),
            launch.function,
        )


def cubin(folder, module):
    """The file of a module's machine code: its name, or its name followed by a dash and a checksum."""
    found = glob.glob(os.path.join(glob.escape(folder), module + "-" + "[0-9a-f]" * 16 + ".cubin"))
    found += [p for p in [os.path.join(folder, module + ".cubin")] if os.path.exists(p)]
    if len(found) != 1:
        raise FileNotFoundError("%s: %s files for %s" % (folder, len(found) or "no", module))
    return found[0]
