//! How large the pieces are in which the system hands out memory.
//!
//! In: which kind of build this is. Out: nothing; from then on the system gives other pieces.
//!
//! A build that recalls a large site fills a hundred megabytes at one stroke, and to be given them two megabytes
//! at a time, where the system does that, spares it a seventh of its time. A build from nothing comes by its
//! memory little by little and longest holds it: it gains no time by large pieces, and the last of each kind
//! stay half empty.

/// Has the system give memory in its smallest pieces, for a build from nothing. Where it does not say how, or
/// gives no others, all stays as it is.
pub fn small() {
    #[cfg(target_os = "linux")]
    {
        // It costs memory when this fails, and nothing else.
        let _ = rustix::thread::disable_transparent_huge_pages(true);
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn the_system_is_told() {
        small();
        assert!(rustix::thread::transparent_huge_pages_are_disabled().unwrap());
    }
}
