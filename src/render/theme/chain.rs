//! Templates that lead to each other.
//!
//! In: which templates each uses. Out: those that lead through too many others, and groups of those that lead
//! to each other. All of it in one walk, however long chains are. Circles are told by the engine.

use std::collections::{BTreeMap, BTreeSet};

/// Per template, those that it uses.
pub(super) type Graph<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

/// Most templates that one may lead through, one after the other. The engine looks at each chain once for
/// every template in it, and for every pair of those.
pub(super) const LONGEST: usize = 100;

/// The templates with which a chain becomes too long, and what each leads to. Those that lead to them are
/// not listed.
pub(super) fn too_long<'a>(graph: &Graph<'a>) -> Vec<(&'a str, &'a str)> {
    let lengths = lengths(graph);
    let is_first = |(name, used): (&&'a str, &BTreeSet<&'a str>)| {
        let next = used.iter().find(|used| lengths.get(*used) == Some(&LONGEST))?;
        (lengths.get(name) == Some(&(LONGEST + 1))).then_some((*name, *next))
    };
    graph.iter().filter_map(is_first).collect()
}

/// How many templates each leads through, at most. A step back into a circle counts as the last.
fn lengths<'a>(graph: &Graph<'a>) -> BTreeMap<&'a str, usize> {
    let mut lengths: BTreeMap<&str, usize> = BTreeMap::new();
    for name in from_the_ends(graph) {
        let used = graph.get(name).into_iter().flatten();
        let length = used.map(|used| lengths.get(used).map_or(1, |length| length + 1)).max();
        lengths.insert(name, length.unwrap_or(0));
    }
    lengths
}

/// All templates, each behind those that it uses, as far as circles let them.
fn from_the_ends<'a>(graph: &Graph<'a>) -> Vec<&'a str> {
    let used = |name: &str| -> Vec<&'a str> { graph.get(name).into_iter().flatten().copied().collect() };
    let (mut seen, mut order) = (BTreeSet::new(), Vec::new());
    for root in graph.keys().copied() {
        let mut open: Vec<(&str, Vec<&str>)> =
            seen.insert(root).then(|| (root, used(root))).into_iter().collect();
        while let Some((name, rest)) = open.last_mut() {
            if let Some(next) = rest.pop() {
                if seen.insert(next) {
                    open.push((next, used(next)));
                }
            } else {
                order.push(*name);
                open.pop();
            }
        }
    }
    order
}

/// Per template, those that use it.
pub(super) fn users<'a>(graph: &Graph<'a>) -> Graph<'a> {
    let mut users = Graph::new();
    for (name, used) in graph {
        for used in used {
            users.entry(*used).or_default().insert(*name);
        }
    }
    users
}

/// Groups of templates that lead to each other, each behind the groups that it uses. Most have one member.
pub(super) fn groups<'a>(graph: &Graph<'a>) -> Vec<BTreeSet<&'a str>> {
    let users = users(graph);
    let (mut seen, mut groups) = (BTreeSet::new(), Vec::new());
    // Whoever leads to the one that is furthest from the ends, among those left, stands in a circle with it.
    for root in from_the_ends(graph).into_iter().rev() {
        let (mut group, mut open) = (BTreeSet::new(), Vec::new());
        open.extend(seen.insert(root).then_some(root));
        while let Some(name) = open.pop() {
            group.insert(name);
            open.extend(users.get(name).into_iter().flatten().copied().filter(|user| seen.insert(*user)));
        }
        if !group.is_empty() {
            groups.push(group);
        }
    }
    groups.reverse();
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain(names: &[String]) -> BTreeMap<&str, BTreeSet<&str>> {
        names.windows(2).map(|two| (two[0].as_str(), BTreeSet::from([two[1].as_str()]))).collect()
    }

    #[test]
    fn a_chain_is_cut_where_it_becomes_too_long() {
        let names: Vec<String> = (0..=2 * LONGEST).map(|number| format!("{number:04}")).collect();
        assert_eq!(too_long(&chain(&names[..=LONGEST])), []);
        let from = names.len() - 2 - LONGEST;
        assert_eq!(too_long(&chain(&names)), [(names[from].as_str(), names[from + 1].as_str())]);
    }

    #[test]
    fn circles_end_and_shared_parts_count_once() {
        let mut graph =
            BTreeMap::from([("a", BTreeSet::from(["b"])), ("b", BTreeSet::from(["a", "c", "d"]))]);
        graph.insert("c", BTreeSet::from(["d"]));
        assert_eq!(lengths(&graph), BTreeMap::from([("a", 3), ("b", 2), ("c", 1), ("d", 0)]));
        assert_eq!(too_long(&graph), []);
        let expected = [BTreeSet::from(["d"]), BTreeSet::from(["c"]), BTreeSet::from(["a", "b"])];
        assert_eq!(groups(&graph), expected);
    }
}
