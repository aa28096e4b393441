//! Automata as number tables: building, trimming, minimising, combining. Knows bytes, not patterns or texts.
#![expect(
    clippy::indexing_slicing,
    reason = "state and class numbers are below the counts the tables were made for; only this file makes them"
)]

use std::collections::{HashMap, VecDeque};

use crate::shape::Length;

/// More states than this are refused in a finished table.
pub(super) const MAX_STATES: usize = 10_000;
/// More states than this are refused before minimising.
pub(super) const MAX_RAW_STATES: usize = 20_000;
/// Steps (state times class) a combination may take.
const MAX_STEPS: usize = 20_000_000;

/// A deterministic automaton over bytes, as flat tables. State 0 is the dead state.
#[derive(Clone, PartialEq, Eq)]
pub struct LanguageTable {
    /// Class of each byte; bytes of one class behave alike in every state.
    pub classes: [u8; 256],
    /// Number of classes.
    pub class_count: usize,
    /// `state * class_count + class` -> next state.
    pub transitions: Vec<u16>,
    /// Where a text starts.
    pub start: u16,
    /// Per state: a text may end here.
    pub accepting: Vec<bool>,
}

/// An automaton that is still being built.
pub(super) struct Machine {
    pub(super) classes: [u8; 256],
    pub(super) class_count: usize,
    pub(super) transitions: Vec<u32>,
    pub(super) start: u32,
    pub(super) accepting: Vec<bool>,
}

/// A continuation byte of UTF-8 starts no code point.
fn is_lead(byte: usize) -> bool {
    !(0x80..0xC0).contains(&byte)
}

/// The first byte of each class.
fn representatives(classes: &[u8; 256], class_count: usize) -> Vec<usize> {
    let mut first = vec![0; class_count];
    for byte in (0..256).rev() {
        first[usize::from(classes[byte])] = byte;
    }
    first
}

impl Machine {
    /// A machine over single bytes, to be filled with `add_state` and `link`.
    pub(super) fn bytes() -> Self {
        let mut classes = [0; 256];
        for (slot, byte) in classes.iter_mut().zip(0u8..=255) {
            *slot = byte;
        }
        Self { classes, class_count: 256, transitions: vec![0; 256], start: 0, accepting: vec![false] }
    }

    /// A machine over the classes of bytes that UTF-8 tells apart, to be filled in the same way: a twentieth of the
    /// columns. All bytes of a class must be linked alike.
    fn code_points() -> Self {
        const FIRST: [u8; 15] =
            [0x00, 0x80, 0x90, 0xA0, 0xC0, 0xC2, 0xE0, 0xE1, 0xED, 0xEE, 0xF0, 0xF1, 0xF4, 0xF5, 0xFF];
        let class_count = FIRST.len();
        let mut classes = [0; 256];
        for (slot, byte) in classes.iter_mut().zip(0u8..=255) {
            *slot = FIRST.iter().filter(|first| **first <= byte).count() as u8 - 1;
        }
        Self { classes, class_count, transitions: vec![0; class_count], start: 0, accepting: vec![false] }
    }

    pub(super) fn add_state(&mut self, accepting: bool) -> u32 {
        let id = self.accepting.len() as u32;
        self.accepting.push(accepting);
        self.transitions.resize(self.transitions.len() + self.class_count, 0);
        id
    }

    pub(super) fn link(&mut self, from: u32, byte: u8, to: u32) {
        let class = usize::from(self.classes[usize::from(byte)]);
        self.transitions[from as usize * self.class_count + class] = to;
    }

    fn next(&self, state: u32, class: usize) -> u32 {
        self.transitions[state as usize * self.class_count + class]
    }

    /// Sends every state that is not on a way from the start to an end to the dead state.
    fn trim(&mut self) {
        let count = self.accepting.len();
        let mut reached = vec![false; count];
        let mut order = vec![self.start];
        reached[self.start as usize] = true;
        let mut back: Vec<Vec<u32>> = vec![Vec::new(); count];
        while let Some(state) = order.pop() {
            let mut last = u32::MAX;
            for class in 0..self.class_count {
                let next = self.next(state, class);
                if next != last && next != 0 {
                    back[next as usize].push(state);
                }
                last = next;
                if !reached[next as usize] {
                    reached[next as usize] = true;
                    order.push(next);
                }
            }
        }
        let mut useful = vec![false; count];
        let mut open: Vec<u32> =
            (1..count as u32).filter(|s| reached[*s as usize] && self.accepting[*s as usize]).collect();
        for state in &open {
            useful[*state as usize] = true;
        }
        while let Some(state) = open.pop() {
            for from in &back[state as usize] {
                if !useful[*from as usize] {
                    useful[*from as usize] = true;
                    open.push(*from);
                }
            }
        }
        let mut number = vec![0u32; count];
        let mut kept = 0;
        for state in 1..count {
            if useful[state] {
                kept += 1;
                number[state] = kept;
            }
        }
        let mut transitions = vec![0u32; (kept as usize + 1) * self.class_count];
        let mut accepting = vec![false; kept as usize + 1];
        for state in 1..count {
            if !useful[state] {
                continue;
            }
            let own = number[state] as usize;
            accepting[own] = self.accepting[state];
            for class in 0..self.class_count {
                transitions[own * self.class_count + class] = number[self.next(state as u32, class) as usize];
            }
        }
        self.start = number[self.start as usize];
        self.transitions = transitions;
        self.accepting = accepting;
    }

    /// Merges byte classes with equal columns; numbers them by their first byte.
    fn merge_classes(&mut self) {
        let count = self.accepting.len();
        let mut hashes = vec![0xcbf2_9ce4_8422_2325_u64; self.class_count];
        for row in self.transitions.chunks(self.class_count.max(1)) {
            for (hash, next) in hashes.iter_mut().zip(row) {
                *hash = (*hash ^ u64::from(*next)).wrapping_mul(0x0000_0100_0000_01b3).rotate_left(17);
            }
        }
        let same = |left: usize, right: usize| {
            (0..count).all(|state| self.next(state as u32, left) == self.next(state as u32, right))
        };
        let mut merged: Vec<Option<u8>> = vec![None; self.class_count];
        let mut kept: Vec<usize> = Vec::new();
        let mut classes = [0u8; 256];
        for (byte, class) in classes.iter_mut().enumerate() {
            let old = usize::from(self.classes[byte]);
            *class = match merged[old] {
                Some(class) => class,
                None => {
                    let found = kept.iter().position(|k| hashes[*k] == hashes[old] && same(*k, old));
                    let class = found.unwrap_or_else(|| {
                        kept.push(old);
                        kept.len() - 1
                    }) as u8;
                    merged[old] = Some(class);
                    class
                }
            };
        }
        let mut transitions = Vec::with_capacity(count * kept.len());
        for state in 0..count {
            transitions.extend(kept.iter().map(|old| self.next(state as u32, *old)));
        }
        self.classes = classes;
        self.class_count = kept.len();
        self.transitions = transitions;
    }

    /// Partition refinement after Hopcroft: the block of each state.
    fn blocks(&self) -> (Vec<u32>, usize) {
        let count = self.accepting.len();
        let width = self.class_count;
        // Inverse transitions: for class c, the sources of target t stand at `sources[at(c, t)..at(c, t + 1)]`.
        let stride = count + 1;
        let mut offsets = vec![0u32; stride * width + 1];
        for state in 0..count {
            for class in 0..width {
                let target = self.next(state as u32, class) as usize;
                offsets[class * stride + target + 1] += 1;
            }
        }
        for index in 1..offsets.len() {
            offsets[index] += offsets[index - 1];
        }
        let mut fill = offsets.clone();
        let mut sources = vec![0u32; count * width];
        for state in 0..count {
            for class in 0..width {
                let slot = class * stride + self.next(state as u32, class) as usize;
                sources[fill[slot] as usize] = state as u32;
                fill[slot] += 1;
            }
        }
        let mut elements: Vec<u32> = (0..count as u32).collect();
        elements.sort_by_key(|state| self.accepting[*state as usize]);
        let rejecting = self.accepting.iter().filter(|accepts| !**accepts).count();
        let mut place = vec![0u32; count];
        for (index, state) in elements.iter().enumerate() {
            place[*state as usize] = index as u32;
        }
        let mut block_of = vec![0u32; count];
        let mut bounds = vec![(0usize, count)];
        if rejecting > 0 && rejecting < count {
            bounds = vec![(0, rejecting), (rejecting, count)];
            for state in &elements[rejecting..] {
                block_of[*state as usize] = 1;
            }
        }
        let mut marked = vec![0usize; bounds.len()];
        let mut waiting: Vec<bool> = vec![true; bounds.len()];
        let mut work: VecDeque<u32> = (0..bounds.len() as u32).collect();
        let mut touched: Vec<u32> = Vec::new();
        while let Some(splitter) = work.pop_front() {
            waiting[splitter as usize] = false;
            let (from, to) = bounds[splitter as usize];
            let members: Vec<u32> = elements[from..to].to_vec();
            for class in 0..width {
                touched.clear();
                for target in &members {
                    let slot = class * stride + *target as usize;
                    for source in &sources[offsets[slot] as usize..offsets[slot + 1] as usize] {
                        let state = *source as usize;
                        let block = block_of[state] as usize;
                        let edge = bounds[block].0 + marked[block];
                        let position = place[state] as usize;
                        if position < edge {
                            continue;
                        }
                        if marked[block] == 0 {
                            touched.push(block as u32);
                        }
                        let other = elements[edge] as usize;
                        elements.swap(edge, position);
                        place[state] = edge as u32;
                        place[other] = position as u32;
                        marked[block] += 1;
                    }
                }
                for block in &touched {
                    let block = *block as usize;
                    let (first, end) = bounds[block];
                    let middle = first + std::mem::take(&mut marked[block]);
                    if middle == end {
                        continue;
                    }
                    let new = bounds.len();
                    bounds[block] = (first, middle);
                    bounds.push((middle, end));
                    marked.push(0);
                    for state in &elements[middle..end] {
                        block_of[*state as usize] = new as u32;
                    }
                    let smaller = if middle - first < end - middle { block } else { new };
                    let add = if waiting[block] { new } else { smaller };
                    waiting.push(false);
                    waiting[add] = true;
                    work.push_back(add as u32);
                }
            }
        }
        (block_of, bounds.len())
    }

    /// Minimises and numbers canonically. `None`: more than [`MAX_STATES`] states.
    pub(super) fn finish(mut self) -> Option<LanguageTable> {
        self.trim();
        self.merge_classes();
        let (block_of, blocks) = self.blocks();
        if blocks > MAX_STATES {
            return None;
        }
        let mut representative = vec![0u32; blocks];
        for (state, block) in block_of.iter().enumerate().rev() {
            representative[*block as usize] = state as u32;
        }
        // Columns that differed only between equal states become equal: merge classes on the quotient.
        let mut quotient = Machine {
            classes: self.classes,
            class_count: self.class_count,
            transitions: Vec::with_capacity(blocks * self.class_count),
            start: block_of[self.start as usize],
            accepting: representative.iter().map(|state| self.accepting[*state as usize]).collect(),
        };
        for state in &representative {
            for class in 0..self.class_count {
                quotient.transitions.push(block_of[self.next(*state, class) as usize]);
            }
        }
        quotient.merge_classes();
        let dead = block_of[0];
        let mut number: Vec<Option<u16>> = vec![None; blocks];
        number[dead as usize] = Some(0);
        let mut order = vec![dead];
        if number[quotient.start as usize].is_none() {
            number[quotient.start as usize] = Some(1);
            order.push(quotient.start);
        }
        let mut at = 0;
        while at < order.len() {
            let state = order[at];
            at += 1;
            for class in 0..quotient.class_count {
                let next = quotient.next(state, class);
                if number[next as usize].is_none() {
                    number[next as usize] = Some(order.len() as u16);
                    order.push(next);
                }
            }
        }
        let mut transitions = Vec::with_capacity(order.len() * quotient.class_count);
        for state in &order {
            for class in 0..quotient.class_count {
                transitions.push(number[quotient.next(*state, class) as usize].unwrap_or(0));
            }
        }
        Some(LanguageTable {
            classes: quotient.classes,
            class_count: quotient.class_count,
            transitions,
            start: number[quotient.start as usize].unwrap_or(0),
            accepting: order.iter().map(|state| quotient.accepting[*state as usize]).collect(),
        })
    }
}

/// How two languages are combined.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Combine {
    /// Members of both.
    Both,
    /// Members of either.
    Either,
    /// Members of the left side alone.
    OnlyLeft,
}

impl Combine {
    fn accepts(self, left: bool, right: bool) -> bool {
        match self {
            Combine::Both => left && right,
            Combine::Either => left || right,
            Combine::OnlyLeft => left && !right,
        }
    }

    fn is_dead(self, left: u16, right: u16) -> bool {
        match self {
            Combine::Both => left == 0 || right == 0,
            Combine::Either => left == 0 && right == 0,
            Combine::OnlyLeft => left == 0,
        }
    }
}

/// Byte classes that refine both sides, and for each the pair of classes it stands for.
fn joined_classes(left: &[u8; 256], right: &[u8; 256]) -> ([u8; 256], Vec<(usize, usize)>) {
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    let mut classes = [0u8; 256];
    for byte in 0..256 {
        let pair = (usize::from(left[byte]), usize::from(right[byte]));
        let class = pairs.iter().position(|known| *known == pair).unwrap_or_else(|| {
            pairs.push(pair);
            pairs.len() - 1
        });
        classes[byte] = class as u8;
    }
    (classes, pairs)
}

/// Numbers the states of a construction as they are found, up to a limit.
struct Numbering<K> {
    known: HashMap<K, u32>,
    found: Vec<K>,
    limit: usize,
}

impl<K: Clone + Eq + std::hash::Hash> Numbering<K> {
    fn new(dead: K, limit: usize) -> Self {
        Self { known: HashMap::from([(dead.clone(), 0)]), found: vec![dead], limit }
    }

    fn of(&mut self, key: K) -> Option<u32> {
        if let Some(number) = self.known.get(&key) {
            return Some(*number);
        }
        if self.found.len() >= self.limit {
            return None;
        }
        let number = self.found.len() as u32;
        self.known.insert(key.clone(), number);
        self.found.push(key);
        Some(number)
    }
}

impl LanguageTable {
    fn next(&self, state: u16, class: usize) -> u16 {
        self.transitions[usize::from(state) * self.class_count + class]
    }

    pub(super) fn step(&self, state: u16, byte: u8) -> u16 {
        self.next(state, usize::from(self.classes[usize::from(byte)]))
    }

    pub(super) fn accepts(&self, state: u16) -> bool {
        self.accepting[usize::from(state)]
    }

    pub(super) fn states(&self) -> usize {
        self.accepting.len()
    }

    /// The product automaton. `None`: too large.
    pub(super) fn combine(&self, other: &LanguageTable, how: Combine) -> Option<LanguageTable> {
        let (classes, pairs) = joined_classes(&self.classes, &other.classes);
        let mut numbers = Numbering::new((0u16, 0u16), MAX_RAW_STATES);
        let place = |numbers: &mut Numbering<(u16, u16)>, left: u16, right: u16| {
            if how.is_dead(left, right) { Some(0) } else { numbers.of((left, right)) }
        };
        let start = place(&mut numbers, self.start, other.start)?;
        let mut transitions = Vec::new();
        let mut at = 0;
        while at < numbers.found.len() {
            let (left, right) = numbers.found[at];
            at += 1;
            if at.saturating_mul(pairs.len()) > MAX_STEPS {
                return None;
            }
            for (one, two) in &pairs {
                transitions.push(place(&mut numbers, self.next(left, *one), other.next(right, *two))?);
            }
        }
        let accepting =
            numbers.found.iter().map(|(l, r)| how.accepts(self.accepts(*l), other.accepts(*r))).collect();
        Machine { classes, class_count: pairs.len(), transitions, start, accepting }.finish()
    }

    /// True if every member is a member of the other. `None`: too large to tell.
    pub(super) fn is_subset(&self, other: &LanguageTable) -> Option<bool> {
        let (_, pairs) = joined_classes(&self.classes, &other.classes);
        let mut numbers = Numbering::new((0u16, 0u16), 500_000);
        if self.start != 0 {
            numbers.of((self.start, other.start))?;
        }
        let mut at = 0;
        while at < numbers.found.len() {
            let (left, right) = numbers.found[at];
            at += 1;
            if self.accepts(left) && !other.accepts(right) {
                return Some(false);
            }
            if at.saturating_mul(pairs.len()) > MAX_STEPS {
                return None;
            }
            for (one, two) in &pairs {
                let next = self.next(left, *one);
                if next != 0 {
                    numbers.of((next, other.next(right, *two)))?;
                }
            }
        }
        Some(true)
    }

    /// The members of this language followed by members of the other. `None`: too large.
    pub(super) fn concat(&self, other: &LanguageTable) -> Option<LanguageTable> {
        let (classes, pairs) = joined_classes(&self.classes, &other.classes);
        let close = |left: u16, mut right: Vec<u16>| {
            if self.accepts(left) {
                right.push(other.start);
            }
            right.retain(|state| *state != 0);
            right.sort_unstable();
            right.dedup();
            (left, right)
        };
        let mut numbers = Numbering::new((0u16, Vec::new()), MAX_RAW_STATES);
        let start = numbers.of(close(self.start, Vec::new()))?;
        let mut transitions = Vec::new();
        let mut steps = 0usize;
        let mut at = 0;
        while at < numbers.found.len() {
            let (left, right) = numbers.found[at].clone();
            at += 1;
            steps = steps.saturating_add(pairs.len().saturating_mul(right.len() + 1));
            if steps > MAX_STEPS {
                return None;
            }
            for (one, two) in &pairs {
                let after = right.iter().map(|state| other.next(*state, *two)).collect();
                transitions.push(numbers.of(close(self.next(left, *one), after))?);
            }
        }
        let accepting =
            numbers.found.iter().map(|(_, right)| right.iter().any(|state| other.accepts(*state))).collect();
        Machine { classes, class_count: pairs.len(), transitions, start, accepting }.finish()
    }

    /// The live ways out of a state: (first byte of the class, next state).
    fn ways(&self, state: u16, firsts: &[usize]) -> Vec<(usize, u16)> {
        let mut ways: Vec<(usize, u16)> = Vec::new();
        for (class, byte) in firsts.iter().enumerate() {
            let next = self.next(state, class);
            if next != 0 && !ways.iter().any(|(known, to)| *to == next && is_lead(*known) == is_lead(*byte)) {
                ways.push((*byte, next));
            }
        }
        ways
    }

    /// Per state: the fewest code points to an end (a code point that was begun counts as begun).
    fn distances(&self) -> Vec<u64> {
        let firsts = representatives(&self.classes, self.class_count);
        let mut back: Vec<Vec<(u16, u64)>> = vec![Vec::new(); self.states()];
        for state in 1..self.states() as u16 {
            for (byte, next) in self.ways(state, &firsts) {
                back[usize::from(next)].push((state, u64::from(is_lead(byte))));
            }
        }
        let mut distance = vec![u64::MAX; self.states()];
        let mut queue = VecDeque::new();
        for (state, accepts) in self.accepting.iter().enumerate() {
            if *accepts {
                distance[state] = 0;
                queue.push_back((state as u16, 0));
            }
        }
        while let Some((state, here)) = queue.pop_front() {
            if here > distance[usize::from(state)] {
                continue;
            }
            for (from, weight) in &back[usize::from(state)] {
                let there = here + weight;
                if there < distance[usize::from(*from)] {
                    distance[usize::from(*from)] = there;
                    if *weight == 0 {
                        queue.push_front((*from, there));
                    } else {
                        queue.push_back((*from, there));
                    }
                }
            }
        }
        distance
    }

    /// Lengths of the members in code points; `1..=0` when there is none.
    pub(super) fn length(&self) -> Length {
        if self.start == 0 {
            return Length::new(1, Some(0));
        }
        let min = self.distances()[usize::from(self.start)];
        // Every live state lies on a way to an end: a cycle among them means no longest member.
        let firsts = representatives(&self.classes, self.class_count);
        let mut incoming = vec![0usize; self.states()];
        for state in 1..self.states() as u16 {
            for (_, next) in self.ways(state, &firsts) {
                incoming[usize::from(next)] += 1;
            }
        }
        let mut longest = vec![0u64; self.states()];
        let mut open: Vec<u16> =
            if incoming[usize::from(self.start)] == 0 { vec![self.start] } else { Vec::new() };
        let mut done = 0;
        let mut max = 0;
        while let Some(state) = open.pop() {
            done += 1;
            if self.accepts(state) {
                max = max.max(longest[usize::from(state)]);
            }
            for (byte, next) in self.ways(state, &firsts) {
                let next = usize::from(next);
                longest[next] = longest[next].max(longest[usize::from(state)] + u64::from(is_lead(byte)));
                incoming[next] -= 1;
                if incoming[next] == 0 {
                    open.push(next as u16);
                }
            }
        }
        Length::new(min, (done + 1 == self.states()).then_some(max))
    }

    /// The bytes of a member of least length, in readable characters where the choice is free.
    pub(super) fn example(&self) -> Option<Vec<u8>> {
        if self.start == 0 {
            return None;
        }
        let distance = self.distances();
        let preferred = b"A0a1-_. ".iter().map(|byte| usize::from(*byte));
        let order: Vec<usize> =
            preferred.chain(0x41..0x5B).chain(0x30..0x3A).chain(0x20..0x7F).chain(0x80..256).collect();
        let order: Vec<usize> = order.into_iter().chain(0..0x20).chain([0x7F]).collect();
        let mut state = self.start;
        let mut bytes = Vec::new();
        // Each step keeps to a shortest way; continuation bytes never repeat within a code point.
        while !(self.accepts(state) && distance[usize::from(state)] == 0) {
            let here = distance[usize::from(state)];
            let found = order.iter().find_map(|byte| {
                let next = self.step(state, *byte as u8);
                let cost = u64::from(is_lead(*byte));
                let fits = next != 0 && distance[usize::from(next)].saturating_add(cost) == here;
                fits.then_some((*byte as u8, next))
            });
            let (byte, next) = found?;
            bytes.push(byte);
            state = next;
        }
        Some(bytes)
    }

    /// The number of members, at most `u64::MAX`. `None`: infinite.
    pub(super) fn count(&self) -> Option<u64> {
        self.length().max?;
        let mut incoming = vec![0usize; self.states()];
        let bytes = || 0..=255u8;
        for state in 1..self.states() as u16 {
            for byte in bytes() {
                incoming[usize::from(self.step(state, byte))] += 1;
            }
        }
        let mut paths = vec![0u64; self.states()];
        let mut total = 0u64;
        let mut open: Vec<u16> = Vec::new();
        if self.start != 0 {
            paths[usize::from(self.start)] = 1;
            open.push(self.start);
        }
        // Without cycles every live state comes after all states that lead to it.
        while let Some(state) = open.pop() {
            let here = paths[usize::from(state)];
            if self.accepts(state) {
                total = total.saturating_add(here);
            }
            for byte in bytes() {
                let next = self.step(state, byte);
                if next == 0 {
                    continue;
                }
                let slot = usize::from(next);
                paths[slot] = paths[slot].saturating_add(here);
                incoming[slot] -= 1;
                if incoming[slot] == 0 {
                    open.push(next);
                }
            }
        }
        Some(total)
    }

    /// The members in byte order, if there are at most so many and they are of moderate size together.
    pub(super) fn members(&self, limit: usize) -> Option<Vec<Vec<u8>>> {
        if self.count()? > limit as u64 {
            return None;
        }
        let mut found: Vec<Vec<u8>> = Vec::new();
        let mut path: Vec<u8> = Vec::new();
        let mut size = 0usize;
        // Each entry: length of the path before, the byte, the state after it.
        let mut open: Vec<(usize, Option<u8>, u16)> = Vec::new();
        if self.start != 0 {
            open.push((0, None, self.start));
        }
        while let Some((before, byte, state)) = open.pop() {
            path.truncate(before);
            path.extend(byte);
            if self.accepts(state) {
                size = size.saturating_add(path.len());
                if size > 20_000_000 {
                    return None;
                }
                found.push(path.clone());
            }
            for byte in (0..=255u8).rev() {
                let next = self.step(state, byte);
                if next != 0 {
                    open.push((path.len(), Some(byte), next));
                }
            }
        }
        Some(found)
    }

    /// True if every beginning (in code points) of a member is a member.
    pub(super) fn is_prefix_closed(&self) -> bool {
        let firsts = representatives(&self.classes, self.class_count);
        (1..self.states() as u16).all(|state| {
            let between = self.ways(state, &firsts).iter().any(|(byte, _)| is_lead(*byte));
            self.accepts(state) || !between
        })
    }

    /// True if no member has a character above U+007F.
    pub(super) fn ascii_only(&self) -> bool {
        (1..self.states() as u16).all(|state| (0x80..=0xFF).all(|byte| self.step(state, byte) == 0))
    }
}

/// All texts of so many code points. `None`: too large.
pub(super) fn of_length(length: Length) -> Option<LanguageTable> {
    let last = length.max.unwrap_or(length.min);
    if last > MAX_STATES as u64 / 8 {
        return None;
    }
    let mut machine = Machine::code_points();
    let positions: Vec<u32> =
        (0..=last).map(|count| machine.add_state(count >= length.min && count <= last)).collect();
    machine.start = positions[0];
    if length.min > last {
        machine.start = 0;
        return machine.finish();
    }
    for (count, from) in positions.iter().enumerate() {
        let next = match positions.get(count + 1) {
            Some(next) => *next,
            None if length.max.is_none() => *from,
            None => continue,
        };
        add_code_point(&mut machine, *from, next);
    }
    machine.finish()
}

/// Links two states by every code point in its UTF-8 form.
fn add_code_point(machine: &mut Machine, from: u32, to: u32) {
    let one = machine.add_state(false);
    let two = machine.add_state(false);
    let three = machine.add_state(false);
    let [after_e0, after_ed, after_f0, after_f4] = [(); 4].map(|()| machine.add_state(false));
    let rules: [(u32, u8, u8, u32); 17] = [
        (from, 0x00, 0x7F, to),
        (from, 0xC2, 0xDF, one),
        (from, 0xE0, 0xE0, after_e0),
        (from, 0xE1, 0xEC, two),
        (from, 0xED, 0xED, after_ed),
        (from, 0xEE, 0xEF, two),
        (from, 0xF0, 0xF0, after_f0),
        (from, 0xF1, 0xF3, three),
        (from, 0xF4, 0xF4, after_f4),
        (after_e0, 0xA0, 0xBF, one),
        (after_ed, 0x80, 0x9F, one),
        (after_f0, 0x90, 0xBF, two),
        (after_f4, 0x80, 0x8F, two),
        (three, 0x80, 0xBF, two),
        (two, 0x80, 0xBF, one),
        (one, 0x80, 0xBF, to),
        (one, 0x80, 0xBF, to),
    ];
    for (state, low, high, next) in rules {
        for byte in low..=high {
            machine.link(state, byte, next);
        }
    }
}

/// One state of the finite set under construction: whether it ends a value, and its ways out.
type Node = (bool, Vec<(u8, u32)>);

/// Exactly these values, given in ascending order. `None`: too large.
pub(super) fn of_sorted<'a>(values: impl Iterator<Item = &'a [u8]>) -> Option<LanguageTable> {
    fn freeze(known: &mut HashMap<Node, u32>, node: Node) -> Option<u32> {
        let next = known.len() as u32 + 1;
        let number = *known.entry(node).or_insert(next);
        (known.len() <= MAX_STATES).then_some(number)
    }
    fn shorten(
        known: &mut HashMap<Node, u32>,
        way: &mut Vec<Node>,
        path: &mut Vec<u8>,
        to: usize,
    ) -> Option<()> {
        while path.len() > to {
            let node = way.pop()?;
            let number = freeze(known, node)?;
            way.last_mut()?.1.push((path.pop()?, number));
        }
        Some(())
    }
    let mut known: HashMap<Node, u32> = HashMap::new();
    let mut way: Vec<Node> = vec![(false, Vec::new())];
    let mut path: Vec<u8> = Vec::new();
    for value in values {
        if value.len() > MAX_STATES {
            return None;
        }
        let shared = path.iter().zip(value).take_while(|(left, right)| left == right).count();
        shorten(&mut known, &mut way, &mut path, shared)?;
        for byte in &value[shared..] {
            path.push(*byte);
            way.push((false, Vec::new()));
        }
        way.last_mut()?.0 = true;
    }
    shorten(&mut known, &mut way, &mut path, 0)?;
    let root = freeze(&mut known, way.pop()?)?;
    let mut machine = Machine::bytes();
    let mut nodes: Vec<(Node, u32)> = known.into_iter().collect();
    nodes.sort_unstable_by_key(|(_, number)| *number);
    for ((ends, _), _) in &nodes {
        machine.add_state(*ends);
    }
    for ((_, ways), number) in &nodes {
        for (byte, next) in ways {
            machine.link(*number, *byte, *next);
        }
    }
    machine.start = root;
    machine.finish()
}
