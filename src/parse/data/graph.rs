//! Loops and layers of small graphs: steps of a pathway, questions of a quiz, fallbacks of promos.
//!
//! In: for each node, the nodes it leads to. Out: loops to report, an order to draw, what can be
//! reached. Recursion would overflow on a hostile file, so there is none.

/// Loops, each beginning with its smallest node; every node that is on a loop reaches a reported one.
///
/// A loop is told once, however many ways lead into it.
#[must_use]
pub(crate) fn loops(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        New,
        Open,
        Done,
    }
    let mut states = vec![State::New; edges.len()];
    let mut found = Vec::new();
    for root in 0..edges.len() {
        if states[root] != State::New {
            continue;
        }
        states[root] = State::Open;
        let mut trail = vec![(root, 0)];
        while let Some((node, next)) = trail.last_mut() {
            let Some(&to) = edges[*node].get(*next) else {
                states[*node] = State::Done;
                trail.pop();
                continue;
            };
            *next += 1;
            match states[to] {
                State::New => {
                    states[to] = State::Open;
                    trail.push((to, 0));
                }
                State::Open => {
                    let start = trail.iter().position(|(node, _)| *node == to).unwrap_or_default();
                    let mut around: Vec<usize> = trail[start..].iter().map(|(node, _)| *node).collect();
                    let smallest = around.iter().enumerate().min_by_key(|(_, node)| **node);
                    let turn = smallest.map_or(0, |(index, _)| index);
                    around.rotate_left(turn);
                    found.push(around);
                }
                State::Done => {}
            }
        }
    }
    found.sort();
    found.dedup();
    found
}

/// Nodes in layers: each in the first layer after all that lead to it. Nodes on a loop or behind one
/// are in none.
#[must_use]
pub(crate) fn layers(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut waiting = vec![0; edges.len()];
    for to in edges.iter().flatten() {
        waiting[*to] += 1;
    }
    let mut layer: Vec<usize> = (0..edges.len()).filter(|node| waiting[*node] == 0).collect();
    let mut layers = Vec::new();
    while !layer.is_empty() {
        let mut next = Vec::new();
        for to in layer.iter().flat_map(|node| &edges[*node]) {
            waiting[*to] -= 1;
            if waiting[*to] == 0 {
                next.push(*to);
            }
        }
        next.sort_unstable();
        layers.push(std::mem::replace(&mut layer, next));
    }
    layers
}

/// Which nodes can be reached from one.
#[must_use]
pub(crate) fn reached(edges: &[Vec<usize>], from: usize) -> Vec<bool> {
    let mut reached = vec![false; edges.len()];
    let mut open = vec![from];
    while let Some(node) = open.pop() {
        if let Some(seen) = reached.get_mut(node)
            && !std::mem::replace(seen, true)
        {
            open.extend(&edges[node]);
        }
    }
    reached
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loops_layers_and_what_is_reached() {
        // 0 -> 1 -> 2 -> 1, 2 -> 3, 4 -> 3, 4 -> 4
        let edges = vec![vec![1], vec![2], vec![1, 3], vec![], vec![3, 4]];
        assert_eq!(loops(&edges), [vec![1, 2], vec![4]]);
        assert_eq!(layers(&edges), [vec![0]]);
        assert_eq!(reached(&edges, 1), [false, true, true, true, false]);
        let diamond = vec![vec![1, 2, 3], vec![3], vec![3], vec![]];
        assert!(loops(&diamond).is_empty());
        assert_eq!(layers(&diamond), [vec![0], vec![1, 2], vec![3]]);
        assert!(loops(&[]).is_empty() && layers(&[]).is_empty() && reached(&[], 0).is_empty());
    }

    #[test]
    fn a_long_chain_needs_no_stack() {
        let mut edges: Vec<Vec<usize>> = (1..200_000).map(|to| vec![to]).collect();
        edges.push(vec![0]);
        assert_eq!(loops(&edges)[0].len(), 200_000);
        assert!(layers(&edges).is_empty());
    }
}
