// How many bytes one thread of this CPU reads in a second, from its second-level cache and from memory: the slopes of a
// roofline.
#pragma once

#include <cstddef>

namespace senetc {

// GB/s (1e9 bytes) of reading a block of `bytes` again and again with the widest loads that the CPU has, front to back:
// the best of many passes within about `seconds`. Where the block doesn't fit a cache, it comes from the next one, so
// the caller chooses what is measured by the size. Loads alone: no arithmetic waits for them, and hardware prefetchers
// help as much as they can.
double measure_read_bandwidth(size_t bytes, double seconds = 0.2);

// Bytes of the data cache of that level; 0 where the system doesn't say.
size_t cache_bytes(int level);

// Of half the second-level cache, so that what else lives there doesn't push the block out; 0: its size is unknown.
double measure_l2_bandwidth(double seconds = 0.2);

// Of a block of twice the last-level cache, at most 512 MiB. On a virtual machine that cache may be another size than
// the system says, and its other tenants read from the same memory: this is what one thread got while it was measured.
double measure_memory_bandwidth(double seconds = 0.5);

}  // namespace senetc
