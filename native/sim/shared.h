// What one library of the simulated device offers the others; everything else is hidden.
#pragma once

#define LAMELLA_SHARED __attribute__((visibility("default")))
