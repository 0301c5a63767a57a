// Marks symbols of a library of the simulated device that the others use; all other symbols are hidden.
#pragma once

#define LAMELLA_SHARED __attribute__((visibility("default")))
