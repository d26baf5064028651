//! How a child process takes its memory: settings of glibc's allocator, which others ignore.

use std::process::Command;

/// In pages of 2 MiB, where the kernel gives them to those who ask (`madvise` or `always` in
/// `/sys/kernel/mm/transparent_hugepage/enabled`), and what was freed is kept.
///
/// Otherwise memory comes in pages of 4 KiB, and what is larger than 32 MiB goes back to the kernel whenever it is freed.
/// glibc reads these from version 2.35 on (`info libc Tunables`).
pub(crate) fn in_huge_pages(command: &mut Command) -> &mut Command {
    let settings = ["hugetlb=1", "mmap_max=0", "trim_threshold=34359738368"];
    command.env("GLIBC_TUNABLES", settings.map(|setting| format!("glibc.malloc.{setting}")).join(":"))
}
