//! The allocator of the static program: musl's own makes all threads wait for one lock.

use mimalloc::MiMalloc;

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;
