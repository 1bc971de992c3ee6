//! Work in independent parts, spread over threads.
//!
//! In: items and what to make of each. Out: what was made, in the order of the items, as one thread
//! would make it. Remembers nothing.

use rayon::prelude::*;

/// Makes something of each item, in their order. `scratch` makes what a thread works with, which must
/// leave no trace in what it makes.
pub fn each<'a, T, S, R>(
    items: &'a [T],
    scratch: impl Fn() -> S + Sync + Send,
    make: impl Fn(&mut S, usize, &'a T) -> R + Sync + Send,
) -> Vec<R>
where
    T: Sync,
    R: Send,
{
    items.par_iter().enumerate().map_init(scratch, |scratch, (at, item)| make(scratch, at, item)).collect()
}

/// Does two things that have nothing to do with each other.
pub fn both<A: Send, B: Send>(one: impl FnOnce() -> A + Send, other: impl FnOnce() -> B + Send) -> (A, B) {
    rayon::join(one, other)
}
