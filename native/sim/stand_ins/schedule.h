// Streams and events of the simulated devices. Work is kept and done late: when something waits for it, or by chance beside other
// calls; which stream goes on is drawn from a seed, within what streams and events order. So a missing event or synchronisation
// shows as a wrong result here and not as a flaky night on a cluster. LAMELLA_SIM=seed=N repeats a run.
#pragma once

#include <functional>

#include "device.h"

namespace lamella::sim {

struct Stream;
struct Event;

// What work came to: an Error. The first that is not success stays, and every call that waits answers it.
using Work = std::function<int()>;

LAMELLA_SHARED Stream* create_stream(int device);
LAMELLA_SHARED int device_of(const Stream* stream);
LAMELLA_SHARED Event* create_event();
LAMELLA_SHARED int destroy(Stream* stream);       // does its work first
LAMELLA_SHARED int destroy(Event* event);
LAMELLA_SHARED int enqueue(Stream* stream, Work work);
LAMELLA_SHARED int record(Event* event, Stream* stream);
LAMELLA_SHARED int wait(Stream* stream, Event* event);
LAMELLA_SHARED int query(Stream* stream);         // kNotReady while there is work
LAMELLA_SHARED int query(Event* event);
LAMELLA_SHARED int elapsed(Event* from, Event* to, float* milliseconds);  // on the host's clock
LAMELLA_SHARED int synchronize(Stream* stream);   // null: everything, as the default stream orders it
LAMELLA_SHARED int synchronize(Event* event);

}  // namespace lamella::sim
