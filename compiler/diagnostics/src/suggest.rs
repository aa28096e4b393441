//! Did you mean: nearest names. Knows no scope; the caller passes only names that would be legal there.

/// At most three candidates near `name`, best first. The limit is a third of the length (at least one
/// edit, transpositions count as one); other letter case and other separators always count as near.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let squash = |text: &str| -> String {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let wanted = squash(name);
    let limit = name.chars().count().max(3) / 3;
    let mut found: Vec<(usize, &str)> = candidates
        .into_iter()
        .filter(|candidate| *candidate != name)
        .filter_map(|candidate| {
            let distance = strsim::damerau_levenshtein(name, candidate);
            if squash(candidate) == wanted {
                Some((0, candidate))
            } else if distance <= limit {
                Some((distance, candidate))
            } else {
                None
            }
        })
        .collect();
    found.sort();
    found.dedup();
    found.into_iter().take(3).map(|(_, candidate)| candidate).collect()
}
