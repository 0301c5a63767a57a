"""One convolution on a GPU: our kernels' three passes and cuDNN's on the same tensors, checked and timed."""
import ctypes

import convolutions
from driver import Driver
from timing import graph_time


class KernelBench:
    """Runs passes on PyTorch's tensors with machine code from a folder."""

    def __init__(self, torch, folder):
        self._torch = torch
        torch.cuda.init()
        torch.zeros(1, device="cuda")  # makes the context that the driver's calls use
        self._driver = Driver(folder)

    def passes(self, shape):
        """Yields the name of each pass with its error and times."""
        case = ConvolutionCase(self._torch, self._driver, shape)
        case.forward()  # whose argmax the gradients need
        expected = case.expected()
        for name, own, actual, cudnn in case.runs():
            own()
            self._torch.cuda.synchronize()
            measured = {"error": relative_error(actual(), expected[name]), "own_us": graph_time(self._torch, own)}
            for precision, tf32 in (("fp32", False), ("tf32", True)):
                self._torch.backends.cudnn.allow_tf32 = tf32
                self._torch.backends.cudnn.benchmark = True
                measured["cudnn_%s_us" % precision] = graph_time(self._torch, cudnn)
            yield name, measured


def relative_error(actual, expected):
    """Of the whole tensor; infinite where it is no number."""
    error = float((actual.double() - expected).norm() / expected.norm())
    return error if error == error else float("inf")


ACTIVATIONS = {
    convolutions.IDENTITY: lambda y: y,
    convolutions.TANH: lambda y: y.tanh(),
    convolutions.RELU: lambda y: y.relu(),
}


class ConvolutionCase:
    """Tensors of a convolution on the GPU; outputs begin as NaN."""

    def __init__(self, torch, driver, shape, device="cuda"):
        self._torch, self._driver, self._shape, self._device = torch, driver, shape, device
        torch.manual_seed(1)
        s = shape
        scale = (s.channels * s.taps) ** -0.5
        outputs = (s.samples, s.filters, s.pooled_h, s.pooled_w)
        self.x = torch.randn(s.samples, s.channels, s.height, s.width, device=device)
        self.w = torch.randn(s.filters, s.channels, s.kernel_h, s.kernel_w, device=device) * scale
        self.bias = torch.randn(s.filters, device=device)
        self.y = torch.full(outputs, float("nan"), device=device)
        self.argmax = torch.full(outputs, 255, dtype=torch.uint8, device=device) if s.pooled else None
        self.gradient = torch.randn(outputs, device=device)
        self.partial = torch.full((s.slices()[0], s.weights()), float("nan"), device=device)
        self.dw = torch.full_like(self.w, float("nan"))
        self.dx = torch.full_like(self.x, float("nan"))
        self._dense = None
        self._structure = (ctypes.c_int * 18)(*s.structure())

    def _launch(self, launch, *arguments):
        self._driver.launch(launch, arguments, self._torch.cuda.current_stream().cuda_stream)

    def forward(self):
        """ConvolutionShape, activation (a constant where all are), slope, x, w, bias, y, argmax behind a pool, mark."""
        launch = self._shape.forward()
        rows = launch.function == "convolution_rows_forward"
        constant = rows or launch.function == "convolution_gemm_forward"
        self._launch(
            launch,
            self._structure,
            *(() if constant else (ctypes.c_int(self._shape.activation),)),
            ctypes.c_float(0),
            _address(self.x),
            _address(self.w),
            _address(self.bias),
            _address(self.y),
            *((_address(self.argmax),) if rows or self._shape.pooled else ()),
            (ctypes.c_longlong * 2)()
        )

    def filter_gradient(self):
        """ConvolutionShape, samples of a slice, x, g, argmax, partial; then count, slices, partial, dw."""
        slices, each = self._shape.slices()
        launch = self._shape.filter_gradient()
        self._launch(
            launch,
            self._structure,
            ctypes.c_int(each),
            _address(self.x),
            _address(self.gradient),
            *self._positions(launch),
            _address(self.partial),
        )
        self._launch(
            self._shape.slice_sum(),
            ctypes.c_longlong(self._shape.weights()),
            ctypes.c_int(slices),
            _address(self.partial),
            _address(self.dw),
        )

    def data_gradient(self):
        """ConvolutionShape, whether to accumulate, behind a pool the groups and the band, g, argmax, w, dx."""
        multiprocessors = self._torch.cuda.get_device_properties(self._device).multi_processor_count
        more = ()
        if self._shape.pooled_data:
            more = (ctypes.c_int(self._shape.groups()[0]), ctypes.c_int(self._shape.band(multiprocessors)[0]))
        launch = self._shape.data_gradient(multiprocessors)
        self._launch(
            launch,
            self._structure,
            ctypes.c_int(0),
            *more,
            _address(self.gradient),
            *self._positions(launch),
            _address(self.w),
            _address(self.dx)
        )

    def _positions(self, launch):
        """The argmax, for gradients that are not an implicit GEMM."""
        return () if "_gemm_" in launch.function else (_address(self.argmax),)

    def expected(self):
        """All passes in double precision, from the argmax that the forward kernel chose."""
        functional, grad = self._torch.nn.functional, self._torch.nn.grad
        s = self._shape
        x, w = self.x.double(), self.w.double()
        stride, pad = s.stride, (s.pad_h, s.pad_w)
        y = functional.conv2d(x, w, self.bias.double(), stride, pad)
        if s.pooled:
            y = functional.max_pool2d(y, (s.pool_h, s.pool_w))
        self._dense = self._unpooled()
        dense = self._dense.double()
        return {
            "forward": ACTIVATIONS[s.activation](y),
            "filter": grad.conv2d_weight(x, w.shape, dense, stride, pad),
            "data": grad.conv2d_input(x.shape, w, dense, stride, pad),
        }

    def _unpooled(self):
        """The gradient at every position before the pool: zero but at the argmax."""
        s = self._shape
        if not s.pooled:
            return self.gradient
        dense = self._torch.zeros(s.samples, s.filters, s.out_h, s.out_w, device=self._device)
        place = self.argmax.long()
        rows = self._torch.arange(s.pooled_h, device=self._device).view(-1, 1) * s.pool_h + place // s.pool_w
        columns = self._torch.arange(s.pooled_w, device=self._device).view(1, -1) * s.pool_w + place % s.pool_w
        flat = dense.view(s.samples, s.filters, -1)
        flat.scatter_(
            2,
            (rows * s.out_w + columns).view(s.samples, s.filters, -1),
            self.gradient.reshape(s.samples, s.filters, -1),
        )
        return dense

    def runs(self):
        """Name, our pass, what it made, cuDNN's pass."""
        return (
            ("forward", self.forward, lambda: self.y, self._cudnn_forward),
            ("filter", self.filter_gradient, lambda: self.dw, lambda: self._cudnn_backward(False)),
            ("data", self.data_gradient, lambda: self.dx, lambda: self._cudnn_backward(True)),
        )

    def _cudnn_forward(self):
        s = self._shape
        return self._torch.nn.functional.conv2d(self.x, self.w, self.bias, s.stride, (s.pad_h, s.pad_w))

    def _cudnn_backward(self, data):
        s = self._shape
        return self._torch.ops.aten.convolution_backward(
            self._dense,
            self.x,
            self.w,
            None,
            (s.stride, s.stride),
            (s.pad_h, s.pad_w),
            (1, 1),
            False,
            (0, 0),
            1,
            (data, not data, False),
        )


def _address(tensor):
    return ctypes.c_void_p(tensor.data_ptr() if tensor is not None else 0)
