//! References between documents, by RFC 3986 section 5.2 and RFC 6901. Knows nothing of schemas.

/// Scheme, authority, path and query of an address without fragment.
struct Parts<'text> {
    scheme: Option<&'text str>,
    authority: Option<&'text str>,
    path: &'text str,
    query: Option<&'text str>,
}

fn parts(text: &str) -> Parts<'_> {
    let is_scheme = |scheme: &str| {
        scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme.chars().all(|one| one.is_ascii_alphanumeric() || "+-.".contains(one))
    };
    let (scheme, rest) = match text.split_once(':') {
        Some((scheme, rest)) if is_scheme(scheme) => (Some(scheme), rest),
        _ => (None, text),
    };
    let (rest, query) = rest.split_once('?').map_or((rest, None), |(rest, query)| (rest, Some(query)));
    match rest.strip_prefix("//") {
        Some(after) => {
            let (authority, path) = after.split_at(after.find('/').unwrap_or(after.len()));
            Parts { scheme, authority: Some(authority), path, query }
        }
        None => Parts { scheme, authority: None, path: rest, query },
    }
}

/// Without `.` and `..`.
fn plain_path(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut pieces = path.split('/').peekable();
    while let Some(piece) = pieces.next() {
        let last = pieces.peek().is_none();
        match piece {
            "." | ".." => {
                if piece == ".." && kept.len() > 1 {
                    kept.pop();
                }
                if last {
                    kept.push("");
                }
            }
            piece => kept.push(piece),
        }
    }
    kept.join("/")
}

/// What `reference` (without fragment) means inside of a document at `base`.
pub(super) fn join(base: &str, reference: &str) -> String {
    let (base, mut target) = (parts(base), parts(reference));
    let mut path = target.path.to_owned();
    if target.scheme.is_none() {
        target.scheme = base.scheme;
        if target.authority.is_none() {
            target.authority = base.authority;
            if path.is_empty() {
                path = base.path.to_owned();
                target.query = target.query.or(base.query);
            } else if !path.starts_with('/') {
                let folder = match base.path.rfind('/') {
                    Some(at) => base.path.get(..=at).unwrap_or(""),
                    None if base.authority.is_some() => "/",
                    None => "",
                };
                path = format!("{folder}{path}");
            }
        }
    }
    let scheme = target.scheme.map(|scheme| format!("{scheme}:")).unwrap_or_default();
    let authority = target.authority.map(|authority| format!("//{authority}")).unwrap_or_default();
    let query = target.query.map(|query| format!("?{query}")).unwrap_or_default();
    format!("{scheme}{authority}{}{query}", plain_path(&path))
}

/// Address and fragment.
pub(super) fn split(reference: &str) -> (&str, &str) {
    reference.split_once('#').unwrap_or((reference, ""))
}

/// `%41` read as `A`.
pub(super) fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let high = char::from(rest.next()?).to_digit(16)?;
            let low = char::from(rest.next()?).to_digit(16)?;
            bytes.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

/// The steps of a JSON pointer.
pub(super) fn steps(pointer: &str) -> Option<Vec<String>> {
    let steps = pointer.strip_prefix('/')?.split('/');
    Some(steps.map(|step| step.replace("~1", "/").replace("~0", "~")).collect())
}
