"""Times on a GPU."""
import statistics
import time


def capture(torch, run, warm_up, times=1):
    """A CUDA graph of so many runs, after some outside of it."""
    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(warm_up):
            run()
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        for _ in range(times):
            run()
    return graph


def graph_time(torch, run, inner=10, outer=15):
    """Microseconds of one run: the median of graphs of `inner` runs."""
    graph = capture(torch, run, 2, inner)
    begin, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
    times = []
    for _ in range(outer):
        begin.record()
        graph.replay()
        end.record()
        end.synchronize()
        times.append(begin.elapsed_time(end) * 1e3 / inner)
    return statistics.median(times)


def rate(torch, run, seconds, window=0.15, least=3):
    """Runs per second: the median of windows."""
    rates = []
    stop = time.perf_counter() + seconds
    while time.perf_counter() < stop or len(rates) < least:
        torch.cuda.synchronize()
        begin = time.perf_counter()
        count = 0
        while time.perf_counter() - begin < window:
            run()
            count += 1
            if count % 16 == 0:
                torch.cuda.synchronize()  # else the queue grows beyond the window
        torch.cuda.synchronize()
        rates.append(count / (time.perf_counter() - begin))
    return statistics.median(rates)
