// Streams, events and graphs of the simulated devices. Work runs late: when something waits for it, or at random during
// other calls. The next stream or node is drawn at random, within the order that streams, events and graphs allow. A
// missing event or synchronisation thus leads to a reported race (see activity.h) or a wrong result.
// LAMELLA_SIM=seed=N repeats a run.
#pragma once

#include <functional>
#include <string>

#include "activity.h"
#include "device.h"

namespace lamella::sim {

struct Stream;
struct Event;
struct Graph;
struct GraphExec;

// The result of work: an Error, or kBlocked. The first error ends all work of its device, and calls for the device
// return it.
using Work = std::function<int()>;
constexpr int kBlocked = -1;  // it waits for other devices' work: ask again

constexpr int kIllegalState = 401, kLaunchFailed = 719;
constexpr int kCaptureUnsupported = 900, kCaptureUnmatched = 903, kCaptureUnjoined = 904, kCaptureIsolation = 905,
              kCapturedEvent = 907;

// For all functions here: a null stream is the default stream, which waits for blocking streams only, and they wait for
// it.
LAMELLA_SHARED Stream* create_stream(int device, bool blocking);
LAMELLA_SHARED int device_of(const Stream* stream);
LAMELLA_SHARED Event* create_event();
LAMELLA_SHARED int destroy(Stream* stream);  // returns at once; its work goes on
LAMELLA_SHARED int destroy(Event* event);
LAMELLA_SHARED int enqueue(Stream* stream, const std::string& name, Work work);
LAMELLA_SHARED int record(Event* event, Stream* stream);
LAMELLA_SHARED int wait(Stream* stream, Event* event);
LAMELLA_SHARED int query(Stream* stream);  // kNotReady while there is work
LAMELLA_SHARED int query(Event* event);
LAMELLA_SHARED int elapsed(Event* from, Event* to, float* milliseconds);  // on the host's clock
LAMELLA_SHARED int synchronize(Stream* stream);
LAMELLA_SHARED int synchronize(Event* event);
LAMELLA_SHARED int synchronize_all();

// Whether the calling thread captures a stream: then calls that wait or allocate are not permitted
// (kCaptureUnsupported).
LAMELLA_SHARED int permitted();
LAMELLA_SHARED int begin_capture(Stream* stream);
LAMELLA_SHARED int end_capture(Stream* stream, Graph** graph);
LAMELLA_SHARED int instantiate(const Graph* graph, GraphExec** exec);
LAMELLA_SHARED int launch(GraphExec* exec, Stream* stream);
LAMELLA_SHARED int destroy(Graph* graph);
LAMELLA_SHARED int destroy(GraphExec* exec);

}  // namespace lamella::sim
