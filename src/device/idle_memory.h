#pragma once

// Giving memory back before a long sleep.

namespace chancery::device {

// Hands free memory back to the kernel, and the pages of program code that were mapped while there was work: most of it
// runs once in weeks. They come back from the page cache, or the disk, one by one when they are needed. Does nothing
// where the kernel does not let us look.
void release_idle_memory();

}  // namespace chancery::device
