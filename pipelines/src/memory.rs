//! What the allocator keeps: large blocks go back to the system as soon as they are free, all others at the end of a stage.

/// Bytes from which a block is mapped by itself. glibc raises this with every large block that is freed, and then keeps them:
/// a run that holds each table for a while only would show the sum of all as its memory (measured: 990 MiB instead of 720).
#[cfg(target_env = "gnu")]
const MAPPED_FROM: std::ffi::c_int = 128 * 1024;

/// Sets it, before any thread is started.
#[cfg(target_env = "gnu")]
#[expect(unsafe_code, reason = "the C library's only way to set it; it takes two numbers and no pointer")]
pub(crate) fn give_back_large_blocks() {
    // SAFETY: called first thing in `main`, before other threads; an unknown setting is ignored.
    unsafe {
        libc::mallopt(libc::M_MMAP_THRESHOLD, MAPPED_FROM);
    }
}

/// Other allocators decide for themselves.
#[cfg(not(target_env = "gnu"))]
pub(crate) fn give_back_large_blocks() {}

/// Gives back what is free between blocks in use: a stage that made millions of small ones leaves hundreds of MiB behind that the next may not need.
#[cfg(target_env = "gnu")]
#[expect(unsafe_code, reason = "the C library's only way to ask for it; it takes a number and no pointer")]
pub(crate) fn give_back_what_is_free() {
    // SAFETY: it may be called at any time, from any thread.
    unsafe {
        libc::malloc_trim(0);
    }
}

/// Other allocators decide for themselves.
#[cfg(not(target_env = "gnu"))]
pub(crate) fn give_back_what_is_free() {}
